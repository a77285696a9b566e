import type { AskedRequest, Page, PrivacyLists, WaitingItem } from '../application/ports.ts'
import { incomingAt } from '../domain/request.ts'
import type { UserId } from '../domain/user-id.ts'
import type { Query } from './database.ts'
import { postgresEdges } from './list-edges.ts'
import { PROVEN } from './proof.ts'
import { date, incomingOf, outgoingOf, storedIds, type IncomingRow, type OutgoingRow } from './rows.ts'

const WAITING = `/* listWaiting */
  select id, watcher_id, kind, state, triggers, asked_at, ends_at
  from presence_privacy.incoming_items
  where ${PROVEN} and presentity_id = $1 and kind = $2 and state = 'OPEN' and (ends_at is null or ends_at > statement_timestamp())
    and ($3::timestamptz is null or (asked_at, id) > ($3, $4::uuid))
  order by asked_at, id
  limit $5`

const ASKED = `/* listAsked */
  select id, presentity_id, state, triggers, asked_at, ends_at
  from presence_privacy.outgoing_requests
  where ${PROVEN} and watcher_id = $1 and state = 'OPEN' and ends_at > statement_timestamp()
    and ($2::timestamptz is null or (asked_at, id) > ($2, $3::uuid))
  order by asked_at, id
  limit $4`

/** One statement, so that what waits and what became of the rest are of one moment. */
const POPUP = `/* viewPopup */
  with waiting as (
    select i.*, row_number() over (partition by kind order by asked_at, id) as place
    from presence_privacy.incoming_items i
    where presentity_id = $1 and state = 'OPEN' and (ends_at is null or ends_at > statement_timestamp())
  )
  select statement_timestamp() as now, item.*
  from (values (true)) as always
  left join (
    select id, watcher_id, kind, state, triggers, asked_at, ends_at from waiting where place <= $2
    union all
    select id, watcher_id, kind, state, triggers, asked_at, ends_at
    from presence_privacy.incoming_items
    where presentity_id = $1 and id = any($3::uuid[]) and state <> 'ABSORBED'
      and (state <> 'OPEN' or ends_at <= statement_timestamp())
  ) as item on true
  where ${PROVEN}
  order by item.asked_at, item.id`

type PopupRow = { now: Date } & (IncomingRow | { [Column in keyof IncomingRow]: null })

/** The lists of one user's own, from PostgreSQL. */
export function postgresPrivacyLists(query: Query): PrivacyLists {
  return {
    edges: postgresEdges(query),

    async waiting({ presentity, kind, page: { first, after } }) {
      const position = [date(after?.at ?? null), after?.id ?? null]
      const rows = await query<IncomingRow>(WAITING, [presentity, kind, ...position, first + 1])
      return pageOf(rows.map(waitingItemOf), first)
    },

    async asked({ watcher, page: { first, after } }) {
      const position = [date(after?.at ?? null), after?.id ?? null]
      const rows = await query<OutgoingRow>(ASKED, [watcher, ...position, first + 1])
      return pageOf(rows.map(askedRequestOf), first)
    },

    async popup({ presentity, limit, known }) {
      const rows = await query<PopupRow>(POPUP, [presentity, limit, storedIds(known)])
      const now = (rows[0] as PopupRow).now.getTime()
      const items = rows
        .filter((row) => row.id !== null)
        .map((row) => ({ watcher: row.watcher_id as UserId, item: incomingAt(incomingOf(row), now) }))
      const waiting = items.filter((entry): entry is WaitingItem => entry.item.state === 'OPEN')
      return {
        now,
        requests: waiting.filter(({ item }) => item.kind === 'REQUEST'),
        notices: waiting.filter(({ item }) => item.kind === 'NOTICE'),
        closed: items.filter(({ item }) => item.state !== 'OPEN').map(({ item }) => item),
      }
    },
  }
}

function waitingItemOf(row: IncomingRow): WaitingItem {
  return { watcher: row.watcher_id as UserId, item: { ...incomingOf(row), state: 'OPEN' } }
}

function askedRequestOf(row: OutgoingRow): AskedRequest {
  return { presentity: row.presentity_id as UserId, request: outgoingOf(row) }
}

/** One row more than a page was read, to see whether another follows. */
function pageOf<Item>(items: readonly Item[], first: number): Page<Item> {
  return { items: items.slice(0, first), hasNextPage: items.length > first }
}
