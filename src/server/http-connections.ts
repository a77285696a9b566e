import type { FastifyInstance } from 'fastify'
import {
  ANONYMOUS_TIMEOUT_MS,
  boundConnections,
  type ConnectionBounds,
  type ConnectionBoundsOptions,
} from './connection-bounds.ts'

/** What is left of the time of a connection without identity when its client sends a request as late as it may. */
const TIME_FOR_REQUEST_MS = 10_000
const ANONYMOUS_KEEP_ALIVE = `timeout=${String((ANONYMOUS_TIMEOUT_MS - TIME_FOR_REQUEST_MS) / 1000)}`

/**
 * Bounds the connections of an HTTP server. Tells a client without identity how long its connection may be idle; node tells the others. A
 * client that does not know would send a request while the server closes the connection, and would not know whether it was executed.
 */
export function boundHttpConnections(
  http: FastifyInstance,
  options: ConnectionBoundsOptions,
): ConnectionBounds {
  const connections = boundConnections(http.server, options)
  http.addHook('onSend', ({ raw }, reply, _payload, done) => {
    if (connections.isAnonymous(raw.socket) && !reply.hasHeader('connection'))
      void reply.header('keep-alive', ANONYMOUS_KEEP_ALIVE)
    done()
  })
  http.addHook('onResponse', ({ raw }, _reply, done) => {
    connections.answered(raw.socket)
    done()
  })
  return connections
}
