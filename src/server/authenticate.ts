import { bearerToken, type TokenCarrier } from '../identity/bearer-token.ts'
import type { Identity, IdentityFailure } from '../identity/identity.ts'
import type { TokenVerifier } from '../identity/token-verifier.ts'

/** Who sent this, or why nobody did. */
export function authenticate(
  verifier: TokenVerifier,
  carrier: TokenCarrier,
): Promise<Identity | IdentityFailure> {
  const token = bearerToken(carrier)
  return typeof token === 'string' ? verifier.verify(token) : Promise.resolve(token)
}
