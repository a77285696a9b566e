import { ApolloServer, type ApolloServerPlugin } from '@apollo/server'
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled'
import {
  GraphQLError,
  OperationTypeNode,
  type DocumentNode,
  type GraphQLFormattedError,
  type GraphQLSchema,
} from 'graphql'
import type { GraphQLContext } from '../graphql/context.ts'
import { formatError } from '../graphql/format-error.ts'
import type { Gate } from '../graphql/gate.ts'
import { answerWithoutData } from './answer-without-data.ts'
import type { Logger } from './log.ts'
import { presentErrors, type ResultScope } from './present-result.ts'

/** The context of an operation that came over HTTP. */
export type HttpContext = GraphQLContext & {
  readonly scope: ResultScope
  /** As the gate has admitted it. */
  readonly document: DocumentNode
}

/** Executes operations that come over HTTP. Every part of Apollo Server that reports, caches or greets is off. */
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
    // Its own would keep what the gate does not. What the gate has admitted is neither parsed nor validated again.
    documentStore: null,
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
      takeDocument,
      beginOperations,
      explainErrors,
      reportFaults(log),
    ],
  })
  await apollo.start()
  return apollo
}

/** Apollo Server looks for the document of its request where it keeps one of its own, and goes on with it. */
const takeDocument: ApolloServerPlugin<HttpContext> = {
  requestDidStart: () =>
    Promise.resolve({
      didResolveSource(request: { document?: DocumentNode; readonly contextValue: HttpContext }) {
        request.document = request.contextValue.document
        return Promise.resolve()
      },
    }),
}

/** Executed as if it were a query, a subscription would answer once with nothing in it. */
const beginOperations: ApolloServerPlugin<HttpContext> = {
  requestDidStart: () =>
    Promise.resolve({
      didResolveOperation({ operation, contextValue: { scope } }) {
        if (operation?.operation === OperationTypeNode.SUBSCRIPTION) return Promise.reject(needsStream())
        if (operation !== undefined) scope.counts.began(scope.transport, operation.operation)
        return Promise.resolve()
      },
    }),
}

function needsStream(): GraphQLError {
  return new GraphQLError(
    'A subscription is a stream. Send it with "Accept: text/event-stream", or over WebSocket (graphql-transport-ws), to this same address.',
    { extensions: { code: 'SUBSCRIPTION_NEEDS_STREAM', http: { status: 406 } } },
  )
}

/** Logs faults under the id of their request, and tells the client that id. */
const explainErrors: ApolloServerPlugin<HttpContext> = {
  requestDidStart: () =>
    Promise.resolve({
      willSendResponse({ errors, request, response: { body, http }, contextValue: { scope } }) {
        if (errors === undefined || body.kind !== 'single') return Promise.resolve()
        const shown = presentErrors(errors, scope)
        body.singleResult.errors = shown
        if (http.status === 400 && isAboutOperation(shown)) {
          http.status = answerWithoutData(request.http?.headers.get('accept')).status
        }
        return Promise.resolve()
      },
    }),
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
