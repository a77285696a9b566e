import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { getOperationAST, GraphQLError, OperationTypeNode, type ExecutionResult } from 'graphql'
import { createContext, type Services } from '../graphql/context.ts'
import type { Execute } from '../graphql/executor.ts'
import type { Gate } from '../graphql/gate.ts'
import type { TokenVerifier } from '../identity/token-verifier.ts'
import { acceptedMedia, statusWithoutData, type AnswerType } from './accepted-media.ts'
import { authenticate } from './authenticate.ts'
import { EVENT_STREAM_TYPE, oneEvent } from './event-stream.ts'
import type { EventStreams } from './event-streams.ts'
import { sendGraphiql } from './graphiql.ts'
import { GRAPHQL_PATH } from './graphql-path.ts'
import { httpFailure } from './http-errors.ts'
import type { Logger } from './log.ts'
import type { OperationCounts, Transport } from './operation-counts.ts'
import { isHashOnly, operationInAddress, operationInBody } from './operation-parameters.ts'
import { presentResult, type ResultScope } from './present-result.ts'

export type GraphqlOverHttpOptions = {
  readonly gate: Gate
  readonly execute: Execute
  readonly services: Services
  readonly verifier: TokenVerifier
  readonly introspection: boolean
  /** Whether browsers that ask for a page get GraphiQL. */
  readonly graphiql: boolean
  readonly eventStreams: EventStreams
  readonly counts: OperationCounts
}

/**
 * Operations over HTTP and SSE. A subscription is a stream of events, for clients that accept one; whoever accepts nothing else gets
 * every answer as a stream. Queries and mutations come by POST only, so that no address, log or cache ever holds one.
 */
export function serveGraphql(
  http: FastifyInstance,
  {
    gate,
    execute,
    services,
    verifier,
    graphiql,
    introspection,
    eventStreams,
    counts,
  }: GraphqlOverHttpOptions,
): void {
  const scopeOf = ({ id, log }: FastifyRequest, transport: Transport): ResultScope => {
    return { requestId: id, log: log as Logger, suggestions: introspection, transport, counts }
  }

  http.post(GRAPHQL_PATH, async (request, reply) => {
    const { body, headers } = request
    const { answer: type, eventStream } = acceptedMedia(headers.accept)
    if (type === null && !eventStream) {
      const message = 'Accept application/json, application/graphql-response+json or text/event-stream.'
      return sendFailure(reply, 406, 'NOT_ACCEPTABLE', message)
    }
    const scope = scopeOf(request, type === null ? 'sse' : 'http')
    if (isHashOnly(body)) return sendResult(reply, { errors: [hashesAreNotKnown()] }, { type, scope })
    const operation = operationInBody(body)
    if ('fault' in operation) return sendFailure(reply, 400, 'BAD_REQUEST', operation.fault)
    const document = gate.admit(operation.query)
    if ('errors' in document) return sendResult(reply, document, { type, scope })
    const definition = getOperationAST(document, operation.operationName)
    if (!definition) return sendResult(reply, { errors: [unknownOperation()] }, { type, scope })
    if (definition.operation === OperationTypeNode.SUBSCRIPTION) {
      if (eventStream) return eventStreams.open({ ...operation, document }, request, reply)
      return sendResult(reply.code(406), { errors: [needsStream()] }, { type, scope })
    }
    const caller = await authenticate(verifier, { authorizationHeader: headers.authorization })
    counts.began(scope.transport, definition.operation)
    const result = await execute({ ...operation, document }, createContext(services, caller))
    return sendResult(reply, result, { type, scope })
  })

  http.route({
    url: GRAPHQL_PATH,
    method: ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE'],
    handler: async (request, reply) => {
      const { headers, method } = request
      if (graphiql && method === 'GET' && headers.accept?.includes('text/html') === true)
        return sendGraphiql(reply)
      if (method !== 'GET' || !acceptedMedia(headers.accept).eventStream)
        return refuseMethod(reply, 'Send operations by POST.')

      const operation = operationInAddress(request.query)
      if (operation === undefined) {
        return sendFailure(
          reply,
          400,
          'BAD_REQUEST',
          'An address holds one query, and as JSON its variables.',
        )
      }
      const document = gate.admit(operation.query)
      if ('errors' in document)
        return sendResult(reply, document, { type: null, scope: scopeOf(request, 'sse') })
      if (getOperationAST(document, operation.operationName)?.operation !== OperationTypeNode.SUBSCRIPTION)
        return refuseMethod(reply, 'By GET, only subscriptions are served. Send other operations by POST.')
      return eventStreams.open({ ...operation, document }, request, reply)
    },
  })
}

/** As one answer of the given type, or as a stream of one event. */
function sendResult(
  reply: FastifyReply,
  result: ExecutionResult,
  { type, scope }: { readonly type: AnswerType | null; readonly scope: ResultScope },
): FastifyReply {
  const text = JSON.stringify(presentResult(result, scope))
  if (type === null) return reply.type(EVENT_STREAM_TYPE).send(oneEvent(text))
  if (result.data === undefined && reply.statusCode === 200) void reply.code(statusWithoutData(type))
  return reply.type(type).send(text)
}

function sendFailure(reply: FastifyReply, status: number, code: string, message: string): FastifyReply {
  return reply.code(status).send(httpFailure(status, code, message).body)
}

function refuseMethod(reply: FastifyReply, message: string): FastifyReply {
  return sendFailure(reply.header('allow', 'POST'), 405, 'METHOD_NOT_ALLOWED', message)
}

function needsStream(): GraphQLError {
  return new GraphQLError(
    'A subscription is a stream. Send it with "Accept: text/event-stream", or over WebSocket (graphql-transport-ws), to this same address.',
    { extensions: { code: 'SUBSCRIPTION_NEEDS_STREAM' } },
  )
}

function unknownOperation(): GraphQLError {
  return new GraphQLError('The document has no operation of this name, or several and no name is given.', {
    extensions: { code: 'OPERATION_RESOLUTION_FAILURE' },
  })
}

/** Clients that send hashes send documents from then on. */
function hashesAreNotKnown(): GraphQLError {
  return new GraphQLError('Documents are not known by their hashes. Send the document.', {
    extensions: { code: 'PERSISTED_QUERY_NOT_SUPPORTED' },
  })
}
