import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { WebSocket, WebSocketServer } from 'ws'
import type { Message } from './web-socket-client.ts'

/** What becomes of the events that a slow subscriber has not taken, when it takes them again. Queues have room for one here. */
export type Fault = (held: readonly string[]) => readonly string[]

export const FAULTS = {
  'drops the oldest': (held) => held.slice(-1),
  'drops the newest': (held) => held.slice(0, 1),
  'doubles all, one after another': (held) => held.flatMap((event) => [event, event]),
  'sends the oldest once more, after the others': (held) => [...held, ...held.slice(0, 1)],
} satisfies Record<string, Fault>

/**
 * A gateway as gateways are: it stands between clients and a server of graphql-transport-ws, and joins equal subscriptions of one token, so
 * that whoever comes later begins in the middle. While it holds events, they wait, as for a client that does not read.
 */
export type Middleman = {
  readonly url: string
  /** Subscriptions that run here at present, and those that run at the server for them. */
  readonly subscriptions: () => { readonly here: number; readonly upstream: number }
  /** From now on events wait. */
  readonly hold: () => void
  /** How many events wait for each subscription. */
  readonly held: () => readonly number[]
  /** Hands over what has waited, as the fault has it, and everything else at once. */
  readonly handOver: (fault: Fault) => void
  /** Its connections to the server break, and it makes new ones, of which it tells its clients nothing. */
  readonly reconnect: () => void
  readonly close: () => Promise<void>
}

type Subscriber = { readonly socket: WebSocket; readonly id: string; readonly waiting: string[] }
type Shared = { readonly id: string; readonly payload: unknown; readonly subscribers: Set<Subscriber> }
/** One connection to the server for everybody with one token, and by their text the subscriptions over it. */
type Upstream = { socket: WebSocket; readonly greeting: unknown; readonly shared: Map<string, Shared> }

const PROTOCOL = 'graphql-transport-ws'

export async function middleman(serverUrl: string): Promise<Middleman> {
  const upstreams = new Map<string, Upstream>()
  let holding = false
  let ids = 0

  const allShared = (): Shared[] => [...upstreams.values()].flatMap(({ shared }) => [...shared.values()])
  const all = (): Subscriber[] => allShared().flatMap(({ subscribers }) => [...subscribers])

  const connect = (greeting: unknown, shared: Upstream['shared']): WebSocket => {
    const socket = new WebSocket(serverUrl, PROTOCOL)
    socket.on('error', () => undefined)
    socket.on('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload: greeting })))
    socket.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString()) as Message
      if (message.type === 'connection_ack') for (const one of shared.values()) subscribe(socket, one)
      if (message.type === 'ping') socket.send('{"type":"pong"}')
      for (const [key, { id, subscribers }] of shared) {
        if (id !== message.id) continue
        for (const subscriber of subscribers) pass(subscriber, message)
        if (message.type !== 'next') shared.delete(key)
      }
    })
    return socket
  }

  const subscribe = (socket: WebSocket, { id, payload }: Shared): void => {
    socket.send(JSON.stringify({ id, type: 'subscribe', payload }))
  }

  const pass = ({ socket, id, waiting }: Subscriber, message: Message): void => {
    const text = JSON.stringify({ ...message, id })
    if (holding) waiting.push(text)
    else socket.send(text)
  }

  const upstreamFor = (greeting: unknown): Upstream => {
    const key = JSON.stringify(greeting)
    const known = upstreams.get(key)
    if (known !== undefined) return known
    const shared: Upstream['shared'] = new Map()
    const upstream = { socket: connect(greeting, shared), greeting, shared }
    upstreams.set(key, upstream)
    return upstream
  }

  const join = ({ socket: toServer, shared }: Upstream, subscriber: Subscriber, payload: unknown): void => {
    const { query, variables } = payload as { query: string; variables?: object }
    const key = JSON.stringify([query, variables])
    const running = shared.get(key)
    if (running !== undefined) {
      running.subscribers.add(subscriber)
      return
    }
    const begun = { id: `${(ids += 1)}`, payload, subscribers: new Set([subscriber]) }
    shared.set(key, begun)
    if (toServer.readyState === WebSocket.OPEN) subscribe(toServer, begun)
  }

  const leave = (
    { socket: toServer, shared }: Upstream,
    leaves: (subscriber: Subscriber) => boolean,
  ): void => {
    for (const [key, { id, subscribers }] of shared) {
      for (const subscriber of subscribers) if (leaves(subscriber)) subscribers.delete(subscriber)
      if (subscribers.size > 0) continue
      shared.delete(key)
      if (toServer.readyState === WebSocket.OPEN) toServer.send(JSON.stringify({ id, type: 'complete' }))
    }
  }

  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', handleProtocols: () => PROTOCOL })
  server.on('connection', (socket) => {
    let upstream: Upstream | undefined
    socket.on('message', (data: Buffer) => {
      const { type, id = '', payload } = JSON.parse(data.toString()) as Message
      if (type === 'ping') socket.send('{"type":"pong"}')
      if (type === 'connection_init') {
        upstream = upstreamFor(payload)
        socket.send('{"type":"connection_ack"}')
      }
      if (upstream === undefined) return
      if (type === 'subscribe') join(upstream, { socket, id, waiting: [] }, payload)
      if (type === 'complete') leave(upstream, (one) => one.socket === socket && one.id === id)
    })
    socket.on('close', () => upstream && leave(upstream, (one) => one.socket === socket))
  })
  await once(server, 'listening')

  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    subscriptions: () => ({ here: all().length, upstream: allShared().length }),
    hold: () => void (holding = true),
    held: () => all().map(({ waiting }) => waiting.length),
    handOver(fault) {
      holding = false
      for (const { socket, waiting } of all()) for (const text of fault(waiting.splice(0))) socket.send(text)
    },
    reconnect() {
      for (const upstream of upstreams.values()) {
        upstream.socket.terminate()
        upstream.socket = connect(upstream.greeting, upstream.shared)
      }
    },
    async close() {
      for (const { socket } of upstreams.values()) socket.terminate()
      for (const socket of server.clients) socket.terminate()
      server.close()
      await once(server, 'close')
    },
  }
}
