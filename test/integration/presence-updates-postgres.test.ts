import { isDeepStrictEqual } from 'node:util'
import pg from 'pg'
import { expect, test } from 'vitest'
import type { EmbeddedPostgres } from '../../src/embedded-postgres/start-embedded-postgres.ts'
import { actsOverApi } from '../support/acts-over-api.ts'
import { eventually } from '../support/eventually.ts'
import { newUser } from '../support/new-user.ts'
import { gone, processOf, queryOnce, usePostgresPlace } from '../support/postgres-on-folder.ts'
import { startAppForTest, tokenOf } from '../support/start-app.ts'
import { TRANSPORTS } from '../support/watch-over-api.ts'
import { expectAll, health, isReady } from '../support/watched-instance.ts'

const LONG = { timeout: 120_000 }
const OFFLINE = 'OFFLINE'
const place = usePostgresPlace()

/** An instance on a PostgreSQL of its own, with Wim watching Pia and Ann over each transport. */
async function instanceOnItsOwnPostgres() {
  let postgres: EmbeddedPostgres = await place.start({ durable: true })
  const { url } = postgres
  const app = await startAppForTest(
    { url },
    {
      DATABASE_POOL_SIZE: '2',
      DATABASE_STATEMENT_TIMEOUT_MS: '1000',
      DATABASE_LOCK_TIMEOUT_MS: '500',
      DATABASE_CONNECT_TIMEOUT_MS: '1000',
    },
  )
  const [pia, ann, wim] = [newUser('pia'), newUser('ann'), newUser('wim')]
  const asPia = actsOverApi(app, await tokenOf(pia))
  const asAnn = actsOverApi(app, await tokenOf(ann))
  for (const acts of [asPia, asAnn]) {
    await acts.publish('BUSY')
    await acts.decide(wim, 'ALLOWED')
  }
  const watched = { token: await tokenOf(wim), userIds: [pia, ann] }
  const streams = await Promise.all(TRANSPORTS.map(([, watch]) => watch(app, watched)))
  const all = (change: 'SNAPSHOT' | 'CHANGED', shown: Readonly<Record<string, string>>) =>
    expectAll(streams, change, shown)
  await all('SNAPSHOT', { [pia]: 'BUSY', [ann]: 'BUSY' })

  return {
    ...{ app, url, all, pia, ann, wim, asPia, asAnn, watched },
    told: () => streams.map((stream) => stream.texts().length),
    async stop() {
      await postgres.stop()
    },
    async kill() {
      const pid = await processOf(url)
      process.kill(pid, 'SIGKILL')
      await gone(pid)
    },
    /** On the same port. Backends of a server that was killed may take a moment to find out. */
    async startAgain() {
      const pickPort = () => Promise.resolve(Number(new URL(url).port))
      await eventually('it starts again', async () => {
        try {
          postgres = await place.start({ durable: true, pickPort })
          return true
        } catch {
          return false
        }
      })
    },
    ready: () => eventually('it is ready again', () => isReady(app), { withinMs: 20_000 }),
    /** What is decided and published from here on is told, on either stream. */
    async goesOn() {
      await asPia.publish('AWAY')
      await all('CHANGED', { [pia]: 'AWAY' })
      await asAnn.decide(wim, 'BLOCKED')
      await all('CHANGED', { [ann]: OFFLINE })
    },
  }
}

test(
  'PostgreSQL that is stopped and started again: streams stay open, tell nothing, and go on',
  LONG,
  async () => {
    const { app, stop, startAgain, told, ready, goesOn } = await instanceOnItsOwnPostgres()
    const before = told()
    await stop()
    const down = {
      status: 'not ready',
      database: 'unavailable',
      signals: 'unavailable',
    }
    await eventually('it is not ready', async () => isDeepStrictEqual(await health(app), down))
    await startAgain()
    await ready()
    expect(told()).toEqual(before)
    await goesOn()
  },
)

test(
  'PostgreSQL that is killed: all are Offline after ten seconds, nobody can begin a stream, and all are shown afresh when it is back',
  LONG,
  async () => {
    const { app, kill, startAgain, all, pia, ann, watched, ready, goesOn } = await instanceOnItsOwnPostgres()
    await kill()
    await all('CHANGED', { [pia]: OFFLINE, [ann]: OFFLINE })
    for (const [, watch] of TRANSPORTS) {
      const refused = await watch(app, watched)
      expect(await refused.refusal()).toMatchObject({ code: 'PRESENCE_UNAVAILABLE' })
    }
    await startAgain()
    await all('SNAPSHOT', { [pia]: 'BUSY', [ann]: 'BUSY' })
    await ready()
    await goesOn()
  },
)

test(
  'PostgreSQL that takes no writes is not read: all are Offline after ten seconds, and shown afresh when it does',
  LONG,
  async () => {
    const { app, url, pia, ann, asPia, all, ready, goesOn } = await instanceOnItsOwnPostgres()
    const readOnly = async (setting: 'on' | 'off'): Promise<void> => {
      await queryOnce(url, `alter system set default_transaction_read_only = ${setting}`)
      await queryOnce(url, 'select pg_reload_conf()')
    }
    await readOnly('on')
    await eventually('it is not ready', async () => !(await isReady(app)), { withinMs: 20_000 })
    await expect(asPia.publish('AVAILABLE')).rejects.toThrow('PRESENCE_UNAVAILABLE')
    await all('CHANGED', { [pia]: OFFLINE, [ann]: OFFLINE })
    await readOnly('off')
    await all('SNAPSHOT', { [pia]: 'BUSY', [ann]: 'BUSY' })
    await ready()
    await asPia.publish('DO_NOT_DISTURB')
    await all('CHANGED', { [pia]: 'DO_NOT_DISTURB' })
    await goesOn()
  },
)

test(
  'PostgreSQL whose answers take too long: all are Offline after ten seconds, and shown afresh when they come',
  LONG,
  async () => {
    const { url, all, pia, ann, ready, goesOn } = await instanceOnItsOwnPostgres()
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    await client.query('begin')
    // Every read has something of it.
    await client.query('lock table presence_privacy.classes_of_service in access exclusive mode')
    await all('CHANGED', { [pia]: OFFLINE, [ann]: OFFLINE })
    await client.end()
    await all('SNAPSHOT', { [pia]: 'BUSY', [ann]: 'BUSY' })
    await ready()
    await goesOn()
  },
)
