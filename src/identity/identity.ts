import type { UserId } from '../domain/user-id.ts'

export const ROLES = ['administrator', 'service', 'auditor'] as const

/** What a token may hold beside its user. No role widens whose presence its holder sees. */
export type Role = (typeof ROLES)[number]

/** Who is asking, as a verified token says it. */
export type Identity = {
  readonly userId: UserId
  readonly roles: ReadonlySet<Role>
  /** Epoch milliseconds; from this moment on the token is refused. The tolerance for skewed clocks is already in it. */
  readonly expiresAt: number
}

/**
 * Why nobody is asking. The reasons are stable and may be logged and shown: none of them tells anything of the token.
 *
 * - `missing`: there is no token
 * - `malformed`: what came is not one signed token
 * - `expired`: it was ours and is over
 * - `rejected`: signature, key, algorithm, issuer, audience or time are not those that this deployment trusts
 * - `no-user`: it is trusted and names no user
 * - `keys-unavailable`: the issuer's keys cannot be had, so nothing can be said about any token; worth a repeat
 */
export type IdentityFailureReason =
  'missing' | 'malformed' | 'expired' | 'rejected' | 'no-user' | 'keys-unavailable'

export type IdentityFailure = { readonly reason: IdentityFailureReason }

export function isIdentityFailure(outcome: Identity | IdentityFailure): outcome is IdentityFailure {
  return 'reason' in outcome
}
