import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { WebSocket } from 'ws'
import type { Frame, Input } from './inputs.ts'
import type { FuzzedServer } from './server.ts'

/** What a peer was told: statuses, codes of errors, and how a WebSocket was closed. */
export type Told = {
  readonly statuses: readonly number[]
  readonly codes: readonly string[]
  readonly closeCode?: number
}

/** How long a peer waits for what it is told; streams go on for ever. */
const PATIENCE_MS = 2000
/** Of requests that come in one packet. */
const MOST_BYTES = 500_000
/** Then everything has been said that a short answer says. */
const QUIET_MS = 150

export function send(input: Input, server: FuzzedServer, choice: number): Promise<Told> {
  const tokens = server.tokens[input.sender]
  const token = tokens[choice % tokens.length]
  return input.transport === 'http' ? sendRequest(input, server, token) : sendFrames(input, server, token)
}

async function sendRequest(
  { requestLine, headers, body, pieces, leaves, times }: Input & { transport: 'http' },
  { host, port }: FuzzedServer,
  token: string | undefined,
): Promise<Told> {
  const socket = connect({ host, port })
  const ended = new Promise((resolve) => socket.once('close', resolve))
  let text = ''
  let heard = performance.now()
  socket.on('error', () => undefined)
  socket.on('data', (chunk) => {
    heard = performance.now()
    if (text.length < 4_000_000) text += chunk.toString('latin1')
  })
  const authorization = token === undefined ? [] : [`Authorization: Bearer ${token}`]
  const head = [requestLine, 'Host: fuzz', ...authorization, ...headers, '', ''].join('\r\n')
  const whole = Buffer.concat([Buffer.from(head, 'latin1'), body])
  const before = Math.min(times - 1, Math.floor(MOST_BYTES / whole.length))
  socket.write(Buffer.concat([...Array.from({ length: before }, () => whole), Buffer.from(head, 'latin1')]))
  const size = Math.ceil(body.length / pieces)
  for (let piece = 0; piece < pieces && !(leaves && piece === pieces - 1); piece++) {
    socket.write(body.subarray(piece * size, (piece + 1) * size))
    if (pieces > 1) await sleep(2)
  }
  if (leaves) {
    socket.destroy()
  } else {
    const until = performance.now() + PATIENCE_MS
    const over = ended.then(() => true)
    while (performance.now() < until) {
      if (await Promise.race([over, sleep(10, false)])) break
      if (text !== '' && performance.now() - heard > QUIET_MS) break
    }
    socket.destroy()
  }
  await ended
  return toldIn(text)
}

function toldIn(text: string): Told {
  const statuses = [...text.matchAll(/^HTTP\/1\.1 (\d{3}) /gm)].map(([, status]) => Number(status))
  return { statuses, codes: codesIn(text) }
}

function codesIn(text: string): string[] {
  return [...text.matchAll(/"code":"([^"]*)"/g)].map(([, code = '']) => code)
}

async function sendFrames(
  { initialises, frames, reads }: Input & { transport: 'websocket' },
  { host, port }: FuzzedServer,
  token: string | undefined,
): Promise<Told> {
  const socket = new WebSocket(`ws://${host}:${port}/graphql`, 'graphql-transport-ws')
  const codes: string[] = []
  let heard: number
  let closeCode: number | undefined
  socket.on('error', () => undefined)
  const closed = new Promise<boolean>((resolve) =>
    socket.once('close', (code) => {
      closeCode = code
      resolve(true)
    }),
  )
  socket.on('message', (data: Buffer) => {
    heard = performance.now()
    const message = data.toString()
    if (/^{"id":"[^"]*","type":"(next|error)"/.test(message)) codes.push(...codesIn(message))
  })
  const opened = new Promise<boolean>((resolve) => socket.once('open', () => resolve(true)))
  await Promise.race([opened, closed])
  if (initialises && socket.readyState === WebSocket.OPEN) {
    const payload = token === undefined ? {} : { authorization: `Bearer ${token}` }
    socket.send(JSON.stringify({ type: 'connection_init', payload }))
    await Promise.race([new Promise((resolve) => socket.once('message', resolve)), closed, sleep(1000)])
  }
  if (!reads) socket.pause()
  for (const frame of frames) {
    if (socket.readyState !== WebSocket.OPEN) break
    sendFrame(socket, frame)
  }
  heard = performance.now()
  const until = performance.now() + PATIENCE_MS
  while (performance.now() < until) {
    if (await Promise.race([closed, sleep(10, false)])) break
    if (performance.now() - heard > QUIET_MS) break
  }
  socket.terminate()
  await closed
  return { statuses: [], codes, ...(closeCode !== undefined && { closeCode }) }
}

function sendFrame(socket: WebSocket, frame: Frame): void {
  if ('bytes' in frame) {
    const { _socket: wire } = socket as unknown as { readonly _socket: { write(bytes: Buffer): void } }
    wire.write(frame.bytes)
  } else if ('control' in frame) {
    if (frame.control === 'close') socket.close(1000)
    else socket[frame.control](frame.payload)
  } else {
    const size = Math.ceil(frame.text.length / frame.fragments)
    for (let at = 0; at < frame.fragments; at++) {
      socket.send(frame.text.slice(at * size, (at + 1) * size), { fin: at === frame.fragments - 1 })
    }
  }
}
