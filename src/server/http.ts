import { createServer, type RequestListener, type Server } from 'node:http'
import cors from '@fastify/cors'
import fastify, {
  LogController,
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify'
import { answerUnreadable, faultOfRequest, httpFailure } from './http-errors.ts'
import { GRAPHQL_PATH } from './graphql-path.ts'
import type { Logger } from './log.ts'
import { isAllowedOrigin, type AllowedOrigins } from './origins.ts'
import { requestsInTurn } from './pipelined-requests.ts'
import { logOfRequest, requestIdOf, scopeOf } from './request-scope.ts'
import { WebSocketOrPlainRequest } from './websocket-request.ts'

/** The most bytes of a request's body, and of a message over WebSocket. */
export const MAX_MESSAGE_BYTES = 1_048_576

/** Both count from the first byte of a request. A peer that sends a byte now and then gets no more time. */
const REQUEST_TIMEOUT_MS = 30_000
const HEADERS_TIMEOUT_MS = 10_000
/** How often node looks for requests that are late. */
const CHECK_EVERY_MS = 1000
/** For a connection without a request. Load balancers keep theirs for less time, so none sends a request while it is closed. */
const IDLE_TIMEOUT_MS = 72_000

const HEADERS = [
  ['cache-control', 'private, no-store'],
  ['x-content-type-options', 'nosniff'],
  ['x-frame-options', 'DENY'],
  ['referrer-policy', 'no-referrer'],
  ['cross-origin-resource-policy', 'same-origin'],
  ['vary', 'Authorization, Origin'],
] as const

const NOTHING_TO_LOAD = "default-src 'none'; frame-ancestors 'none'"

/** An HTTP server that does not listen yet, with the headers, errors and limits that all its responses share. */
export async function createHttp({
  origins,
  log,
  isStopping,
}: {
  readonly origins: AllowedOrigins
  readonly log: Logger
  readonly isStopping: () => boolean
}): Promise<FastifyInstance> {
  // Fastify would make and check a log for each request, and hardly any has a line to write. Code that writes one names the request.
  // Fastify's own lines are about mistakes on this side, and name none.
  const loggerInstance: FastifyBaseLogger = Object.assign(log.child({}), { child: () => loggerInstance })
  const http: FastifyInstance = fastify({
    loggerInstance,
    logController: new QuietLog({ disableRequestLogging: true }),
    bodyLimit: MAX_MESSAGE_BYTES,
    serverFactory: serverOf,
    forceCloseConnections: 'idle',
    genReqId: ({ headers }) => requestIdOf(headers),
    requestIdHeader: false,
    clientErrorHandler: answerUnreadable,
    // Fastify would quote a malformed path in its answer.
    frameworkErrors: (_error, _request, reply: FastifyReply) => {
      void reply.code(400).send(httpFailure(400, 'BAD_REQUEST', 'The request cannot be read.').body)
    },
  })
  // Hooks that wait for nothing are no promises: each would cost every request another turn.
  http.addHook('onSend', ({ id }, reply, _payload, done) => {
    for (const [name, value] of HEADERS) void reply.header(name, value)
    void reply.header('x-request-id', id)
    if (!reply.hasHeader('content-security-policy')) {
      void reply.header('content-security-policy', NOTHING_TO_LOAD)
    }
    // A connection that is kept alive beyond its answer would hold the stop up.
    if (isStopping()) void reply.header('connection', 'close')
    done()
  })
  http.addHook('onResponse', ({ id, headers, method, routeOptions }, reply, done) => {
    const facts = {
      ...scopeOf(id, headers),
      method,
      route: routeOptions.url,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
    }
    log.info(facts, 'request')
    done()
  })
  http.setErrorHandler((error: FastifyError, request, reply) => {
    const fault = faultOfRequest(error)
    if (fault !== undefined) return reply.code(fault.status).send(fault.body)
    logOfRequest(log, request.id, request.headers).error({ err: error }, 'request failed')
    const { status, body } = httpFailure(500, 'INTERNAL_SERVER_ERROR', 'Something went wrong.')
    return reply.code(status).send(body)
  })
  http.setNotFoundHandler((_request, reply) => {
    const { status, body } = httpFailure(
      404,
      'NOT_FOUND',
      `Nothing is served here; GraphQL is at ${GRAPHQL_PATH}.`,
    )
    return reply.code(status).send(body)
  })
  http.addHook('onRequest', (request, reply, done) => {
    if (isForeignPreflight(request, origins)) refuseOrigin(reply)
    else done()
  })
  // A plugin's routes have the error handler that is there when it is registered.
  await http.register(cors, {
    origin: (origin, done) => {
      done(null, origin !== undefined && isAllowedOrigin(origin, origins))
    },
    methods: ['GET', 'POST'],
    exposedHeaders: ['x-request-id'],
    maxAge: 600,
  })
  return http
}

/** Requests of one connection begin in turn, also those whose `Expect` header names an unknown expectation. */
function serverOf(handle: RequestListener): Server {
  const inTurn = requestsInTurn()
  const server = createServer(
    {
      IncomingMessage: WebSocketOrPlainRequest,
      requestTimeout: REQUEST_TIMEOUT_MS,
      headersTimeout: HEADERS_TIMEOUT_MS,
      keepAliveTimeout: IDLE_TIMEOUT_MS,
      connectionsCheckingInterval: CHECK_EVERY_MS,
    },
    inTurn(handle),
  )
  server.on(
    'checkExpectation',
    inTurn((_request, response) => response.writeHead(417, { connection: 'close' }).end()),
  )
  return server
}

/** A browser sends a preflight to ask whether a page may send its request. */
function isForeignPreflight({ method, headers }: FastifyRequest, origins: AllowedOrigins): boolean {
  return (
    method === 'OPTIONS' &&
    headers['access-control-request-method'] !== undefined &&
    !isAllowedOrigin(headers.origin, origins)
  )
}

function refuseOrigin(reply: FastifyReply): void {
  const { status, body } = httpFailure(
    403,
    'ORIGIN_NOT_ALLOWED',
    'Pages of this origin may not send operations here. If they may, add the origin to ALLOWED_ORIGINS.',
  )
  void reply.code(status).send(body)
}

/** Writes nothing: Fastify's lines hold whole addresses, with their parameters. The hooks above write the log. */
class QuietLog extends LogController {
  override serviceUnavailable(): void {
    // A request that comes while we stop is expected.
  }
}
