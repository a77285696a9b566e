import { connect, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

/** A connection by hand, for what no HTTP client would send. */
export type RawConnection = {
  readonly socket: Socket
  /** What has come so far. */
  text(): string
  /** Milliseconds from the connection to its end. */
  readonly ended: Promise<number>
}

export async function openRaw(url: string): Promise<RawConnection> {
  const { hostname, port } = new URL(url)
  const socket = connect({ host: hostname, port: Number(port) })
  let text = ''
  socket.on('data', (chunk) => (text += chunk.toString('latin1')))
  socket.on('error', () => undefined)
  const began = performance.now()
  const ended = new Promise<number>((resolve) =>
    socket.once('close', () => resolve(performance.now() - began)),
  )
  await Promise.race([new Promise((resolve) => socket.once('connect', resolve)), ended])
  onTestFinished(() => void socket.destroy())
  return { socket, text: () => text, ended }
}

/** Sends one byte after another, each after a while, for as long as the connection lasts. */
export function trickle({ socket }: RawConnection, text: string, everyMs: number): void {
  let at = 0
  const timer = setInterval(() => {
    if (socket.destroyed) clearInterval(timer)
    else socket.write(text[at++ % text.length]!)
  }, everyMs)
}
