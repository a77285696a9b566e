import type { Context, Server } from 'graphql-ws'
import type { ExecutionResult } from 'graphql'
import { WebSocket } from 'ws'
import type { Identity } from '../identity/identity.ts'
import type { Logger } from './log.ts'
import { inTurn, type Running } from './operations-in-turn.ts'
import { isSubscriptionStream } from './subscription-stream.ts'

/** A peer that has not answered one ping by the next is gone: its network does not tell. */
const PING_EVERY_MS = 12_000
/** What may wait in memory for a peer that does not read. The largest answer is a few hundred KB. */
const MAX_BUFFERED_BYTES = 8 * 1_048_576
/** What is left of a control frame beside the code. */
const MAX_REASON_BYTES = 123

export type ConnectionParams = Record<string, unknown> | undefined

/** One client, from the upgrade to the close. */
export type Connection = {
  readonly requestId: string
  readonly log: Logger
  readonly authorizationHeader: string | undefined
  readonly webSocket: WebSocket
  /** Who is at the other end, once he has said so. */
  caller?: Identity
  /** The protocol's state, from connection_init on. */
  context?: Context<ConnectionParams, Connection>
  /** From now on no operation begins. */
  draining: boolean
  /** The operations that run, by their ids: one that its client has completed, too, until it has ended. */
  readonly running: Map<string, Running>
  /** Messages that are being worked on; that of a subscription until it ends. */
  readonly working: Set<Promise<void>>
}

/** Hands a socket to the protocol and watches over it. */
export function openConnection(
  protocol: Server<Connection>,
  opened: Pick<Connection, 'requestId' | 'log' | 'authorizationHeader' | 'webSocket'>,
): Connection {
  const { webSocket, log } = opened
  const connection: Connection = { ...opened, draining: false, running: new Map(), working: new Set() }

  const closed = protocol.opened(
    {
      protocol: webSocket.protocol,
      send: (data) => send(webSocket, data),
      close: (code, reason) => webSocket.close(code, reason === undefined ? reason : fitting(reason)),
      onMessage: (work) => {
        // On a closed socket, nothing would end what begins.
        const workWhileOpen = async (message: string): Promise<void> => {
          if (webSocket.readyState === WebSocket.OPEN) await work(message)
        }
        const workInTurn = inTurn(workWhileOpen, connection.running)
        webSocket.on('message', (data) => {
          // Text arrives as one buffer: it is ours to decode, and ws has checked that it is UTF-8.
          const working = workInTurn((data as Buffer).toString('utf8')).catch((error: unknown) => {
            log.error({ err: error }, 'message failed')
            webSocket.close(4500, 'Internal server error')
          })
          connection.working.add(working)
          void working.then(() => connection.working.delete(working))
        })
      },
    },
    connection,
  )

  const stopPinging = keepAlive(webSocket)
  webSocket.on('error', (error) => {
    // ws closes the socket itself, with the code that fits: 1009 for a message too big, 1007 for what is not UTF-8.
    log.debug({ err: error }, 'socket failed')
  })
  webSocket.once('close', (code) => {
    stopPinging()
    log.info({ code }, 'socket closed')
    closed(code).catch((error: unknown) => log.error({ err: error }, 'closing failed'))
  })
  return connection
}

/** Ends the streams of a client, each with one last result if there is one to hand out. */
export function finishStreams({ context }: Connection, last?: ExecutionResult): void {
  for (const subscription of Object.values(context?.subscriptions ?? {})) {
    if (subscription !== null && isSubscriptionStream(subscription)) subscription.finish(last)
  }
}

/** Completes all streams, waits for what else is being worked on, and takes leave. */
export async function drain(connection: Connection): Promise<void> {
  const { webSocket, working } = connection
  connection.draining = true
  const left = new Promise<void>((resolve) => {
    if (webSocket.readyState === WebSocket.CLOSED) resolve()
    else webSocket.once('close', () => resolve())
  })
  finishStreams(connection)
  await Promise.all(working)
  webSocket.close(1001, 'Going away')
  await left
}

/** A reason quotes the client; ws throws for one that does not fit into its frame. */
function fitting(reason: string): string {
  const { read } = new TextEncoder().encodeInto(reason, new Uint8Array(MAX_REASON_BYTES))
  return reason.slice(0, read)
}

async function send(webSocket: WebSocket, data: string): Promise<void> {
  if (webSocket.readyState !== WebSocket.OPEN) return
  if (webSocket.bufferedAmount > MAX_BUFFERED_BYTES) {
    webSocket.terminate()
    return
  }
  // What cannot be sent any more has nobody to miss it: the close tells the protocol.
  await new Promise<void>((resolve) => webSocket.send(data, () => resolve()))
}

function keepAlive(webSocket: WebSocket): () => void {
  let answered = true
  webSocket.on('pong', () => (answered = true))
  const timer = setInterval(() => {
    if (!answered) return webSocket.terminate()
    answered = false
    webSocket.ping()
  }, PING_EVERY_MS)
  return () => clearInterval(timer)
}
