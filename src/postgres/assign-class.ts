import { sessionsInAnotherClass, type Sessions } from '../domain/sessions.ts'
import type { UserId } from '../domain/user-id.ts'
import { sessionColumns, WRITE_SESSIONS } from './change-sessions.ts'
import type { Query } from './database.ts'
import { erased } from './erased-users.ts'
import { PROVEN } from './proof.ts'
import { NEXT_REVISION } from './revisions.ts'
import { millis } from './rows.ts'

/** Holds users in the order of their ids, as every change does, and makes those who are missing. Nothing is made for whoever was erased. */
const HOLD_USERS = `/* holdAssigned */
  insert into presence_privacy.users as u (id, class_id)
  select id, $2::int from unnest($1::text[]) as id
  where not exists (${erased('id')})
  order by id collate "C"
  on conflict (id) do update set class_id = u.class_id where false`

/**
 * Whoever comes into another class. A row of somebody who was erased is that of a user who never answers, whatever others ask: no class is
 * to answer instead.
 */
const MOVED = `u.id = any($1::text[]) and u.class_id <> $2::int and not exists (${erased('u.id')})`

/** Those whom another class could expose, with what the class allows that they leave. */
const LEAVING_HIDDEN = `/* leavingHidden */
  select u.id, u.sessions, date_trunc('milliseconds', clock_timestamp()) as now,
    c.appear_offline_allowed as allowed, c.appear_offline_forbidden_at as forbidden_at
  from presence_privacy.users u
  join presence_privacy.classes_of_service c on c.id = u.class_id
  where ${PROVEN} and ${MOVED}
    and u.appear_offline and u.session_ends_at > statement_timestamp()`

/** Who is in the class already is left alone. */
const ASSIGN_CLASS = `/* assignClass */
  update presence_privacy.users u set class_id = $2::int, revision = ${NEXT_REVISION}
  where ${MOVED}`

type LeavingRow = {
  readonly id: UserId
  readonly sessions: Sessions
  readonly now: Date
  readonly allowed: boolean
  readonly forbidden_at: Date | null
}

/**
 * Puts users, in the order of their ids, into a class, in a transaction that keeps the classes as they are. What must outlast it is
 * recorded with it.
 */
export async function putIntoClass(
  run: Query,
  { users, classId }: { readonly users: readonly UserId[]; readonly classId: number },
): Promise<void> {
  await run(HOLD_USERS, [users, classId])
  const leaving = await run<LeavingRow>(LEAVING_HIDDEN, [users, classId])
  if (leaving.length > 0) await run(WRITE_SESSIONS, sessionColumns(new Map(leaving.map(hiddenOn))))
  await run(ASSIGN_CLASS, [users, classId])
}

function hiddenOn({ id, sessions, now, allowed, forbidden_at }: LeavingRow): [UserId, Sessions] {
  const left = { appearOfflineAllowed: allowed, appearOfflineForbiddenAt: millis(forbidden_at) }
  return [id, sessionsInAnotherClass(sessions, left, now.getTime())]
}
