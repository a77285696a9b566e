import type { Duplex } from 'node:stream'
import type { UserId } from '../domain/user-id.ts'

/** A response is taken within so long, or an event of a stream; that a few bytes of it have gone is no excuse. */
const RESPONSE_TIMEOUT_MS = 30_000
/** Bytes that may wait for one user, or of the user's requests that are still coming in, over all connections: sixteen of the largest. */
const MAX_HELD_BYTES_OF_USER = 16 * 1_048_576

/** As sockets of `net` count; a WebSocket's is one, too. */
export type CountingSocket = Duplex & { readonly bytesRead?: number; readonly bytesWritten?: number }

/** A connection that carries messages instead of requests: a WebSocket. */
export type LastingConnection = {
  /** Bytes in memory of a message whose end has not come yet. */
  readonly incomingBytes: () => number
}

/** A connection with a good token. */
export type Use = {
  /** Whoever has used it last: a gateway sends several users' operations over one. */
  user: UserId
  /** A request is coming in, or is not answered yet. */
  busy: boolean
  /** Bytes of requests that were answered. */
  readBefore: number
  /** Since when the same piece has waited for the peer to take it, and what it had taken by then. */
  waits: { readonly since: number; readonly taken: number } | null
  readonly lasting: LastingConnection | null
}

type Held = { readonly socket: CountingSocket; readonly bytes: number }

/** Connections of requests and responses whose peer takes too long. Node counts a piece as taken when all of it has gone. */
export function untaken(
  connections: ReadonlyMap<CountingSocket, Use>,
  now: number,
): readonly CountingSocket[] {
  const found: CountingSocket[] = []
  for (const [socket, use] of connections) {
    const { writableLength, bytesWritten = 0 } = socket
    const taken = bytesWritten - writableLength
    if (writableLength === 0) use.waits = null
    else if (use.waits?.taken !== taken) use.waits = { since: now, taken }
    else if (now - use.waits.since > RESPONSE_TIMEOUT_MS) found.push(socket)
  }
  return found
}

/** Connections of users for whom too much is held: those that hold most, as many of each user as are too many. */
export function tooHeavy(...kinds: readonly ReadonlyMap<CountingSocket, Use>[]): readonly CountingSocket[] {
  const heldOf = new Map<UserId, Held[]>()
  for (const connections of kinds) {
    for (const [socket, { user, busy, readBefore, lasting }] of connections) {
      const incoming = lasting?.incomingBytes() ?? (busy ? (socket.bytesRead ?? 0) - readBefore : 0)
      const bytes = socket.writableLength + incoming
      if (bytes === 0) continue
      const held = heldOf.get(user)
      if (held === undefined) heldOf.set(user, [{ socket, bytes }])
      else held.push({ socket, bytes })
    }
  }
  return [...heldOf.values()].flatMap(beyondBound)
}

function beyondBound(held: readonly Held[]): readonly CountingSocket[] {
  let kept = 0
  const heavy: CountingSocket[] = []
  for (const { socket, bytes } of [...held].sort((one, other) => one.bytes - other.bytes)) {
    kept += bytes
    if (kept > MAX_HELD_BYTES_OF_USER) heavy.push(socket)
  }
  return heavy
}
