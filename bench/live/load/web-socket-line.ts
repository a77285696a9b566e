import { connect } from 'node:net'

/** A WebSocket with as little of a client as there is: what reads 500 streams beside a server must not take its processor. */
export type WebSocketLine = {
  readonly send: (text: string) => void
  /** Without a word, as a network does it. */
  readonly cut: () => void
}

const OPCODE = { text: 0x1, close: 0x8, ping: 0x9, pong: 0xa } as const

export function openWebSocket(
  url: string,
  {
    protocol,
    onText,
    onClosed,
  }: {
    readonly protocol: string
    readonly onText: (text: string) => void
    readonly onClosed: (error: Error) => void
  },
): Promise<WebSocketLine> {
  const { hostname, port, pathname } = new URL(url)
  const socket = connect({ host: hostname, port: Number(port), noDelay: true })
  socket.write(
    [
      `GET ${pathname} HTTP/1.1`,
      `Host: ${hostname}:${port}`,
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
      'Sec-WebSocket-Version: 13',
      `Sec-WebSocket-Protocol: ${protocol}`,
      '\r\n',
    ].join('\r\n'),
  )
  let rest: Buffer = Buffer.alloc(0)
  let isOpen = false
  let isCut = false

  const take = (opcode: number, payload: Buffer): void => {
    if (opcode === OPCODE.text) onText(payload.toString('latin1'))
    else if (opcode === OPCODE.ping)
      socket.write(maskedFrame(OPCODE.pong, payload.toString('latin1')), 'latin1')
    else if (opcode === OPCODE.close)
      socket.destroy(new Error(`closed: ${payload.readUInt16BE(0)} ${payload.toString('utf8', 2)}`))
  }

  return new Promise((resolve, reject) => {
    const line: WebSocketLine = {
      send: (text) => socket.write(maskedFrame(OPCODE.text, text), 'latin1'),
      cut() {
        isCut = true
        socket.destroy()
      },
    }
    socket.on('data', (chunk) => {
      rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
      if (!isOpen) {
        const end = rest.indexOf('\r\n\r\n')
        if (end < 0) return
        const head = rest.toString('latin1', 0, end)
        if (!head.startsWith('HTTP/1.1 101')) {
          socket.destroy(new Error(head))
          return
        }
        isOpen = true
        rest = rest.subarray(end + 4)
        resolve(line)
      }
      rest = rest.subarray(takeFrames(rest, take))
    })
    const closed = once((error: Error) => {
      reject(error)
      if (!isCut) onClosed(error)
    })
    socket.on('error', closed)
    socket.on('close', () => closed(new Error('the server closed the socket')))
  })
}

/** Hands on every frame that is there as a whole, and says how many bytes they took. Servers neither mask nor, here, split. */
function takeFrames(bytes: Buffer, take: (opcode: number, payload: Buffer) => void): number {
  let from = 0
  while (bytes.length - from >= 2) {
    const short = (bytes[from + 1] ?? 0) & 0x7f
    const header = short < 126 ? 2 : short === 126 ? 4 : 10
    if (bytes.length - from < header) break
    const length =
      short < 126
        ? short
        : short === 126
          ? bytes.readUInt16BE(from + 2)
          : Number(bytes.readBigUInt64BE(from + 2))
    const end = from + header + length
    if (bytes.length < end) break
    take((bytes[from] ?? 0) & 0x0f, bytes.subarray(from + header, end))
    from = end
  }
  return from
}

/** Clients must mask; with zeros that is no work. The text is ASCII. */
function maskedFrame(opcode: number, text: string): string {
  const { length } = text
  const short = length < 126 ? length : 126
  const extended = length < 126 ? '' : String.fromCharCode(length >> 8, length & 0xff)
  return String.fromCharCode(0x80 | opcode, 0x80 | short) + extended + '\0\0\0\0' + text
}

function once(work: (error: Error) => void): (error: Error) => void {
  let done = false
  return (error) => {
    if (done) return
    done = true
    work(error)
  }
}
