import { isSame } from './decide.ts'
import { handOver } from './hand-over.ts'
import type { HubState } from './hub-state.ts'
import type { Shown } from './presence-event.ts'
import type { Entry, Stream } from './watch-list.ts'

export type Outbox = ReturnType<typeof outbox>

/** Of their ids: the order in which they were decided tells which of them had to be read anew. */
function inOrder(presences: Shown[]): readonly Shown[] {
  return presences.sort((one, other) => (one.user < other.user ? -1 : 1))
}

/** Gathers what a tick has decided, so that each stream gets one event of it. */
export function outbox(hub: Pick<HubState, 'list' | 'tally'>) {
  const changes = new Map<Stream, Shown[]>()
  return {
    /** What is shown already is not told again, and of who does not read only remembered that there is something. */
    offer(entry: Entry, shown: Shown): void {
      const { stream } = entry
      if (stream.awaitsSnapshot) {
        entry.shown = shown
        return
      }
      if (isSame(entry.shown.presence, shown.presence)) return
      if (!stream.sink.isReady()) {
        stream.behind ??= new Set()
        stream.behind.add(entry.presentity)
        return
      }
      entry.shown = shown
      const ofStream = changes.get(stream)
      if (ofStream === undefined) changes.set(stream, [shown])
      else ofStream.push(shown)
    },

    flush(): void {
      for (const [stream, presences] of changes)
        handOver(hub, stream, { change: 'CHANGED', presences: inOrder(presences) })
      changes.clear()
    },
  }
}
