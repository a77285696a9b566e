import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client'
import type { Logger } from './log.ts'
import type { Metric } from './metric.ts'
import { listeningUrl } from './listening-url.ts'

const PATH = '/metrics'

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
 * GraphQL: who may ask for presence must not see when anything happens. Rejects when the address cannot be listened on.
 */
export async function serveMetrics({ host, port, metrics, log }: MetricsOptions): Promise<RunningMetrics> {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  for (const metric of metrics) register(metric, registry)

  const server = createServer((request, response) => {
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
  })
  await listen(server, { host, port })
  return {
    url: listeningUrl(server.address() as AddressInfo, PATH),
    stop: () =>
      new Promise((resolve) => {
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
