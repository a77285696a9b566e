import { beginning, type Beginning } from './beginning.ts'
import type { UserId } from '../domain/user-id.ts'
import type { PresenceEvent, PresenceSink } from './presence-event.ts'
import type { Interest, PresenceHub, PresenceStream } from './presence-hub.ts'

/** Presence to be watched: as events to be asked for one after another, or handed to a sink as they come. Begun by whichever comes first. */
export type PresenceSource = AsyncIterableIterator<PresenceEvent> &
  Beginning & {
    readonly pushTo: (sink: PresenceSink) => PresenceStream
  }

/**
 * Events are decided when somebody asks. One more than was asked for is kept: a step tells of a contact list in two. `return()` settles at
 * once, and so does every `next()` that waits.
 */
export function watchPresence(
  hub: PresenceHub,
  watch: { readonly watcher: UserId; readonly interest: Interest },
): PresenceSource {
  type Waiter = { resolve: (result: IteratorResult<PresenceEvent>) => void; reject: (error: unknown) => void }
  const waiters: Waiter[] = []
  let kept: PresenceEvent | undefined
  let failure: { readonly error: unknown } | undefined
  let stream: PresenceStream | undefined
  const { begun: hasBegun, end: endBeginning } = beginning()
  let ended = false

  const sink: PresenceSink = {
    isReady: () => waiters.length > 0,
    deliver(event) {
      const waiter = waiters.shift()
      if (waiter === undefined) kept = event
      else waiter.resolve({ done: false, value: event })
    },
    fail(error) {
      const waiter = waiters.shift()
      if (waiter === undefined) failure = { error }
      else waiter.reject(error)
      finish()
    },
  }

  const open = (to: PresenceSink): PresenceStream => {
    const opened = hub.open({ ...watch, sink: to })
    void opened.begun.then(endBeginning)
    return opened
  }

  const finish = (): void => {
    ended = true
    if (stream === undefined) endBeginning()
    stream?.close()
    for (const { resolve } of waiters.splice(0)) resolve({ done: true, value: undefined })
  }

  return {
    next() {
      if (kept !== undefined) {
        const event = kept
        kept = undefined
        return Promise.resolve({ done: false, value: event })
      }
      if (failure !== undefined) {
        const { error } = failure
        failure = undefined
        return Promise.reject(asError(error))
      }
      if (ended) return Promise.resolve({ done: true, value: undefined })
      return new Promise((resolve, reject) => {
        waiters.push({ resolve, reject })
        if (stream === undefined) stream = open(sink)
        else stream.resume()
      })
    },
    return() {
      kept = undefined
      failure = undefined
      finish()
      return Promise.resolve({ done: true, value: undefined })
    },
    pushTo: open,
    begun: hasBegun,
    [Symbol.asyncIterator]() {
      return this
    },
  }
}

export function isPresenceSource(events: object): events is PresenceSource {
  return 'pushTo' in events
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error('the stream was aborted', { cause: error })
}
