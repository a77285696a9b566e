import { once } from 'node:events'
import { connect } from 'node:net'

export type Answer = { readonly status: number; readonly body: string }
export type Line = {
  /** One request at a time. */
  readonly ask: (request: string) => Promise<Answer>
  readonly close: () => void
}

const END_OF_HEAD = '\r\n\r\n'

export function getRequest(path: string): string {
  return `GET ${path} HTTP/1.1\r\nhost: localhost${END_OF_HEAD}`
}

/** Requests are ASCII. */
export function postRequest(token: string, body: object | string): string {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const head = `POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\naccept: application/json\r\n`
  return `${head}authorization: Bearer ${token}\r\ncontent-length: ${String(text.length)}${END_OF_HEAD}${text}`
}

/** One connection that is kept alive, with as little of a client as there is: what attacks a server must not take its processor. */
export async function openLine(url: string): Promise<Line> {
  const { hostname, port } = new URL(url)
  const socket = connect({ host: hostname, port: Number(port), noDelay: true })
  socket.setEncoding('latin1')
  await once(socket, 'connect')
  let parts: string[] = []
  let length = 0
  let needed = Infinity
  let status = 0
  let waiting: { resolve: (answer: Answer) => void; reject: (error: Error) => void } | undefined
  const fail = (error: Error): void => {
    waiting?.reject(error)
    waiting = undefined
  }
  socket.on('error', fail)
  socket.on('close', () => fail(new Error('the server closed a connection')))
  socket.on('data', (part: string) => {
    parts.push(part)
    length += part.length
    if (needed === Infinity) {
      const received = parts.join('')
      const end = received.indexOf(END_OF_HEAD)
      if (end === -1) return
      status = Number(received.slice(9, 12))
      needed = end + 4 + Number(/content-length: (\d+)/i.exec(received.slice(0, end))?.[1] ?? 0)
      parts = [received]
    }
    if (length < needed) return
    const whole = parts.join('')
    ;[parts, length, needed] = [[], 0, Infinity]
    const waiter = waiting
    waiting = undefined
    waiter?.resolve({ status, body: whole.slice(whole.indexOf(END_OF_HEAD) + 4) })
  })
  return {
    ask: (request) =>
      new Promise((resolve, reject) => {
        waiting = { resolve, reject }
        if (socket.destroyed) fail(new Error('the server closed a connection'))
        else socket.write(request, 'latin1')
      }),
    close: () => void socket.destroy(),
  }
}
