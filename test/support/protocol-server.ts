import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { onTestFinished } from 'vitest'
import { asciiJson } from '../../src/server/graphql-transport-ws/ascii-json.ts'
import { CLOSING } from '../../src/server/graphql-transport-ws/close-codes.ts'
import type { MessageSize, Service } from '../../src/server/graphql-transport-ws/service.ts'
import type { OperationRequest } from '../../src/server/graphql-transport-ws/messages.ts'
import type { Operation } from '../../src/server/graphql-transport-ws/operation.ts'
import { serveProtocol } from '../../src/server/graphql-transport-ws/serve-protocol.ts'
import { eventually } from './eventually.ts'
import { openSocket, type Message, type RawClient } from './web-socket-client.ts'

export const STREAM = { query: 'subscription { events }' }
export const WAITS = { query: '{ waits }' }
export const ANSWER = { query: '{ answer }' }
/** Of ANSWER. */
export const RESULT = { data: { answer: 42 } }

/** An operation that a test plays the source of. */
export type Played = {
  readonly request: OperationRequest
  readonly operation: Operation<Peer>
  /** How often the source was told to stop. */
  stopped: number
}

type Peer = { readonly socket: Duplex }

export type ProtocolUnderTest = {
  readonly url: string
  /** In the order in which they began. */
  readonly played: readonly Played[]
  readonly failures: unknown[]
  /** Ways down to the wire, of the clients in the order in which they came. */
  readonly sockets: readonly Duplex[]
  /** The next operation that begins. */
  nextPlayed(): Promise<Played>
  stop(options?: { withinMs?: number; deadline?: Promise<void> }): Promise<void>
  open(): Promise<RawClient>
  connected(): Promise<RawClient>
}

/**
 * graphql-transport-ws without GraphQL. `{ answer }` is answered at once, `{ fail }` fails, `{ crash }` is a fault of the service;
 * subscriptions run, and everything else waits, until the test plays what they do. A client whose params say `refuse` is refused;
 * one that says `later` waits until `admit` settles.
 */
export async function startProtocol(
  options: {
    readonly admit?: Promise<void>
    readonly maxMessageBytes?: number
    readonly turnToParse?: (size: MessageSize) => Promise<void> | undefined
  } = {},
): Promise<ProtocolUnderTest> {
  const played: Played[] = []
  const failures: unknown[] = []
  const sockets: Duplex[] = []
  const service: Service<Peer> = {
    async connect(_connection, params) {
      if (params !== undefined && 'later' in params) await options.admit
      return params !== undefined && 'refuse' in params ? CLOSING.forbidden : undefined
    },
    begin(operation, request) {
      const { query } = request
      if (query === '{ crash }') return Promise.reject(new Error('a fault'))
      if (query === '{ fail }') operation.error(asciiJson([{ message: 'It fails.' }]))
      else if (query === '{ answer }') {
        operation.next(asciiJson({ data: { answer: 42 } }))
        operation.complete()
      } else {
        const begun: Played = { request, operation, stopped: 0 }
        played.push(begun)
        if (query?.startsWith('subscription') === true)
          operation.run({ stop: () => void (begun.stopped += 1) })
      }
      return Promise.resolve()
    },
    turnToParse: (_connection, size) => options.turnToParse?.(size),
    failed: (_peer, error) => void failures.push(error),
    broken: () => undefined,
    closed: () => undefined,
  }
  const protocol = serveProtocol(service, { maxMessageBytes: options.maxMessageBytes ?? 1_048_576 })
  const server = createServer()
  server.on('upgrade', (request, socket, head) => {
    sockets.push(socket)
    protocol.upgrade(request, socket, head, { socket })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const stop: ProtocolUnderTest['stop'] = ({ withinMs = 0, deadline } = {}) =>
    protocol.stop({ withinMs, deadline: deadline ?? new Promise(() => undefined) })
  onTestFinished(async () => {
    // Whoever reads is told; a test may have left one who does not.
    await stop({ deadline: new Promise((resolve) => setTimeout(resolve, 200)) })
    await new Promise((resolve) => server.close(resolve))
  })
  const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`
  let taken = 0
  return {
    url,
    played,
    failures,
    sockets,
    stop,
    async nextPlayed() {
      const index = taken++
      await eventually('it begins', () => played.length > index)
      return played[index] as Played
    },
    open: () => openSocket(url),
    async connected() {
      const client = await openSocket(url)
      client.send({ type: 'connection_init' })
      await client.next()
      return client
    },
  }
}

export function subscribe(client: RawClient, id: string, payload: object = STREAM): void {
  client.send({ type: 'subscribe', id, payload })
}

/** What the client has sent before has been taken when this settles. Returns what came meanwhile. */
export async function settled(client: RawClient): Promise<readonly Message[]> {
  client.send({ type: 'ping' })
  const before: Message[] = []
  for (;;) {
    const message = await client.next()
    if (message.type === 'pong') return before
    before.push(message)
  }
}
