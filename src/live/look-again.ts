import { beginning, type Beginning } from './beginning.ts'
import { Unavailable } from '../application/ports.ts'

/** How long a stream whose look failed waits before it looks again. */
const RETRY_AFTER_MS = 1000
/** The longest delay that a timer takes; what ends later is waited for in several steps. */
const LONGEST_TIMER_MS = 2 ** 31 - 1

export type Look<Event> = {
  readonly events: readonly Event[]
  /** When to look again even if nobody says so; null is never. */
  readonly againInMs: number | null
}

/**
 * A stream of what successive looks find. Nothing is queued on behalf of a slow consumer: hints and ends by time only say "look
 * again", and a look is taken when somebody waits for its result.
 *
 * `return()` settles at once, and so does every `next()` that waits, a look under way or not. A first look that fails ends the
 * stream with its error; later ones that are `Unavailable` are repeated until they succeed.
 */
export function lookAgain<Event>({
  subscribe,
  look,
}: {
  /** Starts hints; returns how to stop them. */
  readonly subscribe: (hint: () => void) => () => void
  readonly look: () => Promise<Look<Event>>
}): AsyncIterableIterator<Event> & Beginning {
  type Waiter = { resolve: (result: IteratorResult<Event>) => void; reject: (error: unknown) => void }
  const waiters: Waiter[] = []
  const ready: Event[] = []
  let stale = true
  let looking = false
  let hasLooked = false
  let ended = false
  let timer: NodeJS.Timeout | undefined
  const { begun, end: endBeginning } = beginning()

  const hint = (): void => {
    stale = true
    void serve()
  }
  const unsubscribe = subscribe(hint)

  const hintIn = (ms: number): void => {
    clearTimeout(timer)
    timer = setTimeout(hint, Math.min(Math.max(ms, 0), LONGEST_TIMER_MS))
  }

  const end = (): void => {
    if (ended) return
    ended = true
    if (!looking) endBeginning()
    clearTimeout(timer)
    unsubscribe()
    ready.length = 0
    for (const { resolve } of waiters.splice(0)) resolve({ done: true, value: undefined })
  }

  const serve = async (): Promise<void> => {
    if (looking) return
    while (!ended && waiters.length > 0) {
      const event = ready.shift()
      if (event !== undefined) waiters.shift()?.resolve({ done: false, value: event })
      else if (stale) await refill()
      else return
    }
  }

  const refill = async (): Promise<void> => {
    stale = false
    looking = true
    try {
      const { events, againInMs } = await look()
      if (ended) return
      hasLooked = true
      ready.push(...events)
      if (againInMs !== null) hintIn(againInMs)
    } catch (error) {
      if (ended) return
      if (hasLooked && error instanceof Unavailable) {
        // Jitter: all streams of an instance fail together and must not come back together.
        hintIn(RETRY_AFTER_MS * (0.5 + Math.random()))
        return
      }
      waiters.shift()?.reject(error)
      end()
    } finally {
      looking = false
      endBeginning()
    }
  }

  return {
    begun,
    next: () =>
      ended
        ? Promise.resolve({ done: true, value: undefined })
        : new Promise((resolve, reject) => {
            waiters.push({ resolve, reject })
            void serve()
          }),
    return: () => {
      end()
      return Promise.resolve({ done: true, value: undefined })
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}
