import { unauthenticated } from '../graphql/errors.ts'
import { isIdentityFailure, type IdentityFailure } from '../identity/identity.ts'
import type { TokenVerifier } from '../identity/token-verifier.ts'
import { asGraphQLError } from './as-graphql-error.ts'
import { atTime } from './at-time.ts'
import type { ConnectionBounds } from './connection-bounds.ts'
import { authenticate } from './authenticate.ts'
import { CLOSING, type Closing } from './graphql-transport-ws/close-codes.ts'
import type { Connection } from './graphql-transport-ws/connection.ts'
import type { Service } from './graphql-transport-ws/service.ts'
import type { Logger } from './log.ts'
import { placesPerUser } from './places-per-user.ts'
import { sharedResults } from './shared-results.ts'
import { turnToParse } from './turn-to-parse.ts'
import { webSocketAnswers } from './websocket-answers.ts'
import { runOperation, type OperationOptions } from './websocket-operation.ts'
import type { Peer } from './websocket-peer.ts'

/** A client whose token has expired has this long to read the error and to come back with a fresh token. */
const EXPIRY_GRACE_MS = 5_000

export type WebSocketServiceOptions = Omit<OperationOptions, 'answers' | 'shared'> & {
  readonly verifier: TokenVerifier
  readonly introspection: boolean
  readonly maxSocketsPerUser: number
  readonly connections: ConnectionBounds
  readonly log: Logger
}

/** Decides for graphql-transport-ws which clients may connect, which operations may run, and what clients read of errors. */
export function webSocketService(options: WebSocketServiceOptions): Service<Peer> {
  const { verifier, connections, log } = options
  const sockets = placesPerUser(options.maxSocketsPerUser)
  const answers = webSocketAnswers(options)
  const operationOptions = { ...options, answers, shared: sharedResults(options.services) }

  /** Routers pass an error on, but answer a closed socket by coming back with the same token: so the error comes first. */
  const expire = (connection: Connection<Peer>): void => {
    const { peer } = connection
    connection.finishStreams(answers.result({ errors: [unauthenticated({ reason: 'expired' })] }, peer))
    const close = (): void => connection.guard(() => connection.close(CLOSING.forbidden))
    peer.forgetExpiry = atTime(Date.now() + EXPIRY_GRACE_MS, close)
  }

  return {
    async connect(connection, connectionParams) {
      const { peer } = connection
      const { authorizationHeader } = peer
      peer.authorizationHeader = undefined
      const caller = await authenticate(verifier, { authorizationHeader, connectionParams })
      if (isIdentityFailure(caller)) return CLOSED_WITHOUT_IDENTITY[caller.reason]
      // Gone meanwhile: nothing would call the timer off.
      if (!connection.isOpen()) return undefined
      if (!sockets.take(caller.userId)) return CLOSING.tooManySockets
      if (!connections.identified(peer.socket, caller.userId, { lasting: connection.incoming })) {
        sockets.giveBack(caller.userId)
        return CLOSING.full
      }
      peer.caller = caller
      peer.forgetExpiry = atTime(caller.expiresAt, () => connection.guard(() => expire(connection)))
      return undefined
    },
    async begin(operation, request) {
      try {
        await runOperation(operation, request, operationOptions)
      } catch (error) {
        // The fault ends this operation, and no other stream of the socket.
        operation.error(answers.errors([asGraphQLError(error)], operation.connection.peer))
      }
    },
    turnToParse: (connection, size) => turnToParse(options.admissions, connection, size),
    failed: ({ scope }, error) => log.error({ ...scope, err: error }, 'message failed'),
    broken: ({ scope }, error) => log.debug({ ...scope, err: error }, 'socket failed'),
    closed({ scope, caller, forgetExpiry }, code) {
      forgetExpiry?.()
      if (caller !== undefined) sockets.giveBack(caller.userId)
      log.info({ ...scope, code }, 'socket closed')
    },
  }
}

/**
 * graphql-ws clients give up on 4401 and come back on 4403 and 1013, asking for the token anew. So a token that was good gets
 * the chance of a fresh one, and one that never will be ends the matter.
 */
const CLOSED_WITHOUT_IDENTITY: Record<IdentityFailure['reason'], Closing> = {
  missing: CLOSING.unauthorized,
  malformed: CLOSING.unauthorized,
  rejected: CLOSING.unauthorized,
  'no-user': CLOSING.unauthorized,
  expired: CLOSING.forbidden,
  'keys-unavailable': [1013, 'Try again later'],
}
