import { once } from 'node:events'
import { connect } from 'node:net'

export type Exchange = {
  /** Sends one whole request and waits for the whole answer. */
  readonly ask: (request: Buffer) => Promise<{ readonly us: number; readonly body: string }>
  readonly close: () => void
}

const END_OF_HEAD = '\r\n\r\n'

/** One connection that is kept, and one request at a time: as little between the clock and the wire as node can do. */
export async function openExchange(url: string): Promise<Exchange> {
  const { hostname, port } = new URL(url)
  const socket = connect({ host: hostname, port: Number(port), noDelay: true })
  await once(socket, 'connect')
  let answer = ''
  let sentAt = 0
  let pending: {
    resolve: (answer: { us: number; body: string }) => void
    reject: (error: Error) => void
  } | null = null
  const fail = (error: Error): void => {
    pending?.reject(error)
    pending = null
  }
  socket.setEncoding('latin1')
  socket.on('error', fail)
  socket.on('close', () => {
    fail(new Error('the server has closed the connection'))
  })
  socket.on('data', (chunk: string) => {
    const at = performance.now()
    answer += chunk
    const body = bodyIn(answer)
    if (body === null || pending === null) return
    const { resolve, reject } = pending
    const ok = answer.startsWith('HTTP/1.1 200 ')
    pending = null
    if (ok) resolve({ us: (at - sentAt) * 1000, body })
    else reject(new Error(answer))
  })
  return {
    ask: (request) =>
      new Promise((resolve, reject) => {
        answer = ''
        pending = { resolve, reject }
        sentAt = performance.now()
        socket.write(request)
      }),
    close: () => void socket.destroy(),
  }
}

/** The body of an answer that is there whole, or null. */
function bodyIn(answer: string): string | null {
  const head = answer.indexOf(END_OF_HEAD)
  if (head === -1) return null
  const length = /\r\ncontent-length: (\d+)/i.exec(answer.slice(0, head + 2))?.[1]
  if (length === undefined) throw new Error(`an answer without its length: ${answer.slice(0, head)}`)
  const body = answer.slice(head + END_OF_HEAD.length)
  return body.length < Number(length) ? null : body
}

/** A GraphQL operation as the bytes of an HTTP request. All of them have the same headers, of the same length. */
export function requestOf({
  token,
  query,
  variables,
  planted,
}: {
  readonly token: string
  readonly query: string
  readonly variables: object
  /** So many times the delay that is planted; 0 is none. */
  readonly planted: number
}): Buffer {
  const body = JSON.stringify({ query, variables })
  return Buffer.from(
    [
      'POST /graphql HTTP/1.1',
      'host: 127.0.0.1',
      `authorization: Bearer ${token}`,
      'content-type: application/json',
      'accept: application/json',
      `x-planted: ${String(planted).padStart(3, '0')}`,
      `content-length: ${String(Buffer.byteLength(body))}`,
      '',
      body,
    ].join('\r\n'),
  )
}
