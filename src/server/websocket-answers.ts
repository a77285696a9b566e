import type { ExecutionResult, GraphQLError } from 'graphql'
import { asciiJson, type AsciiJson } from './graphql-transport-ws/ascii-json.ts'
import type { Logger } from './log.ts'
import type { OperationCounts } from './operation-counts.ts'
import { presentErrors, presentResult, type ResultScope } from './present-result.ts'
import type { Peer } from './websocket-peer.ts'

/** Results and errors as they are sent to a client. */
export type WebSocketAnswers = {
  readonly result: (result: ExecutionResult, peer: Peer) => AsciiJson
  readonly errors: (errors: readonly GraphQLError[], peer: Peer) => AsciiJson
}

export function webSocketAnswers({
  introspection,
  log,
  counts,
}: {
  readonly introspection: boolean
  readonly log: Logger
  readonly counts: OperationCounts
}): WebSocketAnswers {
  // A log of the peer's own is made where there may be something to say: one for each idle socket would be most of what it holds.
  const scopeOf = ({ scope }: Peer): ResultScope => ({
    requestId: scope.requestId,
    log: log.child(scope),
    suggestions: introspection,
    transport: 'websocket',
    counts,
  })

  return {
    result(result, peer) {
      const { data, errors } = result
      return asciiJson(errors === undefined ? { data } : presentResult(result, scopeOf(peer)))
    },
    errors: (errors, peer) => asciiJson(presentErrors(errors, scopeOf(peer))),
  }
}
