import { STATUS_CODES, type IncomingMessage, type Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { handleProtocols, makeServer } from 'graphql-ws'
import { WebSocketServer } from 'ws'
import { GRAPHQL_PATH } from './graphql-path.ts'
import { MAX_MESSAGE_BYTES } from './http.ts'
import type { Logger } from './log.ts'
import { isAllowedOrigin, type AllowedOrigins } from './origins.ts'
import { logOfRequest, requestIdOf } from './request-scope.ts'
import { drain, openConnection, type Connection } from './websocket-connection.ts'
import { webSocketOperations, type OperationOptions } from './websocket-operations.ts'

export type WebSocketOptions = OperationOptions & { readonly origins: AllowedOrigins; readonly log: Logger }

export type WebSocketTransport = {
  /** Lets running operations finish, completes all streams, and closes every socket: by force once `deadline` settles. */
  readonly stop: (deadline: Promise<void>) => Promise<void>
}

/** Serves graphql-transport-ws on the GraphQL address of an HTTP server. */
export function serveWebSocket(server: Server, options: WebSocketOptions): WebSocketTransport {
  const { origins, log } = options
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE_BYTES,
    perMessageDeflate: false,
    // What a message ends has ended before the next one is read, also if both came in one go.
    allowSynchronousEvents: false,
    handleProtocols,
  })
  const protocol = makeServer(webSocketOperations(options))
  const connections = new Set<Connection>()
  let stopping = false

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const refusal = stopping ? 503 : refusalOf(request, origins)
    if (refusal !== undefined) {
      refuse(socket, refusal)
      return
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      const requestId = requestIdOf(request.headers)
      const connection = openConnection(protocol, {
        webSocket,
        requestId,
        log: logOfRequest(log, requestId, request.headers),
        authorizationHeader: request.headers.authorization,
      })
      connections.add(connection)
      webSocket.once('close', () => connections.delete(connection))
    })
  })

  return {
    async stop(deadline) {
      stopping = true
      await Promise.race([Promise.all([...connections].map(drain)), deadline])
      for (const webSocket of sockets.clients) webSocket.terminate()
    },
  }
}

function refusalOf({ url = '', headers }: IncomingMessage, origins: AllowedOrigins): number | undefined {
  if (url.split('?')[0] !== GRAPHQL_PATH) return 404
  return isAllowedOrigin(headers.origin, origins) ? undefined : 403
}

function refuse(socket: Duplex, status: number): void {
  // Without a listener, a connection that breaks meanwhile would end the process.
  socket.on('error', () => socket.destroy())
  socket.end(
    `HTTP/1.1 ${String(status)} ${STATUS_CODES[status] ?? ''}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
  )
}
