import type { HubState } from './hub-state.ts'
import type { PresenceEvent } from './presence-event.ts'
import type { Stream } from './watch-list.ts'

/**
 * Hands an event to a stream that has not ended. One that cannot take it ends with what went wrong, and alone: whatever escaped from here
 * would cost others events that they count as told.
 */
export function handOver(
  { list, tally }: Pick<HubState, 'list' | 'tally'>,
  stream: Stream,
  event: PresenceEvent,
): void {
  if (!list.streams.has(stream)) return
  tally.events += 1
  try {
    stream.sink.deliver(event)
  } catch (error) {
    list.removeStream(stream)
    stream.sink.fail(error)
  }
}

/** The whole of a stream, where nothing that was told before counts. */
export function showAfresh(hub: HubState, stream: Stream): void {
  if (hub.blind || !stream.awaitsSnapshot || !stream.sink.isReady()) return
  stream.awaitsSnapshot = false
  stream.behind = null
  handOver(hub, stream, { change: 'SNAPSHOT', presences: stream.entries.map(({ shown }) => shown) })
}
