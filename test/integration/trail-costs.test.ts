import { afterAll, beforeAll, expect, it } from 'vitest'
import { removeContacts } from '../../src/application/manage-contacts.ts'
import { requestAccess } from '../../src/application/request-access.ts'
import { withdrawRequest } from '../../src/application/withdraw-request.ts'
import type { UserId } from '../../src/domain/user-id.ts'
import { causesOfOffline, type CauseOfOffline } from '../support/causes-of-offline.ts'
import { countStatements } from '../support/count-statements.ts'
import { createTestDatabase } from '../support/database.ts'
import { DEFAULT_CLASS } from '../support/storage.ts'
import { postgresStorage, type PostgresStorage } from '../support/postgres-storage.ts'

let storage: PostgresStorage
let watcher: UserId
let causes: readonly CauseOfOffline[]

beforeAll(async () => {
  storage = await postgresStorage(await createTestDatabase())
  ;({ watcher, causes } = await causesOfOffline(storage))
})
afterAll(() => storage.close())

const ask = (addToContacts: boolean) => async (presentity: UserId) => {
  const of = { watcher, presentities: [presentity], trigger: 'CALL', addToContacts } as const
  const [asked] = await requestAccess(storage.privacy, of)
  expect(asked!.outcome).toBe('ASKED')
}

const withdraw = async (presentity: UserId) => {
  const { items } = await storage.lists.asked({ watcher, page: { first: 500, after: null } })
  const id = items.find((asked) => asked.presentity === presentity)?.request.id ?? presentity
  return withdrawRequest(storage.privacy, { watcher, request: id })
}

const removeContact = (presentity: UserId) =>
  removeContacts(storage.privacy, { watcher, presentities: [presentity] })

it('asking, withdrawing and removing a contact write as many rows to the trail, and everywhere, whatever was decided', async () => {
  for (const group of new Set(causes.map((cause) => cause.group))) {
    const members = causes.filter((cause) => cause.group === group)
    for (const act of [ask(false), withdraw, ask(true), removeContact]) {
      // Neither a cooldown nor a limit keeps anybody from asking.
      await storage.passTime(DEFAULT_CLASS.requestCooldownMs)
      const costs = new Map<string, unknown>()
      for (const { cause, presentity } of members) costs.set(cause, await costOf(() => act(presentity)))
      const [first, ...others] = costs
      for (const [cause, cost] of others)
        expect(cost, `${group}: ${cause}, as ${first![0]}`).toEqual(first![1])
    }
  }
  expect(causes.length).toBeGreaterThan(30)
})

it('every request is in the trail, an absorbed one, too', async () => {
  const { written } = await costOf(() =>
    ask(false)(causes.find(({ cause }) => cause === 'blocked ahead')!.presentity),
  )
  expect(written).toContainEqual(['requestAccess.writeTrail', 1])
})

/** Every statement of an act, and how many rows it wrote. */
async function costOf(act: () => Promise<unknown>) {
  const statements = countStatements()
  try {
    await act()
    return { texts: [...statements.texts()], written: statements.rowsWritten() }
  } finally {
    statements.stop()
  }
}
