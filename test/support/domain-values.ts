import type { ClassInvitationHandling, InvitationHandling } from '../../src/domain/invitation-handling.ts'
import type { EdgeEvent, EdgeState } from '../../src/domain/edge.ts'
import type { IncomingItem } from '../../src/domain/request.ts'
import type { PresenceServer } from '../../src/domain/disclosure.ts'
import type { Access, ViewEvent } from '../../src/domain/watchers-view.ts'

// Every value of each type, spelt out once more: tests that took them from the code's own tables could not see one missing there.

export const EDGE_STATES = allOf<EdgeState>({ NONE: 0, PENDING: 0, ALLOWED: 0, BLOCKED: 0 })
export const EDGE_EVENTS = allOf<EdgeEvent>({
  REQUESTED_PROMPT: 0,
  REQUESTED_AUTO_ACCEPT: 0,
  ALLOWED: 0,
  BLOCKED: 0,
  WITHDRAWN: 0,
  EXPIRED: 0,
  DELETED: 0,
  GRANT_ENDED: 0,
})
export const ACCESSES = allOf<Access>({ NONE: 0, PENDING: 0, ALLOWED: 0 })
export const VIEW_EVENTS = allOf<ViewEvent>({
  ASKED_PROMPT: 0,
  ASKED_AUTO_ACCEPT: 0,
  EDGE_ALLOWED: 0,
  WITHDRAWN: 0,
  EXPIRED: 0,
})
export const HANDLINGS = allOf<InvitationHandling>({ PROMPT: 0, AUTO_ACCEPT: 0 })
export const CLASS_HANDLINGS = allOf<ClassInvitationHandling>({ PROMPT: 0, AUTO_ACCEPT: 0, USER_DEFINED: 0 })
export const PRESENCE_SERVERS = allOf<PresenceServer>({
  OCS_2007: 0,
  CONVERGED_CONFERENCING: 0,
  NONE_KNOWN: 0,
})
export const ITEM_KINDS = allOf<IncomingItem['kind']>({ REQUEST: 0, NOTICE: 0 })
export const ITEM_STATES = allOf<IncomingItem['state']>({
  OPEN: 0,
  ALLOWED: 0,
  BLOCKED: 0,
  WITHDRAWN: 0,
  EXPIRED: 0,
  DISMISSED: 0,
  ACKNOWLEDGED: 0,
  ABSORBED: 0,
})

/** A record needs each name exactly once, or it does not compile. */
function allOf<Name extends string>(names: Record<Name, 0>): readonly Name[] {
  return Object.keys(names) as Name[]
}
