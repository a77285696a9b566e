import { followStream, withNonce } from './exact-stream.ts'
import { fullJitterMs } from './full-jitter.ts'

/** Errors of a subscription that coming back with the same words does not mend. */
const FINAL_CODES: readonly unknown[] = [
  'BAD_USER_INPUT',
  'FORBIDDEN',
  'USER_ERASED',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
]
/** Reasons to close a socket of the same kind: not understood, never a good token, another protocol. */
const FINAL_CLOSES: readonly unknown[] = [4400, 4401, 4406]

/** What graphql-ws and graphql-sse have in common. */
export type Sink<Result> = {
  next(result: Result): void
  error(error: unknown): void
  complete(): void
}
export type Subscribe<Payload, Result> = (payload: Payload, sink: Sink<Result>) => () => void
/** Calls `lost` when its connection breaks, if it comes back by itself. */
type SubscribeOnce<Payload, Result> = (payload: Payload, sink: Sink<Result>, lost: () => void) => () => void

/** Hears whether what a subscription has told still holds: `LIVE` with its first result, `LOST` from an interruption until the next one. */
export type OnConnection<Payload> = (connection: 'LIVE' | 'LOST', subscription: Payload) => void

export type StayingSubscriptions<Payload, Result> = {
  readonly subscribe: Subscribe<Payload, Result>
  readonly iterate: (payload: Payload) => AsyncIterableIterator<Result>
  /** Ends them all. */
  readonly end: () => void
}

/**
 * Subscriptions that only the page ends. Whatever else ends one, the server included, it is begun again after a while of full jitter,
 * and so with a fresh snapshot, unless beginning it again cannot help: then the sink gets the error. Not for queries and mutations,
 * which are to be answered once.
 */
export function staySubscribed<
  Payload,
  Result extends { readonly data?: unknown; readonly errors?: unknown },
>(
  subscribeOnce: SubscribeOnce<Payload, Result>,
  onConnection: OnConnection<Payload> = () => undefined,
): StayingSubscriptions<Payload, Result> {
  const running = new Set<() => void>()

  const subscribe: Subscribe<Payload, Result> = (payload, sink) => {
    let failures = 0
    let unbelieved = 0
    let live = false
    let stopOnce = (): void => undefined
    let timer: ReturnType<typeof setTimeout> | undefined

    const lost = (): void => {
      if (live) onConnection('LOST', payload)
      live = false
    }

    const begin = (): void => {
      let over = false
      let refusal: unknown
      const follow = followStream()
      const end = (reason: unknown): void => {
        if (over || !running.has(stop)) return
        over = true
        // graphql-ws counts a subscription that has failed as one that runs, until it is stopped.
        stopOnce()
        if (isRefused(reason) && reason !== refusal) unbelieved += 1
        // A fresh token has been asked for in between: if that is not believed either, none will be.
        if (isFinal(reason) || unbelieved > 1) {
          running.delete(stop)
          sink.error(reason)
          return
        }
        lost()
        timer = setTimeout(begin, fullJitterMs(failures))
        failures += 1
      }
      stopOnce = subscribeOnce(
        withNonce(payload),
        {
          next(result) {
            if (over || !running.has(stop)) return
            if (result.data == null && result.errors !== undefined) {
              refusal = result.errors
              if (isRefused(refusal)) unbelieved += 1
              if (unbelieved > 1) end(refusal)
              return
            }
            const followed = follow(result.data)
            if (followed === 'LOST') end(new Error('something was lost on the way'))
            if (followed !== 'NEXT') return
            failures = 0
            unbelieved = 0
            if (!live) onConnection('LIVE', payload)
            live = true
            sink.next(result)
          },
          error: end,
          complete: () => end(refusal),
        },
        lost,
      )
    }
    const stop = (): void => {
      if (!running.delete(stop)) return
      clearTimeout(timer)
      stopOnce()
      sink.complete()
    }
    running.add(stop)
    begin()
    return stop
  }

  return {
    subscribe,
    iterate: (payload) => iterateOver((sink) => subscribe(payload, sink)),
    end() {
      for (const stop of running) stop()
    },
  }
}

/**
 * Whether the token was not believed. Hive Gateway tells of that in errors without a code and without a message; of what passes, such as a
 * subgraph that is down, it has something to say.
 */
export function isRefused(errors: unknown): boolean {
  return codesIn(errors).includes('UNAUTHENTICATED') || isMute(errors)
}

function isMute(errors: unknown): boolean {
  if (!Array.isArray(errors) || errors.length === 0) return false
  return errors.every((error: { message?: unknown; extensions?: { code?: unknown } } | null) => {
    const { message, extensions } = error ?? {}
    return (message === undefined || message === '') && extensions?.code === undefined
  })
}

function isFinal(reason: unknown): boolean {
  if (typeof reason === 'object' && reason !== null && 'code' in reason)
    return FINAL_CLOSES.includes(reason.code)
  return codesIn(reason).some((code) => FINAL_CODES.includes(code))
}

function codesIn(errors: unknown): unknown[] {
  if (!Array.isArray(errors)) return []
  return errors.map((error: { extensions?: { code?: unknown } } | null) => error?.extensions?.code)
}

function iterateOver<Result>(subscribe: (sink: Sink<Result>) => () => void): AsyncIterableIterator<Result> {
  let stop = (): void => undefined
  let cancelled = false
  const results = new ReadableStream<Result>({
    start(controller) {
      stop = subscribe({
        next: (result) => controller.enqueue(result),
        error: (error) => controller.error(error),
        complete() {
          if (!cancelled) controller.close()
        },
      })
    },
    cancel() {
      cancelled = true
      stop()
    },
  }).getReader()
  return {
    async next() {
      const { done, value } = await results.read()
      return done ? { done: true, value: undefined } : { done: false, value }
    },
    async return() {
      await results.cancel()
      return { done: true, value: undefined }
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}
