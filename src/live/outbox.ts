import { isSame } from './decide.ts'
import { handOver, showAfresh } from './hand-over.ts'
import type { HubState } from './hub-state.ts'
import type { PresenceEvent, Shown } from './presence-event.ts'
import type { Entry, Stream } from './watch-list.ts'

export type Outbox = ReturnType<typeof outbox>

/** An entry, and what it shows from now on. */
type Change = { readonly entry: Entry; readonly shown: Shown }

/** Gathers what one step of a tick has decided, so that each stream gets one event of it, and streams in the order in which they began. */
export function outbox(hub: HubState) {
  const changes = new Map<Stream, Change[]>()
  const lists = new Map<Stream, PresenceEvent[]>()
  const afresh = new Set<Stream>()

  /** Of a stream that is not read it is only remembered that there is something. */
  const tell = (stream: Stream, changed: readonly Change[]): void => {
    if (!stream.sink.isReady()) {
      stream.behind ??= new Set()
      for (const { entry } of changed) stream.behind.add(entry.presentity)
      return
    }
    for (const { entry, shown } of changed) entry.shown = shown
    handOver(hub, stream, { change: 'CHANGED', presences: inOrder(changed.map(({ shown }) => shown)) })
  }

  return {
    /** What is shown already is not told again. */
    offer(entry: Entry, shown: Shown): void {
      const { stream } = entry
      if (stream.awaitsSnapshot) {
        entry.shown = shown
        return
      }
      if (isSame(entry.shown.presence, shown.presence)) return
      const ofStream = changes.get(stream)
      if (ofStream === undefined) changes.set(stream, [{ entry, shown }])
      else ofStream.push({ entry, shown })
    },

    /** Who came to the stream's contact list, or went. */
    listChanged(stream: Stream, event: PresenceEvent): void {
      const before = lists.get(stream)
      if (before === undefined) lists.set(stream, [event])
      else before.push(event)
    },

    /** A snapshot, if the stream awaits one. */
    showAfresh: (stream: Stream): void => void afresh.add(stream),

    flush(): void {
      const streams =
        lists.size + afresh.size === 0
          ? [...changes.keys()]
          : [...new Set([...changes.keys(), ...lists.keys(), ...afresh])]
      for (const stream of streams.sort((one, other) => one.ordinal - other.ordinal)) {
        for (const event of lists.get(stream) ?? []) handOver(hub, stream, event)
        const changed = changes.get(stream)
        if (changed !== undefined) tell(stream, changed)
        if (afresh.has(stream)) showAfresh(hub, stream)
      }
      changes.clear()
      lists.clear()
      afresh.clear()
    },
  }
}

/** Of their ids: the order in which they were decided tells which of them had to be read anew. */
function inOrder(presences: Shown[]): readonly Shown[] {
  return presences.sort((one, other) => (one.user < other.user ? -1 : 1))
}
