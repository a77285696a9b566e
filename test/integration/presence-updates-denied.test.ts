import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { publishPresence } from '../../src/application/publish-presence.ts'
import { actsOverApi } from '../support/acts-over-api.ts'
import { causesOfOffline, type CausesOfOffline } from '../support/causes-of-offline.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { newUser } from '../support/new-user.ts'
import { postgresStorage, type PostgresStorage } from '../support/postgres-storage.ts'
import { startApp, startAppForTest, tokenOf, type TestApp } from '../support/start-app.ts'
import { ALL_WAYS, watchOverWebSocket, type PresenceWatch } from '../support/watch-over-api.ts'

/** Of these, publishing shows the presentity, as it should. */
const SHOWN_ONCE_ONLINE = /^(offline|lease ended|pending, offline)$/

describe.each(ALL_WAYS)('everything that leads to Offline, over %s', (_transport, watch) => {
  let database: TestDatabase
  let storage: PostgresStorage
  let app: TestApp
  let world: CausesOfOffline
  let streams: { cause: string; presentity: string; stream: PresenceWatch }[]
  beforeAll(async () => {
    database = await createTestDatabase()
    storage = await postgresStorage(database)
    world = await causesOfOffline(storage)
    app = await startApp(database)
  })
  afterAll(async () => {
    await app.stop()
    await storage.close()
  })

  const publish = (user: CausesOfOffline['shown'], status: 'AWAY' | 'DO_NOT_DISTURB', note: string) =>
    publishPresence(storage, { user, session: 'desk', status, activity: null, note, leaseMs: 600_000 })

  it('is the same bytes in a snapshot, and is no event when anything happens to whoever is hidden', async () => {
    const { watcher, causes, shown } = world
    const token = await tokenOf(watcher)
    streams = await Promise.all(
      causes.map(async ({ cause, group, presentity }) => ({
        cause: `${group}: ${cause}`,
        presentity,
        stream: await watch(app, { token, userIds: [presentity, shown] }),
      })),
    )
    for (const { stream, presentity } of streams) {
      expect(await stream.told()).toEqual({ SNAPSHOT: { [presentity]: 'OFFLINE', [shown]: 'BUSY' } })
    }
    const nothing = causes.filter(({ cause }) => !SHOWN_ONCE_ONLINE.test(cause))
    expect(nothing.length).toBeGreaterThan(30)
    for (const { presentity } of nothing) await publish(presentity, 'DO_NOT_DISTURB', 'now')
    for (const { presentity } of nothing) await storage.sessions.end({ user: presentity, id: 'desk' })
    // What all of them see comes after whatever would have come.
    await publish(shown, 'AWAY', 'lunch')
    for (const { stream } of streams) expect(await stream.told()).toEqual({ CHANGED: { [shown]: 'AWAY' } })

    const bytes = new Map<string, string[]>()
    for (const { cause, presentity, stream } of streams) {
      const text = stream.texts().join('\n').replaceAll(presentity, '<id>')
      bytes.set(text, [...(bytes.get(text) ?? []), cause])
    }
    expect([...bytes.values()]).toHaveLength(1)
    expect(streams[0]?.stream.texts()).toHaveLength(2)
  })

  it('is in one list what it is alone', async () => {
    const { watcher, causes, shown } = world
    const userIds = [shown, ...causes.map(({ presentity }) => presentity)]
    const stream = await watch(app, { token: await tokenOf(watcher), userIds })
    const { presences } = await stream.next()
    expect(presences.map(({ user }) => user.id).sort()).toEqual([...userIds].sort())
    const hidden = presences.filter(({ user }) => user.id !== shown)
    expect(new Set(hidden.map(({ presence }) => JSON.stringify(presence)))).toEqual(
      new Set(['{"status":"OFFLINE","activity":null,"note":null}']),
    )
  })

  it('makes the frames of a user who disconnects when it takes somebody’s sight away, and none from then on', async () => {
    const [wim, wes, ann] = [newUser('wim'), newUser('wes'), newUser('ann')]
    const [pia, zoe] = [newUser('pia'), newUser('zoe')]
    const [asPia, asZoe, asAnn] = await Promise.all(
      [pia, zoe, ann].map(async (user) => actsOverApi(app, await tokenOf(user))),
    )
    const say = { activity: 'IN_A_MEETING', note: 'back soon' }
    await asPia!.publish('BUSY', say)
    await asZoe!.publish('BUSY', say)
    await asAnn!.publish('BUSY')
    for (const [presentity, watcher] of [
      [asPia, wim],
      [asZoe, wes],
      [asAnn, wim],
      [asAnn, wes],
    ] as const)
      await presentity!.decide(watcher, 'ALLOWED')
    const denied = await watch(app, { token: await tokenOf(wim), userIds: [pia, ann] })
    const offline = await watch(app, { token: await tokenOf(wes), userIds: [zoe, ann] })
    const both = async () => {
      const [first, second] = [await denied.next(), await offline.next()]
      expect(inPlace(first, pia)).toEqual(inPlace(second, zoe))
      return first
    }
    expect(await both()).toMatchObject({ change: 'SNAPSHOT' })

    await asPia!.decide(wim, 'BLOCKED')
    await asZoe!.disconnect()
    expect(await both()).toMatchObject({
      change: 'CHANGED',
      presences: [{ presence: { status: 'OFFLINE' } }],
    })

    // All that can happen to her, while nothing happens to the other.
    await asPia!.publish('AVAILABLE', { note: 'hidden' })
    await asPia!.publish('AWAY')
    await asPia!.appearOffline(true)
    await asPia!.appearOffline(false)
    await asPia!.forget(wim)
    await asPia!.decide(wim, 'BLOCKED')
    await asPia!.decide(wes, 'ALLOWED')
    await asPia!.addContacts(wes)
    await asPia!.disconnect()
    await asPia!.publish('DO_NOT_DISTURB')

    await asAnn!.publish('AWAY')
    expect(await both()).toMatchObject({ change: 'CHANGED', presences: [{ presence: { status: 'AWAY' } }] })
    const bytes = (stream: PresenceWatch, user: string) =>
      stream.texts().map((text) => text.replaceAll(user, '<id>'))
    expect(bytes(denied, pia)).toHaveLength(3)
    expect(bytes(denied, pia)).toEqual(bytes(offline, zoe))
  })
})

