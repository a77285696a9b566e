import { once } from 'node:events'
import { WebSocket, type ClientOptions } from 'ws'

export type Message = {
  readonly type: string
  readonly id?: string
  readonly payload?: unknown
}

export type Closed = { readonly code: number; readonly reason: string }

/** graphql-transport-ws by hand, for what a well-behaved client would not do or not show. */
export type RawClient = {
  readonly socket: WebSocket
  send(message: Message | string): void
  /** The next message, in order. Rejects when the socket closes before it comes. */
  next(): Promise<Message>
  /** All messages so far, as they came. */
  readonly texts: readonly string[]
  readonly closed: Promise<Closed>
  close(): Promise<void>
}

export async function openSocket(
  url: string,
  options: ClientOptions = {},
  protocol = 'graphql-transport-ws',
): Promise<RawClient> {
  const socket = new WebSocket(url, protocol, options)
  const messages: Message[] = []
  const texts: string[] = []
  const waiting: { resolve: (message: Message) => void; reject: (error: Error) => void }[] = []
  socket.on('message', (data: Buffer) => {
    const text = data.toString()
    texts.push(text)
    const message = JSON.parse(text) as Message
    const waiter = waiting.shift()
    if (waiter === undefined) messages.push(message)
    else waiter.resolve(message)
  })
  const closed = new Promise<Closed>((resolve) => {
    socket.once('close', (code, reason) => {
      for (const { reject } of waiting.splice(0)) reject(new Error(`closed: ${code} ${reason.toString()}`))
      resolve({ code, reason: reason.toString() })
    })
  })
  await once(socket, 'open')
  socket.on('error', () => undefined)
  return {
    socket,
    texts,
    closed,
    send: (message) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
    next: () =>
      new Promise((resolve, reject) => {
        const message = messages.shift()
        if (message !== undefined) resolve(message)
        else if (socket.readyState === WebSocket.CLOSED) reject(new Error('the socket is closed'))
        else waiting.push({ resolve, reject })
      }),
    async close() {
      socket.close()
      await closed
    },
  }
}

/** The same, with connection_init sent and acknowledged. */
export async function connect(url: string, token: string): Promise<RawClient> {
  const client = await openSocket(url)
  client.send({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } })
  const { type } = await client.next()
  if (type !== 'connection_ack') throw new Error(`not acknowledged but ${type}`)
  return client
}

/** Sends an operation, and returns the first message about it. */
export function ask(client: RawClient, query: string, variables: object = {}, id = '1'): Promise<Message> {
  client.send({ id, type: 'subscribe', payload: { query, variables } })
  return client.next()
}
