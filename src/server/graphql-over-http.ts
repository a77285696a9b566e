import type { ApolloServer } from '@apollo/server'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { getOperationAST, OperationTypeNode, type GraphQLSchema } from 'graphql'
import { createContext, type Services } from '../graphql/context.ts'
import { WITHOUT_OPERATION } from '../graphql/operation-weight.ts'
import { isIdentityFailure, type Identity, type IdentityFailure } from '../identity/identity.ts'
import type { TokenVerifier } from '../identity/token-verifier.ts'
import { acceptedMedia } from './accepted-media.ts'
import { parametersIn } from './address-parameters.ts'
import { answerWithoutData } from './answer-without-data.ts'
import { isRefusal } from './admission/admission.ts'
import type { Admissions } from './admission/admissions.ts'
import type { HttpContext } from './apollo.ts'
import { askApollo } from './ask-apollo.ts'
import { parseBoundedJson } from './bounded-json.ts'
import { compiledAnswers } from './compiled-answers.ts'
import type { ConnectionBounds } from './connection-bounds.ts'
import { EVENT_STREAM_TYPE, oneEvent } from './event-stream.ts'
import type { EventStreams } from './event-streams.ts'
import { sendGraphiql } from './graphiql.ts'
import { GRAPHQL_PATH } from './graphql-path.ts'
import { faultOfRequest, httpFailure } from './http-errors.ts'
import { identifyRequests } from './identify-requests.ts'
import type { Logger } from './log.ts'
import type { OperationCounts, Transport } from './operation-counts.ts'
import { HASH_ALONE, operationInAddress, operationInBody } from './operation-parameters.ts'
import {
  refusalOf,
  unidentified,
  type AdmittedOperation,
  type OperationPipeline,
  type RefusedOperation,
} from './operation-pipeline.ts'
import { persistedQueryNotFound } from './persisted-queries.ts'
import { presentResult, type ResultScope } from './present-result.ts'
import { BodyNotAdmitted, NotPublic, readBodies } from './request-body.ts'
import { asRefused, restBefore } from './refused-admission.ts'
import { logOfRequest } from './request-scope.ts'

export type GraphqlOverHttpOptions = {
  readonly schema: GraphQLSchema
  readonly pipeline: OperationPipeline
  readonly admissions: Admissions
  readonly services: Services
  readonly verifier: TokenVerifier
  readonly introspection: boolean
  /** Whether browsers that ask for a page get GraphiQL. */
  readonly graphiql: boolean
  readonly eventStreams: EventStreams
  readonly counts: OperationCounts
  readonly connections: ConnectionBounds
  readonly log: Logger
}

/**
 * Operations over HTTP and SSE. A subscription is a stream of events, for clients that accept one. A client that accepts nothing else gets
 * every answer as a stream. Queries and mutations come by POST only, so that no address, log or cache ever holds one.
 */
