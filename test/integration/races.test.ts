import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { decideAccess } from '../../src/application/manage-decisions.ts'
import { requestAccess } from '../../src/application/request-access.ts'
import { respondToRequests, type Responded } from '../../src/application/respond-to-requests.ts'
import { settleWhatHasEnded } from '../../src/application/sweep.ts'
import { withdrawRequest } from '../../src/application/withdraw-request.ts'
import { pairAt } from '../../src/domain/pair.ts'
import type { UserId } from '../../src/domain/user-id.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { newUser } from '../support/new-user.ts'
import { postgresStorage, type PostgresStorage } from '../support/postgres-storage.ts'
import { DEFAULT_CLASS } from '../support/storage.ts'
import { look } from '../support/writes.ts'

const ROUNDS = 1_000
/** As many rounds run at once as both pools have connections for, so that every round is a race. */
const AT_ONCE = 8

let database: TestDatabase
/** Two instances of the server, which share nothing but the database. */
let here: PostgresStorage
let there: PostgresStorage

beforeAll(async () => {
  database = await createTestDatabase()
  ;[here, there] = await Promise.all([
    postgresStorage(database, { poolSize: AT_ONCE }),
    postgresStorage(database, { poolSize: AT_ONCE }),
  ])
})
afterAll(async () => {
  await Promise.all([here.close(), there.close()])
})

const TIME = { timeout: 120_000 }

it('two devices that answer differently: one answer applies, and the other is told which', TIME, async () => {
  const outcomes = await rounds(async (pair) => {
    const presented = await asked(pair)
    const [ticked, unticked] = await race(
      () => answer(here, pair, { presented, ticked: presented }),
      () => answer(there, pair, { presented, ticked: [] }),
    )
    const edge = await edgeOf(pair)
    expect([ticked, unticked].map(verdictOf)).toEqual([edge, edge])
    expect([ticked, unticked].map(outcomeOf).sort()).toEqual(['ALREADY_RESOLVED', 'APPLIED'])
    return edge
  })
  expect(new Set(outcomes)).toEqual(new Set(['ALLOWED', 'BLOCKED']))
})

it(
  'an answer against a withdrawal: whichever comes first, both are told what became of it',
  TIME,
  async () => {
    const outcomes = await rounds(async (pair, round) => {
      const presented = await asked(pair)
      const ticked = round % 2 === 0
      const request = await outgoingOf(pair)
      const [answered, withdrawn] = await race(
        () => answer(here, pair, { presented, ticked: ticked ? presented : [] }),
        () => withdrawRequest(there.privacy, { watcher: pair.watcher, request }),
      )
      const was = [outcomeOf(answered), withdrawn.outcome, await edgeOf(pair), await viewOf(pair)].join(' ')
      expect([
        // The watcher was first.
        'WITHDRAWN WITHDRAWN NONE NONE',
        // The presentity was first: an allow is told, and a denial reads like anything else that is taken back.
        ticked ? 'APPLIED ALREADY_ALLOWED ALLOWED ALLOWED' : 'APPLIED WITHDRAWN BLOCKED NONE',
      ]).toContain(was)
      return was
    })
    expect(new Set(outcomes).size).toBe(3)
  },
)

it('a request against a block: the watcher is told the same, and the block holds', TIME, async () => {
  const outcomes = await rounds(async (pair) => {
    const [told] = await race(
      () => ask(here, pair),
      () => block(there, pair),
    )
    expect(told[0]).toMatchObject({ access: 'PENDING', request: { state: 'OPEN' } })
    expect(await edgeOf(pair)).toBe('BLOCKED')
    expect(await viewOf(pair)).toBe('PENDING')
    expect(await openItemsOf(pair)).toBe(0)
    const [item] = await database.query<{ state: string }>(
      'select state from presence_privacy.incoming_items where presentity_id = $1',
      [pair.presentity],
    )
    return item?.state
  })
  // Absorbed when the block was first, resolved by it when the request was.
  expect(new Set(outcomes)).toEqual(new Set(['ABSORBED', 'BLOCKED']))
})

