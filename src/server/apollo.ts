import { ApolloServer, type ApolloServerPlugin } from '@apollo/server'
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled'
import { GraphQLError, type GraphQLFormattedError, type GraphQLSchema, OperationTypeNode } from 'graphql'
import type { GraphQLContext } from '../graphql/context.ts'
import { formatError, unexpectedCause } from '../graphql/format-error.ts'
import type { Gate } from '../graphql/gate.ts'
import { answerWithoutData } from './answer-without-data.ts'
import type { Logger } from './log.ts'

/** The context of an operation that came over HTTP. */
export type HttpContext = GraphQLContext & { readonly requestId: string; readonly log: Logger }

/** Executes what comes over HTTP. Everything of Apollo Server that reports, caches or greets is off. */
export async function startApollo(options: {
  readonly schema: GraphQLSchema
  readonly gate: Gate
  readonly introspection: boolean
  readonly log: Logger
}): Promise<ApolloServer<HttpContext>> {
  const { schema, gate, introspection, log } = options
  const apollo = new ApolloServer<HttpContext>({
    schema,
    // The gate refuses it, over every transport alike.
    introspection: true,
    parseOptions: gate.parseOptions,
    validationRules: [...gate.rules],
    csrfPrevention: true,
    persistedQueries: false,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    // Apollo's own words go nowhere: they would quote what went wrong inside. Errors are logged below.
    logger: { debug: ignore, info: ignore, warn: ignore, error: ignore },
    formatError: (_formatted, error) => formatError(error, { suggestions: introspection }),
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      refuseSubscriptions,
      explainErrors({ suggestions: introspection }),
      reportFaults(log),
    ],
  })
  await apollo.start()
  return apollo
}

/** Executed as if it were a query, a subscription would answer once with nothing in it. */
const refuseSubscriptions: ApolloServerPlugin<HttpContext> = {
  requestDidStart: () =>
    Promise.resolve({
      didResolveOperation({ operation }) {
        if (operation?.operation !== OperationTypeNode.SUBSCRIPTION) return Promise.resolve()
        return Promise.reject(
          new GraphQLError(
            'Subscriptions are served over WebSocket (graphql-transport-ws), at this same address.',
            {
              extensions: { code: 'SUBSCRIPTION_NEEDS_WEBSOCKET', http: { status: 406 } },
            },
          ),
        )
      },
    }),
}

/** Logs faults under the id of their request, and tells the client that id. */
function explainErrors({ suggestions }: { readonly suggestions: boolean }): ApolloServerPlugin<HttpContext> {
  return {
    requestDidStart: () =>
      Promise.resolve({
        willSendResponse({ errors, request, response: { body, http }, contextValue: { requestId, log } }) {
          if (errors === undefined || body.kind !== 'single') return Promise.resolve()
          for (const error of errors) {
            const cause = unexpectedCause(error)
            if (cause !== undefined) log.error({ err: cause }, 'operation failed')
          }
          const shown = errors.map((error) => formatError(error, { suggestions, requestId }))
          body.singleResult.errors = shown
          if (http.status === 400 && isAboutOperation(shown)) {
            http.status = answerWithoutData(request.http?.headers.get('accept')).status
          }
          return Promise.resolve()
        },
      }),
  }
}

const ABOUT_OPERATION = ['GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED', 'BAD_USER_INPUT']

function isAboutOperation(errors: readonly GraphQLFormattedError[]): boolean {
  return errors.every(({ extensions }) => ABOUT_OPERATION.includes(String(extensions?.['code'])))
}

/** For faults outside of any operation. */
function reportFaults(log: Logger): ApolloServerPlugin<HttpContext> {
  return {
    unexpectedErrorProcessingRequest({ error }) {
      log.error({ err: error }, 'request failed')
      return Promise.resolve()
    },
  }
}

function ignore(): void {
  // See above.
}
