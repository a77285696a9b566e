import type { Context, ServerOptions } from 'graphql-ws'
import { GraphQLError, getOperationAST, type ExecutionArgs, type GraphQLSchema } from 'graphql'
import { WebSocket } from 'ws'
import { createContext, type Services } from '../graphql/context.ts'
import { unauthenticated } from '../graphql/errors.ts'
import { formatError, unexpectedCause } from '../graphql/format-error.ts'
import type { Gate } from '../graphql/gate.ts'
import { isIdentityFailure, type IdentityFailure } from '../identity/identity.ts'
import type { TokenVerifier } from '../identity/token-verifier.ts'
import { atTime } from './at-time.ts'
import { authenticate } from './authenticate.ts'
import { subscribeWithFreshContexts, type OperationArgs } from './subscription-stream.ts'
import { finishStreams, type Connection, type ConnectionParams } from './websocket-connection.ts'

const CONNECTION_INIT_TIMEOUT_MS = 10_000
/** Of one socket at a time, subscriptions and others: a frontend has a handful, a router one socket per client or few for
 * all. What its client has completed counts until it has ended. */
const MAX_OPERATIONS = 50
/** After its token has expired, a client has this long to read so and to come back with a fresh one. */
const EXPIRY_GRACE_MS = 5_000

export type OperationOptions = {
  readonly schema: GraphQLSchema
  readonly gate: Gate
  readonly services: Services
  readonly verifier: TokenVerifier
  readonly introspection: boolean
}

type ProtocolContext = Context<ConnectionParams, Connection>

/** What graphql-transport-ws does here: who may connect, what may run, and what is told of errors. */
export function webSocketOperations(options: OperationOptions): ServerOptions<ConnectionParams, Connection> {
  const { schema, gate, services, verifier, introspection } = options

  const present = (error: GraphQLError, { requestId, log }: Connection) => {
    const cause = unexpectedCause(error)
    if (cause !== undefined) log.error({ err: cause }, 'operation failed')
    return formatError(error, { suggestions: introspection, requestId })
  }

  return {
    connectionInitWaitTimeout: CONNECTION_INIT_TIMEOUT_MS,

    async onConnect(context) {
      const connection = context.extra
      connection.context = context
      const { authorizationHeader, webSocket } = connection
      const { connectionParams } = context
      const caller = await authenticate(verifier, { authorizationHeader, connectionParams })
      if (isIdentityFailure(caller)) {
        const [code, reason] = CLOSED_WITHOUT_IDENTITY[caller.reason]
        webSocket.close(code, reason)
        return false
      }
      // Gone meanwhile: nothing would call the timer off.
      if (webSocket.readyState !== WebSocket.OPEN) return false
      connection.caller = caller
      webSocket.once(
        'close',
        atTime(caller.expiresAt, () => expire(connection)),
      )
      return true
    },

    onSubscribe({ extra: connection }, _id, { query, operationName, variables }) {
      const { caller, draining, running } = connection
      if (caller === undefined || Date.now() >= caller.expiresAt)
        return [unauthenticated({ reason: 'expired' })]
      if (draining) return [coded('SHUTTING_DOWN', 'This instance is about to stop. Connect again.')]
      if (running.size > MAX_OPERATIONS) {
        return [
          coded(
            'TOO_MANY_OPERATIONS',
            `At most ${String(MAX_OPERATIONS)} operations run on one socket at once.`,
          ),
        ]
      }
      const document = gate.admit(query)
      if ('errors' in document) return document.errors
      if (!getOperationAST(document, operationName)) {
        return [
          coded(
            'OPERATION_RESOLUTION_FAILURE',
            'The document has no operation of this name, or several and no name is given.',
          ),
        ]
      }
      return {
        schema,
        document,
        operationName: operationName ?? null,
        variableValues: variables ?? null,
        contextValue: createContext(services, caller),
      }
    },

    // The arguments are those of onSubscribe; graphql-ws types them as any operation's.
    subscribe: (args: ExecutionArgs) => subscribeWithFreshContexts(args as OperationArgs),

    onNext({ extra }: ProtocolContext, _id, _payload, _args, result) {
      const { errors, data } = result
      if (errors === undefined) return undefined
      return { ...(data !== undefined && { data }), errors: errors.map((error) => present(error, extra)) }
    },

    onError: ({ extra }, _id, _payload, errors) => errors.map((error) => present(error, extra)),
  }
}

/**
 * graphql-ws clients give up on 4401 and come back on 4403 and 1013, asking for the token anew. So a token that was good gets
 * the chance of a fresh one, and one that never will be ends the matter.
 */
const CLOSED_WITHOUT_IDENTITY: Record<IdentityFailure['reason'], readonly [number, string]> = {
  missing: [4401, 'Unauthorized'],
  malformed: [4401, 'Unauthorized'],
  rejected: [4401, 'Unauthorized'],
  'no-user': [4401, 'Unauthorized'],
  expired: [4403, 'Forbidden'],
  'keys-unavailable': [1013, 'Try again later'],
}

/** Routers pass an error on, but answer a closed socket by coming back with the same token: so the error comes first. */
function expire(connection: Connection): void {
  finishStreams(connection, { errors: [unauthenticated({ reason: 'expired' })] })
  const { webSocket } = connection
  webSocket.once(
    'close',
    atTime(Date.now() + EXPIRY_GRACE_MS, () => webSocket.close(4403, 'Forbidden')),
  )
}

function coded(code: string, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code } })
}
