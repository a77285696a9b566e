import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { eraseUser } from '../../src/application/erase-user.ts'
import { setPreference } from '../../src/application/set-preference.ts'
import type { Published } from '../../src/application/ports.ts'
import type { UserId } from '../../src/domain/user-id.ts'
import { ROOT } from '../support/administrators.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { newUser } from '../support/new-user.ts'
import { postgresStorage, type PostgresStorage } from '../support/postgres-storage.ts'

const POOL_SIZE = 4

let database: TestDatabase
/** Two instances of the server, which share nothing but the database. */
let here: PostgresStorage
let there: PostgresStorage

beforeAll(async () => {
  database = await createTestDatabase()
  ;[here, there] = await Promise.all([
    postgresStorage(database, { poolSize: POOL_SIZE }),
    postgresStorage(database, { poolSize: POOL_SIZE }),
  ])
})
afterAll(async () => {
  await Promise.all([here.close(), there.close()])
})

it('a user without a row who is erased while beginning to publish is stored nowhere', async () => {
  const outcomes = new Set<string>()
  const erased: UserId[] = []
  for (let round = 0; round < 150; round += 1) {
    const [pia, kim] = [newUser('pia'), newUser('kim')]
    const [published] = await Promise.all([
      round % 2 === 0 ? publish(here, pia) : publishFor(here, [kim, pia]).then((of) => of[1] as Published),
      after((round % 60) / 10, () => eraseUser(there.records, { user: pia, actor: ROOT })),
    ])
    outcomes.add('refused' in published ? published.refused : 'PUBLISHED')
    erased.push(pia)
  }
  expect(outcomes).toEqual(new Set(['PUBLISHED', 'USER_ERASED']))
  expect(
    await database.query('select id from presence_privacy.users where id = any($1::text[])', [erased]),
  ).toEqual([])
})

it('nothing that devices say at once to two instances is lost, nor what their user chooses meanwhile', async () => {
  for (let round = 0; round < 30; round += 1) {
    const pia = newUser('pia')
    await Promise.all(['desk', 'phone', 'car'].map((id) => publish(here, pia, { id })))
    await Promise.all([
      renew(here, pia, 'desk', 'at the desk'),
      renew(there, pia, 'phone', 'on the phone'),
      publish(round % 2 === 0 ? here : there, pia, { id: 'tv', note: 'at the match' }),
      publishFor(there, [pia]),
      there.sessions.end({ user: pia, id: 'car' }),
      setPreference(here.privacy, { user: pia, change: { appearOffline: true } }),
    ])
    const found = await there.facts.readFacts({ watcher: pia, presentities: [pia] })
    const { sessions, user } = found.presentities.get(pia)!
    expect(Object.fromEntries(sessions.map(({ id, note }) => [id, note]))).toEqual({
      ...{ desk: 'at the desk', phone: 'on the phone', tv: 'at the match', 'service/line': null },
    })
    expect(user.preference.appearOffline).toBe(true)
  }
})

it('devices that publish at once to two instances never exceed the limit together', async () => {
  for (let round = 0; round < 20; round += 1) {
    const pia = newUser('pia')
    const published = await Promise.all(
      [here, there, here, there].map((instance, place) =>
        publish(instance, pia, { id: `device-${String(place)}`, maxSessions: 2 }),
      ),
    )
    expect(published.filter((each) => 'session' in each)).toHaveLength(2)
  }
})

it('services that publish for the same users in opposite orders do not wait for each other for ever', async () => {
  const users = Array.from({ length: 40 }, () => newUser())
  for (let round = 0; round < 20; round += 1) {
    const published = await Promise.all([
      publishFor(here, users),
      publishFor(there, [...users].reverse()),
      there.sessions.endSeveral(users.map((user) => ({ user, id: 'service/line' }))),
    ])
    expect(published.slice(0, 2).flat()).not.toContainEqual(
      expect.objectContaining({ refused: expect.anything() }),
    )
  }
})

