/** What a watcher has been told of his access to a presentity. Kept apart from the edge and never computed from it. */
export type Access = 'NONE' | 'PENDING' | 'ALLOWED'

export type ViewEvent = 'ASKED_PROMPT' | 'ASKED_AUTO_ACCEPT' | 'EDGE_ALLOWED' | 'WITHDRAWN' | 'EXPIRED'

/** Times are epoch milliseconds of the database's clock. What a request is given when it is made stays as it is, whatever becomes of the class. */
export type View = {
  readonly access: Access
  /** The end of a PENDING view, from the watcher's own class when he asked. */
  readonly endsAt: number | null
  /** How long the watcher must wait after a request of his has ended, from his own class when he asked. */
  readonly cooldownMs: number
  /** Until when he must wait to ask again, because he withdrew or his request expired; null for every view but NONE. */
  readonly coolsUntil: number | null
}

export const NO_VIEW: View = Object.freeze({ access: 'NONE', endsAt: null, cooldownMs: 0, coolsUntil: null })

/**
 * All that ever changes a view. Denial, block, dismissal, deletion and the end of a grant are not here, and must never be:
 * a watcher who could read one of them off his view would know that he was refused.
 */
export const VIEW_TRANSITIONS = {
  ASKED_PROMPT: { NONE: 'PENDING', PENDING: 'PENDING', ALLOWED: 'ALLOWED' },
  ASKED_AUTO_ACCEPT: { NONE: 'ALLOWED', PENDING: 'PENDING', ALLOWED: 'ALLOWED' },
  EDGE_ALLOWED: { NONE: 'ALLOWED', PENDING: 'ALLOWED', ALLOWED: 'ALLOWED' },
  WITHDRAWN: { NONE: 'NONE', PENDING: 'NONE', ALLOWED: 'ALLOWED' },
  EXPIRED: { NONE: 'NONE', PENDING: 'NONE', ALLOWED: 'ALLOWED' },
} as const satisfies Record<ViewEvent, Record<Access, Access>>

/** The view as it is at `now`: a request that has expired is no longer pending. */
export function viewAt(view: View, now: number): View {
  if (view.endsAt === null || now < view.endsAt) return view
  return endedView(view, 'EXPIRED', view.endsAt)
}

/** The view after the watcher's own request has ended at `at`: by himself or by time, so that he may know of the cooldown. */
export function endedView(view: View, event: 'WITHDRAWN' | 'EXPIRED', at: number): View {
  const access = VIEW_TRANSITIONS[event][view.access]
  const hasEnded = view.access === 'PENDING'
  return { ...view, access, endsAt: null, coolsUntil: hasEnded ? at + view.cooldownMs : view.coolsUntil }
}

/** Whether the watcher must still wait before he asks again. */
export function isCooling({ coolsUntil }: View, now: number): boolean {
  return coolsUntil !== null && now < coolsUntil
}

/** The view after the edge has become ALLOWED. */
export function allowedView(view: View): View {
  return { ...view, access: VIEW_TRANSITIONS.EDGE_ALLOWED[view.access], endsAt: null, coolsUntil: null }
}
