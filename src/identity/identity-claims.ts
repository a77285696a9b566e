import { parseUserId } from '../domain/user-id.ts'
import { ROLES } from './identity.ts'
import type { Identity, IdentityFailure, Role } from './identity.ts'
import type { ClaimPath } from './token-trust.ts'

type Claims = Readonly<Record<string, unknown>>

/**
 * Who a verified token speaks of. A user claim that is absent, not a string or no valid user id is `no-user`: an id is
 * never made out of a number or trimmed into shape, for that could make two users one.
 */
export function identityFromClaims(
  claims: Claims,
  reading: { userClaim: ClaimPath; rolesClaim: ClaimPath; expiresAt: number },
): Identity | IdentityFailure {
  const user = claimAt(claims, reading.userClaim)
  const userId = typeof user === 'string' ? parseUserId(user) : undefined
  if (userId === undefined) return { reason: 'no-user' }
  const roles = rolesIn(claimAt(claims, reading.rolesClaim))
  return Object.freeze({ userId, roles, expiresAt: reading.expiresAt })
}

/** Roles come as an array of strings or as one string with spaces between, as OAuth scopes do. Unknown ones are other services'. */
function rolesIn(claim: unknown): ReadonlySet<Role> {
  const held: unknown[] = typeof claim === 'string' ? claim.split(' ') : Array.isArray(claim) ? claim : []
  return new Set(ROLES.filter((role) => held.includes(role)))
}

function claimAt(claims: Claims, path: ClaimPath): unknown {
  let value: unknown = claims
  for (const name of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
    value = (value as Record<string, unknown>)[name]
  }
  return value
}
