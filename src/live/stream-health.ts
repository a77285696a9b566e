import { OFFLINE } from '../domain/presence.ts'
import { handOver } from './hand-over.ts'
import { markMoved, type HubState, type Scope } from './hub-state.ts'
import type { Stream } from './watch-list.ts'

/** A sink that is not ready for so long, while there is something for it, is closed. */
const SLOW_AFTER_MS = 30_000

/**
 * Whatever is still shown is no longer, all alike. Who does not read is told when he does: then all of it, as of a stream that awaits a
 * snapshot nobody knows any more what it was told last.
 */
export function hideAll(hub: HubState, stream: Stream): void {
  const { entries, sink, awaitsSnapshot } = stream
  if (stream.hidden || !sink.isReady()) return
  stream.hidden = true
  const told = awaitsSnapshot ? entries : entries.filter(({ shown }) => shown.presence !== OFFLINE)
  if (!awaitsSnapshot && told.length === 0) return
  for (const entry of told) entry.shown = entry.presentity.offline
  const presences = told.map(({ shown }) => shown)
  handOver(hub, stream, { change: awaitsSnapshot ? 'SNAPSHOT' : 'CHANGED', presences })
}

/** Ends all streams that show somebody in scope, or are somebody's in scope; all streams, if the scope is empty. */
export function failStreams({ list }: HubState, { presentities, watchers }: Scope, error: unknown): void {
  const isAboutAll = presentities.size === 0 && watchers.size === 0
  const streams = isAboutAll
    ? list.streams
    : [
        ...[...presentities].flatMap(({ entries }) => entries.map(({ stream }) => stream)),
        ...[...watchers].flatMap((watcher) => [...watcher.streams]),
      ]
  for (const stream of new Set(streams)) {
    list.removeStream(stream)
    stream.sink.fail(error)
  }
}

export function isTooSlow(stream: Stream, now: number): boolean {
  if (stream.sink.isReady() || (stream.behind === null && !stream.awaitsSnapshot)) {
    stream.behindSince = null
    return false
  }
  stream.behindSince ??= now
  return now - stream.behindSince > SLOW_AFTER_MS
}

/** Everything that the watcher's streams show is read anew and goes together, as by any other cause. */
export function snapshotByTheClock(hub: HubState, stream: Stream, everyMs: number): void {
  stream.snapshotAt += everyMs
  hub.snapshots.set(stream, stream.snapshotAt)
  stream.awaitsSnapshot = true
  markMoved(stream.watcher)
  hub.doubtful.watchers.add(stream.watcher)
}
