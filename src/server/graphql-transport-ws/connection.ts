import type { Duplex } from 'node:stream'
import { WebSocket } from 'ws'
import { asciiJson, type AsciiJson } from './ascii-json.ts'
import { CLOSING, type Closing } from './close-codes.ts'
import type { Connections } from './connections.ts'
import {
  CONNECTION_ACK,
  parseInTurn,
  pongMessage,
  SUBPROTOCOL,
  type ClientMessage,
  type Malformed,
  type OperationRequest,
} from './messages.ts'
import { Inbox, Reading } from './inbox.ts'
import { IncomingMessage } from './incoming-message.ts'
import { Operation } from './operation.ts'
import { Outbox } from './outbox.ts'
import type { MessageSize, Service } from './service.ts'

const INITIALISATION_TIMEOUT_MS = 10_000
/** A client sends connection_init, and perhaps a ping or two. Control frames count as well. */
const MAX_MESSAGES_BEFORE_ACK = 20

type Served<Peer> = { readonly service: Service<Peer>; readonly connections: Connections<Peer> }

/** Of one client: as ws sees it, and what is below. */
type Sockets = {
  readonly webSocket: WebSocket
  readonly socket: Duplex
  /** Called at the acknowledgement: from then on messages may be larger. */
  readonly admitLargeMessages: () => void
}

/**
 * One client, from the upgrade to the close, by the protocol graphql-transport-ws. An operation that its client has completed may run on
 * unheard; what the client sends under the same id begins when it has ended.
 *
 * Whatever runs for a connection goes through `guard`: an exception closes this connection and reaches nobody else.
 */
export class Connection<Peer> {
  readonly peer: Peer
  readonly outbox: Outbox
  readonly reading: Reading
  readonly incoming: IncomingMessage
  private readonly server: Served<Peer>
  private readonly webSocket: WebSocket
  private readonly admitLargeMessages: () => void
  /** What runs, by id; what its client has completed, too, until it has ended. */
  private readonly operations = new Map<AsciiJson, Operation<Peer>>()
  private state: 'opened' | 'initialising' | 'acknowledged' | 'draining' = 'opened'
  private timeout: NodeJS.Timeout | undefined = undefined
  /** Whether the last ping has been. */
  private answered = true
  private messagesBeforeAck = 0

  constructor(server: Served<Peer>, peer: Peer, { webSocket, socket, admitLargeMessages }: Sockets) {
    this.server = server
    this.peer = peer
    this.webSocket = webSocket
    this.admitLargeMessages = admitLargeMessages
    const reading = (this.reading = new Reading(webSocket))
    this.incoming = new IncomingMessage(webSocket)
    this.outbox = new Outbox(webSocket, { socket, reading, guard: (work) => this.guard(work) })
    const inbox = new Inbox(reading, (data, isBinary) => this.guard(() => this.receive(data, isBinary)))
    server.connections.add(this)
    webSocket.on('message', (data, isBinary) => inbox.receive(data as Buffer, isBinary))
    webSocket.on('ping', (data) => this.guard(() => this.receivePing(data, inbox)))
    webSocket.on('pong', () => this.guard(() => this.receivePong(inbox)))
    webSocket.on('error', (error) => this.guard(() => server.service.broken(peer, error)))
    webSocket.on('close', (code) => this.guard(() => this.left(code)))
    if (webSocket.protocol === SUBPROTOCOL) {
      const tooLate = (): void => this.guard(() => this.close(CLOSING.initialisationTimeout))
      this.timeout = setTimeout(tooLate, INITIALISATION_TIMEOUT_MS)
    } else {
      this.close(CLOSING.subprotocolNotAcceptable)
    }
  }

  /** Runs what belongs to this connection. What it throws closes the connection, and goes no further. */
  guard<Result>(work: () => Result): Result | undefined {
    try {
      return work()
    } catch (error) {
      this.fail(error)
      return undefined
    }
  }

  /** Closes the connection for a fault of this side. Never throws. */
  fail(error: unknown): void {
    try {
      this.server.service.failed(this.peer, error)
      this.close(CLOSING.internalError)
    } catch {
      this.terminate()
    }
  }

  /** How many operations run, those that their client has completed among them. */
  get running(): number {
    return this.operations.size
  }

  isOpen(): boolean {
    return this.outbox.isOpen()
  }

  isDraining(): boolean {
    return this.state === 'draining'
  }

  /** Nothing is done for the peer from now on, however long it takes to go. */
  close(closing: Closing): void {
    this.outbox.close(closing)
    this.dropAll()
  }

  /** At once, whatever still waits to be sent. */
  terminate(): void {
    this.webSocket.terminate()
  }

