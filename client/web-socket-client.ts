import {
  createClient,
  MessageType,
  type Client,
  type FormattedExecutionResult,
  type Message,
  type SubscribePayload,
} from 'graphql-ws'
import { fullJitter } from './full-jitter.ts'
import { isRefused, staySubscribed, type OnConnection } from './stay-subscribed.ts'

/** A connection over which nothing has been heard for so long is asked whether it still lives, and has so long to say so. */
const KEEP_ALIVE_MS = 10_000
const ANSWER_WITHIN_MS = 5_000
const ACKNOWLEDGED_WITHIN_MS = 10_000

export type WebSocketClientOptions = {
  /** wss://… of the gateway, or of the presence subgraph itself. */
  readonly url: string
  /** Asked at every connection, so that a token that has expired is replaced: hand out one that is good for a while. */
  readonly freshToken: () => string | Promise<string>
  readonly onConnection?: OnConnection<SubscribePayload>
  /** Where there is no global one. */
  readonly webSocketImpl?: unknown
}

/** A client of graphql-ws for subscriptions that only the page ends. Hand it to Apollo Client, urql or Relay, or subscribe by it alone. */
export function webSocketClient({
  url,
  freshToken,
  onConnection,
  webSocketImpl,
}: WebSocketClientOptions): Client {
  let socket: { onmessage: unknown } | undefined
  let noAnswer: ReturnType<typeof setTimeout> | undefined

  const client = createClient({
    url,
    ...(webSocketImpl === undefined ? {} : { webSocketImpl }),
    connectionParams: async () => ({ authorization: `Bearer ${await freshToken()}` }),
    // By itself it gives up after five attempts, and on everything but the close of a socket.
    retryAttempts: Infinity,
    shouldRetry: () => true,
    retryWait: fullJitter,
    connectionAckWaitTimeout: ACKNOWLEDGED_WITHIN_MS,
    keepAlive: KEEP_ALIVE_MS,
    on: {
      connected: (connected) => (socket = connected as typeof socket),
      closed: () => clearTimeout(noAnswer),
      ping(received) {
        if (!received) noAnswer = setTimeout(() => client.terminate(), ANSWER_WITHIN_MS)
      },
      pong(received) {
        if (received) clearTimeout(noAnswer)
      },
      message(message) {
        if (!tellsOfRefusal(message) || socket === undefined) return
        // The token has expired, or never was good: all subscriptions move to a new socket, before this one says that they are complete.
        socket.onmessage = null
        socket = undefined
        client.terminate()
      },
    },
  })

  const staying = staySubscribed<SubscribePayload, FormattedExecutionResult>((payload, sink, lost) => {
    const forgetClosed = client.on('closed', lost)
    const stop = client.subscribe(payload, sink)
    return () => {
      forgetClosed()
      stop()
    }
  }, onConnection)
  return {
    ...client,
    subscribe: staying.subscribe as Client['subscribe'],
    iterate: staying.iterate as Client['iterate'],
    async dispose() {
      staying.end()
      try {
        await client.dispose()
      } catch {
        // There was no connection yet.
      }
    },
  }
}

function tellsOfRefusal(message: Message): boolean {
  if (message.type === MessageType.Next) return isRefused(message.payload.errors)
  return message.type === MessageType.Error && isRefused(message.payload)
}
