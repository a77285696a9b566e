import { EDGE_TRANSITIONS, endedEdge, type Edge, type EdgeOrigin } from './edge.ts'
import { pairAt, type Pair } from './pair.ts'
import type { IncomingItem } from './request.ts'
import { allowedView } from './watchers-view.ts'

export type Verdict = 'ALLOWED' | 'BLOCKED'

export type Deciding = {
  readonly now: number
  readonly verdict: Verdict
  readonly origin: Extract<EdgeOrigin, 'ANSWERED' | 'SET'>
  /** The end of a grant; null is "until changed". A block has no end. */
  readonly endsAt: number | null
}

/** A presentity allows or blocks a watcher, in a popup or ahead of any request. The watcher is told of an allow, of a block never. */
export function decide(before: Pair, deciding: Deciding): Pair {
  const pair = pairAt(before, deciding.now)
  const { verdict } = deciding
  const allowed = verdict === 'ALLOWED'
  const { outgoing } = pair
  return {
    ...pair,
    edge: decidedEdge(pair.edge, deciding),
    view: allowed ? allowedView(pair.view) : pair.view,
    incoming: resolved(pair.incoming, verdict),
    outgoing: allowed && outgoing?.state === 'OPEN' ? { ...outgoing, state: 'ALLOWED' } : outgoing,
  }
}

/** A presentity deletes what she has decided, or dismisses what waits: the edge is none again, and the watcher is told nothing. */
export function removeEdge(before: Pair, now: number): Pair {
  const pair = pairAt(before, now)
  return {
    ...pair,
    edge: endedEdge(pair.edge, 'DELETED', { at: now, cooldownMs: pair.view.cooldownMs }),
    incoming: resolved(pair.incoming, 'DISMISSED'),
  }
}

function decidedEdge(edge: Edge, { now, verdict, origin, endsAt }: Deciding): Edge {
  const state = EDGE_TRANSITIONS[verdict][edge.state]
  const ends = state === 'ALLOWED' ? endsAt : null
  return {
    state,
    origin,
    since: state === edge.state ? edge.since : now,
    endsAt: ends,
    replacedBlock: ends !== null && (edge.state === 'BLOCKED' || edge.replacedBlock),
    shownWhenAsked: false,
  }
}

function resolved(item: IncomingItem | null, state: Verdict | 'DISMISSED'): IncomingItem | null {
  return item?.kind === 'REQUEST' && item.state === 'OPEN' ? { ...item, state } : item
}