  /** Pings a peer. One that has not answered the ping before is cut off: its network does not tell that it is gone. */
  probe(): void {
    if (!this.answered) return this.terminate()
    this.answered = false
    this.guard(() => this.webSocket.ping())
    if (this.incoming.isLate()) this.guard(() => this.close(CLOSING.messageTimeout))
  }

  /** Ends all streams, each with one last result if there is one to hand out. */
  finishStreams(last: AsciiJson): void {
    for (const operation of this.operations.values()) this.guard(() => operation.finish(last))
  }

  /** Ends all streams, waits for whatever else runs, and takes leave. Settles when the socket is closed. */
  async drain(): Promise<void> {
    const left = new Promise<void>((resolve) => {
      if (this.webSocket.readyState === WebSocket.CLOSED) resolve()
      else this.webSocket.once('close', () => resolve())
    })
    this.state = 'draining'
    for (const operation of this.operations.values()) this.guard(() => operation.leave())
    this.leaveWhenDrained()
    await left
  }

  /** An operation tells that nothing of it runs any more. */
  ended(operation: Operation<Peer>): void {
    this.operations.delete(operation.id)
    const { following } = operation
    if (following !== undefined) this.begin(operation.id, following)
    this.leaveWhenDrained()
  }

  private receive(data: Buffer, isBinary: boolean): Promise<void> | undefined {
    this.incoming.ended()
    if (!this.isOpen() || this.hasSentTooMuch()) return undefined
    const whenParsed = (message: ClientMessage | Malformed): void => this.guard(() => this.take(message))
    const turn = (of: MessageSize) => this.incoming.count(of, this.server.service.turnToParse?.(this, of))
    return parseInTurn(data, { isBinary, turn, whenParsed })?.catch((error: unknown) => this.fail(error))
  }

  private receivePong(inbox: Inbox): void {
    inbox.count()
    this.answered = !this.hasSentTooMuch()
  }

  private receivePing(data: Buffer, inbox: Inbox): void {
    inbox.count()
    if (this.isOpen() && !this.hasSentTooMuch()) this.outbox.pong(data)
  }

  /** Closes the socket of a client that sends more than it takes to say who it is. */
  private hasSentTooMuch(): boolean {
    if (this.state !== 'opened' && this.state !== 'initialising') return false
    this.messagesBeforeAck += 1
    if (this.messagesBeforeAck <= MAX_MESSAGES_BEFORE_ACK) return false
    this.close(CLOSING.tooManyMessages)
    return true
  }

  private take(message: ClientMessage | Malformed): void {
    // Nothing would end what begins on a closed socket.
    if (!this.isOpen()) return
    if ('malformed' in message) return this.close([4400, message.malformed])
    switch (message.type) {
      case 'connection_init':
        return this.initialise(message.payload ?? undefined)
      case 'ping':
        return this.outbox.send(pongMessage(message.payload))
      case 'pong':
        return
      case 'subscribe':
        return this.subscribe(message.id, message.payload)
      case 'complete':
        // One that is unknown has ended meanwhile.
        return this.operations.get(asciiJson(message.id))?.drop()
    }
  }

  private initialise(params: object | undefined): void {
    if (this.state !== 'opened') return this.close(CLOSING.tooManyInitialisations)
    this.state = 'initialising'
    clearTimeout(this.timeout)
    this.timeout = undefined
    this.server.service.connect(this, params).then(
      (refusal) => this.guard(() => this.acknowledge(refusal)),
      (error: unknown) => this.fail(error),
    )
  }

  private acknowledge(refusal: Closing | undefined): void {
    if (refusal !== undefined) return this.close(refusal)
    if (this.state === 'initialising') this.state = 'acknowledged'
    this.admitLargeMessages()
    this.outbox.send(CONNECTION_ACK)
  }

  private subscribe(id: string, request: OperationRequest): void {
    if (this.state === 'opened' || this.state === 'initialising') return this.close(CLOSING.unauthorized)
    const idInMessages = asciiJson(id)
    const before = this.operations.get(idInMessages)
    if (before === undefined) this.begin(idInMessages, request)
    else if (before.isDropped() && before.following === undefined) before.following = request
    else this.close([4409, `Subscriber for ${id} already exists`])
  }

  private begin(id: AsciiJson, request: OperationRequest): void {
    const operation = new Operation(this, id)
    this.operations.set(id, operation)
    this.server.service.begin(operation, request).catch((error: unknown) => this.fail(error))
  }

  private leaveWhenDrained(): void {
    if (this.isDraining() && this.operations.size === 0) this.close(CLOSING.goingAway)
  }

  private dropAll(): void {
    for (const operation of this.operations.values()) operation.drop()
  }

  private left(code: number): void {
    clearTimeout(this.timeout)
    this.server.connections.remove(this)
    this.dropAll()
    this.server.service.closed(this.peer, code)
  }
}
