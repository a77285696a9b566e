import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { decideMessages } from '../../src/application/decide-messages.ts'
import { endForUsers, publishForUsers } from '../../src/application/publish-for-users.ts'
import { renewForUsers } from '../../src/application/renew-presence.ts'
import { reportAttempts } from '../../src/application/report-attempts.ts'
import type { UserId } from '../../src/domain/user-id.ts'
import { causesOfOffline } from '../support/causes-of-offline.ts'
import { countStatements, type SentStatements } from '../support/count-statements.ts'
import { connectUsers } from '../support/connect-users.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { newUser } from '../support/new-user.ts'
import { postgresStorage, type PostgresStorage } from '../support/postgres-storage.ts'
import { POLICY } from '../support/policy.ts'

const service = newUser('service')
const RENEWED = ['renewSessions.lockSessions', 'renewSessions.writeSessions']

let database: TestDatabase
let storage: PostgresStorage
let sent: SentStatements

beforeAll(async () => {
  database = await createTestDatabase()
  storage = await postgresStorage(database)
})
afterAll(() => storage.close())
beforeEach(() => {
  sent = countStatements()
})
afterEach(() => sent.stop())

async function statementsOf(act: () => Promise<unknown>): Promise<readonly string[]> {
  const before = sent.callers().length
  await act()
  return sent.callers().slice(before)
}

it.each([1, 500])('deciding about %i messages takes exactly one statement', async (count) => {
  const pairs = Array.from({ length: count }, () => ({ presentity: newUser(), watcher: newUser() }))
  expect(await statementsOf(() => decideMessages({ ...storage, ...POLICY }, pairs))).toEqual(['viewPairs'])
})

it.each([1, 100])('publishing for %i users takes the same statements', async (count) => {
  const said = { status: 'BUSY', activity: null, note: null, leaseMs: 60_000 } as const
  const sessions = Array.from({ length: count }, () => ({ user: newUser(), session: 'desk' }))
  const publications = sessions.map((session) => ({ ...session, ...said }))

  const published = await statementsOf(() => publishForUsers(storage, { service, publications }))
  expect(published).toEqual([
    'renewSessions.lockSessions',
    'publishSessions.lockSessions',
    'publishSessions.readClasses',
    'keepOffErasure',
    'makeUsers',
    'publishSessions.lockSessions',
    'publishSessions.readClasses',
    'publishSessions.writeSessions',
    'publishSessions.notify',
  ])
  const again = await statementsOf(() => publishForUsers(storage, { service, publications }))
  expect(again).toEqual(RENEWED)
  const renewals = sessions.map((session) => ({ ...session, leaseMs: 60_000, inactiveForMs: null }))
  const renewed = await statementsOf(() => renewForUsers(storage.sessions, { service, renewals }))
  expect(renewed).toEqual(RENEWED)
  expect(await statementsOf(() => endForUsers(storage.sessions, { service, ended: sessions }))).toEqual([
    'endSessions.lockSessions',
    'endSessions.writeSessions',
    'endSessions.notify',
  ])
})

it.each([null, 'report'])(
  'reporting an attempt takes the same statements for every cause of Offline with the same history, under the key %s',
  async (key) => {
    const { watcher, causes } = await causesOfOffline(storage)
    for (const group of new Set(causes.map((cause) => cause.group))) {
      const costs = new Map<string, readonly string[]>()
      for (const { cause, presentity } of causes.filter((each) => each.group === group)) {
        const attempts = [{ presentity, watcher, trigger: 'CALL' } as const]
        costs.set(
          cause,
          await statementsOf(() =>
            reportAttempts(storage.privacy, {
              service,
              attempts,
              clientKey: key && `${key}-${group}-${presentity.slice(-8)}`,
            }),
          ),
        )
      }
      const [first, ...rest] = costs
      expect(first?.[1].length).toBeGreaterThan(0)
      for (const [cause, cost] of rest) expect(cost, `${group}: ${cause}, as ${first![0]}`).toEqual(first![1])
    }
  },
)

