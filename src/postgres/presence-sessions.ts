import type { PresenceSessions, Publication, Published, SessionOf } from '../application/ports.ts'
import { admitSessions } from '../domain/admit-sessions.ts'
import type { Ageing, PresenceSession } from '../domain/presence.ts'
import type { UserId } from '../domain/user-id.ts'
import type { Database } from './database.ts'
import { erased } from './erased-users.ts'
import { keyOf, latestOfEach, postgresRenewal } from './renew-sessions.ts'
import { SESSION_COLUMNS, sessionOf, type SessionRow } from './rows.ts'
import { notifySessionsOf } from './signal.ts'

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

/**
 * Who is there, read under the lock, which an erasure takes as well: nothing is published for somebody who has just been erased.
 */
const FIND_LIVE_SESSIONS = `/* findLiveSessions */
  select u.id as user_id, s.id, exists (${erased('u.id')}) as erased
  from (select distinct id collate "C" as id from unnest($1::text[]) as id) u
  left join presence_privacy.presence_sessions s
    on s.user_id = u.id and s.lease_ends_at > statement_timestamp()`

/**
 * Whoever reads facts finds sessions by their user's row, so that is made as well. What a running session was allowed when it began,
 * it keeps.
 */
const PUBLISH_SESSIONS = `/* publishSessions */
  with said as (
    select * from unnest(
      $1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::boolean[], $7::float8[], $8::float8[])
      as said (user_id, id, status, activity, note, may_appear_offline, inactive_ms, lease_ms)
  ), users as (
    insert into presence_privacy.users (id)
    select distinct user_id collate "C" as id from said order by id
    on conflict (id) do nothing
  ), ended as (
    delete from presence_privacy.presence_sessions s
    where s.user_id = any($1::text[]) and s.lease_ends_at <= statement_timestamp()
      and not exists (select from said where said.user_id = s.user_id and said.id = s.id)
  ), published as (
    insert into presence_privacy.presence_sessions as s
      (user_id, id, status, activity, note, may_appear_offline, published_at, active_at, lease_ends_at)
    select said.user_id, said.id, said.status, said.activity, said.note, said.may_appear_offline,
      now, now - said.inactive_ms * interval '1 millisecond', now + said.lease_ms * interval '1 millisecond'
    from said
    cross join (select date_trunc('milliseconds', statement_timestamp()) as now) clock
    on conflict (user_id, id) do update set
      status = excluded.status,
      activity = excluded.activity,
      note = excluded.note,
      may_appear_offline = case when s.lease_ends_at > excluded.published_at
        then s.may_appear_offline else excluded.may_appear_offline end,
      published_at = excluded.published_at,
      active_at = excluded.active_at,
      lease_ends_at = excluded.lease_ends_at
    returning s.user_id, ${SESSION_COLUMNS}
  )
  select *, ${notifySessionsOf('user_id')} as signalled from published`

const END_SESSION = `/* endSession */
  with ended as (
    delete from presence_privacy.presence_sessions
    where user_id = $1 and id = $2
    returning user_id, lease_ends_at > statement_timestamp() as lived
  )
  select lived, case when lived then ${notifySessionsOf('user_id')} end as signalled from ended`

const END_SESSIONS = `/* endSessions */
  with ended as (
    delete from presence_privacy.presence_sessions s
    using unnest($1::text[], $2::text[]) as named (user_id, id)
    where s.user_id = named.user_id and s.id = named.id
    returning s.user_id, s.id, s.lease_ends_at > statement_timestamp() as lived
  )
  select *, case when lived then ${notifySessionsOf('user_id')} end as signalled from ended`

const SESSIONS_OF = `/* sessionsOf */
  select s.user_id, ${SESSION_COLUMNS}
  from presence_privacy.presence_sessions s
  where s.user_id = any($1::text[]) and s.lease_ends_at > statement_timestamp()`

type LiveRow = { user_id: UserId; id: string | null; erased: boolean }

/** Presence sessions in PostgreSQL. */
export function postgresPresenceSessions(
  { query, transaction }: Database,
  { ageing }: { readonly ageing: Ageing },
): PresenceSessions {
  const publishSeveral = (publications: readonly Publication[]): Promise<readonly Published[]> =>
    transaction(async (run) => {
      const users = publications.map(({ user }) => user)
      await run(LOCK_SESSIONS, [users])
      const found = await run<LiveRow>(FIND_LIVE_SESSIONS, [users])
      const gone = new Set(found.filter((row) => row.erased).map((row) => row.user_id))
      const admitted = admitSessions(
        publications.map((each) => ({ ...sessionOfPublication(each), maxSessions: each.maxSessions })),
        found.flatMap(({ user_id, id }) => (id === null ? [] : [{ user: user_id, id }])),
      )
      const latest = latestOfEach(
        publications.filter(({ user }, place) => admitted[place] && !gone.has(user)),
        sessionOfPublication,
      )
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
    ...postgresRenewal(query, ageing),

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

function sessionOfPublication({ user, session }: Publication): SessionOf {
  return { user, id: session.id }
}

function publicationColumns(publications: readonly Publication[]): unknown[] {
  return [
    publications.map(({ user }) => user),
    publications.map(({ session }) => session.id),
    publications.map(({ session }) => session.status),
    publications.map(({ session }) => session.activity),
    publications.map(({ session }) => session.note),
    publications.map(({ session }) => session.mayAppearOffline),
    publications.map(({ inactiveForMs }) => inactiveForMs),
    publications.map(({ leaseMs }) => leaseMs),
  ]
}
