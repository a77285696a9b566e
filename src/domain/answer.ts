import type { Verdict } from './decide.ts'
import type { IncomingItem } from './request.ts'

/** At most so many items are presented, and answered, at once. */
export const MAX_PRESENTED = 500

/** What a popup showed, and which of it was ticked when OK was pressed; ids of incoming items. */
export type PopupAnswer = { readonly presented: readonly string[]; readonly ticked: readonly string[] }

export type AnswerFault =
  | { readonly fault: 'NOTHING_PRESENTED' }
  | { readonly fault: 'TOO_MANY_PRESENTED' }
  | { readonly fault: 'TICKED_NOT_PRESENTED'; readonly ids: readonly string[] }

/** What became of one presented item. An id that is somebody else's and one that never was are both NOT_FOUND. */
export type AnswerOutcome =
  | { readonly outcome: 'APPLIED'; readonly verdict: Verdict }
  | { readonly outcome: 'ALREADY_RESOLVED'; readonly verdict: Verdict }
  | { readonly outcome: 'ACKNOWLEDGED' | 'WITHDRAWN' | 'EXPIRED' | 'DISMISSED' | 'NOT_FOUND' }

/** What is wrong with an answer as a whole; nothing of it applies then. */
export function faultOf({ presented, ticked }: PopupAnswer): AnswerFault | null {
  const shown = new Set(presented)
  if (shown.size === 0) return { fault: 'NOTHING_PRESENTED' }
  if (shown.size > MAX_PRESENTED) return { fault: 'TOO_MANY_PRESENTED' }
  const ids = ticked.filter((id) => !shown.has(id))
  return ids.length > 0 ? { fault: 'TICKED_NOT_PRESENTED', ids } : null
}

/** What an answer does to one presented item, given as it is now; `undefined` when the caller has no such item. */
export function outcomeOf(
  item: IncomingItem | undefined,
  { ticked }: { readonly ticked: boolean },
): AnswerOutcome {
  if (item === undefined) return { outcome: 'NOT_FOUND' }
  if (item.kind === 'NOTICE') {
    return item.state === 'ABSORBED' ? { outcome: 'NOT_FOUND' } : { outcome: 'ACKNOWLEDGED' }
  }
  switch (item.state) {
    case 'OPEN':
      return { outcome: 'APPLIED', verdict: ticked ? 'ALLOWED' : 'BLOCKED' }
    case 'ALLOWED':
    case 'BLOCKED':
      return { outcome: 'ALREADY_RESOLVED', verdict: item.state }
    case 'WITHDRAWN':
    case 'EXPIRED':
    case 'DISMISSED':
      return { outcome: item.state }
    case 'ACKNOWLEDGED':
    case 'ABSORBED':
      return { outcome: 'NOT_FOUND' }
  }
}