it('the order of a contact list in a snapshot follows from its ids alone, however the database comes by it', async () => {
  const database = await createTestDatabase()
  // Without an index by watcher it reads rows as they lie, and a row that is changed moves.
  await database.query('drop index presence_privacy.pairs_contacts_idx')
  await database.query(`alter table presence_privacy.pairs drop constraint pairs_pkey,
    add constraint pairs_pkey primary key (presentity_id, watcher_id)`)
  const app = await startAppForTest(database)
  const wim = newUser('wim')
  const contacts = Array.from({ length: 12 }, () => newUser('contact'))
  await actsOverApi(app, await tokenOf(wim)).addContacts(...contacts)
  const order = async () => {
    const stream = await watchOverWebSocket(app, { token: await tokenOf(wim) })
    const { presences } = await stream.next()
    return presences.map(({ user }) => user.id)
  }
  const asTheyLie = () =>
    database.query('select presentity_id from presence_privacy.pairs where watcher_id = $1', [wim])
  const [before, lay] = [await order(), await asTheyLie()]
  for (const presentity of contacts.filter((_, place) => place % 3 === 0)) {
    const acts = actsOverApi(app, await tokenOf(presentity))
    await acts.publish('BUSY')
    await acts.decide(wim, 'BLOCKED')
  }
  expect(await asTheyLie()).not.toEqual(lay)
  expect(before).toHaveLength(12)
  expect(await order()).toEqual(before)
})

function inPlace(update: unknown, user: string): unknown {
  return JSON.parse(JSON.stringify(update).replaceAll(user, '<id>'))
}
