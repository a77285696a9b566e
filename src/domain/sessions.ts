import { LEASE_SPREAD } from './lease.ts'
import {
  agedStatus,
  liveSessions,
  mayHide,
  type Ageing,
  type PresenceSession,
  type PresenceSource,
} from './presence.ts'
import { serviceOfSession } from './session-id.ts'

/** All sessions of one user. Some of them may have ended, which is as if they were not there. */
export type Sessions = readonly PresenceSession[]

export type SessionWords = Pick<PresenceSession, 'status' | 'activity' | 'note'>

export type Renewal = {
  readonly id: string
  /** Null leaves it as it is. What is said gives the lease another end, an earlier one, too; without it a lease is never shortened. */
  readonly said: SessionWords | null
  /** How long ago its user was active; null tells nothing of it. What is known to be later stays. */
  readonly inactiveForMs: number | null
  readonly leaseMs: number
}

export type Publication = {
  readonly session: SessionWords & Pick<PresenceSession, 'id'>
  /** How long ago its user was active. */
  readonly inactiveForMs: number
  readonly leaseMs: number
  /** Sessions of the user's own devices and those that services keep for her are counted apart. */
  readonly maxSessions: number
}

/** When the last of them ends; null if there is none. */
export function lastEnd(sessions: Sessions): number | null {
  return sessions.length === 0 ? null : Math.max(...sessions.map(({ leaseEndsAt }) => leaseEndsAt))
}

/**
 * A session lives on. `isNews` is whether that changes what time alone would have told: something else is said, an age is undone, or
 * the lease ends earlier. Null if there is none that lives.
 */
export function renewSession(
  sessions: Sessions,
  renewal: Renewal,
  { now, ageing }: { readonly now: number; readonly ageing: Ageing },
): { readonly sessions: Sessions; readonly isNews: boolean } | null {
  const live = liveSessions(sessions, now)
  const before = live.find(({ id }) => id === renewal.id)
  if (before === undefined) return null
  const session = renewed(before, renewal, now)
  return {
    sessions: live.map((each) => (each === before ? session : each)),
    isNews:
      !saysTheSame(before, session) ||
      session.leaseEndsAt < before.leaseEndsAt ||
      agedStatus(before, ageing, now) !== agedStatus(session, ageing, now),
  }
}

/**
 * A session begins, or says something else; null if its user has as many others of its kind as they may. `appearOfflineAllowed` is what the
 * user's class says at `now`; a session that lives keeps what it was allowed.
 */
export function publishSession(
  sessions: Sessions,
  { session: said, inactiveForMs, leaseMs, maxSessions }: Publication,
  { now, appearOfflineAllowed }: { readonly now: number; readonly appearOfflineAllowed: boolean },
): Sessions | null {
  const live = liveSessions(sessions, now)
  const before = live.find(({ id }) => id === said.id)
  if (before === undefined && live.filter(isOfKindOf(said)).length >= maxSessions) return null
  const session = {
    ...(before ?? { mayAppearOffline: appearOfflineAllowed, inClassSince: now }),
    ...said,
    publishedAt: now,
    activeAt: now - inactiveForMs,
    leaseEndsAt: now + leaseMs,
  }
  return [...live.filter((each) => each !== before), session]
}

/** Null if there is no such session that lives. */
export function endSession(sessions: Sessions, ended: string, now: number): Sessions | null {
  const live = liveSessions(sessions, now)
  const others = live.filter(({ id }) => id !== ended)
  return others.length === live.length ? null : others
}

/**
 * What is kept of a user who has chosen to appear offline and leaves a class of service: where hiding has held in a session, it goes on
 * until that session ends, whatever the other class says, and has said before.
 */
export function sessionsInAnotherClass(
  sessions: Sessions,
  left: Pick<PresenceSource, 'appearOfflineAllowed' | 'appearOfflineForbiddenAt'>,
  now: number,
): Sessions {
  return liveSessions(sessions, now).map((session) => ({
    ...session,
    mayAppearOffline: left.appearOfflineAllowed || mayHide(session, left.appearOfflineForbiddenAt),
    inClassSince: now,
  }))
}

/** A lease whose end lies within the spread of the new one keeps it: a device that comes back at once changes nothing. */
function renewed(
  before: PresenceSession,
  { said, inactiveForMs, leaseMs }: Renewal,
  now: number,
): PresenceSession {
  const asked = now + leaseMs
  const latest = now + Math.round(leaseMs * (1 + LEASE_SPREAD))
  return {
    ...before,
    ...said,
    publishedAt: said === null || saysTheSame(before, said) ? before.publishedAt : now,
    activeAt: inactiveForMs === null ? before.activeAt : Math.max(before.activeAt, now - inactiveForMs),
    leaseEndsAt:
      said === null
        ? Math.max(before.leaseEndsAt, asked)
        : Math.max(asked, Math.min(before.leaseEndsAt, latest)),
  }
}

function saysTheSame(one: SessionWords, other: SessionWords): boolean {
  return one.status === other.status && one.activity === other.activity && one.note === other.note
}

/** A user's own devices and the sessions that services keep for her: neither takes the other's room. */
function isOfKindOf(session: { readonly id: string }): (other: { readonly id: string }) => boolean {
  const isOfService = ({ id }: { readonly id: string }): boolean => serviceOfSession(id) !== null
  return (other) => isOfService(other) === isOfService(session)
}
