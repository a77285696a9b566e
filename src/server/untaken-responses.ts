import type { CountingSocket, IdentifiedConnection } from './identified-connection.ts'

/** In which a peer takes a whole response, or a whole event of a stream. A peer that takes a byte now and then gets no more time. */
const RESPONSE_TIMEOUT_MS = 30_000

/** Whether the peer of a connection is late to take what it was sent. Node counts a piece as taken when all of it has gone. */
export function isUntaken(socket: CountingSocket, connection: IdentifiedConnection, now: number): boolean {
  const { writableLength } = socket
  // Nothing waits for nearly all connections, and `bytesWritten` walks what waits.
  if (writableLength === 0) {
    connection.waits = null
    return false
  }
  const taken = (socket.bytesWritten ?? 0) - writableLength
  const { waits } = connection
  if (waits?.taken === taken) return now - waits.since > RESPONSE_TIMEOUT_MS
  connection.waits = { since: now, taken }
  return false
}