it('a user who waits for their own row keeps no other user’s device waiting', async () => {
  const [pia, wim] = [newUser('pia'), newUser('wim')]
  for (const user of [pia, wim]) await publish(here, user)
  await holding([pia], async (release) => {
    const [held, unheld] = [renew(here, pia, 'desk', 'held'), renew(here, wim, 'desk', 'not held')]
    expect(await unheld).toMatchObject({ note: 'not held' })
    await release()
    expect(await held).toMatchObject({ note: 'held' })
  })
})

it('an act that holds the rows of very many leaves the pool to others', async () => {
  const users = Array.from({ length: 3 * POOL_SIZE }, () => newUser())
  await publishFor(here, users)
  await holding(users, async (release) => {
    const renewed = Promise.all(users.map((user) => renew(here, user, 'service/line', 'later')))
    await waitingForLocks(1)
    expect(await publish(here, newUser('wim'))).toHaveProperty('session')
    await release()
    expect((await renewed).map((session) => session?.note)).toEqual(users.map(() => 'later'))
  })
})

it('a user who begins and ends many sessions while their row is held leaves the pool to others', async () => {
  const pia = newUser('pia')
  await publish(here, pia)
  await holding([pia], async (release) => {
    const ids = Array.from({ length: 3 * POOL_SIZE }, (_, place) => `device-${String(place)}`)
    const acts = Promise.all([
      ...ids.map((id) => publish(here, pia, { id })),
      ...ids.map((id) => here.sessions.end({ user: pia, id })),
      ...ids.map((id) => renew(here, pia, id, 'later')),
    ])
    await waitingForLocks(2)
    expect(await publish(here, newUser('wim'))).toHaveProperty('session')
    await release()
    await acts
  })
})

function publish(
  { sessions }: PostgresStorage,
  user: UserId,
  {
    id = 'desk',
    note = null,
    maxSessions = 20,
  }: { id?: string; note?: string | null; maxSessions?: number } = {},
) {
  return sessions.publish({
    user,
    session: { id, status: 'BUSY', activity: null, note },
    ...{ inactiveForMs: 0, leaseMs: 60_000, maxSessions },
  })
}

function publishFor({ sessions }: PostgresStorage, users: readonly UserId[]) {
  return sessions.publishSeveral(
    users.map((user) => ({
      user,
      session: { id: 'service/line', status: 'BUSY', activity: null, note: null },
      ...{ inactiveForMs: 0, leaseMs: 60_000, maxSessions: 20 },
    })),
  )
}

function renew({ sessions }: PostgresStorage, user: UserId, id: string, note: string) {
  const said = { status: 'AVAILABLE', activity: null, note } as const
  return sessions.renew({ user, id, said, inactiveForMs: 0, leaseMs: 60_000 })
}

/** Lets something begin later, so that it meets every step of what runs beside it. */
async function after(ms: number, act: () => Promise<unknown>): Promise<void> {
  const until = performance.now() + ms
  while (performance.now() < until) await new Promise((resolve) => setImmediate(resolve))
  await act()
}

/** While something else holds the rows of users, until it is released. */
async function holding(
  users: readonly UserId[],
  meanwhile: (release: () => Promise<unknown>) => Promise<void>,
): Promise<void> {
  const client = new pg.Client(database.url)
  await client.connect()
  try {
    await client.query('begin')
    await client.query('select from presence_privacy.users where id = any($1) for update', [users])
    await meanwhile(() => client.query('rollback'))
  } finally {
    await client.end()
  }
}

async function waitingForLocks(count: number): Promise<void> {
  await eventually('what waits for a row waits', async () => {
    const [waiting] = await database.query<{ count: number }>(
      `select count(*)::int as count from pg_stat_activity
       where wait_event_type = 'Lock' and datname = current_database()`,
    )
    return waiting?.count === count
  })
}
