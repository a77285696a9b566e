import type { RequestListener } from 'node:http'
import type { Duplex } from 'node:stream'

/** Requests of one connection behind the one that is being answered. Browsers and gateways do not pipeline; few clients do. */
const MAX_PIPELINED = 16

/**
 * Begins a request only when all requests before it on its connection have been answered. Of each connection, one request begins in a turn of
 * the event loop. A connection with more requests waiting than the limit is cut.
 *
 * Node hands over at once all requests that one packet holds, and that may be a thousand. Their responses would wait in memory for each
 * other. Requests that are answered at once would delay the requests of all other connections.
 */
export function requestsInTurn(): (handle: RequestListener) => RequestListener {
  const waiting = new WeakMap<Duplex, number>()
  /** The turn in which the last request of each connection has begun. */
  const begunIn = new WeakMap<Duplex, number>()
  let turn = 0
  let isCounted = false

  const note = (socket: Duplex): void => {
    begunIn.set(socket, turn)
    if (isCounted) return
    isCounted = true
    setImmediate(() => {
      isCounted = false
      turn += 1
    })
  }

  return (handle) => (request, response) => {
    const { socket } = request
    if (socket.destroyed) return
    // Node gives the socket to one response after another.
    if (response.socket !== null && begunIn.get(socket) !== turn) {
      note(socket)
      handle(request, response)
      return
    }
    const ahead = waiting.get(socket) ?? 0
    if (ahead >= MAX_PIPELINED) {
      socket.destroy()
      return
    }
    waiting.set(socket, ahead + 1)
    const begin = (): void => {
      if (socket.destroyed) return
      waiting.set(socket, (waiting.get(socket) ?? 1) - 1)
      note(socket)
      handle(request, response)
    }
    if (response.socket === null) response.once('socket', () => setImmediate(begin))
    else setImmediate(begin)
  }
}
