import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import { admitLargeMessages, SOCKET_LIMITS } from './message-limits.ts'
import { leaveOverMs } from '../leave-over.ts'
import { Connection } from './connection.ts'
import type { Service } from './service.ts'
import { keepConnections } from './connections.ts'
import { SUBPROTOCOL } from './messages.ts'

export type ProtocolServer<Peer> = {
  /** Takes over the socket of a request to upgrade. */
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer, peer: Peer) => void
  /** How many connections are open. */
  readonly size: () => number
  /**
   * Drains the connections, spread over half of `withinMs` at most. Settles when all sockets are closed: when `deadline` settles at the
   * latest, and then by force.
   */
  readonly stop: (limits: { readonly deadline: Promise<void>; readonly withinMs: number }) => Promise<void>
}

/** Serves graphql-transport-ws to the sockets that it is handed. */
export function serveProtocol<Peer>(
  service: Service<Peer>,
  { maxMessageBytes }: { readonly maxMessageBytes: number },
): ProtocolServer<Peer> {
  const connections = keepConnections<Peer>()
  const webSockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    // Frames are written past ws, see Outbox.
    perMessageDeflate: false,
    ...SOCKET_LIMITS,
    // What it sends counts as what waits for the peer, see Outbox.
    autoPong: false,
    handleProtocols: (offered) => offered.has(SUBPROTOCOL) && SUBPROTOCOL,
  })

  return {
    upgrade(request, socket, head, peer) {
      webSockets.handleUpgrade(request, socket, head, (webSocket) => {
        const admitLarge = (): void => admitLargeMessages(webSocket, { maxMessageBytes })
        new Connection({ service, connections }, peer, { webSocket, socket, admitLargeMessages: admitLarge })
      })
    },
    size: connections.size,
    async stop({ deadline, withinMs }) {
      const all = connections.all()
      const spreadMs = leaveOverMs(all.length, { withinMs })
      const drained = all.map(async (connection) => {
        await new Promise((resolve) => setTimeout(resolve, Math.random() * spreadMs))
        await connection.drain()
      })
      await Promise.race([Promise.all(drained), deadline])
      for (const connection of connections.all()) connection.terminate()
    },
  }
}
