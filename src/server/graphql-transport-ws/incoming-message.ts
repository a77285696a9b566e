import type { WebSocket } from 'ws'
import type { MessageSize } from './service.ts'

/** From the first fragment of a message to the last. Within one frame a peer cannot answer a ping, and is cut off sooner. */
const MESSAGE_TIMEOUT_MS = 30_000

/** Where ws keeps a message of which some has come. It tells nothing of fragments; if a release renames these, a test tells. */
type Receiver = {
  /** Not zero between the first fragment and the last. */
  readonly _fragmented: number
  /** Of the frame that is coming in. */
  readonly _bufferedBytes: number
  /** Of the fragments before it. */
  readonly _messageLength: number
}

/** The message that is coming in from one peer, or waits to be parsed: what of it is in memory, and whether its end is late. */
export class IncomingMessage {
  private readonly webSocket: WebSocket
  /** Characters of whole messages that wait to be parsed: a byte each, or two. */
  private unparsed = 0
  /** When it was first found in fragments; undefined if it has not been. */
  private since: number | undefined = undefined

  constructor(webSocket: WebSocket) {
    this.webSocket = webSocket
  }

  /** Bytes in memory. */
  incomingBytes(): number {
    const receiver = this.receiver()
    return receiver === null
      ? this.unparsed
      : this.unparsed + receiver._bufferedBytes + receiver._messageLength
  }

  /** Counts a whole message until its turn to be parsed comes. Returns that turn; undefined if it has come. */
  count({ characters }: MessageSize, turn: Promise<void> | undefined): Promise<void> | undefined {
    if (turn === undefined) return undefined
    this.unparsed += characters
    return turn.finally(() => (this.unparsed -= characters))
  }

  ended(): void {
    this.since = undefined
  }

  /** Asked now and then: the time begins when this first finds a fragment. */
  isLate(): boolean {
    if ((this.receiver()?._fragmented ?? 0) === 0) return false
    const now = performance.now()
    this.since ??= now
    return now - this.since >= MESSAGE_TIMEOUT_MS
  }

  private receiver(): Receiver | null {
    return (this.webSocket as unknown as { readonly _receiver: Receiver | null })._receiver
  }
}
