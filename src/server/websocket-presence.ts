import { randomUUID } from 'node:crypto'
import { SlowConsumer, type PresenceSink } from '../live/presence-event.ts'
import type { PresenceSource } from '../live/watch-presence.ts'
import { asGraphQLError } from './as-graphql-error.ts'
import { CLOSING } from './graphql-transport-ws/close-codes.ts'
import type { Operation } from './graphql-transport-ws/operation.ts'
import { filledIn } from './numbered-payload.ts'
import type { SharedPayload, SharedResults } from './shared-results.ts'
import type { WebSocketAnswers } from './websocket-answers.ts'
import type { Peer } from './websocket-peer.ts'

/** Sends a client each change that the hub decides. Clients whose operations have the same text share the results. */
export function pushPresence(
  operation: Operation<Peer>,
  source: PresenceSource,
  {
    results,
    answers,
    onEnd,
  }: { readonly results: SharedResults; readonly answers: WebSocketAnswers; readonly onEnd: () => void },
): void {
  let waitsForDrain = false
  let streamId: string | undefined
  let sequence = 0

  const send = (payload: SharedPayload): void => {
    sequence += 1
    if (typeof payload === 'string') operation.next(payload)
    else operation.next(filledIn(payload, { streamId: (streamId ??= randomUUID()), sequence }))
  }

  const sink: PresenceSink = {
    isReady() {
      if (operation.isReady()) return true
      if (!waitsForDrain) {
        waitsForDrain = true
        operation.onDrain(() => {
          waitsForDrain = false
          stream.resume()
        })
      }
      return false
    },
    deliver(event) {
      if (event.change === 'CHANGED') for (const shown of event.presences) send(results.changeOf(shown))
      else send(results.resultOf(event))
    },
    fail(error) {
      // The hub goes on to other streams: what goes wrong here ends this connection alone.
      operation.connection.guard(() => {
        operation.error(answers.errors([asGraphQLError(error)], operation.connection.peer))
        // A client that does not read this stream does not read the error either.
        if (error instanceof SlowConsumer) operation.close(CLOSING.slowConsumer)
      })
    },
  }

  const stream = source.pushTo(sink)
  operation.run({
    stop() {
      stream.close()
      results.giveBack()
      onEnd()
    },
  })
}
