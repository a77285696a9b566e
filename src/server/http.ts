import cors from '@fastify/cors'
import { fastifyApolloHandler } from '@as-integrations/fastify'
import fastify, {
  LogController,
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
} from 'fastify'
import type { ApolloServer } from '@apollo/server'
import { createContext, type Services } from '../graphql/context.ts'
import { formatError } from '../graphql/format-error.ts'
import type { Gate } from '../graphql/gate.ts'
import type { TokenVerifier } from '../identity/token-verifier.ts'
import { answerWithoutData } from './answer-without-data.ts'
import type { HttpContext } from './apollo.ts'
import { authenticate } from './authenticate.ts'
import { faultOfRequest, httpFailure } from './http-errors.ts'
import { sendGraphiql } from './graphiql.ts'
import { GRAPHQL_PATH } from './graphql-path.ts'
import type { Logger } from './log.ts'
import { isAllowedOrigin, type AllowedOrigins } from './origins.ts'
import { logOfRequest, requestIdOf } from './request-scope.ts'

/** Of a request's body, and of a message over WebSocket. */
export const MAX_MESSAGE_BYTES = 1_048_576

const HEADERS = {
  'cache-control': 'private, no-store',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
} as const

const NOTHING_TO_LOAD = "default-src 'none'; frame-ancestors 'none'"

export type HttpOptions = {
  readonly gate: Gate
  readonly services: Services
  readonly verifier: TokenVerifier
  readonly introspection: boolean
  /** Whether browsers that ask for a page get GraphiQL. */
  readonly graphiql: boolean
  readonly origins: AllowedOrigins
  readonly log: Logger
}

/** An HTTP server with what all its answers have in common, not yet listening. */
export async function createHttp({
  origins,
  log,
}: Pick<HttpOptions, 'origins' | 'log'>): Promise<FastifyInstance> {
  // Its own type of log lacks what nothing here uses.
  const loggerInstance: FastifyBaseLogger = log
  const http: FastifyInstance = fastify({
    loggerInstance,
    logController: new QuietLog({ disableRequestLogging: true }),
    bodyLimit: MAX_MESSAGE_BYTES,
    forceCloseConnections: 'idle',
    genReqId: ({ headers }) => requestIdOf(headers),
    requestIdHeader: false,
    childLoggerFactory: (_log, { reqId }, _options, { headers }) => logOfRequest(log, String(reqId), headers),
    // Its own answer to a malformed path quotes it.
    frameworkErrors: (_error, _request, reply: FastifyReply) => {
      void reply.code(400).send(httpFailure(400, 'BAD_REQUEST', 'The request cannot be read.').body)
    },
  })
  http.removeContentTypeParser('text/plain')
  await http.register(cors, {
    origin: (origin, done) => {
      done(null, origin !== undefined && isAllowedOrigin(origin, origins))
    },
    methods: ['POST'],
    exposedHeaders: ['x-request-id'],
    maxAge: 600,
  })
  http.addHook('onSend', async ({ id }, reply) => {
    void reply.headers({ ...HEADERS, vary: 'Authorization, Origin', 'x-request-id': id })
    if (!reply.hasHeader('content-security-policy')) {
      void reply.header('content-security-policy', NOTHING_TO_LOAD)
    }
    return Promise.resolve()
  })
  http.addHook('onResponse', async ({ method, routeOptions, log: requestLog }, reply) => {
    const facts = {
      method,
      route: routeOptions.url,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
    }
    requestLog.info(facts, 'request')
    return Promise.resolve()
  })
  http.setErrorHandler((error: FastifyError, request, reply) => {
    const fault = faultOfRequest(error)
    if (fault !== undefined) return reply.code(fault.status).send(fault.body)
    request.log.error({ err: error }, 'request failed')
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
  return http
}

/** Operations over HTTP: by POST only, so that no address, log or cache ever holds one. */
export function serveGraphql(
  http: FastifyInstance,
  apollo: ApolloServer<HttpContext>,
  { gate, services, verifier, graphiql, introspection }: Omit<HttpOptions, 'origins' | 'log'>,
): void {
  http.post(
    GRAPHQL_PATH,
    {
      // Apollo Server validates again what it has not seen before; by then it cannot be expensive any more.
      preHandler: async ({ body, headers, id }, reply) => {
        const { query } = (body ?? {}) as { query?: unknown }
        const admitted = typeof query === 'string' && query !== '' ? gate.admit(query) : undefined
        if (admitted === undefined || !('errors' in admitted)) return undefined
        const errors = admitted.errors.map((error) =>
          formatError(error, { suggestions: introspection, requestId: id }),
        )
        const { status, mediaType } = answerWithoutData(headers.accept)
        return reply.code(status).type(mediaType).send({ errors })
      },
    },
    fastifyApolloHandler(apollo, {
      context: async ({ headers, id, log }) => {
        const caller = await authenticate(verifier, { authorizationHeader: headers.authorization })
        return { ...createContext(services, caller), requestId: id, log: log as Logger }
      },
    }),
  )
  http.route({
    url: GRAPHQL_PATH,
    method: ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE'],
    handler: ({ headers, method }, reply) => {
      if (graphiql && method === 'GET' && headers.accept?.includes('text/html') === true)
        return sendGraphiql(reply)
      const { status, body } = httpFailure(405, 'METHOD_NOT_ALLOWED', 'Send operations by POST.')
      return reply.code(status).header('allow', 'POST').send(body)
    },
  })
}

/** Says nothing by itself: its lines hold addresses with all that is in them. What there is to say is said by the hooks above. */
class QuietLog extends LogController {
  override serviceUnavailable(): void {
    // A request that comes while we stop is expected.
  }
}
