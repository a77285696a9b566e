import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { decideMessages } from '../../src/application/decide-messages.ts'
import { endForUsers, publishForUsers } from '../../src/application/publish-for-users.ts'
import { reportAttempts } from '../../src/application/report-attempts.ts'
import { causesOfOffline } from '../support/causes-of-offline.ts'
import { countStatements, type SentStatements } from '../support/count-statements.ts'
import { createTestDatabase } from '../support/database.ts'
import { newUser } from '../support/new-user.ts'
import { postgresStorage, type PostgresStorage } from '../support/postgres-storage.ts'

const POLICY = { policy: { blockingHidesBothWays: true } }
const service = newUser('service')

let storage: PostgresStorage
let sent: SentStatements

beforeAll(async () => {
  storage = await postgresStorage(await createTestDatabase())
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
  expect(published[0]).toBe('viewPairs')
  expect(published).toContain('publishSessions')
  expect(published).toHaveLength(new Set(published).size)
  expect(await statementsOf(() => endForUsers(storage.sessions, { service, ended: sessions }))).toEqual([
    'lockSessions',
    'endSessions',
  ])
})

it('reporting an attempt takes the same statements for every cause of Offline with the same history', async () => {
  const { watcher, causes } = await causesOfOffline(storage)
  for (const group of new Set(causes.map((cause) => cause.group))) {
    const costs = new Map<string, readonly string[]>()
    for (const { cause, presentity } of causes.filter((each) => each.group === group)) {
      const attempts = [{ presentity, watcher, trigger: 'CALL' } as const]
      costs.set(cause, await statementsOf(() => reportAttempts(storage.privacy, { service, attempts })))
    }
    const [first, ...rest] = costs
    expect(first?.[1].length).toBeGreaterThan(0)
    for (const [cause, cost] of rest) expect(cost, `${group}: ${cause}, as ${first![0]}`).toEqual(first![1])
  }
})
