import type { OwnAnswer, OwnView, PersonalRecords } from '../application/account-ports.ts'
import type { AskedRequest } from '../application/ports.ts'
import type { UserId } from '../domain/user-id.ts'
import type { Statements } from './database.ts'
import { postgresErasure } from './erase-user.ts'
import { PROVEN } from './proof.ts'
import { millis, outgoingOf, VIEW_COLUMNS, viewOf, type OutgoingRow, type ViewRow } from './rows.ts'

/** What the watcher himself has of each pair, and nothing of what was decided about him. */
const VIEWS_OF = `/* viewsOf */
  select clock.now, p.presentity_id, ${VIEW_COLUMNS}
  from (select statement_timestamp() as now) clock
  left join lateral (
    select * from presence_privacy.pairs
    where watcher_id = $1 and presentity_id > $2
    order by presentity_id
    limit $3
  ) p on true
  where ${PROVEN}
  order by p.presentity_id`

const REQUESTS_OF = `/* requestsOf */
  select clock.now, o.id, o.presentity_id, o.state, o.triggers, o.asked_at, o.ends_at
  from (select statement_timestamp() as now) clock
  left join lateral (
    select * from presence_privacy.outgoing_requests
    where watcher_id = $1 and ($2::uuid is null or id > $2)
    order by id
    limit $3
  ) o on true
  where ${PROVEN}
  order by o.id`

/** Keys that clients chose hold no slash; what services have reported is no answer. */
const ANSWERS_OF = `/* answersOf */
  select client_key, result, answered_at
  from presence_privacy.answers
  where ${PROVEN} and presentity_id = $1 and client_key > $2 and strpos(client_key, '/') = 0
  order by client_key
  limit $3`

type OwnViewRow = ViewRow & { presentity_id: UserId; contact_since: Date | null }
type WithClock<Row> = { now: Date } & (Row | { [Column in keyof Row]: null })

/** All that is stored of one person, from PostgreSQL. */
export function postgresPersonalRecords(database: Statements): PersonalRecords {
  const { query } = database
  return {
    async viewsOf({ watcher, after, limit }) {
      const rows = await query<WithClock<OwnViewRow>>(VIEWS_OF, [watcher, after ?? '', limit])
      return { now: clockOf(rows), views: rows.flatMap(ownViewOf) }
    },

    async requestsOf({ watcher, after, limit }) {
      const rows = await query<WithClock<OutgoingRow>>(REQUESTS_OF, [watcher, after, limit])
      return { now: clockOf(rows), requests: rows.flatMap(requestOf) }
    },

    async answersOf({ presentity, after, limit }) {
      const rows = await query<{ client_key: string; result: OwnAnswer['result']; answered_at: Date }>(
        ANSWERS_OF,
        [presentity, after ?? '', limit],
      )
      return rows.map(({ client_key, result, answered_at }) => ({
        clientKey: client_key,
        result,
        answeredAt: answered_at.getTime(),
      }))
    },

    erase: postgresErasure(database),
  }
}

function clockOf([first]: readonly { now: Date }[]): number {
  if (first === undefined) throw new Error('the clock was not read')
  return first.now.getTime()
}

function ownViewOf(row: WithClock<OwnViewRow>): OwnView[] {
  if (row.presentity_id === null) return []
  return [{ presentity: row.presentity_id, view: viewOf(row), contactSince: millis(row.contact_since) }]
}

function requestOf(row: WithClock<OutgoingRow>): AskedRequest[] {
  if (row.id === null) return []
  return [{ presentity: row.presentity_id as UserId, request: outgoingOf(row) }]
}
