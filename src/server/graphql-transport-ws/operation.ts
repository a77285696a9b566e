import type { AsciiJson } from './ascii-json.ts'
import type { Closing } from './close-codes.ts'
import type { Connection } from './connection.ts'
import { completeMessage, errorMessage, nextMessage, type OperationRequest } from './messages.ts'

/** What keeps an operation going by itself, such as the events of a subscription. */
export type Source = {
  /** The operation has ended, by whomever: from now on nobody listens. Called once. */
  stop(): void
}

/**
 * Where the results of an operation go. Payloads come serialised, so that one which many clients get is made once.
 *
 * A source that can wait asks `isReady` before each result, and has `onDrain` tell it when to go on; one that cannot closes the socket of
 * a client that does not read. Once the operation has ended, whatever it is told goes nowhere.
 */
export type OperationSink = {
  /** An execution result. */
  next(payload: AsciiJson): void
  /** There are no more results. */
  complete(): void
  /** The operation has failed, with a list of GraphQL errors. */
  error(errors: AsciiJson): void
  /** Whether less than 64 KiB wait for the client. */
  isReady(): boolean
  /** Calls back once, later, when what waited has gone out; never if the socket is closed before. */
  onDrain(resume: () => void): void
  /** Closes the whole socket. */
  close(closing: Closing): void
}

/**
 * One operation of a connection, from its subscribe message until nothing of it runs any more. An object of shared methods, not of
 * closures: there is one for every parked stream.
 */
export class Operation<Peer> implements OperationSink {
  readonly connection: Connection<Peer>
  /** As it stands in messages. */
  readonly id: AsciiJson
  /** What the client has sent under the same id since it completed this: it begins when this has ended. */
  following: OperationRequest | undefined = undefined
  private source: Source | undefined = undefined
  private dropped = false
  private ended = false

  constructor(connection: Connection<Peer>, id: AsciiJson) {
    this.connection = connection
    this.id = id
  }

  /** From now on `source` keeps it going; without one, it lasts until it is completed or has failed. */
  run(source: Source): void {
    this.source = source
    if (this.dropped) this.end()
    else if (this.connection.isDraining()) this.leave()
  }

  next(payload: AsciiJson): void {
    this.send(nextMessage(this.id, payload))
  }

  complete(): void {
    this.send(completeMessage(this.id))
    this.end()
  }

  error(errors: AsciiJson): void {
    this.send(errorMessage(this.id, errors))
    this.end()
  }

  isReady(): boolean {
    return this.connection.outbox.isReady()
  }

  onDrain(resume: () => void): void {
    this.connection.outbox.onDrain(resume)
  }

  close(closing: Closing): void {
    this.connection.close(closing)
  }

  /** Ends a stream, with one last result if there is one to hand out. Whatever else runs ends by itself. */
  finish(last?: AsciiJson): void {
    if (this.source === undefined) return
    if (last !== undefined) this.next(last)
    this.complete()
  }

  /** Ends a stream without a word: the close of the socket tells the client to come back for it, which `complete` would not. */
  leave(): void {
    if (this.source !== undefined) this.end()
  }

  /** The client has completed it, or is gone: a stream ends, whatever else runs goes on unheard. */
  drop(): void {
    this.dropped = true
    this.following = undefined
    if (this.source !== undefined) this.end()
  }

  isDropped(): boolean {
    return this.dropped
  }

  hasEnded(): boolean {
    return this.ended
  }

  private send(message: AsciiJson): void {
    if (!this.dropped && !this.ended) this.connection.outbox.send(message)
  }

  private end(): void {
    if (this.ended) return
    this.ended = true
    // Sources are told from many places, which all go on to others.
    this.connection.guard(() => this.source?.stop())
    this.connection.guard(() => this.connection.ended(this))
  }
}
