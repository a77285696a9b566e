import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client'
import { boundConnections } from './connection-bounds.ts'
import type { Logger } from './log.ts'
import type { Metric } from './metric.ts'
import { listeningUrl } from './listening-url.ts'
import { requestsInTurn } from './pipelined-requests.ts'

const PATH = '/metrics'

/** Few systems read metrics, each over one connection. */
const MAX_CONNECTIONS = 20
/** Of the address and the headers of a request. */
const MAX_HEADER_BYTES = 8 * 1024
const HEADERS_TIMEOUT_MS = 5_000
const REQUEST_TIMEOUT_MS = 10_000
/** How often node looks for requests that are late. */
const CHECK_EVERY_MS = 1000

export type MetricsOptions = {
  readonly host: string
  /** 0 takes any free port. */
  readonly port: number
  readonly metrics: readonly Metric[]
  readonly log: Logger
}

export type RunningMetrics = {
  readonly url: string
  readonly stop: () => Promise<void>
}

/**
 * Serves metrics in the form that Prometheus reads, those of the process and its event loop among them, on an address apart from
 * GraphQL: callers that may read presence must not see when anything happens. Rejects when the address cannot be listened on.
 */
export async function serveMetrics({ host, port, metrics, log }: MetricsOptions): Promise<RunningMetrics> {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  for (const metric of metrics) register(metric, registry)

  const answer: RequestListener = (request, response) => {
    response.once('close', () => connections.answered(request.socket))
    if (request.method !== 'GET' || request.url?.split('?')[0] !== PATH) {
      response.writeHead(404).end()
      return
    }
    registry.metrics().then(
      (text) => response.writeHead(200, { 'content-type': registry.contentType }).end(text),
      (error: unknown) => {
        log.error({ err: error }, 'metrics failed')
        response.writeHead(500).end()
      },
    )
  }
  const server = createServer(
    {
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      connectionsCheckingInterval: CHECK_EVERY_MS,
    },
    requestsInTurn()(answer),
  )
  const connections = boundConnections(server, { maxAnonymous: MAX_CONNECTIONS, maxOfUser: 0 })
  await listen(server, { host, port })
  return {
    url: listeningUrl(server.address() as AddressInfo, PATH),
    stop: () =>
      new Promise((resolve) => {
        connections.stop()
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function register({ name, help, type, labels = [], read }: Metric, registry: Registry): void {
  const options = { name: `presence_privacy_${name}`, help, labelNames: [...labels], registers: [registry] }
  const samples = () => {
    const reading = read()
    return typeof reading === 'number' ? [{ labels: {}, value: reading }] : reading
  }
  if (type === 'gauge') {
    new Gauge({
      ...options,
      collect() {
        this.reset()
        for (const sample of samples()) this.set(sample.labels, sample.value)
      },
    })
  } else {
    new Counter({
      ...options,
      collect() {
        this.reset()
        for (const sample of samples()) this.inc(sample.labels, sample.value)
      },
    })
  }
}

function listen(server: Server, address: { readonly host: string; readonly port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(address, () => {
      server.off('error', reject)
      resolve()
    })
  })
}
