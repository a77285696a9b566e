import type { Closing } from './close-codes.ts'
import type { Connection } from './connection.ts'
import type { OperationRequest } from './messages.ts'
import type { Operation } from './operation.ts'

/** `parts` are texts, objects and lists. */
export type MessageSize = { readonly parts: number; readonly characters: number }

/** Decides for the protocol which clients may connect, and what operations do. `Peer` holds its facts about one client. */
export type Service<Peer> = {
  /** Answers connection_init; without a closing the client is acknowledged. */
  connect(connection: Connection<Peer>, params: object | undefined): Promise<Closing | undefined>
  /** Begins an operation, and ends it by `complete` or `error`, unless the operation was told to `run` a source. */
  begin(operation: Operation<Peer>, request: OperationRequest): Promise<void>
  /** Settles when a message of this size may be parsed; undefined if it may at once. Until then the peer is not read. */
  turnToParse?(connection: Connection<Peer>, size: MessageSize): Promise<void> | undefined
  /** Something went wrong on this side, and the socket is closed for it. */
  failed(peer: Peer, error: unknown): void
  /** The socket broke, or what came over it is against WebSocket: ws closes it, with the code that fits. */
  broken(peer: Peer, error: Error): void
  closed(peer: Peer, code: number): void
}
