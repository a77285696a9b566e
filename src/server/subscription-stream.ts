import { createSourceEventStream, execute, type ExecutionArgs, type ExecutionResult } from 'graphql'
import type { Beginning } from '../live/beginning.ts'
import { createContext, type GraphQLContext } from '../graphql/context.ts'
import { asError } from './as-graphql-error.ts'

/** A subscription that has begun. */
export type EventSource = {
  /** The events as they come, not executed yet. */
  readonly events: AsyncIterator<unknown>
  /** Executes one event with a context of its own: one context for all would remember what was true at the first. */
  readonly resultOf: (event: unknown) => ExecutionResult | Promise<ExecutionResult>
  /** See `Beginning`. */
  readonly begun: Promise<void>
}

/** The executed events of one subscription. */
export type SubscriptionStream = AsyncGenerator<ExecutionResult, void, undefined> & {
  /** Hands out one last result, if any, and ends, whether or not anybody waits for the next event. */
  readonly finish: (last?: ExecutionResult) => void
  /** See `Beginning`. */
  readonly begun: Promise<void>
}

export type OperationArgs = ExecutionArgs & { readonly contextValue: GraphQLContext }

/** Subscribes as graphql-js does, and leaves it to the caller to ask for the events. */
export async function subscribeToSource({
  contextValue,
  ...args
}: OperationArgs): Promise<EventSource | ExecutionResult> {
  const source = await createSourceEventStream({ ...args, contextValue })
  if (!(Symbol.asyncIterator in source)) return source
  // The first context is not kept: it holds what it has read.
  const { services } = contextValue
  const begun = 'begun' in source ? (source as unknown as Beginning).begun : Promise.resolve()
  const caller = contextValue.viewer()
  return {
    begun,
    events: source[Symbol.asyncIterator](),
    resultOf: (event) =>
      execute({ ...args, rootValue: event, contextValue: createContext(services, caller) }),
  }
}

/** The same as one stream of results, which ends at once when told to, even while the source waits for its next event. */
export async function subscribeWithFreshContexts(
  args: OperationArgs,
): Promise<SubscriptionStream | ExecutionResult> {
  const source = await subscribeToSource(args)
  return isEventSource(source) ? stream(source) : source
}

export function isEventSource(begun: EventSource | ExecutionResult): begun is EventSource {
  return 'events' in begun
}

export function isSubscriptionStream(value: object): value is SubscriptionStream {
  return 'finish' in value
}

const DONE = { done: true, value: undefined } as const

function stream({ events: source, resultOf, begun }: EventSource): SubscriptionStream {
  let ended = false
  let last: ExecutionResult | undefined
  /** Settles the `next()` that somebody waits for. One at a time: transports ask for the next event after the one before. */
  let settle: ((result: IteratorResult<ExecutionResult, void>) => void) | undefined

  const finish = (result?: ExecutionResult): void => {
    if (ended) return
    ended = true
    last = result
    // Does not wait for the source to return: one that waits for its next event would never do so.
    void Promise.resolve(source.return?.()).catch(() => undefined)
    settle?.(takeLast())
  }

  const takeLast = (): IteratorResult<ExecutionResult, void> => {
    const value = last
    last = undefined
    return value === undefined ? DONE : { done: false, value }
  }

  const step = async (): Promise<IteratorResult<ExecutionResult, void>> => {
    const next = await source.next()
    return next.done === true ? DONE : { done: false, value: await resultOf(next.value) }
  }

  const iterator: SubscriptionStream = {
    begun,
    finish,
    next() {
      if (ended) return Promise.resolve(takeLast())
      return new Promise((resolve, reject) => {
        settle = (result) => {
          settle = undefined
          resolve(result)
        }
        step().then(
          (result) => {
            if (result.done === true) ended = true
            settle?.(result)
          },
          (error: unknown) => {
            if (!ended) settle = undefined
            finish()
            reject(asError(error))
          },
        )
      })
    },
    return() {
      finish()
      return Promise.resolve(DONE)
    },
    throw(error: unknown) {
      finish()
      return Promise.reject(asError(error))
    },
    [Symbol.asyncIterator]: () => iterator,
  }
  return iterator
}
