import type { Messaging } from '../domain/messaging.ts'
import type { FactsReader, PairOf } from './ports.ts'
import { whatIsDelivered, type DisclosurePolicy } from './what-is-seen.ts'

/**
 * What becomes of instant messages, each from a watcher to a presentity, in the order given; for the service that carries them. All
 * facts of all pairs are read before anything is decided; throws `Unavailable` when they cannot be, for all pairs alike.
 */
export async function decideMessages(
  { facts, policy }: { readonly facts: FactsReader; readonly policy: DisclosurePolicy },
  pairs: readonly PairOf[],
): Promise<readonly (PairOf & Messaging)[]> {
  const read = await facts.readFactsOfPairs(pairs)
  return pairs.map((pair) => {
    const ofWatcher = read.get(pair.watcher)
    if (ofWatcher === undefined) throw new Error('a watcher was not looked at')
    return { ...pair, ...whatIsDelivered(ofWatcher, pair, policy) }
  })
}
