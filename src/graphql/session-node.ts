import type { PresenceSession } from '../domain/presence.ts'

/** A session as its own user reads it. */
export function sessionNodeOf({ id, status, activity, note, leaseEndsAt }: PresenceSession) {
  return { id, presence: { status, activity, note }, leaseEndsAt }
}
