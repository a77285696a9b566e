/** What a watcher has been told of his access to a presentity. Kept apart from the edge and never computed from it. */
export type Access = 'NONE' | 'PENDING' | 'ALLOWED'

export type ViewEvent = 'ASKED_PROMPT' | 'ASKED_AUTO_ACCEPT' | 'EDGE_ALLOWED' | 'WITHDRAWN' | 'EXPIRED'

/** `endsAt` is the end of a PENDING view, fixed from the watcher's own class when he asked. */
export type View = { readonly access: Access; readonly endsAt: number | null }

export const NO_VIEW: View = Object.freeze({ access: 'NONE', endsAt: null })

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
  return { access: VIEW_TRANSITIONS.EXPIRED[view.access], endsAt: null }
}
