import { createPublicKey } from 'node:crypto'

import { createRemoteJWKSet, errors } from 'jose'
import type { JWTVerifyGetKey } from 'jose'

import type { TrustedKeys } from './token-trust.ts'

/** Fresh enough that a key which the issuer has taken back is refused soon. */
const REFRESH_MS = 5 * 60_000
/** After a refresh that failed; until then the known keys serve without another wait. */
const RETRY_MS = 30_000
/** How long an issuer may be away before its tokens are refused: known keys outlive a restart of it, not a day's outage. */
const MAX_AGE_MS = 60 * 60_000
/** A token with an unknown key id causes at most one fetch in this time, whoever sends how many. */
const COOLDOWN_MS = 10_000
const TIMEOUT_MS = 3_000

/** The issuer's keys could not be had, so that nothing can be said about a token. */
export class KeysUnavailable extends Error {
  override readonly name = 'KeysUnavailable'
}

/** The key that a token's header asks for. Throws KeysUnavailable, or an error of jose where the fault is the token's. */
export function signingKeys(keys: TrustedKeys, { cooldownMs = COOLDOWN_MS } = {}): JWTVerifyGetKey {
  if ('jwksUri' in keys) return publishedKeys(keys.jwksUri, cooldownMs)
  const key = createPublicKey(keys.publicKey)
  return () => Promise.resolve(key)
}

function publishedKeys(uri: string, cooldownMs: number): JWTVerifyGetKey {
  const published = createRemoteJWKSet(new URL(uri), {
    cacheMaxAge: MAX_AGE_MS,
    cooldownDuration: cooldownMs,
    timeoutDuration: TIMEOUT_MS,
  })
  let refreshAt = 0

  async function refreshWhenDue(): Promise<void> {
    const now = Date.now()
    if (!published.fresh) {
      // Never loaded, or too old to serve: the look-up itself loads them and fails if it cannot.
      refreshAt = now + REFRESH_MS
      return
    }
    if (now < refreshAt) return
    refreshAt = now + RETRY_MS
    try {
      await published.reload()
      refreshAt = Date.now() + REFRESH_MS
    } catch {
      // The known keys serve on; MAX_AGE_MS ends that.
    }
  }

  return async (header, token) => {
    await refreshWhenDue()
    try {
      return await published(header, token)
    } catch (error) {
      if (isFaultOfTheToken(error)) throw error
      throw new KeysUnavailable('the published keys could not be loaded', { cause: error })
    }
  }
}

function isFaultOfTheToken(error: unknown): boolean {
  return (
    error instanceof errors.JWKSNoMatchingKey ||
    error instanceof errors.JWKSMultipleMatchingKeys ||
    error instanceof errors.JOSENotSupported
  )
}
