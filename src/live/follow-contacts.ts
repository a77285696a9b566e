import type { RevisedFacts } from '../application/live-ports.ts'
import { compactPair } from './compact-pair.ts'
import { markMoved, type HubState } from './hub-state.ts'
import type { Outbox } from './outbox.ts'
import { renew } from './renew.ts'
import type { Entry, Stream } from './watch-list.ts'

/** Takes up who was added to the list, and lets go of who was removed. A stream that cannot be told is shown all afresh later. */
export function followContacts(
  hub: HubState,
  stream: Stream,
  { facts, out }: { readonly facts: RevisedFacts; readonly out: Outbox },
): void {
  const removed = stream.entries.filter(({ presentity }) => !facts.presentities.has(presentity.id))
  const kept = new Set(stream.entries.map(({ presentity }) => presentity.id))
  const added = contactsIn(facts).filter(([id]) => !kept.has(id))
  if (removed.length === 0 && added.length === 0) return
  hub.list.removeEntries(stream, new Set(removed))
  const entries = added.map(([id, { pair }]) =>
    hub.list.addEntry(stream, id, { pair: compactPair(pair, facts.now), facts }),
  )
  for (const entry of entries) {
    entry.shown = renew(hub, entry, facts)
    // Hints about her that came while the list was read found nobody who looks at her.
    hub.doubtful.presentities.add(entry.presentity)
  }
  if (stream.awaitsSnapshot) return
  if (!stream.sink.isReady()) {
    stream.awaitsSnapshot = true
    return
  }
  if (removed.length > 0) {
    out.listChanged(stream, { change: 'REMOVED', userIds: removed.map(({ presentity }) => presentity.id) })
  }
  if (entries.length > 0) {
    out.listChanged(stream, { change: 'ADDED', presences: entries.map(({ shown }) => shown) })
  }
}

/** In the order of their ids. A database hands rows out as they lie, and every decision about the watcher moves one. */
export function contactsIn({ presentities }: RevisedFacts) {
  return [...presentities].sort(([one], [other]) => (one < other ? -1 : 1))
}

/** Whoever was erased is in no contact list any more, and yet the watcher has not moved by that. */
export function lookForRemovals({ list, doubtful }: HubState, entries: readonly Entry[]): void {
  for (const { stream, pair } of entries) {
    if (!stream.followsContacts || pair.contactSince !== null || !list.streams.has(stream)) continue
    markMoved(stream.watcher)
    doubtful.watchers.add(stream.watcher)
  }
}
