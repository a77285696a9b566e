import { afterAll, beforeAll, expect, it } from 'vitest'
import { acceptAllPending } from '../../src/application/accept-all-pending.ts'
import { eraseUser } from '../../src/application/erase-user.ts'
import { decideAccess } from '../../src/application/manage-decisions.ts'
import { UserErased } from '../../src/application/ports.ts'
import { requestAccess } from '../../src/application/request-access.ts'
import { respondToRequests } from '../../src/application/respond-to-requests.ts'
import { settleWhatHasEnded } from '../../src/application/sweep.ts'
import type { UserId } from '../../src/domain/user-id.ts'
import { ROOT } from '../support/administrators.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { newUser } from '../support/new-user.ts'
import { placesOf } from '../support/places-of.ts'
import { postgresStorage, type PostgresStorage } from '../support/postgres-storage.ts'

const ROUNDS = 150

let database: TestDatabase
/** Two instances of the server, which share nothing but the database. */
let here: PostgresStorage
let there: PostgresStorage

beforeAll(async () => {
  database = await createTestDatabase()
  ;[here, there] = await Promise.all([postgresStorage(database), postgresStorage(database)])
})
afterAll(async () => {
  await Promise.all([here.close(), there.close()])
})

const TIME = { timeout: 120_000 }

it('an administrator who is erased while accepting for a user is named nowhere', TIME, async () => {
  const outcomes = await rounds(async (delayMs) => {
    const [pia, root] = [newUser('pia'), newUser('root')]
    await askBy(newUser('wim'), pia)
    const [accepted] = await Promise.all([
      outcomeOf(
        acceptAllPending({ store: here.privacy, lists: here.lists }, { presentity: pia, actor: root }),
      ),
      after(delayMs, () => erase(root)),
    ])
    await expectNowhere(root)
    return accepted
  })
  expect(outcomes).toContain('done')
  expect(outcomes).toContain('erased')
})

it('a user who is erased while all their waiting requests are accepted is stored nowhere', TIME, async () => {
  await rounds(async (delayMs) => {
    const [pia, root] = [newUser('pia'), newUser('root')]
    await askBy(newUser('wim'), pia)
    const [accepted] = await Promise.all([
      outcomeOf(
        acceptAllPending({ store: here.privacy, lists: here.lists }, { presentity: pia, actor: root }),
      ),
      after(delayMs, () => erase(pia)),
    ])
    await expectNowhere(pia)
    return accepted
  })
})

it(
  'a watcher who is erased while he is answered is stored nowhere, whichever comes first',
  TIME,
  async () => {
    await rounds(async (delayMs, round) => {
      const [pia, wim] = [newUser('pia'), newUser('wim')]
      await askBy(wim, pia)
      const { requests } = await here.lists.popup({ presentity: pia, limit: 10, known: [] })
      const presented = requests.map(({ item }) => item.id)
      const options = { addTickedToContacts: round % 2 === 0, alwaysAccept: false, clientKey: null }
      const [answered] = await Promise.all([
        outcomeOf(
          respondToRequests(here.privacy, { presentity: pia, presented, ticked: presented, ...options }),
        ),
        after(delayMs, () => erase(wim)),
      ])
      await expectNowhere(wim)
      return answered
    })
  },
)

it(
  'a watcher who is erased while he is decided about is named at most by a decision that came later',
  TIME,
  async () => {
    await rounds(async (delayMs) => {
      const [pia, wim] = [newUser('pia'), newUser('wim')]
      const decision = { presentity: pia, watchers: [wim], verdict: 'ALLOWED', endsAt: null } as const
      const [decided] = await Promise.all([
        outcomeOf(decideAccess(here.privacy, decision)),
        after(delayMs, () => erase(wim)),
      ])
      const places = await placesOf(database, wim)
      // Whoever names an id that was erased, names a user of whom nothing is known.
      const stored = ['pairs.presentity_id', 'pairs.watcher_id', 'trail.watcher_id', 'users.id']
      expect([[], stored.filter((place) => place !== 'users.id'), stored]).toContainEqual(places)
      return decided
    })
  },
)

it('a user who is erased while a sweep is under way is stored nowhere', async () => {
  const [pia, wim] = [newUser('pia'), newUser('wim')]
  await askBy(wim, pia)
  const found = [{ presentity: pia, watcher: wim }]
  const leftovers = { ...here.leftovers, endedPairs: () => Promise.resolve(found.splice(0)) }
  await erase(pia)
  await settleWhatHasEnded({ store: here.privacy, leftovers }, new AbortController().signal)
  await expectNowhere(pia)
})

async function rounds(play: (delayMs: number, round: number) => Promise<string>): Promise<readonly string[]> {
  const outcomes: string[] = []
  for (let round = 0; round < ROUNDS; round++) outcomes.push(await play((round % 50) / 10 - 1, round))
  return outcomes
}

/** Lets something begin sooner or later, so that it meets every step of what runs beside it. */
async function after(ms: number, act: () => Promise<unknown>): Promise<void> {
  const until = performance.now() + ms
  while (performance.now() < until) await new Promise((resolve) => setImmediate(resolve))
  await act()
}

function askBy(watcher: UserId, presentity: UserId) {
  const ask = { watcher, presentities: [presentity], trigger: 'CALL', addToContacts: false } as const
  return requestAccess(here.privacy, ask)
}

const erase = (user: UserId) => eraseUser(there.records, { user, actor: ROOT })

async function outcomeOf(act: Promise<unknown>): Promise<'done' | 'erased'> {
  try {
    await act
    return 'done'
  } catch (error) {
    if (error instanceof UserErased) return 'erased'
    throw error
  }
}

async function expectNowhere(user: UserId): Promise<void> {
  expect(await placesOf(database, user)).toEqual([])
}
