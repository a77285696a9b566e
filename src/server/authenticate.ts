import { bearerToken, type TokenCarrier } from '../identity/bearer-token.ts'
import type { Identity, IdentityFailure } from '../identity/identity.ts'
import type { TokenVerifier } from '../identity/token-verifier.ts'

/** Who sent this, or why nobody did. */
export function authenticate(
  verifier: TokenVerifier,
  carrier: TokenCarrier,
): Promise<Identity | IdentityFailure> {
  return Promise.resolve(authenticateAtOnce(verifier, carrier))
}

/** The same without waiting where the token is known: nearly all requests come with one that came before. */
export function authenticateAtOnce(
  verifier: TokenVerifier,
  carrier: TokenCarrier,
): Identity | IdentityFailure | Promise<Identity | IdentityFailure> {
  const token = bearerToken(carrier)
  return typeof token === 'string' ? (verifier.remembered(token) ?? verifier.verify(token)) : token
}
