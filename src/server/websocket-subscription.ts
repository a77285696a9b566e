import { OperationTypeNode } from 'graphql'
import { unauthenticated } from '../graphql/errors.ts'
import type { Identity } from '../identity/identity.ts'
import { isPresenceSource } from '../live/watch-presence.ts'
import { asGraphQLError } from './as-graphql-error.ts'
import type { Operation } from './graphql-transport-ws/operation.ts'
import type { AdmittedOperation } from './operation-pipeline.ts'
import type { OperationCounts } from './operation-counts.ts'
import type { TakeSharedResults } from './shared-results.ts'
import type { SubscriptionLimit } from './subscription-limit.ts'
import {
  isEventSource,
  subscribeToSource,
  type EventSource,
  type OperationArgs,
} from './subscription-stream.ts'
import { pushPresence } from './websocket-presence.ts'
import type { WebSocketAnswers } from './websocket-answers.ts'
import type { Peer } from './websocket-peer.ts'

export type SubscriptionOptions = {
  readonly subscriptions: SubscriptionLimit
  readonly counts: OperationCounts
  readonly answers: WebSocketAnswers
  readonly shared: TakeSharedResults
}

/** Subscribes, if the caller has a place left. Settles when that is done; the stream goes on by itself. */
export async function runSubscription(
  operation: Operation<Peer>,
  {
    args,
    caller,
    weight,
    runsUntil,
  }: Pick<AdmittedOperation<Identity>, 'caller' | 'weight' | 'runsUntil'> & { readonly args: OperationArgs },
  { subscriptions, counts, answers, shared }: SubscriptionOptions,
): Promise<void> {
  const { peer } = operation.connection
  const giveBack = subscriptions.take(caller.userId, weight)
  if (typeof giveBack !== 'function') {
    operation.error(answers.errors([giveBack], peer))
    return
  }
  counts.began('websocket', OperationTypeNode.SUBSCRIPTION)
  const begun = await orElse(subscribeToSource(args), giveBack)
  if (!isEventSource(begun)) {
    giveBack()
    operation.next(answers.result(begun, peer))
    operation.complete()
    return
  }
  const { document, operationName = null } = args
  runsUntil(begun.begun)
  const closed = counts.opened('websocket', { document, operationName })
  const onEnd = (): void => {
    giveBack()
    closed()
  }
  const results = orLeave(() => (isPresenceSource(begun.events) ? shared(args) : undefined), {
    leave() {
      onEnd()
      void letGo(begun.events)
    },
  })
  if (isPresenceSource(begun.events) && results !== undefined) {
    pushPresence(operation, begun.events, { results, answers, onEnd })
  } else {
    sendEvents(operation, begun, { onEnd, answers }).catch((error: unknown) =>
      operation.connection.fail(error),
    )
  }
  // A token that expired meanwhile has ended all streams but this one.
  if (Date.now() >= caller.expiresAt)
    operation.finish(answers.result({ errors: [unauthenticated({ reason: 'expired' })] }, peer))
}

async function orElse<Result>(work: Promise<Result>, giveBack: () => void): Promise<Result> {
  try {
    return await work
  } catch (error) {
    giveBack()
    throw error
  }
}

/** Closes what is open if the work fails by a fault on this side. */
function orLeave<Result>(work: () => Result, { leave }: { readonly leave: () => void }): Result {
  try {
    return work()
  } catch (error) {
    leave()
    throw error
  }
}

/** Sends events as fast as the client reads them, until either has had enough: a slow one holds one event, and no queue. */
async function sendEvents(
  operation: Operation<Peer>,
  { events, resultOf }: EventSource,
  { onEnd, answers }: { readonly onEnd: () => void; readonly answers: WebSocketAnswers },
): Promise<void> {
  const { peer } = operation.connection
  operation.run({
    stop() {
      onEnd()
      void letGo(events)
    },
  })
  try {
    while (!operation.hasEnded()) {
      const event = await events.next()
      if (event.done === true) {
        operation.complete()
        return
      }
      if (operation.hasEnded()) return
      operation.next(answers.result(await resultOf(event.value), peer))
      if (!operation.isReady()) await new Promise<void>((resolve) => operation.onDrain(resolve))
    }
  } catch (error) {
    operation.error(answers.errors([asGraphQLError(error)], peer))
  }
}

/** Does not wait for the source to return: one that waits for its next event would never do so. */
async function letGo(events: AsyncIterator<unknown>): Promise<void> {
  try {
    await events.return?.()
  } catch {
    // The stream has ended: there is nobody to tell.
  }
}
