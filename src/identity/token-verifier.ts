import { errors, jwtVerify } from 'jose'
import type { JWTPayload } from 'jose'

import { identityFromClaims } from './identity-claims.ts'
import { isIdentityFailure } from './identity.ts'
import type { Identity, IdentityFailure, IdentityFailureReason } from './identity.ts'
import { KeysUnavailable, signingKeys } from './signing-keys.ts'
import type { TokenTrust } from './token-trust.ts'
import { createVerifiedTokens } from './verified-tokens.ts'

const CLOCK_TOLERANCE_SECONDS = 5
const MAX_TOKEN_LENGTH = 16_384
/** Published keys can be taken back, and a remembered token would not notice. A configured key changes with a restart only. */
const REMEMBER_WITH_PUBLISHED_KEYS_MS = 60_000
/** The last moment that a Date can hold: an issuer's "for ever" stays a number that timers and logs can work with. */
const LATEST_MOMENT = 8.64e15

export type TokenVerifier = {
  /**
   * The identity that a token proves, or why it proves none: at once for a token that was verified lately. Never throws for what a client
   * sent, and never says anything of the token.
   */
  verify(token: string): Identity | IdentityFailure | Promise<Identity | IdentityFailure>
}

/** Tests narrow these; a deployment leaves them. */
export type TokenVerifierTuning = { readonly keysCooldownMs?: number; readonly rememberedTokens?: number }

/**
 * Verifies signed tokens (JWS, compact) against what a deployment trusts. Issuer, audience and algorithms are pinned, `exp` is
 * required, and keys come from the trust alone: what a token's own header offers as a key (`jwk`, `jku`, `x5c`) is never looked at.
 */
export function createTokenVerifier(trust: TokenTrust, tuning: TokenVerifierTuning = {}): TokenVerifier {
  const { keysCooldownMs, rememberedTokens } = tuning
  const keys = signingKeys(trust.keys, keysCooldownMs === undefined ? {} : { cooldownMs: keysCooldownMs })
  const verified = createVerifiedTokens({
    maxAgeMs: 'jwksUri' in trust.keys ? REMEMBER_WITH_PUBLISHED_KEYS_MS : Number.POSITIVE_INFINITY,
    ...(rememberedTokens === undefined ? {} : { capacity: rememberedTokens }),
  })
  const requirements = {
    issuer: trust.issuer,
    audience: trust.audience,
    algorithms: [...trust.algorithms],
    requiredClaims: ['exp'],
    clockTolerance: CLOCK_TOLERANCE_SECONDS,
  }

  const verifyAnew = async (token: string): Promise<Identity | IdentityFailure> => {
    let claims: JWTPayload
    try {
      claims = (await jwtVerify(token, keys, requirements)).payload
    } catch (error) {
      return { reason: reasonOf(error) }
    }
    const identity = identityFromClaims(claims, {
      userClaim: trust.userClaim,
      rolesClaim: trust.rolesClaim,
      expiresAt: endOf(claims),
    })
    if (!isIdentityFailure(identity)) verified.remember(token, identity)
    return identity
  }

  return {
    verify(token) {
      if (token.length > MAX_TOKEN_LENGTH) return { reason: 'malformed' }
      return verified.find(token) ?? verifyAnew(token)
    },
  }
}

function endOf({ exp = 0 }: JWTPayload): number {
  return Math.min((exp + CLOCK_TOLERANCE_SECONDS) * 1000, LATEST_MOMENT)
}

/** Whatever is not known here is `rejected`: a key of the issuer that does not fit surfaces as a TypeError, for one. */
function reasonOf(error: unknown): IdentityFailureReason {
  if (error instanceof KeysUnavailable) return 'keys-unavailable'
  if (error instanceof errors.JWTExpired) return 'expired'
  if (error instanceof errors.JWSInvalid || error instanceof errors.JWTInvalid) return 'malformed'
  return 'rejected'
}
