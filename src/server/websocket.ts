import { STATUS_CODES, type IncomingMessage, type Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { GRAPHQL_PATH } from './graphql-path.ts'
import { serveProtocol } from './graphql-transport-ws/serve-protocol.ts'
import { MAX_MESSAGE_BYTES } from './http.ts'
import { isAllowedOrigin, type AllowedOrigins } from './origins.ts'
import { peerOf } from './websocket-peer.ts'
import { webSocketService, type WebSocketServiceOptions } from './websocket-service.ts'

export type WebSocketOptions = WebSocketServiceOptions & { readonly origins: AllowedOrigins }

export type WebSocketTransport = {
  /** How many sockets are open. */
  readonly size: () => number
  /**
   * Lets running operations finish, completes all streams, and closes every socket, spread over half of `withinMs` at most: when
   * `deadline` settles at the latest, and then by force.
   */
  readonly stop: (limits: { readonly deadline: Promise<void>; readonly withinMs: number }) => Promise<void>
}

/** Serves graphql-transport-ws on the GraphQL address of an HTTP server. */
export function serveWebSocket(server: Server, options: WebSocketOptions): WebSocketTransport {
  const { origins } = options
  const protocol = serveProtocol(webSocketService(options), { maxMessageBytes: MAX_MESSAGE_BYTES })
  let stopping = false

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // Node has taken its own listener off the socket.
    socket.on('error', () => socket.destroy())
    try {
      const refusal = stopping ? 503 : refusalOf(request, origins)
      if (refusal === undefined) protocol.upgrade(request, socket, head, peerOf(request.headers, socket))
      else refuse(socket, refusal)
    } catch (error) {
      options.log.error({ err: error }, 'upgrade failed')
      socket.destroy()
    }
  })

  return {
    size: protocol.size,
    async stop({ deadline, withinMs }) {
      stopping = true
      await protocol.stop({ deadline, withinMs })
    },
  }
}

function refusalOf({ url = '', headers }: IncomingMessage, origins: AllowedOrigins): number | undefined {
  if (url.split('?')[0] !== GRAPHQL_PATH) return 404
  return isAllowedOrigin(headers.origin, origins) ? undefined : 403
}

/** Node has taken its own time limits off the connection, so it would stay open until the peer closes it, too. */
function refuse(socket: Duplex, status: number): void {
  socket.end(
    `HTTP/1.1 ${String(status)} ${STATUS_CODES[status] ?? ''}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
    () => socket.destroy(),
  )
}
