import type { RequestListener } from 'node:http'
import type { Duplex } from 'node:stream'

/** Of one connection, behind the one that is being answered. Hardly a client sends requests so; browsers and gateways do not. */
const MAX_PIPELINED = 16

/**
 * Begins a request only when all before it on its connection have been answered, and of each connection one in a turn of the event loop:
 * node hands over all that one packet holds at once, which may be a thousand. Those that wait for their answer to be sent would hold it in
 * memory, and those that are answered without waiting for anything would hold all others up. A connection with more is cut.
 */
export function requestsInTurn(): (handle: RequestListener) => RequestListener {
  const waiting = new WeakMap<Duplex, number>()
  /** In which turn a request of each connection has begun last. */
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
