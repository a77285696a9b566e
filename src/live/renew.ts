import type { RevisedFacts } from '../application/live-ports.ts'
import { presenceSourceOf } from '../application/what-is-seen.ts'
import { NO_PAIR } from '../domain/pair.ts'
import { nextPresenceChange } from '../domain/presence.ts'
import { compactPair, earlier, nextPairChange } from './compact-pair.ts'
import { decideFrom } from './decide.ts'
import type { HubState } from './hub-state.ts'
import type { Shown } from './presence-event.ts'
import type { Entry, Presentity, Watcher } from './watch-list.ts'

type Renewed = Pick<Entry, 'pair' | 'shown'>

/** Puts an entry at what was read, and says what that shows. */
export function renew(hub: HubState, entry: Entry, facts: RevisedFacts): Shown {
  const { pair, shown } = decideAnew(
    hub,
    { presentity: entry.presentity, watcher: entry.stream.watcher },
    facts,
  )
  entry.pair = pair
  return shown
}

/**
 * `renew` for many entries. A watcher may have a hundred streams that show the same users: each pair is decided once for all streams of the
 * watcher.
 */
export function renewals(hub: HubState): (entry: Entry, facts: RevisedFacts) => Shown {
  const known = new Map<RevisedFacts, Map<Presentity, Renewed>>()
  return (entry, facts) => {
    let ofFacts = known.get(facts)
    if (ofFacts === undefined) known.set(facts, (ofFacts = new Map<Presentity, Renewed>()))
    const { presentity, stream } = entry
    let renewed = ofFacts.get(presentity)
    if (renewed === undefined)
      ofFacts.set(presentity, (renewed = decideAnew(hub, { presentity, watcher: stream.watcher }, facts)))
    entry.pair = renewed.pair
    return renewed.shown
  }
}

function decideAnew(
  { policy, due }: HubState,
  { presentity, watcher }: { readonly presentity: Presentity; readonly watcher: Watcher },
  facts: RevisedFacts,
): Renewed {
  const of = facts.presentities.get(presentity.id)
  const pair = compactPair(of?.pair ?? NO_PAIR, facts.now)
  const ownChange = of === undefined ? null : nextPresenceChange(presenceSourceOf(of, policy), facts.now)
  due.sooner(presentity, earlier(ownChange, nextPairChange(pair, facts.now)))
  return { pair, shown: decideFrom(policy, { presentity, watcher }, facts) }
}