it('mutual requests: two edges and two popups, and neither waits for the other', TIME, async () => {
  await rounds(async ({ presentity, watcher }) => {
    const pairs = [
      { presentity, watcher },
      { presentity: watcher, watcher: presentity },
    ] as const
    const told = await race(
      () => ask(here, pairs[0]),
      () => ask(there, pairs[1]),
    )
    expect(told.map(([only]) => only?.access)).toEqual(['PENDING', 'PENDING'])
    for (const pair of pairs) {
      expect(await edgeOf(pair)).toBe('PENDING')
      expect(await openItemsOf(pair)).toBe(1)
    }
  })
})

it('two users who block each other at once: both blocks hold, in both directions', TIME, async () => {
  await rounds(async ({ presentity, watcher }) => {
    const block = (storage: PostgresStorage, by: UserId, whom: UserId) =>
      decideAccess(storage.privacy, { presentity: by, watchers: [whom], verdict: 'BLOCKED', endsAt: null })
    await race(
      () => block(here, presentity, watcher),
      () => block(there, watcher, presentity),
    )
    const rows = await database.query<{ edge_state: string; mirrored: boolean }>(
      `select edge_state, watcher_blocks_from is not null as mirrored
       from presence_privacy.pairs
       where watcher_id = any($1) and presentity_id = any($1)`,
      [[presentity, watcher]],
    )
    expect(rows).toEqual(Array(2).fill({ edge_state: 'BLOCKED', mirrored: true }))
  })
})

it('a decision under way holds nothing that the watcher could feel', TIME, async () => {
  // In the order of their ids the watcher comes first, so that a change that held both would hold him before it waits for her.
  const [wim, pia] = [newUser('a-wim'), newUser('z-pia')]
  await ask(here, { presentity: pia, watcher: wim })
  const client = new pg.Client(database.url)
  await client.connect()
  try {
    await client.query('begin')
    await client.query('select from presence_privacy.users where id = $1 for update', [pia])
    const denied = decideAccess(here.privacy, {
      presentity: pia,
      watchers: [wim],
      verdict: 'BLOCKED',
      endsAt: null,
    })
    await eventually('the decision waits', async () => {
      const [waiting] = await database.query<{ count: number }>(
        `select count(*)::int as count from pg_stat_activity where wait_event_type = 'Lock' and query like '%lockUsers%'`,
      )
      return waiting?.count === 1
    })
    const kim = newUser('kim')
    await ask(there, { presentity: kim, watcher: wim })
    await client.query('rollback')
    await denied
    expect(await edgeOf({ presentity: pia, watcher: wim })).toBe('BLOCKED')
  } finally {
    await client.end()
  }
})

it('ten identical requests at once: one popup, and one request that all ten are told of', TIME, async () => {
  await rounds(async (pair) => {
    const told = await Promise.all(
      Array.from({ length: 10 }, (_, number) => ask(number % 2 === 0 ? here : there, pair)),
    )
    expect(new Set(told.map(([only]) => only?.access))).toEqual(new Set(['PENDING']))
    expect(new Set(told.map(([only]) => only?.request?.id)).size).toBe(1)
    expect(await openItemsOf(pair)).toBe(1)
    const requests = await database.query(
      'select id from presence_privacy.outgoing_requests where watcher_id = $1',
      [pair.watcher],
    )
    expect(requests.map(({ id }) => String(id))).toEqual([told[0]?.[0]?.request?.id])
    const items = await database.query(
      'select id from presence_privacy.incoming_items where presentity_id = $1',
      [pair.presentity],
    )
    expect(items, 'one incoming item').toHaveLength(1)
    expect(items, 'with an id of its own').not.toEqual(requests)
  })
})

