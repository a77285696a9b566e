import type { Duplex } from 'node:stream'
import { WebSocket } from 'ws'
import type { AsciiJson } from './ascii-json.ts'
import { fittingReason, type Closing } from './close-codes.ts'
import type { Reading } from './inbox.ts'
import { pongFrame, textFrame } from './text-frame.ts'

/** From here on, sources that can wait do. Not below the mark of a socket itself (16 KiB, or 64 KiB), whose `drain` ends the wait. */
const READY_BELOW_BYTES = 64 * 1024
/** The most bytes that wait in memory for a peer that does not read. The largest answer is a few hundred KB. */
const MAX_BUFFERED_BYTES = 8 * 1_048_576

/** Those that have something to write at the end of this turn of the event loop. */
let unwritten: Outbox[] = []

function writeAll(): void {
  const outboxes = unwritten
  unwritten = []
  for (const outbox of outboxes) outbox.guard(() => outbox.flush())
}

/**
 * Everything that is sent over one socket. What one turn of the event loop sends leaves in one write: of a burst, the system call costs
 * more than the frame.
 *
 * A peer that does not take what it is sent is not read either, until it has taken it: it cannot ask for more. Such a peer does not answer
 * pings, so it is cut off soon.
 *
 * It writes frames itself, whole ones, beside those of ws: without compression ws keeps none back, so neither gets into the other's.
 */
export class Outbox {
  private readonly webSocket: WebSocket
  private readonly socket: Duplex
  private readonly reading: Reading
  private holds = false
  /** Runs what belongs to the connection, so that its faults end there. */
  readonly guard: (work: () => void) => void
  private frames = ''
  private waiting: (() => void)[] | undefined = undefined

  constructor(
    webSocket: WebSocket,
    {
      socket,
      reading,
      guard,
    }: {
      readonly socket: Duplex
      readonly reading: Reading
      readonly guard: (work: () => void) => void
    },
  ) {
    this.webSocket = webSocket
    this.socket = socket
    this.reading = reading
    this.guard = guard
  }

  isOpen(): boolean {
    return this.webSocket.readyState === WebSocket.OPEN
  }

  /** Sends nothing over a socket that is closed. Cuts off a peer that lets too much wait. */
  send(message: AsciiJson): void {
    if (!this.isOpen()) return
    const buffered = this.bufferedBytes()
    if (buffered > MAX_BUFFERED_BYTES) {
      this.webSocket.terminate()
      return
    }
    this.write(textFrame(message))
    if (buffered + message.length >= READY_BELOW_BYTES) this.holdBackReading()
  }

  /** Answers a ping of WebSocket itself. */
  pong(data: Buffer): void {
    this.write(pongFrame(data))
    if (!this.isReady()) this.holdBackReading()
  }

  isReady(): boolean {
    return this.bufferedBytes() < READY_BELOW_BYTES
  }

  /** Calls back once, later, when the peer has read what waits; never if the socket is closed before. */
  onDrain(resume: () => void): void {
    this.flush()
    if (this.isReady()) {
      setImmediate(() => this.guard(resume))
      return
    }
    if (this.waiting === undefined) {
      this.waiting = []
      this.socket.once('drain', () => this.drained())
    }
    this.waiting.push(resume)
  }

  /** Sends the frames that wait, then closes the socket. */
  close([code, reason]: Closing): void {
    this.flush()
    this.webSocket.close(code, fittingReason(reason))
  }

  flush(): void {
    const { frames } = this
    this.frames = ''
    if (frames !== '' && this.isOpen()) this.socket.write(frames, 'latin1')
  }

  private write(frame: string): void {
    if (this.frames === '' && unwritten.push(this) === 1) setImmediate(writeAll)
    this.frames += frame
    if (this.frames.length >= READY_BELOW_BYTES) this.flush()
  }

  private holdBackReading(): void {
    if (this.holds) return
    this.holds = true
    this.reading.hold()
    this.onDrain(() => {
      this.holds = false
      this.reading.release()
    })
  }

  private drained(): void {
    const resumes = this.waiting ?? []
    this.waiting = undefined
    for (const resume of resumes) this.guard(resume)
  }

  private bufferedBytes(): number {
    return this.socket.writableLength + this.frames.length
  }
}