it('deciding about 500 messages looks up each user and each pair, and never through all of them', async () => {
  // Of few users, reading all would be the better way.
  await crowd()
  const pairs = Array.from({ length: 500 }, (_, place) => ({
    presentity: of(place * 9 + 2),
    watcher: of(place * 9 + 1),
  }))
  const decided = await decideMessages({ ...storage, ...POLICY }, pairs)
  expect(decided.every(({ permitted }) => permitted)).toBe(true)

  const text = sent.texts().at(-1)!
  const columns = [pairs.map(({ watcher }) => watcher), pairs.map(({ presentity }) => presentity)]
  const scans = await scansOf(text, columns)
  for (const table of ['users', 'pairs']) {
    const ofTable = scans.filter((scan) => scan['Relation Name'] === table)
    expect(
      ofTable.map((scan) => scan['Node Type']),
      table,
    ).toEqual(ofTable.map(() => expect.stringMatching(/^(Index|Bitmap Heap)/) as unknown))
    expect(ofTable.length, table).toBeGreaterThan(0)
  }
  const [pair] = scans.filter((scan) => scan['Relation Name'] === 'pairs')
  expect(pair?.['Index Cond']).toContain('watcher_id')
  expect(pair?.['Index Cond']).toContain('presentity_id')
})

it.each([1, 100])('renewing %i sessions of very many looks up each by its key', async (count) => {
  await crowd()
  const users = Array.from({ length: count }, (_, place) => of(place * 9 + 1))
  const said = { status: 'BUSY', activity: null, note: null } as const
  const live = await storage.sessions.renewSeveral(
    users.map((user) => ({ user, id: 'desk', said, inactiveForMs: 0, leaseMs: 60_000 })),
  )
  expect(live).not.toContain(null)

  const each = <Value>(value: Value) => users.map(() => value)
  const parameters = { lockSessions: [users], writeSessions: [users, each('[]'), each(new Date())] }
  for (const [caller, values] of Object.entries(parameters)) {
    const text = sent.texts().findLast((each) => each.includes(`renewSessions.${caller}`))!
    const scans = (await scansOf(text, values)).filter((scan) => scan['Relation Name'] === 'users')
    expect(scans.length, caller).toBeGreaterThan(0)
    expect(
      scans.map((scan) => scan['Node Type']),
      caller,
    ).not.toContain('Seq Scan')
  }
})

type Scan = Record<string, string | undefined> & { readonly Plans?: readonly Scan[] }

function of(number: number): UserId {
  return `crowd-${String(number)}` as UserId
}

let crowding: Promise<void> | undefined
function crowd(): Promise<void> {
  return (crowding ??= crowdOf(100_000))
}

/** As many users, connected, each of whom is allowed by the next one. */
async function crowdOf(users: number): Promise<void> {
  await database.query(
    `insert into presence_privacy.users (id) select 'crowd-' || n from generate_series(1, $1::int) n`,
    [users + 1],
  )
  await database.query(
    `insert into presence_privacy.pairs (watcher_id, presentity_id, edge_state, view_access)
     select 'crowd-' || n, 'crowd-' || n + 1, 'ALLOWED', 'ALLOWED' from generate_series(1, $1::int) n`,
    [users],
  )
  await connectUsers(database, { which: "id like 'crowd-%'", status: 'BUSY' })
  await database.query('analyze presence_privacy.users')
  await database.query('analyze presence_privacy.pairs')
}

async function scansOf(text: string, parameters: readonly unknown[]): Promise<readonly Scan[]> {
  const [row] = await database.query<{ 'QUERY PLAN': readonly [{ Plan: Scan }] }>(
    `explain (format json) ${text}`,
    // Proven statements take their caller last.
    text.includes('erased_users') ? [...parameters, null] : parameters,
  )
  const flat = (plan: Scan): readonly Scan[] => [plan, ...(plan.Plans ?? []).flatMap(flat)]
  return flat(row!['QUERY PLAN'][0].Plan)
}
