import type { RevisedFacts } from '../application/live-ports.ts'
import { presenceSourceOf } from '../application/what-is-seen.ts'
import { NO_PAIR } from '../domain/pair.ts'
import { nextPresenceChange } from '../domain/presence.ts'
import { compactPair, earlier, nextPairChange } from './compact-pair.ts'
import { decideFrom } from './decide.ts'
import type { HubState } from './hub-state.ts'
import type { Shown } from './presence-event.ts'
import type { Entry } from './watch-list.ts'

/** Puts an entry at what was read, and says what that shows. */
export function renew({ policy, due }: HubState, entry: Entry, facts: RevisedFacts): Shown {
  const { presentity, stream } = entry
  const of = facts.presentities.get(presentity.id)
  entry.pair = compactPair(of?.pair ?? NO_PAIR, facts.now)
  const ownChange = of === undefined ? null : nextPresenceChange(presenceSourceOf(of, policy), facts.now)
  due.sooner(presentity, earlier(ownChange, nextPairChange(entry.pair, facts.now)))
  return decideFrom(policy, { presentity, watcher: stream.watcher }, facts)
}
