import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { listEdges, type EdgeList } from '../../src/application/list-edges.ts'
import { visibleTo } from '../../src/application/visible-to.ts'
import { LISTED_STATES, type ListedState } from '../../src/domain/listed-edge.ts'
import { endOfPrefix, type UserId } from '../../src/domain/user-id.ts'
import { countStatements, type SentStatements } from '../support/count-statements.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { newUser } from '../support/new-user.ts'
import { postgresStorage, type PostgresStorage } from '../support/postgres-storage.ts'

const EDGES = 100_000
/** Far above what a page takes (some 2 ms alone on a machine), and far below what a look at every edge takes. */
const PAGE_MS = 100

let database: TestDatabase
let storage: PostgresStorage
let sent: SentStatements
let pia: UserId

beforeAll(async () => {
  database = await createTestDatabase()
  storage = await postgresStorage(database)
  pia = newUser('pia')
  // One in a hundred waits, is blocked, has been blocked until a grant, or was let in until a while ago.
  await putEdges(pia, `(array['PENDING', 'BLOCKED', 'OVER BLOCK', 'ENDED'])[n % 100 + 1]`)
  // The same watchers among others' edges, which no page of hers may cost anything.
  await putEdges(newUser('zoe'), `'ALLOWED'`)
  await database.query('analyze presence_privacy.pairs')
})
afterAll(() => storage.close())
beforeEach(() => {
  sent = countStatements()
})
afterEach(() => sent.stop())

const list = (some: Partial<EdgeList> = {}) =>
  listEdges(storage.lists, {
    presentity: pia,
    states: LISTED_STATES,
    search: '',
    first: 50,
    after: null,
    ...some,
  })

describe('the privacy list of a user with 100,000 entries', () => {
  it('is whole, page by page, with one statement for each page', async () => {
    const found: UserId[] = []
    let pages = 0
    for (let after: UserId | null = null, more = true; more; pages += 1) {
      const page = await list({ first: 500, after })
      found.push(...page.edges.map(({ watcher }) => watcher))
      after = page.end
      more = page.hasNextPage
    }
    expect(found).toHaveLength(EDGES - EDGES / 100)
    expect(found).toEqual([...new Set(found)].sort())
    // A page through which something has ended takes another look.
    expect(sent.callers().length).toBeLessThanOrEqual(2 * pages)
    expect(new Set(sent.callers())).toEqual(new Set(['listEdges']))
  })

  it.each<[string, Partial<EdgeList>]>([
    ['all', {}],
    ['all, from the middle on', { after: idOf(50_000) }],
    ['those who wait', { states: ['PENDING'] }],
    ['the blocked', { states: ['BLOCKED'], after: idOf(90_000) }],
    ['the allowed of some name', { states: ['ALLOWED'], search: 'user-0999' }],
    ['one', { search: idOf(77_777) }],
    ['nobody', { search: 'nobody' }],
    ['no wildcard', { search: '%' }],
  ])('gives a page of %s at once', async (_, some) => {
    const took: number[] = []
    for (let time = 0; time < 9; time += 1) {
      const start = performance.now()
      await list(some)
      took.push(performance.now() - start)
    }
    expect(took.sort((a, b) => a - b)[4]).toBeLessThan(PAGE_MS)
    expect(sent.texts().length).toBeLessThanOrEqual(2 * 9)
  })

  it('tells who can see a user with two statements, and one more where a grant has ended', async () => {
    const page = await visibleTo(storage, { presentity: pia, search: '', first: 50, after: idOf(60_000) })
    expect(page.edges).toHaveLength(50)
    expect(page.edges.every(({ edge }) => edge.state === 'ALLOWED')).toBe(true)
    expect(sent.callers()).toEqual(['readFacts', 'listEdges', 'listEdges'])
  })

  it('is read from ranges of its index, and no further than a page', { timeout: 120_000 }, async () => {
    await list()
    const text = sent.texts().find((each) => each.includes('listEdges'))!
    for (const mode of ['force_custom_plan', 'force_generic_plan']) {
      for (const states of [LISTED_STATES, ['ALLOWED'], ['BLOCKED'], ['PENDING', 'BLOCKED']] as const) {
        for (const search of ['', 'user-07', idOf(77_777), 'nobody']) {
          for (const after of ['', idOf(70_000)]) {
            const combination = [mode, states.join(), search, after].join(' ')
            const scans = await scansOf(text, { mode, states, search, after })
            expect(scans, combination).toHaveLength(1)
            const [scan] = scans
            expect(scan!['Index Name'], combination).toBe('pairs_edges_idx')
            for (const column of ['presentity_id', 'edge_state', 'replaced_block', 'watcher_id']) {
              expect(scan!['Index Cond'], combination).toContain(column)
            }
            expect(scan!['Rows Removed by Filter'] ?? 0, combination).toBe(0)
            // Of each way of being stored a page at most; every row is read by index and taken from its table.
            expect(scan!['Actual Rows'] * scan!['Actual Loops'], combination).toBeLessThanOrEqual(4 * 51)
            const buffers = scan!['Shared Hit Blocks'] + scan!['Shared Read Blocks']
            expect(buffers, combination).toBeLessThan(4 * 51 + 40)
          }
        }
      }
    }
  })
})

