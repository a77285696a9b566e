import { hash } from 'node:crypto'

import type { Identity } from './identity.ts'

/** About 3 MB at most. */
const CAPACITY = 10_000

export type VerifiedTokens = {
  find(token: string): Identity | undefined
  remember(token: string, identity: Identity): void
}

/**
 * Remembers what verification said, for it costs 50 to 160 us of CPU a token, and a frontend sends the same one with
 * every request. Tokens are kept as SHA-256 only, never past their expiry nor longer than `maxAgeMs`, the least recently
 * used go first. Failures are not kept: anyone could fill the memory with them.
 */
export function createVerifiedTokens({
  maxAgeMs,
  capacity = CAPACITY,
}: {
  maxAgeMs: number
  capacity?: number
}): VerifiedTokens {
  const byHash = new Map<string, { readonly identity: Identity; readonly until: number }>()
  return {
    find(token) {
      const key = hashOf(token)
      const entry = byHash.get(key)
      if (entry === undefined) return undefined
      byHash.delete(key)
      if (Date.now() >= entry.until) return undefined
      byHash.set(key, entry)
      return entry.identity
    },
    remember(token, identity) {
      byHash.set(hashOf(token), { identity, until: Math.min(identity.expiresAt, Date.now() + maxAgeMs) })
      if (byHash.size <= capacity) return
      const [leastRecent] = byHash.keys()
      if (leastRecent !== undefined) byHash.delete(leastRecent)
    },
  }
}

function hashOf(token: string): string {
  return hash('sha256', token, 'base64')
}
