import type { PresenceEvent } from '../../src/live/presence-event.ts'
import type { Interest, PresenceHub } from '../../src/live/presence-hub.ts'
import { watchPresence } from '../../src/live/watch-presence.ts'
import type { Random } from './live-random.ts'
import type { CheckedStream } from './live-stream.ts'
import type { VirtualTime } from './live-time.ts'

/** A client, and the stream that is to be handed to him. */
type Consumer = {
  readonly hub: PresenceHub
  readonly stream: CheckedStream
  readonly take: (event: PresenceEvent) => void
  readonly interest: Interest
  readonly time: Pick<VirtualTime, 'now' | 'at'>
  readonly random: Pick<Random, 'pick'>
  readonly failed: (error: unknown) => void
}
export type Consuming = { readonly lookAway: (forMs: number) => void; readonly close: () => void }

/** Takes what is handed to him, as a socket does; full now and then. */
export function taking({ hub, stream, take, interest, time, failed }: Consumer): Consuming {
  let ready = true
  const open = hub.open({
    watcher: stream.watcher,
    interest,
    sink: {
      isReady: () => ready,
      deliver: take,
      fail: failed,
    },
  })
  return {
    lookAway(forMs) {
      if (!ready) return
      ready = false
      stream.reads(false)
      time.at(time.now() + forMs, () => {
        ready = true
        stream.reads(true)
        open.resume()
      })
    },
    close: open.close,
  }
}

/** Asks for one event after another, as an execution of GraphQL does; not at once, now and then. */
export function asking({ hub, stream, take, interest, time, random, failed }: Consumer): Consuming {
  const events = watchPresence(hub, { watcher: stream.watcher, interest })
  let awayUntil = 0
  const askAgain = (): void => {
    const at = Math.max(awayUntil, time.now() + random.pick([0, 0, 5, 40]))
    if (at > time.now()) stream.reads(false)
    time.at(at, () => void ask())
  }
  const ask = async (): Promise<void> => {
    if (!stream.isOpen()) return
    stream.reads(true)
    try {
      const { done, value } = await events.next()
      if (done === true) return
      take(value)
    } catch (error) {
      failed(error)
      return
    }
    askAgain()
  }
  askAgain()
  return {
    lookAway(forMs) {
      awayUntil = time.now() + forMs
    },
    close: () => void events.return?.(),
  }
}
