import { afterAll, beforeAll, expect, it } from 'vitest'
import { decideAccess } from '../../src/application/manage-decisions.ts'
import { requestAccess } from '../../src/application/request-access.ts'
import { respondToRequests } from '../../src/application/respond-to-requests.ts'
import { setPreference } from '../../src/application/set-preference.ts'
import { withdrawRequest } from '../../src/application/withdraw-request.ts'
import { StorageFault, Unavailable } from '../../src/application/ports.ts'
import { openDatabase, type Database } from '../../src/postgres/database.ts'
import { postgresPrivacyLists } from '../../src/postgres/privacy-lists.ts'
import { postgresPrivacyStore } from '../../src/postgres/privacy-store.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { newUser } from '../support/new-user.ts'
import { databaseOptions } from '../support/postgres-storage.ts'
import { tcpProxy, type TcpProxy } from '../support/tcp-proxy.ts'

let test: TestDatabase
let proxy: TcpProxy
let database: Database

beforeAll(async () => {
  test = await createTestDatabase()
  proxy = await tcpProxy(test.url)
  database = await openDatabase(databaseOptions(proxy.url, { poolSize: 1 }))
})
afterAll(async () => {
  await database.close()
  await proxy.close()
})

/** How often an act waits for the database, and how many transactions it commits, each of which waits for the disk. */
async function costOf(act: () => Promise<unknown>): Promise<{ roundTrips: number; commits: number }> {
  const before = { trips: proxy.roundTrips(), writers: await writers() }
  await act()
  const roundTrips = proxy.roundTrips() - before.trips
  return {
    roundTrips,
    commits: [...(await writers())].filter((writer) => !before.writers.has(writer)).length,
  }
}

const TABLES = ['users', 'pairs', 'incoming_items', 'outgoing_requests', 'answers', 'trail']

/** The transactions that have written what is stored. */
async function writers(): Promise<ReadonlySet<string>> {
  const looks = TABLES.map((table) => `select xmin::text as writer from presence_privacy.${table}`)
  const rows = await test.query<{ writer: string }>(looks.join(' union '))
  return new Set(rows.map(({ writer }) => writer))
}

it('a request and its answer wait for the database two and three times, and for the disk once', async () => {
  const store = postgresPrivacyStore(database)
  const lists = postgresPrivacyLists(database.query)
  const ask = () => {
    const [pia, wim] = [newUser('pia'), newUser('wim')]
    const asking = { watcher: wim, presentities: [pia], trigger: 'CALL', addToContacts: true } as const
    return { pia, wim, asking }
  }
  const { pia, wim, asking } = ask()
  expect(await costOf(() => requestAccess(store, asking))).toEqual({ roundTrips: 2, commits: 1 })
  expect(await costOf(() => requestAccess(store, asking))).toEqual({ roundTrips: 2, commits: 1 })

  const { requests } = await lists.popup({ presentity: pia, limit: 10, known: [] })
  const presented = requests.map(({ item }) => item.id)
  const answer = {
    presentity: pia,
    presented,
    ticked: presented,
    addTickedToContacts: true,
    alwaysAccept: true,
    clientKey: 'key',
  }
  expect(await costOf(() => respondToRequests(store, answer))).toEqual({ roundTrips: 3, commits: 1 })

  const block = { presentity: pia, watchers: [wim], verdict: 'BLOCKED', endsAt: null } as const
  expect(await costOf(() => decideAccess(store, block))).toEqual({ roundTrips: 2, commits: 1 })
  expect(await costOf(() => setPreference(store, { user: pia, change: { appearOffline: true } }))).toEqual({
    roundTrips: 2,
    commits: 1,
  })

  const other = ask()
  const [asked] = await requestAccess(store, other.asking)
  const withdrawal = { watcher: other.wim, request: asked!.request!.id }
  expect(await costOf(() => withdrawRequest(store, withdrawal))).toEqual({ roundTrips: 3, commits: 1 })
})

it('no statement of a request or its answer is planned anew each time', async () => {
  const store = postgresPrivacyStore(database)
  const lists = postgresPrivacyLists(database.query)
  for (let round = 0; round < 10; round++) {
    const [pia, wim] = [newUser('pia'), newUser('wim')]
    await requestAccess(store, { watcher: wim, presentities: [pia], trigger: 'CALL', addToContacts: false })
    const { requests } = await lists.popup({ presentity: pia, limit: 10, known: [] })
    const presented = requests.map(({ item }) => item.id)
    const options = { addTickedToContacts: false, alwaysAccept: false, clientKey: `key ${String(round)}` }
    await respondToRequests(store, { presentity: pia, presented, ticked: presented, ...options })
  }
  const planned = await database.query<{ name: string; often: boolean }>(
    `/* test */ select name, custom_plans > 5 as often from pg_prepared_statements where name ~ '^(requestAccess|respondToRequests)'`,
    [],
  )
  expect(planned.length).toBeGreaterThan(15)
  expect(planned.filter(({ often }) => often)).toEqual([])
})

it('a user whom a decision makes known is made in a transaction of its own, in the same round trip', async () => {
  const [pia, wim] = [newUser('pia'), newUser('wim')]
  const store = postgresPrivacyStore(database)
  const block = { presentity: pia, watchers: [wim], verdict: 'BLOCKED', endsAt: null } as const
  expect(await costOf(() => decideAccess(store, block))).toEqual({ roundTrips: 2, commits: 2 })
})

it('a write that fails undoes all, is what the change fails with, and leaves a connection that works', async () => {
  const pia = newUser('pia')
  const failing = database.inTwoTrips({
    read: (query) => query('/* test */ insert into presence_privacy.users (id) values ($1)', [pia]),
    write(send) {
      send('/* test */ select 1 / $1::int as impossible', [0])
      send('/* test */ update presence_privacy.users set appear_offline = true where id = $1', [pia])
    },
  })
  await expect(failing).rejects.toBeInstanceOf(StorageFault)
  await expect(failing).rejects.toMatchObject({ cause: { code: '22012' } })
  expect(await test.query('select id from presence_privacy.users where id = $1', [pia])).toEqual([])
})

it('a read that fails is never decided on, whatever is read after it', async () => {
  let decided = false
  const failing = database.inTwoTrips({
    read: (query) =>
      Promise.all([
        query('/* test */ select 1 / $1::int as impossible', [0]),
        query('/* test */ select $1::int as possible', [0]),
      ]),
    write() {
      decided = true
    },
  })
  await expect(failing).rejects.toMatchObject({ cause: { code: '22012' } })
  expect(decided).toBe(false)
})

it('an error of a decision is thrown, and nothing of it is stored', async () => {
  const pia = newUser('pia')
  const failing = database.inTwoTrips({
    read: (query) => query('/* test */ select 1', []),
    write(send) {
      send('/* test */ insert into presence_privacy.users (id) values ($1)', [pia])
      throw new Error('undecided')
    },
  })
  await expect(failing).rejects.toThrow('undecided')
  expect(await test.query('select id from presence_privacy.users where id = $1', [pia])).toEqual([])
})

it('a transaction that could not begin is not carried on without it', async () => {
  const pia = newUser('pia')
  const failing = database.inTwoTrips({
    before: (send) => {
      send('/* test */ select pg_terminate_backend(pg_backend_pid()), $1::int', [0])
    },
    read: (query) => query('/* test */ select $1::int', [0]),
    write(send) {
      send('/* test */ insert into presence_privacy.users (id) values ($1)', [pia])
    },
  })
  await expect(failing).rejects.toBeInstanceOf(Unavailable)
  expect(await test.query('select id from presence_privacy.users where id = $1', [pia])).toEqual([])
})
