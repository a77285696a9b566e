import {
  USERS_OF_A_LISTED_ACT,
  type AdministrativeActs,
  type StoredAct,
} from '../application/administrative-acts.ts'
import { actAboutUsers, type AdministrativeActKind, type SetValue } from '../domain/administrative-act.ts'
import type { Query, Statements } from './database.ts'
import { PROVEN } from './proof.ts'
import { beginAct } from './record-act.ts'
import { date } from './rows.ts'
import { sealedIds, type SealedIds } from './sealed-ids.ts'
import { numberIn } from './trail.ts'

const FIND_RECORDED = `/* findRecordedAct */
  select 1
  from presence_privacy.administrative_act_users u
  join presence_privacy.administrative_acts a on a.id = u.act_id
  where ${PROVEN} and u.user_id = any($1::text[]) and a.actor_id = $2 and a.act = $3
    and a.at >= statement_timestamp() - $4::float8 * interval '1 millisecond'
  limit 1`

const USERS_OF_ACT = `/* usersOfAct */
  select user_id
  from presence_privacy.administrative_act_users
  where ${PROVEN} and act_id = $1 and user_id > $2
  order by user_id
  limit $3`

/** Numbers begin at 1. */
const NO_ACT = '0'

const OLD = `
    select id from presence_privacy.administrative_acts
    where at < statement_timestamp() - $1::float8 * interval '1 millisecond'
    order by at, id
    limit $2
    for update skip locked`

/** Rows that another instance is forgetting, or that an erasure holds, are left to a later call. */
const FORGET_ACT_USERS = `/* forgetActUsers */
  with old as materialized (${OLD}), forgotten as (
    delete from presence_privacy.administrative_act_users
    where ctid = any(array(
      select u.ctid from old join presence_privacy.administrative_act_users u on u.act_id = old.id
      limit $2
      for update of u skip locked
    ))
    returning 1
  )
  select count(*)::int as count from forgotten`

const FORGET_ACTS = `/* forgetActs */
  with old as materialized (${OLD}), forgotten as (
    delete from presence_privacy.administrative_acts a using old
    where a.id = old.id
      and not exists (select from presence_privacy.administrative_act_users u where u.act_id = a.id)
    returning 1
  )
  select count(*)::int as count from forgotten`

type ActRow = {
  id: string
  at: Date
  actor_kind: 'ADMINISTRATOR'
  actor_id: string
  act: AdministrativeActKind
  class_name: string | null
  settings: readonly SetValue[]
  users: number
  first_users: readonly string[]
}

/** What administrators did, in PostgreSQL. */
export function postgresAdministrativeActs(
  { query, transaction }: Statements,
  sealed = sealedIds(query, 'acts'),
): AdministrativeActs {
  return {
    record: ({ actor, kind, users, unlessWithinMs }) =>
      transaction(async (run) => {
        const act = await beginAct(run, actor)
        if (unlessWithinMs !== null) {
          const recorded = await run(FIND_RECORDED, [users, actor.id, kind, unlessWithinMs])
          if (recorded.length > 0) return
        }
        await act.about(users)
        await act.end(actAboutUsers(kind))
      }),

    async audit({ after, ...look }) {
      const ids = await sealed()
      const place = after && { at: after.at, id: numberIn(after, ids) }
      const { sql, parameters } = auditOf({ ...look, after: place })
      return (await query<ActRow>(sql, parameters)).map((row) => actOf(row, ids))
    },

    async usersOf({ act: id, after, limit }) {
      // Asked for in any case, as the statement proves who asks.
      const act = (await sealed()).unseal(id) ?? NO_ACT
      const rows = await query<{ user_id: string }>(USERS_OF_ACT, [act, after ?? '', limit])
      return rows.map(({ user_id }) => user_id)
    },

    async forget({ olderThanMs, limit }) {
      const users = await countOf(query, FORGET_ACT_USERS, [olderThanMs, limit])
      if (users === limit) return users
      return users + (await countOf(query, FORGET_ACTS, [olderThanMs, limit - users]))
    },
  }
}

/** Only the conditions that are asked for, so that each combination is a range of its index; there are a few dozen of them. */
function auditOf({ actor, user, since, until, after, limit }: Parameters<AdministrativeActs['audit']>[0]): {
  readonly sql: string
  readonly parameters: readonly unknown[]
} {
  const parameters: unknown[] = []
  const given = (value: unknown): string => `$${String(parameters.push(value))}`
  const conditions = [
    PROVEN,
    ...(actor === null ? [] : [`a.actor_id = ${given(actor)}::text`]),
    ...(user === null ? [] : [`a.id in (${actsAbout(given(user))})`]),
    ...(since === null ? [] : [`a.at >= ${given(date(since))}::timestamptz`]),
    ...(until === null ? [] : [`a.at < ${given(date(until))}::timestamptz`]),
    ...(after === null
      ? []
      : [`(a.at, a.id) < (${given(date(after.at))}::timestamptz, ${given(after.id)}::bigint)`]),
  ]
  const sql = `/* auditActs */
  select listed.*, array(
      select user_id from presence_privacy.administrative_act_users
      where act_id = listed.id
      order by user_id
      limit ${String(USERS_OF_A_LISTED_ACT)}
    ) as first_users
  from (
    select a.id, a.at, a.actor_kind, a.actor_id, a.act, a.class_name, a.settings, a.users
    from presence_privacy.administrative_acts a
    where ${conditions.join(' and ')}
    order by a.at desc, a.id desc
    limit ${given(limit)}::int
  ) listed
  order by listed.at desc, listed.id desc`
  return { sql, parameters }
}

function actsAbout(user: string): string {
  return `select act_id from presence_privacy.administrative_act_users where user_id = ${user}::text`
}

function actOf(row: ActRow, ids: SealedIds): StoredAct {
  return {
    id: ids.seal(row.id),
    at: row.at.getTime(),
    actor: { kind: row.actor_kind, id: row.actor_id },
    kind: row.act,
    className: row.class_name,
    settings: row.settings,
    userCount: row.users,
    users: row.first_users,
  }
}

async function countOf(query: Query, sql: string, parameters: readonly unknown[]): Promise<number> {
  const [row] = await query<{ count: number }>(sql, parameters)
  return row?.count ?? 0
}