describe('a user of whose 100,000 grants all but the last have ended', () => {
  it('gets short pages rather than slow ones, until all are read', async () => {
    const eve = newUser('eve')
    await putEdges(eve, `case n when ${EDGES} then 'ALLOWED' else 'ENDED' end`)
    const found: UserId[] = []
    const costs: number[] = []
    for (let after: UserId | null = null, more = true; more;) {
      const before = sent.texts().length
      const page = await list({ presentity: eve, after })
      costs.push(sent.texts().length - before)
      found.push(...page.edges.map(({ watcher }) => watcher))
      after = page.end
      more = page.hasNextPage
    }
    expect(found).toEqual([idOf(EDGES)])
    expect(Math.max(...costs)).toBe(10)
    expect(costs.length).toBeLessThan(15)
  })
})

function idOf(number: number): UserId {
  return `user-${String(number).padStart(6, '0')}` as UserId
}

/** Edges of one presentity, of a kind that `kind` tells for each number `n`; where it tells none, they are allowed. */
async function putEdges(presentity: UserId, kind: string): Promise<void> {
  await database.query('insert into presence_privacy.users (id) values ($1)', [presentity])
  await database.query(
    `with edge as (
       select 'user-' || lpad(n::text, 6, '0') as watcher_id, coalesce(${kind}, 'ALLOWED') as kind,
         gen_random_uuid() as incoming_id
       from generate_series(1, ${EDGES}) as n
     ), item as (
       insert into presence_privacy.incoming_items
         (id, presentity_id, watcher_id, kind, state, triggers, asked_at, ends_at)
       select incoming_id, $1, watcher_id, 'REQUEST', 'OPEN', '{DIRECT}', now(), now() + interval '1 day'
       from edge where kind = 'PENDING'
     )
     insert into presence_privacy.pairs
       (watcher_id, presentity_id, edge_state, edge_origin, edge_since, edge_ends_at, replaced_block, incoming_id)
     select watcher_id, $1, case when kind in ('PENDING', 'BLOCKED') then kind else 'ALLOWED' end,
       case kind when 'PENDING' then 'REQUESTED' else 'SET' end, now() - interval '2 days',
       case kind when 'ENDED' then now() - interval '1 day' when 'ALLOWED' then null when 'BLOCKED' then null
         else now() + interval '1 day' end,
       kind = 'OVER BLOCK', case kind when 'PENDING' then incoming_id end
     from edge`,
    [presentity],
  )
}

type Scan = {
  readonly 'Relation Name'?: string
  readonly 'Index Name'?: string
  readonly 'Index Cond'?: string
  readonly 'Rows Removed by Filter'?: number
  readonly 'Actual Rows': number
  readonly 'Actual Loops': number
  readonly 'Shared Hit Blocks': number
  readonly 'Shared Read Blocks': number
  readonly Plans?: readonly Scan[]
}

/** What the statement reads of the pairs, as it was executed with such a plan. */
async function scansOf(
  text: string,
  given: { mode: string; states: readonly ListedState[]; search: string; after: string },
): Promise<readonly Scan[]> {
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  try {
    const quoted = (values: readonly string[]) => values.map((value) => pg.escapeLiteral(value)).join()
    const stored = [...new Set(given.states.flatMap((state) => STORED_AS[state]))]
    await client.query(`set plan_cache_mode = ${given.mode}`)
    await client.query(`prepare list_edges as ${text}`)
    const { rows } = await client.query<{ 'QUERY PLAN': readonly { Plan: Scan }[] }>(`
      explain (analyze, buffers, format json) execute list_edges(
        ${quoted([pia])}, array[${quoted(stored.map((place) => place.split(' ')[0]!))}],
        array[${stored.map((place) => place.endsWith('OVER BLOCK')).join()}],
        ${quoted([given.after, given.search, endOfPrefix(given.search)])}, 51, ${quoted([pia])})`)
    return everyNode(rows[0]!['QUERY PLAN'][0]!.Plan).filter((node) => node['Relation Name'] === 'pairs')
  } finally {
    await client.end()
  }
}

const STORED_AS: Record<ListedState, readonly string[]> = {
  PENDING: ['PENDING'],
  ALLOWED: ['ALLOWED', 'ALLOWED OVER BLOCK'],
  BLOCKED: ['BLOCKED', 'ALLOWED OVER BLOCK'],
}

function everyNode(node: Scan): readonly Scan[] {
  return [node, ...(node.Plans ?? []).flatMap(everyNode)]
}
