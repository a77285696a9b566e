import type pg from 'pg'

type Settings = Readonly<Record<string, string>>

/**
 * PostgreSQL may execute a statement by any plan, and takes another one when statistics change. A statement must mean the same by each
 * of them, so these settings of the planner lead to each kind of plan.
 */
const PLANS: readonly { readonly plan: string; readonly settings: Settings }[] = [
  { plan: 'the usual one', settings: {} },
  {
    // What stands on the inner side runs again for each row of the outer one, sub-selects with their locks and limits too.
    plan: 'nested loops over indexes',
    settings: without('hashjoin', 'mergejoin', 'hashagg', 'sort', 'material', 'memoize'),
  },
  {
    plan: 'nested loops over whole tables',
    settings: without(
      ...['hashjoin', 'mergejoin', 'hashagg', 'material', 'memoize'],
      ...['indexscan', 'indexonlyscan', 'bitmapscan'],
    ),
  },
  {
    plan: 'hash joins of whole tables',
    settings: without('nestloop', 'mergejoin', 'indexscan', 'indexonlyscan', 'bitmapscan'),
  },
  { plan: 'merge joins over indexes', settings: without('nestloop', 'hashjoin', 'hashagg', 'seqscan') },
  {
    plan: 'parallel workers',
    settings: {
      ...{ parallel_setup_cost: '0', parallel_tuple_cost: '0' },
      ...{ min_parallel_table_scan_size: '0', min_parallel_index_scan_size: '0' },
      // One setting, by its name before PostgreSQL 16 and since.
      ...{ force_parallel_mode: 'on', debug_parallel_query: 'on' },
    },
  },
]

/** Enough states that the same question is asked by each plan. */
export const PLAN_COUNT = PLANS.length

/** Each state is asked by several plans. */
export function planFor({ seed, question }: { readonly seed: number; readonly question: number }) {
  return PLANS[(seed + question) % PLANS.length] as (typeof PLANS)[number]
}

function without(...kinds: readonly string[]): Settings {
  return Object.fromEntries(kinds.map((kind) => [`enable_${kind}`, 'off']))
}

/** Holds until what the transaction or its savepoint has done is undone. A setting that this version does not have is left out. */
export async function planBy(client: pg.Client, settings: Settings): Promise<void> {
  await client.query(
    `select set_config(name, wanted.value, true)
    from unnest($1::text[], $2::text[]) as wanted (name, value)
    join pg_settings using (name)`,
    [Object.keys(settings), Object.values(settings)],
  )
}