it('two devices that ask up to the limit at once: never more than the limit is asked', TIME, async () => {
  const perMinute = 5
  const classOfService = 'asks five a minute'
  await here.setClass({ ...DEFAULT_CLASS, name: classOfService, requestLimits: { perMinute, perDay: 1000 } })
  const shares = await rounds(async ({ watcher }) => {
    await here.setUser(watcher, { classOfService })
    const users = Array.from({ length: 8 }, () => newUser())
    const askHalf = ({ privacy }: PostgresStorage, presentities: readonly UserId[]) =>
      requestAccess(privacy, { watcher, presentities, trigger: 'CALL', addToContacts: false })
    const told = await race(
      () => askHalf(here, users.slice(0, 4)),
      () => askHalf(there, users.slice(4)),
    )
    const outcomes = told.map((half) => half.filter(({ outcome }) => outcome === 'ASKED').length)
    expect(outcomes.reduce((sum, count) => sum + count)).toBe(perMinute)
    const [opened] = await database.query<{ count: number }>(
      `select count(*)::int as count from presence_privacy.incoming_items where watcher_id = $1 and state = 'OPEN'`,
      [watcher],
    )
    expect(opened?.count).toBe(perMinute)
    return outcomes.join(' and ')
  })
  expect(new Set(shares), 'whichever comes first is asked whole').toEqual(new Set(['4 and 1', '1 and 4']))
})

it('a withdrawal against asking again: one request waits, or the watcher is told to wait', TIME, async () => {
  const outcomes = await rounds(async (pair) => {
    await asked(pair)
    const request = await outgoingOf(pair)
    const [withdrawn, [told]] = await race(
      () => withdrawRequest(here.privacy, { watcher: pair.watcher, request }),
      () => ask(there, pair),
    )
    expect(withdrawn.outcome).toBe('WITHDRAWN')
    expect(await viewOf(pair)).toBe('NONE')
    expect(await openItemsOf(pair)).toBe(0)
    return told?.outcome
  })
  // Asked first: a reason more on the request that is then withdrawn. Withdrawn first: he has to wait.
  expect(new Set(outcomes)).toEqual(new Set(['ASKED', 'COOLING_DOWN']))
})

it('a sweep against an answer at the very end of a request: one of them, whole', TIME, async () => {
  const classOfService = 'asks for a minute'
  const lifetimeMs = 60_000
  await here.setClass({ ...DEFAULT_CLASS, name: classOfService, requestLifetimeMs: lifetimeMs })
  const running = new AbortController().signal
  let round = 0
  const outcomes = await rounds(async (pair) => {
    await here.setUser(pair.watcher, { classOfService })
    const presented = await asked(pair)
    // Sooner and later, so that the end meets every step of the answer, on any machine.
    round += 1
    await endsWithin(pair, round % 100)
    const [answered] = await race(
      () => answer(here, pair, { presented, ticked: presented }),
      () => settleWhatHasEnded({ store: there.privacy, leftovers: there.leftovers }, running),
    )
    const outcome = outcomeOf(answered)
    await settleWhatHasEnded({ store: there.privacy, leftovers: there.leftovers }, running)
    const { now, pair: stored } = await storedPair(pair)
    const is = pairAt(stored, now)
    if (outcome === 'APPLIED') {
      expect([is.edge.state, is.view.access, is.incoming?.state, is.outgoing?.state]).toEqual(
        Array(4).fill('ALLOWED'),
      )
    } else {
      expect([outcome, is.edge.state, is.view.access]).toEqual(['EXPIRED', 'NONE', 'NONE'])
      expect([is.incoming?.state, is.outgoing?.state]).toEqual(['EXPIRED', 'EXPIRED'])
    }
    return outcome
  })
  expect(new Set(outcomes)).toEqual(new Set(['APPLIED', 'EXPIRED']))
})

type PairOf = { readonly presentity: UserId; readonly watcher: UserId }

/** Lets a request of this pair end in so few milliseconds, in all rows that know of its end. */
async function endsWithin({ presentity, watcher }: PairOf, ms: number): Promise<void> {
  await database.query(
    `with moment as (select date_trunc('milliseconds', clock_timestamp()) + $3::float8 * interval '1 millisecond' as ends),
      pair as (
        update presence_privacy.pairs set edge_ends_at = ends, view_ends_at = ends from moment
        where presentity_id = $1 and watcher_id = $2
      ),
      item as (
        update presence_privacy.incoming_items set ends_at = ends from moment
        where presentity_id = $1 and watcher_id = $2
      )
    update presence_privacy.outgoing_requests set ends_at = ends from moment
    where presentity_id = $1 and watcher_id = $2`,
    [presentity, watcher, ms],
  )
}

