import { expect, onTestFinished, test } from 'vitest'
import { actsOverApi } from '../support/acts-over-api.ts'
import { createTestDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { newUser } from '../support/new-user.ts'
import { startAppForTest, tokenOf } from '../support/start-app.ts'
import { tcpProxy } from '../support/tcp-proxy.ts'
import { expectAll, health, isReady } from '../support/watched-instance.ts'
import { TRANSPORTS } from '../support/watch-over-api.ts'

/** Streams that could not be verified for so long show everybody Offline. */
const BLIND_AFTER_MS = 10_000
/** What noticing it may take beyond that: a beat, and a busy machine. */
const NOTICED_WITHIN_MS = 5_000

/**
 * An instance whose ways to the database can be cut one by one, and another one that is well, with Wim watching Pia and Ann. Signals and the write that
 * proves readiness go to one address, so one proxy stands behind the other.
 */
async function instanceThatCanBeCutOff() {
  const database = await createTestDatabase()
  const statements = await tcpProxy(database.url)
  const writes = await tcpProxy(database.url, { application: 'presence-privacy writes' })
  const listening = await tcpProxy(writes.url, { application: 'presence-privacy signals' })
  onTestFinished(async () => {
    for (const proxy of [statements, listening, writes]) await proxy.close()
  })
  const env = {
    DATABASE_URL: statements.url,
    DATABASE_DIRECT_URL: listening.url,
    DATABASE_POOL_SIZE: '2',
    DATABASE_STATEMENT_TIMEOUT_MS: '1000',
    DATABASE_LOCK_TIMEOUT_MS: '500',
    DATABASE_CONNECT_TIMEOUT_MS: '1000',
  }
  const app = await startAppForTest(database, env)
  const well = await startAppForTest(database)
  const [pia, ann, wim] = [newUser('pia'), newUser('ann'), newUser('wim')]
  const [asPia, asAnn, asWim] = await Promise.all(
    [pia, ann, wim].map(async (user) => actsOverApi(well, await tokenOf(user))),
  )
  for (const acts of [asPia!, asAnn!]) {
    await acts.publish('BUSY')
    await acts.decide(wim, 'ALLOWED')
  }
  const token = await tokenOf(wim)
  const userIds = [pia, ann]
  const streams = await Promise.all(TRANSPORTS.map(([, watch]) => watch(app, { token, userIds })))
  const all = (change: 'SNAPSHOT' | 'CHANGED', shown: Readonly<Record<string, string>>) =>
    expectAll(streams, change, shown)
  await all('SNAPSHOT', { [pia]: 'BUSY', [ann]: 'BUSY' })
  const acts = { asPia: asPia!, asAnn: asAnn!, asWim: asWim! }
  return { app, statements, writes, listening, streams, all, pia, ann, wim, ...acts, token, userIds }
}

const OFFLINE = 'OFFLINE'
const LONG = { timeout: 90_000 }

test(
  'without PostgreSQL streams stay open, show everybody Offline after ten seconds, and all afresh when it is back',
  LONG,
  async () => {
    const { app, statements, writes, listening, all, pia, ann, asPia, token, userIds } =
      await instanceThatCanBeCutOff()
    const ways = [statements, writes, listening]
    const cutAt = performance.now()
    for (const way of ways) way.unplug()
    await asPia.publish('AWAY')
    await all('CHANGED', { [pia]: OFFLINE, [ann]: OFFLINE })
    const blindAfter = performance.now() - cutAt
    // What was verified was so a beat before the cut, at most the time between two verifications.
    expect(blindAfter).toBeGreaterThan(BLIND_AFTER_MS - 4000)
    expect(blindAfter).toBeLessThan(BLIND_AFTER_MS + NOTICED_WITHIN_MS)
    expect(await health(app)).toEqual({
      status: 'not ready',
      database: 'unavailable',
      signals: 'unavailable',
    })
    for (const [, watch] of TRANSPORTS) {
      const refused = await watch(app, { token, userIds })
      expect(await refused.refusal()).toMatchObject({ code: 'PRESENCE_UNAVAILABLE' })
    }

    await asPia.publish('DO_NOT_DISTURB')
    for (const way of ways) way.plugIn()
    await all('SNAPSHOT', { [pia]: 'DO_NOT_DISTURB', [ann]: 'BUSY' })
    await eventually('it is ready again', () => isReady(app))
    await asPia.publish('AVAILABLE')
    await all('CHANGED', { [pia]: 'AVAILABLE' })
  },
)

test(
  'without signals alone nobody is shown who has hidden meanwhile: all are Offline after ten seconds, then shown afresh',
  LONG,
  async () => {
    const { app, listening, streams, all, pia, ann, wim, asPia, asAnn, asWim } =
      await instanceThatCanBeCutOff()
    const endsAt = new Date(Date.now() + BLIND_AFTER_MS + NOTICED_WITHIN_MS)
    await asPia.decide(wim, 'ALLOWED', endsAt)
    listening.unplug()
    await all('CHANGED', { [pia]: OFFLINE, [ann]: OFFLINE })
    expect(await health(app)).toEqual({
      status: 'not ready',
      database: 'ok',
      signals: 'unavailable',
    })

    const before = streams.map((stream) => stream.texts().length)
    // The end of the grant makes the instance look, and it finds that the watcher's own list has moved.
    await asWim.addContacts(ann)
    await eventually('the grant has ended, and more', () => Date.now() > endsAt.getTime() + 2000)
    await asAnn.decide(wim, 'BLOCKED')
    expect(streams.map((stream) => stream.texts().length)).toEqual(before)
    listening.plugIn()
    await all('SNAPSHOT', { [pia]: OFFLINE, [ann]: OFFLINE })
    await eventually('it is ready again', () => isReady(app))
  },
)

test(
  'a connection of signals that has gone silent is found out: what was missed is shown, and nobody Offline in between',
  LONG,
  async () => {
    const { listening, all, ann, pia, asPia, asAnn } = await instanceThatCanBeCutOff()
    const before = listening.connections()
    listening.goSilent()
    await asPia.publish('AWAY')
    await all('CHANGED', { [pia]: 'AWAY' })
    expect(listening.connections()).toBe(before + 1)
    await asAnn.publish('AWAY')
    await all('CHANGED', { [ann]: 'AWAY' })
  },
)

test(
  'connections of statements that have gone silent are replaced, and streams tell what changes meanwhile',
  LONG,
  async () => {
    const { statements, all, pia, ann, asPia, asAnn } = await instanceThatCanBeCutOff()
    statements.goSilent()
    await asPia.publish('AWAY')
    await all('CHANGED', { [pia]: 'AWAY' })
    await asAnn.publish('AWAY')
    await all('CHANGED', { [ann]: 'AWAY' })
  },
)
