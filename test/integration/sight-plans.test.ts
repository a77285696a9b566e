import { beforeAll, expect, it } from 'vitest'
import { prove } from '../../src/postgres/proof.ts'
import { VIEW_CONTACTS, VIEW_PRESENCE } from '../../src/postgres/sight-reader.ts'
import { connectUsers } from '../support/connect-users.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let database: TestDatabase

/** 20,000 users, and a watcher who has to do with 5,000 of them: enough for a planner to be led astray. */
beforeAll(async () => {
  database = await createTestDatabase()
  await database.query(
    `insert into presence_privacy.users (id) select 'user ' || n from generate_series(1, 20000) n`,
  )
  await database.query(`
    insert into presence_privacy.pairs (watcher_id, presentity_id, edge_state, edge_origin, edge_since, contact_since)
    select 'user ' || w, 'user ' || w + n, 'ALLOWED', 'SET', now(), case when n % 25 = 0 then now() end
    from generate_series(1, 3) w, generate_series(1, 5000) n`)
  await connectUsers(database, { which: 'true', status: 'BUSY' })
  await database.query('vacuum analyze')
})

type Node = {
  readonly 'Node Type': string
  readonly 'Relation Name'?: string
  readonly 'Index Name'?: string
  readonly 'Actual Rows': number
  readonly 'Actual Loops': number
  readonly Plans?: readonly Node[]
}

async function scansOf(statement: string, parameters: string): Promise<readonly Node[]> {
  await database.query('deallocate all')
  await database.query('set plan_cache_mode = force_generic_plan')
  const types = statement === VIEW_PRESENCE ? ['text', 'text[]'] : ['text']
  const { text } = prove(statement, types.length, null)
  await database.query(`prepare look (${types.join(', ')}, text) as ${text}`)
  const [row] = await database.query<{ 'QUERY PLAN': readonly { readonly Plan: Node }[] }>(
    `explain (analyze, format json) execute look (${parameters}, 'user 1')`,
  )
  const all = (node: Node): readonly Node[] => [node, ...(node.Plans ?? []).flatMap(all)]
  return all(row!['QUERY PLAN'][0]!.Plan).filter((node) => node['Relation Name'] !== undefined)
}

const ofTable = (scans: readonly Node[], table: string) =>
  scans.filter((scan) => scan['Relation Name'] === table)
const rowsOf = (scans: readonly Node[]) =>
  scans.reduce((sum, scan) => sum + scan['Actual Rows'] * scan['Actual Loops'], 0)

it.each([1, 50])('a look at %i users reads their rows by their keys, and no others', async (count) => {
  const ids = Array.from({ length: count }, (_, n) => `"user ${String(n * 100 + 2)}"`).join(',')
  const scans = await scansOf(VIEW_PRESENCE, `'user 1', '{${ids}}'`)
  const pairs = ofTable(scans, 'pairs')
  expect(pairs.map((scan) => [scan['Node Type'], scan['Index Name']])).toEqual([
    ['Index Only Scan', 'pairs_pkey'],
  ])
  expect(ofTable(scans, 'users').map((scan) => scan['Index Name'])).toEqual([
    'users_lookup_idx',
    'users_lookup_idx',
  ])
  for (const table of ['pairs', 'users']) {
    expect(rowsOf(ofTable(scans, table)), table).toBeLessThanOrEqual(count + 1)
  }
})

it('a contact list reads its contacts, and none of the others whom its owner has to do with', async () => {
  const scans = await scansOf(VIEW_CONTACTS, `'user 1'`)
  expect(rowsOf(ofTable(scans, 'pairs'))).toBe(200)
  expect(ofTable(scans, 'users').map((scan) => scan['Node Type'])).not.toContain('Seq Scan')
  expect(rowsOf(ofTable(scans, 'users'))).toBeLessThanOrEqual(201)
})
