import type { WebSocket } from 'ws'

/** What is taken from one peer in one turn of the event loop, so that a burst of small messages does not hold up everybody else. */
const MAX_MESSAGES_A_TURN = 16

type Message = { readonly data: Buffer; readonly isBinary: boolean }

/** Reads from a peer, unless somebody holds it back. */
export class Reading {
  private readonly webSocket: WebSocket
  private holds = 0

  constructor(webSocket: WebSocket) {
    this.webSocket = webSocket
  }

  hold(): void {
    this.holds += 1
    if (this.holds === 1) this.webSocket.pause()
  }

  release(): void {
    this.holds -= 1
    if (this.holds === 0) this.webSocket.resume()
  }

  /** For so long nothing that the peer sends is read; TCP makes it wait. */
  rest(ms: number): void {
    this.hold()
    setTimeout(() => this.release(), ms)
  }
}

/**
 * What comes over one socket. Beyond a few messages in one turn, the peer is not read until the next, and what ws has read by then waits:
 * at most what one packet holds. (ws would do so itself if it were told to, but then throws at what comes after a frame that is wrong.)
 * The same holds while a message waits until it may be taken.
 */
export class Inbox {
  private readonly reading: Reading
  /** Settles, and never rejects, when a message is taken that had to wait. */
  private readonly take: (data: Buffer, isBinary: boolean) => Promise<void> | undefined
  private came = 0
  private waiting: Message[] | undefined = undefined
  private isTaking = false

  constructor(reading: Reading, take: Inbox['take']) {
    this.reading = reading
    this.take = take
  }

  receive(data: Buffer, isBinary: boolean): void {
    this.count()
    if (this.waiting === undefined) this.begin({ data, isBinary })
    else this.waiting.push({ data, isBinary })
  }

  /** Something has come, a control frame perhaps. */
  count(): void {
    if (this.came === 0) setImmediate(() => this.nextTurn())
    this.came += 1
    if (this.came > MAX_MESSAGES_A_TURN) this.wait()
  }

  private begin({ data, isBinary }: Message): void {
    const taken = this.take(data, isBinary)
    if (taken === undefined) return
    this.isTaking = true
    this.wait()
    void taken.then(() => {
      this.isTaking = false
      this.nextTurn()
    })
  }

  private wait(): void {
    if (this.waiting !== undefined) return
    this.waiting = []
    this.reading.hold()
  }

  private nextTurn(): void {
    this.came = 0
    for (let taken = 0; taken < MAX_MESSAGES_A_TURN && !this.isTaking; taken++) {
      const next = this.waiting?.shift()
      if (next === undefined) break
      this.begin(next)
    }
    if (this.waiting === undefined || this.isTaking) return
    if (this.waiting.length > 0) {
      this.came = 1
      setImmediate(() => this.nextTurn())
      return
    }
    this.waiting = undefined
    this.reading.release()
  }
}
