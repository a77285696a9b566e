import { EDGE_TRANSITIONS, NO_EDGE } from './edge.ts'
import { pairAt, type Pair } from './pair.ts'
import { VIEW_TRANSITIONS } from './watchers-view.ts'

/** A watcher takes his open request back, or the contact that it came with. What the presentity has decided stays. */
export function withdraw(before: Pair, now: number): Pair {
  const pair = pairAt(before, now)
  const { edge, view, incoming, outgoing } = pair
  const told = VIEW_TRANSITIONS.WITHDRAWN[view.access]
  const state = EDGE_TRANSITIONS.WITHDRAWN[edge.state]
  return {
    ...pair,
    edge: state === edge.state ? edge : { ...NO_EDGE, state },
    view: { access: told, endsAt: null },
    incoming:
      incoming?.kind === 'REQUEST' && incoming.state === 'OPEN'
        ? { ...incoming, state: 'WITHDRAWN' }
        : incoming,
    outgoing: outgoing?.state === 'OPEN' ? { ...outgoing, state: 'WITHDRAWN' } : outgoing,
  }
}
