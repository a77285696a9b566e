import { once } from 'node:events'
import { connect } from 'node:net'

export type Line = {
  /** The body of the answer. One request at a time. */
  readonly ask: (token: string, body: string) => Promise<string>
  readonly close: () => void
}

const END_OF_HEAD = '\r\n\r\n'

/**
 * One connection that is kept alive, and opened anew where the server has closed it meanwhile. It speaks as little HTTP as there is to
 * speak, so that the clients do not take the variants' processor.
 */
export async function openLine(address: string): Promise<Line> {
  const { host, pathname } = new URL(address)
  const head = `POST ${pathname} HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\naccept: application/json\r\n`
  let exchange = await openExchange(address)
  return {
    async ask(token, body) {
      // Requests are ASCII.
      const request = `${head}authorization: Bearer ${token}\r\ncontent-length: ${body.length}${END_OF_HEAD}${body}`
      if (exchange.isClosed()) exchange = await openExchange(address)
      return exchange.send(request).catch(async (error: unknown) => {
        // It was closed for want of use, just as the request left.
        if (!exchange.isClosed()) throw error
        exchange = await openExchange(address)
        return exchange.send(request)
      })
    },
    close: () => exchange.close(),
  }
}

async function openExchange(address: string) {
  const { hostname, port, host } = new URL(address)
  const socket = connect(Number(port), hostname).setNoDelay()
  socket.setEncoding('latin1')
  await once(socket, 'connect')
  let received = ''
  let waiting: { resolve: (body: string) => void; reject: (error: Error) => void } | undefined
  const fail = (error: Error): void => {
    waiting?.reject(error)
    waiting = undefined
  }
  socket.on('error', fail)
  socket.on('close', () => fail(new Error(`${host} has closed a connection`)))
  socket.on('data', (part: string) => {
    received += part
    const body = bodyOf(received)
    if (body === undefined) return
    const whole = received
    received = ''
    if (whole.startsWith('HTTP/1.1 200')) {
      waiting?.resolve(body)
      waiting = undefined
    } else {
      // It was told that it had waited for too long, and the end follows.
      if (whole.startsWith('HTTP/1.1 408')) socket.destroy()
      fail(new Error(`${host} answered ${whole}`))
    }
  })
  return {
    isClosed: () => socket.destroyed || socket.readableEnded,
    send: (request: string) =>
      new Promise<string>((resolve, reject) => {
        waiting = { resolve, reject }
        socket.write(request, 'latin1')
      }),
    close: () => void socket.destroy(),
  }
}

/** Of a whole answer. */
function bodyOf(received: string): string | undefined {
  const end = received.indexOf(END_OF_HEAD)
  if (end === -1) return undefined
  const head = received.slice(0, end)
  const body = received.slice(end + END_OF_HEAD.length)
  const length = /content-length: (\d+)/i.exec(head)?.[1]
  if (length !== undefined) return body.length >= Number(length) ? body : undefined
  return body.endsWith('0\r\n\r\n') ? joined(body) : undefined
}

function joined(chunks: string): string {
  let body = ''
  for (let at = 0; at < chunks.length;) {
    const end = chunks.indexOf('\r\n', at)
    const length = Number.parseInt(chunks.slice(at, end), 16)
    body += chunks.slice(end + 2, end + 2 + length)
    at = end + 2 + length + 2
  }
  return body
}
