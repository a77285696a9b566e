import { randomUUID } from 'node:crypto'
import type { PresenceActivity, PublishableStatus } from '../domain/presence.ts'
import type { UserId } from '../domain/user-id.ts'
import type { PresenceSessions, Published } from './ports.ts'

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

/** One of a user's devices says how it is, and lives on until its lease ends. It is nearly always one that lives. */
export async function publishPresence(
  { sessions }: { readonly sessions: PresenceSessions },
  { user, session, status, activity, note, leaseMs, inactiveForMs = 0 }: PublishPresence,
): Promise<Published> {
  const said = { status, activity, note }
  if (session !== null) {
    const live = await sessions.renew({ user, id: session, said, inactiveForMs, leaseMs })
    if (live !== null) return { session: live }
  }
  return sessions.publish({
    user,
    session: { id: session ?? randomUUID(), ...said },
    inactiveForMs,
    leaseMs,
    maxSessions: MAX_SESSIONS,
  })
}
