import { serviceOfSession } from './session-id.ts'
import type { UserId } from './user-id.ts'

/** A session that is to begin, or to be renewed. */
export type WantedSession = { readonly user: UserId; readonly id: string; readonly maxSessions: number }

/**
 * Which sessions may be published, of those that are `wanted` and those that `live` already, one after the other. A user's own
 * devices and the sessions that services keep for her are counted apart: neither takes the other's room. Renewing takes none.
 */
export function admitSessions(
  wanted: readonly WantedSession[],
  live: readonly { readonly user: UserId; readonly id: string }[],
): readonly boolean[] {
  const running = new Map<UserId, Set<string>>()
  const runningOf = (user: UserId): Set<string> => {
    const ids = running.get(user) ?? new Set()
    running.set(user, ids)
    return ids
  }
  for (const { user, id } of live) runningOf(user).add(id)
  return wanted.map(({ user, id, maxSessions }) => {
    const ids = runningOf(user)
    const isRenewed = ids.has(id)
    const ofItsKind = [...ids].filter((other) => isOfService(other) === isOfService(id))
    if (!isRenewed && ofItsKind.length >= maxSessions) return false
    ids.add(id)
    return true
  })
}

function isOfService(sessionId: string): boolean {
  return serviceOfSession(sessionId) !== null
}
