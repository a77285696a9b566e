import type { Watcher } from './watch-list.ts'

/**
 * Entries that one step decides: some 5 ms. One user's hundred streams of 500 have five times as many, and are still decided in one step, since
 * all that one watcher is shown goes together.
 */
const MOST_ENTRIES = 10_000

/** The first things of a set, at most so many, and no more than decide about `MOST_ENTRIES`; one at least. */
export function takeSome<Thing>(
  things: ReadonlySet<Thing>,
  most: number,
  entriesIn: (thing: Thing) => number,
): Set<Thing> {
  const taken = new Set<Thing>()
  let entries = 0
  for (const thing of things) {
    entries += entriesIn(thing)
    if (taken.size >= most || (entries > MOST_ENTRIES && taken.size > 0)) break
    taken.add(thing)
  }
  return taken
}

export function entriesOf({ streams }: Watcher): number {
  let entries = 0
  for (const stream of streams) entries += stream.entries.length
  return entries
}
