import type { PersonalRecords } from '../application/account-ports.ts'
import { NO_EDGE } from '../domain/edge.ts'
import { actAboutUsers } from '../domain/administrative-act.ts'
import { trailRecord } from '../domain/trail.ts'
import type { UserId } from '../domain/user-id.ts'
import type { Query, Statements } from './database.ts'
import { digestOf, ERASURES, HOLD_OFF_CHANGES } from './erased-users.ts'
import { beginAct } from './record-act.ts'
import { NEXT_REVISION } from './revisions.ts'
import { EDGE_COLUMNS, edgeOf, type EdgeRow } from './rows.ts'
import { NOTIFY, signalPayloads } from './signal.ts'
import { trailColumns, WRITE_TRAIL } from './trail.ts'

/** Each statement is far from its timeout, however much there is of a user. */
const BATCH = 5000

/** Two erasures meet in the rows of their two users, in no order. */
const SERIALISE_ERASURES = `/* serialiseErasures */
  select pg_advisory_xact_lock(${ERASURES})
  where $1::boolean`

/** Whoever changes anything between her and another holds her row or keeps off her erasure, so nobody else's row is needed. */
const LOCK_USER = `/* lockErasedUser */
  insert into presence_privacy.users as u (id) values ($1)
  on conflict (id) do update set revision = ${NEXT_REVISION}`

const REMEMBER = `/* rememberErasure */
  insert into presence_privacy.erased_users (id_digest, erased_at)
  values (${digestOf('$1')}, statement_timestamp())
  on conflict (id_digest) do nothing`

const RENAME_IN_TRAIL = `/* renameInTrail */
  with renamed as (
    update presence_privacy.trail set
      presentity_id = case when presentity_id = $1 then $2 else presentity_id end,
      watcher_id = case when watcher_id = $1 then $2 else watcher_id end,
      actor_id = case when actor_id = $1 then $2 else actor_id end
    where id = any(array(
      select id from presence_privacy.trail
      where presentity_id = $1 or watcher_id = $1
        or (actor_id = $1 and actor_kind in ('ADMINISTRATOR', 'SERVICE'))
      limit $3
    ))
    returning 1
  )
  select count(*)::int as count from renamed`

const RENAME_ACTORS = `/* renameActors */
  with renamed as (
    update presence_privacy.administrative_acts set actor_id = $2
    where id = any(array(select id from presence_privacy.administrative_acts where actor_id = $1 limit $3))
    returning 1
  )
  select count(*)::int as count from renamed`

const RENAME_IN_ACTS = `/* renameInActs */
  with renamed as (
    update presence_privacy.administrative_act_users set user_id = $2
    where user_id = $1 and act_id = any(array(
      select act_id from presence_privacy.administrative_act_users where user_id = $1 limit $3
    ))
    returning 1
  )
  select count(*)::int as count from renamed`

type Side = 'presentity_id' | 'watcher_id'

const erasePairs = (side: Side): string => `/* erasePairs */
  delete from presence_privacy.pairs p
  where p.ctid = any(array(select ctid from presence_privacy.pairs where ${side} = $1 limit $2))
  returning statement_timestamp() as now, p.presentity_id, p.watcher_id, ${EDGE_COLUMNS}`

const eraseRows = (table: string, side: Side): string => `/* eraseRows */
  with erased as (
    delete from presence_privacy.${table}
    where ctid = any(array(select ctid from presence_privacy.${table} where ${side} = $1 limit $2))
    returning 1
  )
  select count(*)::int as count from erased`

const ROWS_OF_A_USER = [
  eraseRows('incoming_items', 'presentity_id'),
  eraseRows('incoming_items', 'watcher_id'),
  eraseRows('outgoing_requests', 'presentity_id'),
  eraseRows('outgoing_requests', 'watcher_id'),
  eraseRows('answers', 'presentity_id'),
]

/** What others were told of her in answers of theirs; the rest of an answer stays, for a repeat of it. */
const ERASE_FROM_ANSWERS = `/* eraseFromAnswers */
  update presence_privacy.answers
  set result = jsonb_set(result, '{contacts}', coalesce(
    (
      select jsonb_agg(contact order by place)
      from jsonb_array_elements(result -> 'contacts') with ordinality as each (contact, place)
      where contact ->> 'user' <> $1
    ), '[]'))
  where result -> 'contacts' @> jsonb_build_array(jsonb_build_object('user', $1::text))`

const ERASE_USER = `/* eraseUser */
  delete from presence_privacy.users where id = $1`

type ErasedPairRow = { now: Date; presentity_id: UserId; watcher_id: UserId } & EdgeRow
type Erasure = Parameters<PersonalRecords['erase']>[0]

/** Erases a user in one transaction. */
export function postgresErasure({ transaction }: Pick<Statements, 'transaction'>): PersonalRecords['erase'] {
  return (erasure) =>
    transaction(async (query) => {
      const { user, token } = erasure
      await query(SERIALISE_ERASURES, [true])
      await query(HOLD_OFF_CHANGES, [user])
      // Before the erasure is remembered: administrators who erase themselves may still act.
      const act = await beginAct(query, whoErases(erasure))
      await query(LOCK_USER, [user])
      await query(REMEMBER, [user])
      for (const rename of [RENAME_IN_TRAIL, RENAME_ACTORS, RENAME_IN_ACTS]) {
        await inBatches(() => countOf(query, rename, [user, token, BATCH]))
      }
      await act.about([token])
      await act.end(actAboutUsers('ERASED'))
      const concerned = new Set([user])
      for (const side of ['presentity_id', 'watcher_id'] as const) {
        await inBatches(() => erasePairsOf(query, { ...erasure, side, concerned }))
      }
      for (const rows of ROWS_OF_A_USER) await inBatches(() => countOf(query, rows, [user, BATCH]))
      await query(ERASE_FROM_ANSWERS, [user])
      await query(ERASE_USER, [user])
      await query(NOTIFY, [signalPayloads([...concerned])])
    })
}

/** Whoever erases himself is named no more by that than by anything else. */
function whoErases({ user, actor, token }: Erasure) {
  return actor.id === user ? { ...actor, id: token } : actor
}

/** Decisions end with those who made them, and with those about whom they were made; the trail says so of each. */
async function erasePairsOf(
  query: Query,
  { user, actor, token, side, concerned }: Erasure & { readonly side: Side; readonly concerned: Set<UserId> },
): Promise<number> {
  const rows = await query<ErasedPairRow>(erasePairs(side), [user, BATCH])
  const nameOf = (id: UserId): string => (id === user ? token : id)
  const by = whoErases({ user, actor, token })
  const records = rows.flatMap((row) => {
    concerned.add(row.presentity_id).add(row.watcher_id)
    const [before, now] = [edgeOf(row), row.now.getTime()]
    const record = trailRecord({ before, after: NO_EDGE, cause: 'ERASED', actor: by, now })
    const of = { presentity: nameOf(row.presentity_id), watcher: nameOf(row.watcher_id) }
    return record === null ? [] : [{ ...record, ...of }]
  })
  if (records.length > 0) await query(WRITE_TRAIL, trailColumns(records))
  return rows.length
}

async function inBatches(batch: () => Promise<number>): Promise<void> {
  while ((await batch()) === BATCH);
}

async function countOf(query: Query, sql: string, parameters: readonly unknown[]): Promise<number> {
  const [row] = await query<{ count: number }>(sql, parameters)
  return row?.count ?? 0
}
