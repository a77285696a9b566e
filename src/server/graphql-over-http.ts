import { HeaderMap, type ApolloServer } from '@apollo/server'
import { fastifyApolloHandler } from '@as-integrations/fastify'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import {
  getOperationAST,
  OperationTypeNode,
  type DocumentNode,
  type GraphQLError,
  type GraphQLSchema,
} from 'graphql'
import { createContext, type GraphQLContext, type Services } from '../graphql/context.ts'
import type { Gate } from '../graphql/gate.ts'
import type { TokenVerifier } from '../identity/token-verifier.ts'
import { acceptedMedia } from './accepted-media.ts'
import { answerWithoutData } from './answer-without-data.ts'
import type { HttpContext } from './apollo.ts'
import { authenticate } from './authenticate.ts'
import { compiledAnswers } from './compiled-answers.ts'
import { EVENT_STREAM_TYPE, oneEvent } from './event-stream.ts'
import type { EventStreams } from './event-streams.ts'
import { sendGraphiql } from './graphiql.ts'
import { GRAPHQL_PATH } from './graphql-path.ts'
import { httpFailure } from './http-errors.ts'
import type { Logger } from './log.ts'
import type { OperationCounts, Transport } from './operation-counts.ts'
import { operationInAddress, operationInBody, type OperationParameters } from './operation-parameters.ts'
import { presentResult, type ResultScope } from './present-result.ts'
import { logOfRequest } from './request-scope.ts'

export type GraphqlOverHttpOptions = {
  readonly schema: GraphQLSchema
  readonly gate: Gate
  readonly services: Services
  readonly verifier: TokenVerifier
  readonly introspection: boolean
  /** Whether browsers that ask for a page get GraphiQL. */
  readonly graphiql: boolean
  readonly eventStreams: EventStreams
  readonly counts: OperationCounts
  readonly log: Logger
}

/**
 * Operations over HTTP and SSE. A subscription is a stream of events, for clients that accept one; whoever accepts nothing else gets
 * every answer as a stream. Queries and mutations come by POST only, so that no address, log or cache ever holds one.
 */
export function serveGraphql(
  http: FastifyInstance,
  apollo: ApolloServer<HttpContext>,
  {
    schema,
    gate,
    services,
    verifier,
    graphiql,
    introspection,
    eventStreams,
    counts,
    log,
  }: GraphqlOverHttpOptions,
): void {
  const scopeOf = ({ id, headers }: FastifyRequest, transport: Transport): ResultScope => {
    return {
      requestId: id,
      log: logOfRequest(log, id, headers),
      suggestions: introspection,
      transport,
      counts,
    }
  }
  const contextOf = async ({ headers }: FastifyRequest): Promise<GraphQLContext> =>
    createContext(services, await authenticate(verifier, { authorizationHeader: headers.authorization }))
  const compiled = compiledAnswers(schema, counts, contextOf)
  const scoped = async (
    context: Promise<GraphQLContext>,
    request: FastifyRequest,
    transport: Transport,
  ): Promise<HttpContext> => ({ ...(await context), scope: scopeOf(request, transport) })

  http.post(
    GRAPHQL_PATH,
    {
      // Apollo Server validates again what it has not seen before; by then it cannot be expensive any more.
      preHandler: async (request, reply) => {
        const { body, headers } = request
        const operation = operationInBody(body)
        if (operation === undefined) return undefined
        const { eventStream, json } = acceptedMedia(headers.accept)
        const document = gate.admit(operation.query)
        if ('errors' in document) {
          if (eventStream && !json) return sendFaults(reply, document, scopeOf(request, 'sse'))
          const { status, mediaType } = answerWithoutData(headers.accept)
          return reply
            .code(status)
            .type(mediaType)
            .send(presentResult(document, scopeOf(request, 'http')))
        }
        if (eventStream && isSubscription(document, operation))
          return eventStreams.open({ ...operation, document }, request, reply)
        if (!eventStream || json) return compiled.answer({ ...operation, document }, request, reply)
        const context = () => scoped(contextOf(request), request, 'sse')
        return sendEvent(reply, await answerOf(apollo, body, context))
      },
    },
    fastifyApolloHandler(apollo, {
      context: (request) => scoped(compiled.contextOf(request), request, 'http'),
    }),
  )

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
        const { status, body } = httpFailure(
          400,
          'BAD_REQUEST',
          'An address holds one query, and as JSON its variables.',
        )
        return reply.code(status).send(body)
      }
      const document = gate.admit(operation.query)
      if ('errors' in document) return sendFaults(reply, document, scopeOf(request, 'sse'))
      if (!isSubscription(document, operation))
        return refuseMethod(reply, 'By GET, only subscriptions are served. Send other operations by POST.')
      return eventStreams.open({ ...operation, document }, request, reply)
    },
  })
}

function isSubscription(document: DocumentNode, { operationName }: OperationParameters): boolean {
  return getOperationAST(document, operationName)?.operation === OperationTypeNode.SUBSCRIPTION
}

/** An answer as JSON, for a client that accepts no JSON. */
async function answerOf(
  apollo: ApolloServer<HttpContext>,
  body: unknown,
  context: () => Promise<HttpContext>,
): Promise<string> {
  const headers = new HeaderMap([
    ['content-type', 'application/json'],
    ['accept', 'application/json'],
  ])
  const httpGraphQLRequest = { method: 'POST', headers, search: '', body }
  const answer = await apollo.executeHTTPGraphQLRequest({ httpGraphQLRequest, context })
  if (answer.body.kind !== 'complete') throw new Error('an answer in parts went unnoticed')
  return answer.body.string.trimEnd()
}

function sendFaults(
  reply: FastifyReply,
  faults: { readonly errors: readonly GraphQLError[] },
  scope: ResultScope,
): FastifyReply {
  return sendEvent(reply, JSON.stringify(presentResult(faults, scope)))
}

function sendEvent(reply: FastifyReply, result: string): FastifyReply {
  return reply.type(EVENT_STREAM_TYPE).send(oneEvent(result))
}

function refuseMethod(reply: FastifyReply, message: string): FastifyReply {
  const { status, body } = httpFailure(405, 'METHOD_NOT_ALLOWED', message)
  return reply.code(status).header('allow', 'POST').send(body)
}
