import type { StoredAct } from '../application/administrative-acts.ts'
import { UserErased } from '../application/ports.ts'
import type { AdministrativeAct } from '../domain/administrative-act.ts'
import type { Query } from './database.ts'
import { erased, ERASURES } from './erased-users.ts'
import { PROVEN } from './proof.ts'

/** An erasure is either over before an act begins, or begins after it: what it has renamed is never written again. */
const KEEP_OFF_ERASURES = `/* keepOffErasures */
  select pg_advisory_xact_lock_shared(${ERASURES})
  where $1::boolean`

const BEGIN_ACT = `/* beginAct */
  select nextval('presence_privacy.administrative_acts_id_seq')::text as id, exists (${erased('$1')}) as erased
  where ${PROVEN}`

const WRITE_ACT_USERS = `/* writeActUsers */
  with written as (
    insert into presence_privacy.administrative_act_users (act_id, user_id)
    select $1::bigint, id from unnest($2::text[]) as id
    where not exists (${erased('id')})
    returning 1
  )
  select count(*)::int as count from written`

/** Cursors hold whole milliseconds, so nothing finer is stored. */
const WRITE_ACT = `/* writeAct */
  insert into presence_privacy.administrative_acts (id, at, actor_kind, actor_id, act, class_name, settings, users)
  values ($1, date_trunc('milliseconds', statement_timestamp()), $2, $3, $4, $5, $6::jsonb, $7)`

/** An act of an administrator under way, in the transaction of what it does. */
export type ActUnderWay = {
  /** Records whom it is about, each once; who was erased is left out. Returns how many are recorded by now. */
  readonly about: (users: readonly string[]) => Promise<number>
  readonly end: (act: AdministrativeAct) => Promise<void>
}

/** Comes first in its transaction, before anything else is locked. Throws `UserErased` when the actor was erased. */
export async function beginAct(query: Query, actor: StoredAct['actor']): Promise<ActUnderWay> {
  await query(KEEP_OFF_ERASURES, [true])
  const [begun] = await query<{ id: string; erased: boolean }>(BEGIN_ACT, [actor.id])
  if (begun === undefined) throw new Error('an act has no number')
  if (begun.erased) throw new UserErased()
  let users = 0
  return {
    async about(those) {
      const [written] = await query<{ count: number }>(WRITE_ACT_USERS, [begun.id, those])
      return (users += written?.count ?? 0)
    },
    async end({ kind, className, settings }) {
      const what = [kind, className, JSON.stringify(settings), users]
      await query(WRITE_ACT, [begun.id, actor.kind, actor.id, ...what])
    },
  }
}