export function serveGraphql(
  http: FastifyInstance,
  apollo: ApolloServer<HttpContext>,
  {
    schema,
    pipeline,
    admissions,
    services,
    verifier,
    graphiql,
    introspection,
    eventStreams,
    counts,
    connections,
    log,
  }: GraphqlOverHttpOptions,
): void {
  const compiled = compiledAnswers(schema, counts)
  const scopeOf = ({ id, headers }: FastifyRequest, transport: Transport): ResultScope => {
    return {
      requestId: id,
      log: logOfRequest(log, id, headers),
      suggestions: introspection,
      transport,
      counts,
    }
  }
  const callers = identifyRequests(http, { verifier, connections })
  const bodies = readBodies(http, { callers, admissions })

  /** Tells why an operation is not executed, in the form that its client takes. */
  const refuse = (refusal: RefusedOperation, { request, reply }: Exchange): FastifyReply => {
    const { accept } = request.headers
    const { eventStream, json, answerType } = acceptedMedia(accept)
    if (eventStream && (!json || request.method === 'GET'))
      return sendEvent(reply, JSON.stringify(presentResult(refusal, scopeOf(request, 'sse'))))
    const withoutData = answerWithoutData(accept)
    const asExecuted = { status: 200, mediaType: answerType ?? withoutData.mediaType }
    const { status, mediaType } = refusal.data === null ? asExecuted : withoutData
    void reply.code(status)
    if (refusal.admission !== undefined) void asRefused(reply, refusal.admission)
    return reply.type(mediaType).send(presentResult(refusal, scopeOf(request, 'http')))
  }

  const execute = async (
    operation: AdmittedOperation,
    { request, reply }: Exchange,
  ): Promise<FastifyReply> => {
    const { accept } = request.headers
    const { eventStream, json } = acceptedMedia(accept)
    const { caller, document, query, operationName, variables } = operation
    // The client has gone while the operation waited for its turn.
    if (request.raw.socket.destroyed) return reply.hijack()
    if (eventStream && isSubscription(operation) && !isIdentityFailure(caller))
      return eventStreams.open({ ...operation, caller }, request, reply)
    const asStream = eventStream && !json
    const context = createContext(services, caller)
    if (!asStream) {
      const answer = await compiled.answer(operation, { context, accept })
      if (answer !== undefined) return reply.type(answer.mediaType).send(answer.text)
    }
    const answer = await askApollo(apollo, {
      body: { query, operationName, variables },
      accept: asStream ? 'application/json' : accept,
      context: Object.assign(context.forAnotherTry(), {
        scope: scopeOf(request, asStream ? 'sse' : 'http'),
        document,
      }),
    })
    if (asStream) return sendEvent(reply, answer.text.trimEnd())
    return reply.code(answer.status).headers(answer.headers).send(answer.text)
  }

  const refuseInTime = async (refusal: RefusedOperation, exchange: Exchange): Promise<FastifyReply> => {
    await restBefore(exchange.reply, { restMs: refusal.admission?.restMs ?? 0, request: exchange.request })
    return refuse(refusal, exchange)
  }

  /** Answers a request that holds no operation, unless its caller has sent too much: it counts as an operation does. */
  const count = async (exchange: Exchange, answer: () => FastifyReply): Promise<FastifyReply> => {
    const caller = await callers.of(exchange.request)
    if (isIdentityFailure(caller)) return answer()
    const place = await admissions.place(caller, { weight: WITHOUT_OPERATION, bytes: () => 0 })
    if (isRefusal(place)) return refuseInTime(refusalOf(place), exchange)
    place.leave()
    return answer()
  }

  const refuseUnread = (error: FastifyError, request: FastifyRequest, reply: FastifyReply): void => {
    const exchange = { request, reply }
    const refused =
      error instanceof BodyNotAdmitted
        ? refuseInTime(refusalOf(error.refusal), exchange)
        : error instanceof NotPublic
          ? refuseAnonymous(exchange)
          : undefined
    // A fault of ours may come after something was done.
    if (refused === undefined && faultOfRequest(error) === undefined) throw error
    const answered = refused ?? count(exchange, () => reply.send(error))
    answered.catch((fault: unknown) => reply.send(fault))
  }

  const refuseAnonymous = async (exchange: Exchange): Promise<FastifyReply> => {
    const caller = await callers.of(exchange.request)
    return refuse(unidentified(isIdentityFailure(caller) ? caller : NOBODY), exchange)
  }

  http.post(
    GRAPHQL_PATH,
    { onRequest: callers.begin, preParsing: bodies.open, errorHandler: refuseUnread },
    (request, reply) => {
      const exchange = { request, reply }
      const operation = operationInBody(request.body)
      if (operation === HASH_ALONE) return count(exchange, () => refuse(persistedQueryNotFound(), exchange))
      if (operation === undefined) return count(exchange, () => sendFailure(reply, 400, NO_OPERATION))
      const run = (caller: Identity | IdentityFailure): Promise<FastifyReply> =>
        pipeline.run(operation, caller, {
          refused: (refusal) => refuseInTime(refusal, exchange),
          admitted: (admitted) => execute(admitted, exchange),
        })
      const caller = callers.of(request)
      return caller instanceof Promise ? caller.then(run) : run(caller)
    },
  )

  http.route({
    url: GRAPHQL_PATH,
    onRequest: callers.begin,
    method: ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE'],
    handler: async (request, reply) => {
      const { headers, method, url } = request
      if (graphiql && method === 'GET' && headers.accept?.includes('text/html') === true)
        return sendGraphiql(reply)
      if (method !== 'GET' || !acceptedMedia(headers.accept).eventStream)
        return refuseMethod(reply, 'Send operations by POST.')

      const exchange = { request, reply }
      const operation = operationInAddress(parametersIn(url), parseBoundedJson)
      if (operation === HASH_ALONE) return count(exchange, () => refuse(persistedQueryNotFound(), exchange))
      if (operation === undefined) return count(exchange, () => sendFailure(reply, 400, NOT_IN_ADDRESS))
      return pipeline.run(operation, await callers.of(request), {
        refused: (refusal) => refuse(refusal, exchange),
        admitted: (admitted) =>
          isSubscription(admitted)
            ? execute(admitted, exchange)
            : refuseMethod(reply, 'By GET, only subscriptions are served. Send other operations by POST.'),
      })
    },
  })
}

const NOBODY = { reason: 'missing' } as const

type Exchange = { readonly request: FastifyRequest; readonly reply: FastifyReply }

const NOT_IN_ADDRESS = 'An address holds one query, and as JSON its variables.'
const NO_OPERATION =
  'The body holds no operation. Send `query` as text; `operationName` (text of at most 512 characters), `variables` and `extensions` (objects) may be left out.'

function isSubscription({ document, operationName }: AdmittedOperation): boolean {
  return getOperationAST(document, operationName)?.operation === OperationTypeNode.SUBSCRIPTION
}

function sendEvent(reply: FastifyReply, result: string): FastifyReply {
  return reply.type(EVENT_STREAM_TYPE).send(oneEvent(result))
}

function sendFailure(reply: FastifyReply, status: 400 | 405, message: string): FastifyReply {
  const { body } = httpFailure(status, status === 400 ? 'BAD_REQUEST' : 'METHOD_NOT_ALLOWED', message)
  return reply.code(status).send(body)
}

function refuseMethod(reply: FastifyReply, message: string): FastifyReply {
  return sendFailure(reply.header('allow', 'POST'), 405, message)
}
