import type { EdgeOf, PrivacyLists } from '../application/ports.ts'
import { endOfPrefix, type UserId } from '../domain/user-id.ts'
import type { Query } from './database.ts'
import { PROVEN } from './proof.ts'
import { EDGE_COLUMNS, edgeOf, incomingOf, type EdgeRow, type IncomingRow } from './rows.ts'

/**
 * One range of the index for each way of being stored, `limit` entries of each at most, and the first of them all. A condition on the
 * ids that could be left out would not be one of the index: the range is always given at both ends.
 */
const LIST_EDGES = `/* listEdges */
  with page as (
    select found.*
    from unnest($2::text[], $3::boolean[]) as stored (state, replaced_block)
    cross join lateral (
      select p.watcher_id, p.incoming_id, ${EDGE_COLUMNS}
      from presence_privacy.pairs p
      where p.edge_state <> 'NONE' and p.presentity_id = $1
        and p.edge_state = stored.state and p.replaced_block = stored.replaced_block
        and p.watcher_id > $4 and p.watcher_id >= $5 and p.watcher_id < $6
      order by p.watcher_id
      limit $7
    ) as found
    order by found.watcher_id
    limit $7
  )
  select clock.now, page.*, i.id, i.kind, i.state, i.triggers, i.asked_at, i.ends_at
  from (select statement_timestamp() as now) as clock
  left join page on true
  left join presence_privacy.incoming_items i
    on i.id = page.incoming_id and page.edge_state = 'PENDING' and i.state = 'OPEN'
  where ${PROVEN}
  order by page.watcher_id`

type ListedRow = { now: Date } & (
  | ({ watcher_id: UserId } & EdgeRow & (WaitingRow | { [Column in keyof WaitingRow]: null }))
  | { watcher_id: null }
)
type WaitingRow = Omit<IncomingRow, 'watcher_id' | 'presentity_id'>

/** What a presentity has decided about others, from PostgreSQL. */
export function postgresEdges(query: Query): PrivacyLists['edges'] {
  return async ({ presentity, stored, prefix, after, limit }) => {
    const rows = await query<ListedRow>(LIST_EDGES, [
      presentity,
      stored.map(({ state }) => state),
      stored.map(({ replacedBlock }) => replacedBlock),
      after ?? '',
      prefix,
      endOfPrefix(prefix),
      limit,
    ])
    const [first] = rows
    if (first === undefined) throw new Error('the clock was not read')
    return { now: first.now.getTime(), edges: rows.flatMap(entryOf) }
  }
}

function entryOf(row: ListedRow): EdgeOf[] {
  if (row.watcher_id === null) return []
  const request = row.id === null ? null : { ...incomingOf(row), state: 'OPEN' as const }
  return [{ watcher: row.watcher_id, edge: edgeOf(row), request }]
}