function storedPair(of: PairOf) {
  return here.privacy.change(
    { name: 'test', kind: 'REQUEST' as const, by: of.presentity, others: [of.watcher] },
    look(({ now, pair }) => ({ now, pair: pair(of) })),
  )
}

/** Plays rounds, several at once, each with users of its own. Anything thrown fails the test: no race ends in an error. */
async function rounds<Outcome>(play: (pair: PairOf, round: number) => Promise<Outcome>): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  let next = 0
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      while (next < ROUNDS) {
        const round = next
        next += 1
        // Which of the two sorts first must not matter: locks are taken in that order.
        const names = round % 2 === 0 ? ['a', 'b'] : ['b', 'a']
        const pair = { presentity: newUser(names[0]), watcher: newUser(names[1]) }
        outcomes.push(await play(pair, round))
      }
    }),
  )
  expect(outcomes).toHaveLength(ROUNDS)
  return outcomes
}

/** Starts both at once, either one first. */
async function race<One, Other>(one: () => Promise<One>, other: () => Promise<Other>): Promise<[One, Other]> {
  if (Math.random() < 0.5) return Promise.all([one(), other()])
  const [second, first] = await Promise.all([other(), one()])
  return [first, second]
}

function ask({ privacy }: PostgresStorage, { presentity, watcher }: PairOf) {
  return requestAccess(privacy, {
    watcher,
    presentities: [presentity],
    trigger: 'CALL',
    addToContacts: false,
  })
}

/** Asks, and returns what the presentity's popup then presents. */
async function asked(pair: PairOf): Promise<readonly string[]> {
  await ask(here, pair)
  const popup = await there.lists.popup({ presentity: pair.presentity, limit: 500, known: [] })
  expect(popup.requests).toHaveLength(1)
  return popup.requests.map(({ item }) => item.id)
}

function answer(
  { privacy }: PostgresStorage,
  { presentity }: PairOf,
  given: { presented: readonly string[]; ticked: readonly string[] },
): Promise<Responded> {
  const options = { addTickedToContacts: false, alwaysAccept: false, clientKey: null }
  return respondToRequests(privacy, { presentity, ...given, ...options })
}

function block({ privacy }: PostgresStorage, { presentity, watcher }: PairOf) {
  return decideAccess(privacy, { presentity, watchers: [watcher], verdict: 'BLOCKED', endsAt: null })
}

function only(responded: Responded) {
  if ('refused' in responded) throw new Error(responded.refused.fault)
  const [outcome] = responded.answered.outcomes
  if (outcome === undefined) throw new Error('an answer without an outcome')
  return outcome
}

function outcomeOf(responded: Responded): string {
  return only(responded).outcome
}

function verdictOf(responded: Responded): string | null {
  const outcome = only(responded)
  return 'verdict' in outcome ? outcome.verdict : null
}

async function factsOf({ presentity, watcher }: PairOf) {
  const facts = await here.facts.readFacts({ watcher, presentities: [presentity] })
  return facts.presentities.get(presentity)?.pair
}

async function edgeOf(pair: PairOf): Promise<string | undefined> {
  return (await factsOf(pair))?.edge.state
}

async function viewOf(pair: PairOf): Promise<string | undefined> {
  return (await factsOf(pair))?.view.access
}

async function outgoingOf({ watcher }: PairOf): Promise<string> {
  const { items } = await here.lists.asked({ watcher, page: { first: 10, after: null } })
  const [first] = items
  if (first === undefined || items.length > 1) throw new Error(`${items.length} open requests`)
  return first.request.id
}

/** How many open items a presentity's popup shows, of this watcher and in all. */
async function openItemsOf({ presentity }: PairOf): Promise<number> {
  return (await there.lists.popup({ presentity, limit: 500, known: [] })).requests.length
}
