import type {
  PresenceSessions,
  Publication,
  Published,
  SessionOf,
  SessionRenewal,
} from '../../src/application/ports.ts'
import { admitSessions } from '../../src/domain/admit-sessions.ts'
import { LEASE_SPREAD } from '../../src/domain/lease.ts'
import { agedStatus, type PresenceSession } from '../../src/domain/presence.ts'
import type { UserId } from '../../src/domain/user-id.ts'
import { liveSessions, type MemoryTables } from './memory-tables.ts'
import { POLICY } from './policy.ts'

/** The devices of users, in memory. */
export function memorySessions(
  tables: MemoryTables,
  signal: (users: readonly UserId[]) => void,
): PresenceSessions {
  const renewOne = (renewal: SessionRenewal): PresenceSession | null => {
    const { user, id } = renewal
    const before = liveSessions(tables, user).find((session) => session.id === id)
    if (before === undefined) return null
    const now = tables.clock.now()
    const after = renewed(before, renewal, now)
    tables.sessions.get(user)!.set(id, after)
    if (isNews(before, after, now)) signal([user])
    return after
  }
  const renewSeveral = (renewals: readonly SessionRenewal[]): readonly (PresenceSession | null)[] => {
    const latest = new Map(renewals.map((renewal) => [`${renewal.user}\u0000${renewal.id}`, renewal]))
    const sessions = new Map([...latest].map(([key, renewal]) => [key, renewOne(renewal)]))
    return renewals.map(({ user, id }) => sessions.get(`${user}\u0000${id}`)!)
  }

  const publishOne = ({ user, session, inactiveForMs, leaseMs }: Publication): void => {
    const live = new Map(liveSessions(tables, user).map((each) => [each.id, each]))
    const mayAppearOffline = live.get(session.id)?.mayAppearOffline ?? session.mayAppearOffline
    const now = tables.clock.now()
    const times = { publishedAt: now, activeAt: now - inactiveForMs, leaseEndsAt: now + leaseMs }
    tables.sessions.set(user, live.set(session.id, { ...session, mayAppearOffline, ...times }))
    if (!tables.revisions.users.has(user)) tables.revisions.raise([user])
    signal([user])
  }
  const publishSeveral = (publications: readonly Publication[]): readonly Published[] => {
    const live = [...new Set(publications.map(({ user }) => user))].flatMap((user) =>
      liveSessions(tables, user).map(({ id }) => ({ user, id })),
    )
    const admitted = admitSessions(
      publications.map(({ user, session, maxSessions }) => ({ user, id: session.id, maxSessions })),
      live,
    )
    publications.filter(({ user }, place) => admitted[place] && !tables.erased.has(user)).forEach(publishOne)
    // Of two publications of one session, both are answered with the later one.
    return publications.map(({ user, session }, place) =>
      tables.erased.has(user)
        ? { refused: 'USER_ERASED' }
        : admitted[place]
          ? { session: tables.sessions.get(user)!.get(session.id)! }
          : { refused: 'TOO_MANY_SESSIONS' },
    )
  }

  const endOne = ({ user, id }: SessionOf): boolean => {
    const lived = liveSessions(tables, user).some((session) => session.id === id)
    tables.sessions.get(user)?.delete(id)
    if (lived) signal([user])
    return lived
  }

  return {
    async sessionsOf(users) {
      await Promise.resolve()
      return new Map(
        users
          .map((user) => [user, liveSessions(tables, user)] as const)
          .filter(([, sessions]) => sessions.length > 0),
      )
    },

    async renew(renewal) {
      await Promise.resolve()
      return renewOne(renewal)
    },

    async renewSeveral(renewals) {
      await Promise.resolve()
      return renewSeveral(renewals)
    },

    async publish(publication) {
      await Promise.resolve()
      const [published] = publishSeveral([publication])
      return published!
    },

    async publishSeveral(publications) {
      await Promise.resolve()
      return publishSeveral(publications)
    },

    async end(session) {
      await Promise.resolve()
      return endOne(session)
    },

    async endSeveral(sessions) {
      await Promise.resolve()
      return sessions.map(endOne)
    },
  }
}

function renewed(
  before: PresenceSession,
  { said, inactiveForMs, leaseMs }: SessionRenewal,
  now: number,
): PresenceSession {
  const saysTheSame = said === null || sameWords(before, said)
  const asked = now + leaseMs
  const latest = now + Math.round(leaseMs * (1 + LEASE_SPREAD))
  return {
    ...before,
    ...said,
    publishedAt: saysTheSame ? before.publishedAt : now,
    activeAt: inactiveForMs === null ? before.activeAt : Math.max(before.activeAt, now - inactiveForMs),
    leaseEndsAt:
      said === null
        ? Math.max(before.leaseEndsAt, asked)
        : Math.max(asked, Math.min(before.leaseEndsAt, latest)),
  }
}

function isNews(before: PresenceSession, after: PresenceSession, now: number): boolean {
  const { ageing } = POLICY.policy
  return (
    !sameWords(before, after) ||
    after.leaseEndsAt < before.leaseEndsAt ||
    agedStatus(before, ageing, now) !== agedStatus(after, ageing, now)
  )
}

type Words = NonNullable<SessionRenewal['said']>

function sameWords(one: Words, other: Words): boolean {
  return one.status === other.status && one.activity === other.activity && one.note === other.note
}
