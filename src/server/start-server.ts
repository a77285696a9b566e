import type { AddressInfo } from 'node:net'
import { createSchema } from '../graphql/schema.ts'
import { createGate } from '../graphql/gate.ts'
import type { Services } from '../graphql/context.ts'
import type { TokenVerifier } from '../identity/token-verifier.ts'
import { startApollo } from './apollo.ts'
import { serveHealth, type Readiness } from './health.ts'
import { createHttp, serveGraphql } from './http.ts'
import { serveGraphiql } from './graphiql.ts'
import { GRAPHQL_PATH } from './graphql-path.ts'
import type { Logger } from './log.ts'
import type { AllowedOrigins } from './origins.ts'
import { serveWebSocket } from './websocket.ts'

export type ServerOptions = {
  readonly host: string
  /** 0 takes any free port. */
  readonly port: number
  readonly origins: AllowedOrigins
  readonly services: Services
  readonly verifier: TokenVerifier
  readonly maxRepresentations: number
  readonly introspection: boolean
  readonly graphiql: boolean
  readonly readiness: () => Promise<Readiness>
  /** How long a stop waits for what is running. */
  readonly shutdownTimeoutMs: number
  readonly log: Logger
}

export type RunningServer = {
  /** Of GraphQL over HTTP; the same with ws: for WebSocket. */
  readonly url: string
  readonly stop: () => Promise<void>
}

/** One server, one schema and one gate for all transports. Rejects when the address cannot be listened on. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { introspection, log } = options
  const schema = createSchema({ maxRepresentations: options.maxRepresentations })
  const gate = createGate(schema, { introspection })
  let stopping = false

  const http = await createHttp(options)
  const apollo = await startApollo({ schema, gate, introspection, log })
  serveHealth(http, { readiness: options.readiness, isStopping: () => stopping })
  serveGraphql(http, apollo, { ...options, gate })
  if (options.graphiql) serveGraphiql(http)
  const webSocket = serveWebSocket(http.server, { ...options, schema, gate })
  await http.listen({ host: options.host, port: options.port })

  return {
    url: urlOf(http.server.address() as AddressInfo),
    async stop() {
      stopping = true
      const deadline = after(options.shutdownTimeoutMs)
      const httpClosed = http.close()
      await Promise.all([webSocket.stop(deadline.passed), Promise.race([httpClosed, deadline.passed])])
      deadline.cancel()
      http.server.closeAllConnections()
      await httpClosed
      await apollo.stop()
    },
  }
}

/** An address that means "all of mine" is written as the loopback one: something that can be opened. */
function urlOf({ address, family, port }: AddressInfo): string {
  const host = address === '0.0.0.0' ? '127.0.0.1' : address === '::' ? '::1' : address
  return `http://${family === 'IPv6' ? `[${host}]` : host}:${String(port)}${GRAPHQL_PATH}`
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
