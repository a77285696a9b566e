import type { StoredTrailRecord, Trail, TrailPlace } from '../application/account-ports.ts'
import type { PairOf } from '../application/ports.ts'
import type { EdgeState } from '../domain/edge.ts'
import { reachesPresentity, type ActorKind, type TrailCause, type TrailRecord } from '../domain/trail.ts'
import type { Query } from './database.ts'
import { PROVEN } from './proof.ts'
import { date } from './rows.ts'
import { sealedIds, type SealedIds } from './sealed-ids.ts'

export const WRITE_TRAIL = `/* writeTrail */
  insert into presence_privacy.trail (
    presentity_id, watcher_id, at, actor_kind, actor_id, cause, state_before, state_after, ended_state, ended_at,
    reaches_presentity)
  select * from unnest(
    $1::text[], $2::text[], $3::timestamptz[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
    $10::timestamptz[], $11::boolean[])`

const COLUMNS = `
  t.id, t.presentity_id, t.watcher_id, t.at, t.actor_kind, t.actor_id, t.cause, t.state_before, t.state_after,
  t.ended_state, t.ended_at`

const LATEST_FIRST = 'order by t.at desc, t.id desc'

const TRAIL_OF_PRESENTITY = `/* trailOfPresentity */
  select ${COLUMNS}
  from presence_privacy.trail t
  where ${PROVEN} and t.presentity_id = $1 and t.reaches_presentity and ($2::text is null or t.watcher_id = $2)
    and ($3::timestamptz is null or (t.at, t.id) <= ($3, $4::bigint))
  ${LATEST_FIRST}
  limit $5`

/** Rows that another instance is forgetting, or that an erasure holds, are left to a later call. */
const FORGET_TRAIL = `/* forgetTrail */
  with old as materialized (
    select id from presence_privacy.trail
    where at < statement_timestamp() - $1::float8 * interval '1 millisecond'
    order by at, id
    limit $2
    for update skip locked
  ), forgotten as (
    delete from presence_privacy.trail t using old where t.id = old.id returning 1
  )
  select count(*)::int as count from forgotten`

type TrailRow = {
  id: string
  presentity_id: string
  watcher_id: string
  at: Date
  actor_kind: ActorKind
  actor_id: string | null
  cause: TrailCause
  state_before: EdgeState
  state_after: EdgeState
  ended_state: EdgeState | null
  ended_at: Date | null
}

/** The trail in PostgreSQL. It is written with the changes themselves: see `write`. */
export function postgresTrail(query: Query, sealed = sealedIds(query, 'trail')): Trail {
  return {
    async ofPresentity({ presentity, watcher, from, limit }) {
      const ids = await sealed()
      const place = [date(from?.at ?? null), from && numberIn(from, ids)]
      const rows = await query<TrailRow>(TRAIL_OF_PRESENTITY, [presentity, watcher, ...place, limit])
      return rows.map((row) => recordOf(row, ids))
    },

    async audit({ from, ...look }) {
      const ids = await sealed()
      const place = from && { at: from.at, id: numberIn(from, ids) }
      const { sql, parameters } = auditOf({ ...look, from: place })
      return (await query<TrailRow>(sql, parameters)).map((row) => recordOf(row, ids))
    },

    async forget({ olderThanMs, limit }) {
      const [forgotten] = await query<{ count: number }>(FORGET_TRAIL, [olderThanMs, limit])
      return forgotten?.count ?? 0
    },
  }
}

/** A place that was made up stands before all that was recorded in its millisecond. */
export function numberIn({ id }: NonNullable<TrailPlace>, ids: SealedIds): string {
  return ids.unseal(id) ?? '0'
}

/** Only the conditions that are asked for, so that each combination is a range of its index; there are a few dozen of them. */
function auditOf({ presentity, watcher, since, until, from, limit }: Parameters<Trail['audit']>[0]): {
  readonly sql: string
  readonly parameters: readonly unknown[]
} {
  const parameters: unknown[] = []
  const given = (value: unknown): string => `$${String(parameters.push(value))}`
  const conditions = [
    PROVEN,
    ...(presentity === null ? [] : [`t.presentity_id = ${given(presentity)}::text`]),
    ...(watcher === null ? [] : [`t.watcher_id = ${given(watcher)}::text`]),
    ...(since === null ? [] : [`t.at >= ${given(date(since))}::timestamptz`]),
    ...(until === null ? [] : [`t.at < ${given(date(until))}::timestamptz`]),
    ...(from === null ? [] : [placeCondition(from, given)]),
  ]
  const sql = `/* auditTrail */
  select ${COLUMNS}
  from presence_privacy.trail t
  where ${conditions.join(' and ')}
  ${LATEST_FIRST}
  limit ${given(limit)}::int`
  return { sql, parameters }
}

function placeCondition({ at, id }: NonNullable<TrailPlace>, given: (value: unknown) => string): string {
  return `(t.at, t.id) <= (${given(date(at))}::timestamptz, ${given(id)}::bigint)`
}

function recordOf(row: TrailRow, ids: SealedIds): StoredTrailRecord {
  return {
    id: ids.seal(row.id),
    presentity: row.presentity_id,
    watcher: row.watcher_id,
    at: row.at.getTime(),
    actor: { kind: row.actor_kind, id: row.actor_id },
    cause: row.cause,
    before: row.state_before,
    after: row.state_after,
    ended:
      row.ended_state === null || row.ended_at === null
        ? null
        : { state: row.ended_state, at: row.ended_at.getTime() },
  }
}

/** Also of records of whom one side was erased, and has a token. */
export function trailColumns(
  records: readonly ({ readonly [Side in keyof PairOf]: string } & TrailRecord)[],
): unknown[] {
  return [
    records.map(({ presentity }) => presentity),
    records.map(({ watcher }) => watcher),
    records.map(({ at }) => date(at)),
    records.map(({ actor }) => actor.kind),
    records.map(({ actor }) => actor.id),
    records.map(({ cause }) => cause),
    records.map(({ before }) => before),
    records.map(({ after }) => after),
    records.map(({ ended }) => ended?.state ?? null),
    records.map(({ ended }) => date(ended?.at ?? null)),
    records.map(reachesPresentity),
  ]
}
