import type { PresenceSessions } from '../application/ports.ts'
import type { PresenceSession } from '../domain/presence.ts'
import type { UserId } from '../domain/user-id.ts'
import type { Database } from './database.ts'
import { SESSION_COLUMNS, sessionOf, type SessionRow } from './rows.ts'

/** Serialises the publications of one user, whose row may not exist, so that two devices cannot both be the last one allowed. */
const LOCK_SESSIONS = `/* lockSessions */
  select pg_advisory_xact_lock(hashtextextended('presence_privacy.presence_sessions:' || $1, 0))`

/** Whoever reads facts finds sessions by their user's row. */
const ENSURE_USER = `/* ensureUser */
  insert into presence_privacy.users (id) values ($1) on conflict (id) do nothing`

const COUNT_OTHER_SESSIONS = `/* countOtherSessions */
  select count(*)::int as others
  from presence_privacy.presence_sessions
  where user_id = $1 and id <> $2 and lease_ends_at > statement_timestamp()`

const FORGET_ENDED_SESSIONS = `/* forgetEndedSessions */
  delete from presence_privacy.presence_sessions
  where user_id = $1 and lease_ends_at <= statement_timestamp()`

/** What a running session was allowed when it began, it keeps. */
const PUBLISH_SESSION = `/* publishSession */
  insert into presence_privacy.presence_sessions as s
    (user_id, id, status, activity, note, may_appear_offline, published_at, lease_ends_at)
  select $1, $2, $3, $4, $5, $6, now, now + $7::float8 * interval '1 millisecond'
  from (select date_trunc('milliseconds', statement_timestamp()) as now) clock
  on conflict (user_id, id) do update set
    status = excluded.status,
    activity = excluded.activity,
    note = excluded.note,
    published_at = excluded.published_at,
    lease_ends_at = excluded.lease_ends_at
  returning ${SESSION_COLUMNS}`

const END_SESSION = `/* endSession */
  delete from presence_privacy.presence_sessions
  where user_id = $1 and id = $2
  returning lease_ends_at > statement_timestamp() as lived`

const SESSIONS_OF = `/* sessionsOf */
  select s.user_id, ${SESSION_COLUMNS}
  from presence_privacy.presence_sessions s
  where s.user_id = any($1::text[]) and s.lease_ends_at > statement_timestamp()`

/** Presence sessions in PostgreSQL. */
export function postgresPresenceSessions({ query, transaction }: Database): PresenceSessions {
  return {
    async sessionsOf(users) {
      const found = new Map<UserId, PresenceSession[]>()
      for (const row of await query<SessionRow & { user_id: UserId }>(SESSIONS_OF, [users])) {
        const sessions = found.get(row.user_id)
        if (sessions === undefined) found.set(row.user_id, [sessionOf(row)])
        else sessions.push(sessionOf(row))
      }
      return found
    },

    publish: ({ user, session, leaseMs, maxSessions }) =>
      transaction(async (run) => {
        await run(LOCK_SESSIONS, [user])
        await run(FORGET_ENDED_SESSIONS, [user])
        const [count] = await run<{ others: number }>(COUNT_OTHER_SESSIONS, [user, session.id])
        if (count === undefined || count.others >= maxSessions) return { refused: 'TOO_MANY_SESSIONS' }
        const { id, status, activity, note, mayAppearOffline } = session
        await run(ENSURE_USER, [user])
        const rows = await run<SessionRow>(PUBLISH_SESSION, [
          user,
          id,
          status,
          activity,
          note,
          mayAppearOffline,
          leaseMs,
        ])
        return { session: sessionOf(rows[0] as SessionRow) }
      }),

    async end({ user, id }) {
      const [ended] = await query<{ lived: boolean }>(END_SESSION, [user, id])
      return ended?.lived ?? false
    },
  }
}
