import {
  execute,
  getOperationAST,
  GraphQLError,
  OperationTypeNode,
  type ExecutionArgs,
  type GraphQLSchema,
} from 'graphql'
import { createContext, type Services } from '../graphql/context.ts'
import { unauthenticated } from '../graphql/errors.ts'
import type { Gate } from '../graphql/gate.ts'
import type { Identity } from '../identity/identity.ts'
import type { OperationRequest } from './graphql-transport-ws/messages.ts'
import type { Operation } from './graphql-transport-ws/operation.ts'
import type { OperationArgs } from './subscription-stream.ts'
import type { Peer } from './websocket-peer.ts'
import { runSubscription, type SubscriptionOptions } from './websocket-subscription.ts'

/** Of one socket at a time, subscriptions and others: a frontend has a handful, a router one socket per client or few for
 * all. What its client has completed counts until it has ended. */
const MAX_OPERATIONS = 50

export type OperationOptions = SubscriptionOptions & {
  readonly schema: GraphQLSchema
  readonly gate: Gate
  readonly services: Services
}

type Admitted = {
  readonly type: OperationTypeNode
  readonly args: OperationArgs
  readonly caller: Identity
}

type Refused = { readonly errors: readonly GraphQLError[] }

/** Does what a client asks for, if it may be done. Settles when it has been answered, or goes on by itself. */
export async function runOperation(
  operation: Operation<Peer>,
  request: OperationRequest,
  options: OperationOptions,
): Promise<void> {
  const { answers, counts } = options
  const { peer } = operation.connection
  const admitted = admit(operation, request, options)
  if ('errors' in admitted) {
    operation.error(answers.errors(admitted.errors, peer))
  } else if (admitted.type === OperationTypeNode.SUBSCRIPTION) {
    await runSubscription(operation, admitted, options)
  } else {
    counts.began('websocket', admitted.type)
    operation.next(answers.result(await execute(admitted.args), peer))
    operation.complete()
  }
}

function admit(
  { connection }: Operation<Peer>,
  { query, operationName, variables }: OperationRequest,
  { schema, gate, services }: OperationOptions,
): Admitted | Refused {
  const { caller } = connection.peer
  if (caller === undefined || Date.now() >= caller.expiresAt)
    return { errors: [unauthenticated({ reason: 'expired' })] }
  if (connection.isDraining())
    return refused('SHUTTING_DOWN', 'This instance is about to stop. Connect again.')
  if (connection.running > MAX_OPERATIONS)
    return refused('TOO_MANY_OPERATIONS', `At most ${MAX_OPERATIONS} operations run on one socket at once.`)
  const document = gate.admit(query)
  if ('errors' in document) return document
  const definition = getOperationAST(document, operationName)
  if (!definition) {
    return refused(
      'OPERATION_RESOLUTION_FAILURE',
      'The document has no operation of this name, or several and no name is given.',
    )
  }
  const args: ExecutionArgs = {
    schema,
    document,
    operationName: operationName ?? null,
    variableValues: variables ?? null,
  }
  return {
    type: definition.operation,
    args: { ...args, contextValue: createContext(services, caller) },
    caller,
  }
}

function refused(code: string, message: string): Refused {
  return { errors: [new GraphQLError(message, { extensions: { code } })] }
}
