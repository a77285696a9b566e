import type { PresenceSession } from '../domain/presence.ts'
import { serviceOfSession } from '../domain/session-id.ts'

/** A session as its own user reads it. */
export function sessionNodeOf({ id, status, activity, note, leaseEndsAt }: PresenceSession) {
  return {
    id,
    keptByService: serviceOfSession(id) !== null,
    presence: { status, activity, note },
    leaseEndsAt,
  }
}
