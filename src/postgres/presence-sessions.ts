import type { PresenceSessions, Publication, Published, SessionOf } from '../application/ports.ts'
import { admitSessions } from '../domain/admit-sessions.ts'
import type { PresenceSession } from '../domain/presence.ts'
import type { UserId } from '../domain/user-id.ts'
import type { Database } from './database.ts'
import { erased } from './erased-users.ts'
import { SESSION_COLUMNS, sessionOf, type SessionRow } from './rows.ts'

/**
 * Serialises the publications of each user, whose row may not exist, so that two devices cannot both be the last one allowed. In
 * the order of the keys, so that no two batches wait for each other.
 */
export const LOCK_SESSIONS = `/* lockSessions */
  select pg_advisory_xact_lock(key)
  from (
    select distinct hashtextextended('presence_privacy.presence_sessions:' || id, 0) as key
    from unnest($1::text[]) as id
    order by key
  ) keys`

/** Whoever reads facts finds sessions by their user's row. */
const ENSURE_USERS = `/* ensureUsers */
  insert into presence_privacy.users (id)
  select distinct id collate "C" as id from unnest($1::text[]) as id order by id
  on conflict (id) do nothing`

/** Read under the lock, which an erasure takes as well: nothing is published for somebody who has just been erased. */
const FIND_ERASED = `/* findErased */
  select id from unnest($1::text[]) as id where exists (${erased('id')})`

const FORGET_ENDED_SESSIONS = `/* forgetEndedSessions */
  delete from presence_privacy.presence_sessions
  where user_id = any($1::text[]) and lease_ends_at <= statement_timestamp()`

const LIVE_SESSION_IDS = `/* liveSessionIds */
  select user_id, id
  from presence_privacy.presence_sessions
  where user_id = any($1::text[]) and lease_ends_at > statement_timestamp()`

/** What a running session was allowed when it began, it keeps. */
const PUBLISH_SESSIONS = `/* publishSessions */
  insert into presence_privacy.presence_sessions as s
    (user_id, id, status, activity, note, may_appear_offline, published_at, lease_ends_at)
  select said.user_id, said.id, said.status, said.activity, said.note, said.may_appear_offline,
    now, now + said.lease_ms * interval '1 millisecond'
  from unnest(
    $1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::boolean[], $7::float8[])
    as said (user_id, id, status, activity, note, may_appear_offline, lease_ms)
  cross join (select date_trunc('milliseconds', statement_timestamp()) as now) clock
  on conflict (user_id, id) do update set
    status = excluded.status,
    activity = excluded.activity,
    note = excluded.note,
    published_at = excluded.published_at,
    lease_ends_at = excluded.lease_ends_at
  returning s.user_id, ${SESSION_COLUMNS}`

const END_SESSION = `/* endSession */
  delete from presence_privacy.presence_sessions
  where user_id = $1 and id = $2
  returning lease_ends_at > statement_timestamp() as lived`

const END_SESSIONS = `/* endSessions */
  delete from presence_privacy.presence_sessions s
  using unnest($1::text[], $2::text[]) as ended (user_id, id)
  where s.user_id = ended.user_id and s.id = ended.id
  returning s.user_id, s.id, s.lease_ends_at > statement_timestamp() as lived`

const SESSIONS_OF = `/* sessionsOf */
  select s.user_id, ${SESSION_COLUMNS}
  from presence_privacy.presence_sessions s
  where s.user_id = any($1::text[]) and s.lease_ends_at > statement_timestamp()`

/** Presence sessions in PostgreSQL. */
export function postgresPresenceSessions({ query, transaction }: Database): PresenceSessions {
  const publishSeveral = (publications: readonly Publication[]): Promise<readonly Published[]> =>
    transaction(async (run) => {
      const users = publications.map(({ user }) => user)
      await run(LOCK_SESSIONS, [users])
      const gone = new Set((await run<{ id: UserId }>(FIND_ERASED, [users])).map(({ id }) => id))
      await run(FORGET_ENDED_SESSIONS, [users])
      const live = await run<{ user_id: UserId; id: string }>(LIVE_SESSION_IDS, [users])
      const admitted = admitSessions(
        publications.map((each) => ({ ...sessionOfPublication(each), maxSessions: each.maxSessions })),
        live.map(({ user_id, id }) => ({ user: user_id, id })),
      )
      const latest = latestOfEach(
        publications.filter(({ user }, place) => admitted[place] && !gone.has(user)),
      )
      await run(ENSURE_USERS, [latest.map(({ user }) => user)])
      const rows = await run<SessionRow & { user_id: UserId }>(PUBLISH_SESSIONS, publicationColumns(latest))
      const sessions = new Map(
        rows.map((row) => [keyOf({ user: row.user_id, id: row.session_id }), sessionOf(row)]),
      )
      return publications.map((publication) => {
        if (gone.has(publication.user)) return { refused: 'USER_ERASED' }
        const session = sessions.get(keyOf(sessionOfPublication(publication)))
        return session === undefined ? { refused: 'TOO_MANY_SESSIONS' } : { session }
      })
    })

  const endSeveral = (sessions: readonly SessionOf[]): Promise<readonly boolean[]> =>
    transaction(async (run) => {
      const users = sessions.map(({ user }) => user)
      await run(LOCK_SESSIONS, [users])
      const rows = await run<{ user_id: UserId; id: string; lived: boolean }>(END_SESSIONS, [
        users,
        sessions.map(({ id }) => id),
      ])
      const lived = new Set(
        rows.filter((row) => row.lived).map((row) => keyOf({ user: row.user_id, id: row.id })),
      )
      // The second of two that name one session finds it ended.
      return sessions.map((session) => lived.delete(keyOf(session)))
    })

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

    async publish(publication) {
      const [published] = await publishSeveral([publication])
      return published as Published
    },
    publishSeveral,

    async end({ user, id }) {
      const [ended] = await query<{ lived: boolean }>(END_SESSION, [user, id])
      return ended?.lived ?? false
    },
    endSeveral,
  }
}

/** How one and the same session is found again: ids hold no control characters. */
function keyOf({ user, id }: SessionOf): string {
  return `${user}\u0000${id}`
}

function sessionOfPublication({ user, session }: Publication): SessionOf {
  return { user, id: session.id }
}

/** Of two publications of one session the later one counts. */
function latestOfEach(publications: readonly Publication[]): readonly Publication[] {
  return [...new Map(publications.map((each) => [keyOf(sessionOfPublication(each)), each])).values()]
}

function publicationColumns(publications: readonly Publication[]): unknown[] {
  return [
    publications.map(({ user }) => user),
    publications.map(({ session }) => session.id),
    publications.map(({ session }) => session.status),
    publications.map(({ session }) => session.activity),
    publications.map(({ session }) => session.note),
    publications.map(({ session }) => session.mayAppearOffline),
    publications.map(({ leaseMs }) => leaseMs),
  ]
}
