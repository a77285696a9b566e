import { decideChanges, type ChangeSessions, type StoredSessions } from '../application/change-sessions.ts'
import type { Leftovers } from '../application/ports.ts'
import { lastEnd, type Sessions } from '../domain/sessions.ts'
import type { UserId } from '../domain/user-id.ts'
import type { Statements } from './database.ts'
import { erased, KEEP_OFF_THEIR_ERASURE } from './erased-users.ts'
import { namedAfter } from './named.ts'
import { PROVEN } from './proof.ts'
import { date } from './rows.ts'
import { NOTIFY, sessionsPayload } from './signal.ts'
import type { Send } from './two-trips.ts'
import { genericPlanParameter } from './generic-plan-parameter.ts'

const OF_USERS = `u.id = any(${genericPlanParameter('$1::text[]')})`
const IN_ORDER = 'order by u.id'

/**
 * Rows of users are locked in the order of their ids, as by every change, and are read as they are then, at a time that is read then.
 */
const lock = (which: string, wait: '' | 'skip locked' = ''): string => `/* lockSessions */
  select locked.id, locked.sessions, date_trunc('milliseconds', clock_timestamp()) as now
  from (select u.id, u.sessions from presence_privacy.users u where ${PROVEN} and ${which} for no key update ${wait}) locked`

const LOCK = lock(`${OF_USERS} ${IN_ORDER}`)
const LOCK_UNHELD = lock(`${OF_USERS} ${IN_ORDER}`, 'skip locked')
const LOCK_UNERASED = lock(`${OF_USERS} and not exists (${erased('u.id')}) ${IN_ORDER}`)
/** Reads the whole table: an index on the ends would make every renewal of every device dearer. */
const LOCK_ENDED = lock('u.session_ends_at <= statement_timestamp() limit $1', 'skip locked')

/** Read after the rows are held: a session that begins is decided by the class as it is then. */
const CLASSES = `/* readClasses */
  select u.id, c.appear_offline_allowed as allowed
  from presence_privacy.users u
  join presence_privacy.classes_of_service c on c.id = u.class_id
  where ${PROVEN} and ${OF_USERS}`

const MAKE_USERS = `/* makeUsers */
  insert into presence_privacy.users (id)
  select id from unnest($1::text[]) as missing (id)
  where not exists (${erased('id')})
  order by id collate "C"
  on conflict (id) do nothing`

export const WRITE_SESSIONS = `/* writeSessions */
  update presence_privacy.users u
  set sessions = written.sessions, session_ends_at = written.ends_at
  from unnest(${genericPlanParameter('$1::text[]')}, ${genericPlanParameter('$2::json[]')}, ${genericPlanParameter('$3::timestamptz[]')})
    as written (id, sessions, ends_at)
  where u.id = written.id`

type LockedRow = { readonly id: UserId; readonly sessions: Sessions | null; readonly now: Date }
type ClassRow = { readonly id: UserId; readonly allowed: boolean }

/**
 * A user's sessions are one value in her row. `held` says what becomes of those whose rows somebody else holds: either all wait for
 * them, or they are left alone as if there were nothing of them. Where sessions begin, all wait.
 */
export function postgresChangeSessions(
  { inTwoTrips, transaction }: Pick<Statements, 'inTwoTrips' | 'transaction'>,
  { held }: { readonly held: 'WAITED_FOR' | 'LEFT_ALONE' },
): ChangeSessions {
  return async (items, { name, begins, change }) => {
    const users = [...new Set(items.map(({ user }) => user))]
    const lockUsers = begins ? LOCK_UNERASED : held === 'LEFT_ALONE' ? LOCK_UNHELD : LOCK
    const attempt = (mayMiss: boolean) =>
      inTwoTrips({
        read: (query) =>
          Promise.all([
            query<LockedRow>(namedAfter(name, lockUsers), [users]),
            begins ? query<ClassRow>(namedAfter(name, CLASSES), [users]) : [],
          ]),
        write(send, [rows, classes]) {
          const stored = storedIn(rows, classes)
          const missing = mayMiss ? [] : users.filter((user) => !stored.has(user))
          if (missing.length > 0) return { missing, outcomes: [] }
          const { outcomes, changed, news } = decideChanges(items, stored, change)
          write(send, name, { changed, news })
          return { missing, outcomes }
        },
      })
    const { missing, outcomes } = await attempt(!begins)
    if (missing.length === 0) return outcomes
    await transaction(async (query) => {
      await query(KEEP_OFF_THEIR_ERASURE, [missing])
      await query(MAKE_USERS, [missing])
    })
    return (await attempt(true)).outcomes
  }
}

/** Removes what has ended. */
export function postgresReapSessions({
  inTwoTrips,
}: Pick<Statements, 'inTwoTrips'>): Leftovers['reapSessions'] {
  return (limit) =>
    inTwoTrips({
      read: (query) => query<LockedRow>(namedAfter('reapSessions', LOCK_ENDED), [limit]),
      write(send, rows) {
        const changed = new Map(rows.map(({ id }) => [id, []]))
        write(send, 'reapSessions', { changed, news: [...changed.keys()] })
        return changed.size
      },
    })
}

function storedIn(
  rows: readonly LockedRow[],
  classes: readonly ClassRow[],
): ReadonlyMap<UserId, StoredSessions> {
  const allowed = new Set(classes.flatMap((row) => (row.allowed ? [row.id] : [])))
  return new Map(
    rows.map(({ id, sessions, now }) => [
      id,
      { sessions: sessions ?? [], now: now.getTime(), appearOfflineAllowed: allowed.has(id) },
    ]),
  )
}

function write(
  send: Send,
  name: string,
  { changed, news }: { readonly changed: ReadonlyMap<UserId, Sessions>; readonly news: readonly UserId[] },
): void {
  if (changed.size > 0) send(namedAfter(name, WRITE_SESSIONS), sessionColumns(changed))
  if (news.length > 0) send(namedAfter(name, NOTIFY), [news.map(sessionsPayload)])
}

export function sessionColumns(changed: ReadonlyMap<UserId, Sessions>): unknown[] {
  const all = [...changed.values()]
  return [
    [...changed.keys()],
    all.map((sessions) => (sessions.length === 0 ? null : JSON.stringify(sessions))),
    all.map((sessions) => date(lastEnd(sessions))),
  ]
}
