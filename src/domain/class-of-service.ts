import type { ClassInvitationHandling } from './invitation-handling.ts'
import type { RequestLimits } from './request-limits.ts'

/** What administrators set for a group of users. Lengths are milliseconds. */
export type ClassOfService = {
  readonly name: string
  readonly invitationHandling: ClassInvitationHandling
  /** Whether a presence server of the kind OCS_2007 may show its users to watchers who still wait. */
  readonly pendingShown: boolean
  readonly appearOfflineAllowed: boolean
  readonly maxContacts: number
  /** How long a request of these users stays open. */
  readonly requestLifetimeMs: number
  /** How many users each of these users may ask. */
  readonly requestLimits: RequestLimits
  /** How long they must wait to ask the same user again after a request of theirs has ended. */
  readonly requestCooldownMs: number
}
