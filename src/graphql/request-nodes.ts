import type { AskedRequest, WaitingItem } from '../application/ports.ts'
import type { RequestedAccess } from '../application/request-access.ts'

/** A request as its presentity reads it. */
export function incomingRequestOf({ watcher, item }: WaitingItem) {
  const { id, triggers, askedAt, endsAt } = item
  if (endsAt === null) throw new Error('a request without an end')
  return { id, requester: { id: watcher }, triggers, askedAt, expiresAt: endsAt }
}

/** A notice as its presentity reads it. */
export function noticeOf({ watcher, item }: WaitingItem) {
  const { id, triggers, askedAt } = item
  return { id, requester: { id: watcher }, triggers, grantedAt: askedAt }
}

/** A request as its watcher reads it. */
export function outgoingRequestOf({ presentity, request }: AskedRequest) {
  const { id, triggers, askedAt, endsAt } = request
  return { id, user: { id: presentity }, triggers, askedAt, expiresAt: endsAt }
}

/** What came of asking one user. */
export function accessResultOf({ presentity, outcome, retryAt, access, request, contact }: RequestedAccess) {
  return {
    user: { id: presentity },
    outcome,
    retryAt,
    access,
    request: request && outgoingRequestOf({ presentity, request }),
    contact,
  }
}
