import type { Duplex } from 'node:stream'
import type { FastifyInstance } from 'fastify'

/** Of one connection, behind the one that is being answered. Hardly a client sends requests so; browsers and gateways do not. */
const MAX_PIPELINED = 16

/**
 * Begins a request only when all before it on its connection have been answered: node hands over all that one packet holds at once, which
 * may be a thousand, and those that wait for their answer to be sent would hold it in memory. A connection with more is cut.
 */
export function takeRequestsInTurn(http: FastifyInstance): void {
  const waiting = new WeakMap<Duplex, number>()

  http.addHook('onRequest', ({ raw: { socket } }, { raw: response }, done) => {
    // Node gives the socket to one response after another.
    if (response.socket !== null) {
      done()
      return
    }
    const ahead = waiting.get(socket) ?? 0
    if (socket.destroyed || ahead >= MAX_PIPELINED) {
      socket.destroy()
      return
    }
    waiting.set(socket, ahead + 1)
    response.once('socket', () => {
      waiting.set(socket, (waiting.get(socket) ?? 1) - 1)
      done()
    })
  })
}
