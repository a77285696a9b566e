import { bearerToken, type TokenCarrier } from '../identity/bearer-token.ts'
import type { Identity, IdentityFailure } from '../identity/identity.ts'
import type { TokenVerifier } from '../identity/token-verifier.ts'

/** The caller of a request or of a socket, or why it has none: at once where the token was verified lately, as nearly all were. */
export function authenticate(
  verifier: TokenVerifier,
  carrier: TokenCarrier,
): Identity | IdentityFailure | Promise<Identity | IdentityFailure> {
  const token = bearerToken(carrier)
  return typeof token === 'string' ? verifier.verify(token) : token
}
