import { randomUUID } from 'node:crypto'
import { appearsOffline, type PresenceActivity, type PublishableStatus } from '../domain/presence.ts'
import type { UserId } from '../domain/user-id.ts'
import { ownFacts } from './own-presence.ts'
import type { Facts, FactsReader, PresenceSessions, Published } from './ports.ts'

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
}

export type PublishPresence = Said & {
  readonly user: UserId
  /** The session to renew; null begins a new one. */
  readonly session: string | null
}

/** One of a user's devices says how it is, and lives on until its lease ends. */
export async function publishPresence(
  { facts, sessions }: { readonly facts: FactsReader; readonly sessions: PresenceSessions },
  { user, session, status, activity, note, leaseMs }: PublishPresence,
): Promise<Published> {
  const read = await facts.readFacts({ watcher: user, presentities: [user] })
  return sessions.publish({
    user,
    session: {
      id: session ?? randomUUID(),
      status,
      activity,
      note,
      mayAppearOffline: mayAppearOffline(read, user),
    },
    leaseMs,
    maxSessions: MAX_SESSIONS,
  })
}

/** A session that begins while its user is hidden is hidden with the others: nothing exposes her in the middle of one. */
export function mayAppearOffline(facts: Facts, user: UserId): boolean {
  const own = ownFacts(facts, user)
  const { appearOfflineAllowed } = own.user.classOfService
  const { manual, appearOffline } = own.user.preference
  return (
    appearOfflineAllowed ||
    appearsOffline({ sessions: own.sessions, manual, appearOffline, appearOfflineAllowed }, facts.now)
  )
}
