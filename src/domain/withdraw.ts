import { endedEdge } from './edge.ts'
import { pairAt, type Pair } from './pair.ts'
import { endedView } from './watchers-view.ts'

/** A watcher takes his open request back, or the contact that it came with. What the presentity has decided stays. */
export function withdraw(before: Pair, now: number): Pair {
  const pair = pairAt(before, now)
  const { edge, view, incoming, outgoing } = pair
  return {
    ...pair,
    edge: endedEdge(edge, 'WITHDRAWN', { at: now, cooldownMs: view.cooldownMs }),
    view: endedView(view, 'WITHDRAWN', now),
    incoming:
      incoming?.kind === 'REQUEST' && incoming.state === 'OPEN'
        ? { ...incoming, state: 'WITHDRAWN' }
        : incoming,
    outgoing: outgoing?.state === 'OPEN' ? { ...outgoing, state: 'WITHDRAWN' } : outgoing,
  }
}
