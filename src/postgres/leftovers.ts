import type { Leftovers, PairOf } from '../application/ports.ts'
import type { UserId } from '../domain/user-id.ts'
import type { Query } from './database.ts'
import { PROVEN } from './proof.ts'

/** A block has no end, whatever is stored of one. */
const FIND_ENDED_PAIRS = `/* findEndedPairs */
  (
    select watcher_id, presentity_id from presence_privacy.pairs
    where ${PROVEN} and edge_ends_at <= statement_timestamp() and edge_state <> 'BLOCKED'
    order by edge_ends_at
    limit $1
  )
  union
  (
    select watcher_id, presentity_id from presence_privacy.pairs
    where view_ends_at <= statement_timestamp()
    order by view_ends_at
    limit $1
  )
  limit $1`

/*
 * Rows that another instance or a user's own change holds are left for the next time, so nobody waits for a sweep, and a sweep for
 * nobody. A statement reads the rows that it locks into an array, or materializes them. A plan may run a plain sub-select again for each
 * row, and would find rows beyond the limit.
 */

const EXPIRE_REPLACED = `/* expireReplaced */
  with items as (
    update presence_privacy.incoming_items set state = 'EXPIRED'
    where id = any(array(
      select id from presence_privacy.incoming_items
      where state = 'OPEN' and ends_at <= statement_timestamp()
      order by ends_at
      limit $1
      for update skip locked
    ))
    returning 1
  ), requests as (
    update presence_privacy.outgoing_requests set state = 'EXPIRED'
    where id = any(array(
      select id from presence_privacy.outgoing_requests
      where state = 'OPEN' and ends_at <= statement_timestamp()
      order by ends_at
      limit $1
      for update skip locked
    ))
    returning 1
  )
  select greatest((select count(*) from items), (select count(*) from requests))::int as most`

const FORGET_INCOMING = `/* forgetIncomingItems */
  delete from presence_privacy.incoming_items
  where id = any(array(
    select id from presence_privacy.incoming_items
    where state <> 'OPEN' and asked_at <= statement_timestamp() - $1::float8 * interval '1 millisecond'
      and (ends_at is null or ends_at <= statement_timestamp() - $1::float8 * interval '1 millisecond')
    order by asked_at
    limit $2
    for update skip locked
  ))
  returning 1 as forgotten`

const FORGET_OUTGOING = `/* forgetOutgoingRequests */
  delete from presence_privacy.outgoing_requests
  where id = any(array(
    select id from presence_privacy.outgoing_requests
    where state <> 'OPEN' and asked_at <= statement_timestamp() - $1::float8 * interval '1 millisecond'
      and ends_at <= statement_timestamp() - $1::float8 * interval '1 millisecond'
    order by asked_at
    limit $2
    for update skip locked
  ))
  returning 1 as forgotten`

const FORGET_ANSWERS = `/* forgetAnswers */
  with old as materialized (
    select presentity_id, client_key from presence_privacy.answers
    where answered_at <= statement_timestamp() - $1::float8 * interval '1 millisecond'
    order by answered_at
    limit $2
    for update skip locked
  )
  delete from presence_privacy.answers a using old
  where a.presentity_id = old.presentity_id and a.client_key = old.client_key
  returning 1 as forgotten`

/** What time has left behind in PostgreSQL. */
export function postgresLeftovers(query: Query): Omit<Leftovers, 'reapSessions'> {
  return {
    async endedPairs(limit): Promise<readonly PairOf[]> {
      const rows = await query<{ watcher_id: UserId; presentity_id: UserId }>(FIND_ENDED_PAIRS, [limit])
      return rows.map((row) => ({ presentity: row.presentity_id, watcher: row.watcher_id }))
    },

    async expireReplaced(limit) {
      const [counted] = await query<{ most: number }>(EXPIRE_REPLACED, [limit])
      return counted?.most ?? 0
    },

    async forget({ kept, limit }) {
      const counts: number[] = []
      for (const [statement, keptMs] of [
        [FORGET_INCOMING, kept.requestsMs],
        [FORGET_OUTGOING, kept.requestsMs],
        [FORGET_ANSWERS, kept.answersMs],
      ] as const) {
        counts.push((await query(statement, [keptMs, limit])).length)
      }
      return Math.max(...counts)
    },
  }
}
