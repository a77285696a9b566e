import type { Duplex } from 'node:stream'
import type { UserId } from '../domain/user-id.ts'

/** The socket of a connection. Those of `net` count their bytes. An upgrade hands over a `Duplex`, which is one of them. */
export type CountingSocket = Duplex & { readonly bytesRead?: number; readonly bytesWritten?: number }

/** A connection that carries messages instead of requests: a WebSocket. */
export type LastingConnection = {
  /** Bytes in memory of a message whose end has not come yet. */
  readonly incomingBytes: () => number
}

/** A connection that has shown a good token. */
export type IdentifiedConnection = {
  /** The user of its last request. A gateway sends the operations of several users over one connection. */
  user: UserId
  /** A request is coming in, or is not answered yet. */
  busy: boolean
  /** Bytes of requests that were answered. */
  readBefore: number
  /** Since when the same piece has waited for the peer to take it, and how many bytes the peer had taken by then. */
  waits: { readonly since: number; readonly taken: number } | null
  readonly lasting: LastingConnection | null
}
