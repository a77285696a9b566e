import { randomUUID } from 'node:crypto'
import { appearsOffline, type PresenceActivity, type PublishableStatus } from '../domain/presence.ts'
import type { UserId } from '../domain/user-id.ts'
import { ownFacts } from './own-presence.ts'
import type { Facts, FactsReader, PresenceSessions, Published } from './ports.ts'
import { appearingSourceOf } from './what-is-seen.ts'

/**
 * More devices than anybody has at once; a client that makes a new session at every start is told so. As many again may be kept by
 * all services together.
 */
export const MAX_SESSIONS = 20

/** What is published of one session. */
export type Said = {
  readonly status: PublishableStatus
  readonly activity: PresenceActivity | null
  readonly note: string | null
  readonly leaseMs: number
  /** How long ago its user was active; left out, he is active now. */
  readonly inactiveForMs?: number
}

export type PublishPresence = Said & {
  readonly user: UserId
  /** The session to renew; null begins a new one. */
  readonly session: string | null
}

/**
 * One of a user's devices says how it is, and lives on until its lease ends. A session that lives needs nothing else to be known,
 * which is nearly always; one that begins depends on whether its user is hidden.
 */
export async function publishPresence(
  { facts, sessions }: { readonly facts: FactsReader; readonly sessions: PresenceSessions },
  { user, session, status, activity, note, leaseMs, inactiveForMs = 0 }: PublishPresence,
): Promise<Published> {
  const said = { status, activity, note }
  if (session !== null) {
    const live = await sessions.renew({ user, id: session, said, inactiveForMs, leaseMs })
    if (live !== null) return { session: live }
  }
  const read = await facts.readFacts({ watcher: user, presentities: [user] })
  return sessions.publish({
    user,
    session: { id: session ?? randomUUID(), ...said, mayAppearOffline: mayAppearOffline(read, user) },
    inactiveForMs,
    leaseMs,
    maxSessions: MAX_SESSIONS,
  })
}

/** A session that begins while its user is hidden is hidden with the others: nothing exposes her in the middle of one. */
export function mayAppearOffline(facts: Facts, user: UserId): boolean {
  const own = ownFacts(facts, user)
  return own.user.classOfService.appearOfflineAllowed || appearsOffline(appearingSourceOf(own), facts.now)
}
