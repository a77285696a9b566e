import {
  execute as executeDocument,
  getOperationAST,
  GraphQLError,
  OperationTypeNode,
  type GraphQLSchema,
} from 'graphql'
import { createContext, type Services } from '../graphql/context.ts'
import { unauthenticated } from '../graphql/errors.ts'
import { WITHOUT_OPERATION } from '../graphql/operation-weight.ts'
import { isIdentityFailure, type IdentityFailure } from '../identity/identity.ts'
import { isRefusal } from './admission/admission.ts'
import type { Admissions } from './admission/admissions.ts'
import type { OperationRequest } from './graphql-transport-ws/messages.ts'
import type { Operation } from './graphql-transport-ws/operation.ts'
import { HASH_ALONE, operationInBody } from './operation-parameters.ts'
import {
  refusalOf as refusedByAdmission,
  type AdmittedOperation,
  type OperationPipeline,
  type RefusedOperation,
} from './operation-pipeline.ts'
import { persistedQueryNotFound } from './persisted-queries.ts'
import type { Peer } from './websocket-peer.ts'
import { runSubscription, type SubscriptionOptions } from './websocket-subscription.ts'

/**
 * Operations of one socket at a time, subscriptions among them. A frontend has a handful; a router has one socket for each client, or few for
 * all. An operation that its client has completed counts until it has ended.
 */
const MAX_OPERATIONS = 50

export type OperationOptions = SubscriptionOptions & {
  readonly schema: GraphQLSchema
  readonly pipeline: OperationPipeline
  readonly admissions: Admissions
  readonly services: Services
}

/** Runs an operation if the caller may run it. Settles when it is answered, or when its stream goes on by itself. */
export async function runOperation(
  operation: Operation<Peer>,
  request: OperationRequest,
  options: OperationOptions,
): Promise<void> {
  const { answers, pipeline, admissions } = options
  const { peer } = operation.connection
  const refuse = ({ errors, admission }: RefusedOperation): void => {
    operation.error(answers.errors(errors, peer))
    if (admission !== undefined && admission.restMs > 0) operation.connection.reading.rest(admission.restMs)
  }
  /** Refuses a message that holds no operation, unless its caller has sent too much: it counts as an operation does. */
  const count = async (refused: RefusedOperation): Promise<void> => {
    const { caller } = peer
    const place = caller && (await admissions.place(caller, { weight: WITHOUT_OPERATION, bytes: () => 0 }))
    if (place === undefined || !isRefusal(place)) place?.leave()
    refuse(place !== undefined && isRefusal(place) ? refusedByAdmission(place) : refused)
  }

  const asked = refusalOf(operation) ?? operationInBody(request)
  if (asked instanceof GraphQLError) {
    await count({ errors: [asked] })
  } else if (asked === HASH_ALONE) {
    await count(persistedQueryNotFound())
  } else if (asked === undefined) {
    await count({ errors: [refusal('BAD_REQUEST', 'The message holds no operation.')] })
  } else {
    await pipeline.run(asked, peer.caller ?? NOBODY, {
      refused: refuse,
      admitted: (admitted) => execute(operation, admitted, options),
    })
  }
}

/** A connection is acknowledged when its caller is known, and not before. */
const NOBODY: IdentityFailure = { reason: 'missing' }

function refusalOf({ connection }: Operation<Peer>): GraphQLError | undefined {
  const { caller } = connection.peer
  if (caller === undefined || Date.now() >= caller.expiresAt) return unauthenticated({ reason: 'expired' })
  if (connection.isDraining())
    return refusal('SHUTTING_DOWN', 'This instance is about to stop. Connect again.')
  if (connection.running > MAX_OPERATIONS)
    return refusal('TOO_MANY_OPERATIONS', `At most ${MAX_OPERATIONS} operations run on one socket at once.`)
  return undefined
}

async function execute(
  operation: Operation<Peer>,
  admitted: AdmittedOperation,
  options: OperationOptions,
): Promise<void> {
  const { schema, services, answers, counts } = options
  const { document, operationName, variables, caller, weight, runsUntil } = admitted
  const { peer } = operation.connection
  // The client has gone while the operation waited for its turn.
  if (operation.isDropped()) {
    operation.complete()
    return
  }
  const type = getOperationAST(document, operationName)?.operation
  if (type === undefined) {
    const unresolved = refusal(
      'OPERATION_RESOLUTION_FAILURE',
      'The document has no operation of this name, or several and no name is given.',
    )
    operation.error(answers.errors([unresolved], peer))
    return
  }
  const contextValue = createContext(services, caller)
  const args = { schema, document, operationName, variableValues: variables, contextValue }
  if (type === OperationTypeNode.SUBSCRIPTION && !isIdentityFailure(caller)) {
    await runSubscription(operation, { args, caller, weight, runsUntil }, options)
  } else {
    counts.began('websocket', type)
    operation.next(answers.result(await executeDocument(args), peer))
    operation.complete()
  }
}

function refusal(code: string, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code } })
}
