import { edgeAt, NO_EDGE, type Edge } from './edge.ts'
import { incomingAt, outgoingAt, type IncomingItem, type OutgoingRequest } from './request.ts'
import { NO_VIEW, viewAt, type View } from './watchers-view.ts'

/** All that is stored of one presentity and one watcher, in this direction. */
export type Pair = {
  /** What the presentity has decided about the watcher. */
  readonly edge: Edge
  /** What the watcher has been told. */
  readonly view: View
  /** Since when the presentity is in the watcher's contact list. */
  readonly contactSince: number | null
  /** From when on the watcher blocks the presentity: the opposite edge, mirrored here so that one row decides. */
  readonly watcherBlocksFrom: number | null
  /** The latest item that this pair put before the presentity, whatever became of it. */
  readonly incoming: IncomingItem | null
  /** The latest request that the watcher made, whatever became of it. */
  readonly outgoing: OutgoingRequest | null
}

export const NO_PAIR: Pair = Object.freeze({
  edge: NO_EDGE,
  view: NO_VIEW,
  contactSince: null,
  watcherBlocksFrom: null,
  incoming: null,
  outgoing: null,
})

/** The pair as it is at `now`: everything with an end that has passed is over. */
export function pairAt(pair: Pair, now: number): Pair {
  return {
    ...pair,
    edge: edgeAt(pair.edge, now, pair.view.cooldownMs),
    view: viewAt(pair.view, now),
    incoming: pair.incoming && incomingAt(pair.incoming, now),
    outgoing: pair.outgoing && outgoingAt(pair.outgoing, now),
  }
}
