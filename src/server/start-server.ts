import type { AddressInfo } from 'node:net'
import { createSchema } from '../graphql/schema.ts'
import { createGate } from '../graphql/gate.ts'
import { faultOfVariables } from '../graphql/variables.ts'
import type { Services } from '../graphql/context.ts'
import { warmUp } from '../graphql/warm-up.ts'
import type { TokenVerifier } from '../identity/token-verifier.ts'
import { systemScheduler } from '../live/scheduler.ts'
import { createAdmissions, type WorkPerSecond } from './admission/admissions.ts'
import { startApollo } from './apollo.ts'
import { serveHealth, type Readiness } from './health.ts'
import { createEventStreams } from './event-streams.ts'
import type { ConnectionBounds } from './connection-bounds.ts'
import { createHttp } from './http.ts'
import { boundHttpConnections } from './http-connections.ts'
import { serveGraphiql } from './graphiql.ts'
import { serveGraphql } from './graphql-over-http.ts'
import { GRAPHQL_PATH } from './graphql-path.ts'
import type { Logger } from './log.ts'
import type { AllowedOrigins } from './origins.ts'
import { limitSubscriptions } from './subscription-limit.ts'
import type { Metric } from './metric.ts'
import { countOperations } from './operation-counts.ts'
import { operationPipeline } from './operation-pipeline.ts'
import { listeningUrl } from './listening-url.ts'
import { serveWebSocket, type WebSocketTransport } from './websocket.ts'

export type ServerOptions = {
  readonly host: string
  /** 0 takes any free port. */
  readonly port: number
  readonly origins: AllowedOrigins
  readonly services: Services
  readonly verifier: TokenVerifier
  readonly maxRepresentations: number
  readonly maxSubscriptionsPerUser: number
  readonly maxSubscriptionWeightPerUser: number
  readonly maxSocketsPerUser: number
  /** How many connections of one user are spared where room is short, WebSockets among them. */
  readonly maxConnectionsPerUser: number
  /** How many connections may be open whose clients have shown no good token. */
  readonly maxAnonymousConnections: number
  readonly workPerSecond: WorkPerSecond
  readonly introspection: boolean
  readonly graphiql: boolean
  readonly readiness: () => Readiness
  /** How long a stop goes on serving, not ready any more, before it refuses new clients. */
  readonly shutdownDelayMs: number
  /** How long a stop then waits for operations and streams that run. */
  readonly shutdownTimeoutMs: number
  readonly log: Logger
}

export type RunningServer = {
  /** Of GraphQL over HTTP and SSE; the same with ws: for WebSocket. */
  readonly url: string
  readonly metrics: readonly Metric[]
  readonly stop: () => Promise<void>
}

/** One server, one schema and one gate for all transports. Rejects when the address cannot be listened on. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { introspection, log } = options
  const schema = createSchema({ maxRepresentations: options.maxRepresentations })
  const gate = createGate(schema, { introspection })
  const subscriptions = limitSubscriptions({
    maxPerUser: options.maxSubscriptionsPerUser,
    maxWeightPerUser: options.maxSubscriptionWeightPerUser,
  })
  const admissions = createAdmissions(options.workPerSecond, systemScheduler)
  const pipeline = operationPipeline(schema, {
    gate,
    admissions,
    subscriptions,
    maxRepresentations: options.maxRepresentations,
    faultOfVariables: faultOfVariables(schema, options),
  })
  const counts = countOperations()
  let stopping = false

  const http = await createHttp({ ...options, isStopping: () => stopping })
  const connections = boundHttpConnections(http, {
    maxAnonymous: options.maxAnonymousConnections,
    maxOfUser: options.maxConnectionsPerUser,
  })
  const apollo = await startApollo({ schema, gate, introspection, log })
  serveHealth(http, { readiness: options.readiness, isStopping: () => stopping })
  const eventStreams = createEventStreams({ ...options, schema, subscriptions, counts })
  serveGraphql(http, apollo, { ...options, schema, pipeline, admissions, eventStreams, counts, connections })
  if (options.graphiql) serveGraphiql(http)
  const webSocket = serveWebSocket(http.server, {
    ...options,
    schema,
    pipeline,
    admissions,
    subscriptions,
    counts,
    connections,
  })
  await warmUp(schema, { gate, introspection })
  await http.listen({ host: options.host, port: options.port })

  return {
    url: listeningUrl(http.server.address() as AddressInfo, GRAPHQL_PATH),
    metrics: [...counts.metrics, ...admissions.metrics, openSockets(webSocket), openConnections(connections)],
    async stop() {
      stopping = true
      if (options.shutdownDelayMs > 0) await after(options.shutdownDelayMs).passed
      const withinMs = options.shutdownTimeoutMs
      const deadline = after(withinMs)
      const httpClosed = http.close()
      const streamsEnded = eventStreams
        .stop({ deadline: deadline.passed, withinMs })
        .then(() => http.server.closeIdleConnections())
      await Promise.all([
        webSocket.stop({ deadline: deadline.passed, withinMs }),
        streamsEnded,
        Promise.race([httpClosed, deadline.passed]),
      ])
      deadline.cancel()
      http.server.closeAllConnections()
      await httpClosed
      connections.stop()
      admissions.close()
      await apollo.stop()
    },
  }
}

function openSockets({ size }: WebSocketTransport): Metric {
  return {
    name: 'websockets',
    help: 'Sockets of graphql-transport-ws that are open.',
    type: 'gauge',
    read: size,
  }
}

function openConnections({ counts }: ConnectionBounds): Metric {
  return {
    name: 'connections',
    help: 'Connections of clients, by whether they have shown a good token.',
    type: 'gauge',
    labels: ['identity'],
    read() {
      const { anonymous, identified } = counts()
      return [
        { labels: { identity: 'none' }, value: anonymous },
        { labels: { identity: 'verified' }, value: identified },
      ]
    },
  }
}

function after(ms: number): { readonly passed: Promise<void>; readonly cancel: () => void } {
  let cancel = (): void => undefined
  const passed = new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms)
    cancel = () => {
      clearTimeout(timer)
      resolve()
    }
  })
  return { passed, cancel }
}
