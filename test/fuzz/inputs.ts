import { gzipSync } from 'node:zlib'
import type { GraphQLSchema } from 'graphql'
import { documentsOf, junk, type GeneratedOperation } from './documents.ts'
import { randomOf, type Random } from './random.ts'

/** Who sends an input: nobody, a liar, or users with roles. */
export type Sender = 'nobody' | 'liar' | 'user' | 'service' | 'administrator'

/** What one peer does, from the connection to its end. */
export type Input =
  | {
      readonly transport: 'http'
      readonly sender: Sender
      readonly what: string
      /** Everything after the Host and Authorization headers. */
      readonly requestLine: string
      readonly headers: readonly string[]
      readonly body: Buffer
      /** Sends the body in so many pieces, or leaves before the last of them. */
      readonly pieces: number
      readonly leaves: boolean
      /** How often it comes in one packet. */
      readonly times: number
    }
  | {
      readonly transport: 'websocket'
      readonly sender: Sender
      readonly what: string
      readonly initialises: boolean
      readonly frames: readonly Frame[]
      readonly reads: boolean
    }

export type Frame =
  | { readonly text: string; readonly fragments: number }
  | { readonly bytes: Buffer }
  | { readonly control: 'ping' | 'pong' | 'close'; readonly payload: Buffer }

const SENDERS = ['nobody', 'nobody', 'liar', 'user', 'user', 'user', 'service', 'administrator'] as const
const ACCEPTS = [
  'application/json',
  'application/graphql-response+json',
  'text/event-stream',
  'text/event-stream, application/json',
  '*/*',
  'text/html',
  'x'.repeat(500),
  '',
]

/** Makes the input that a seed stands for. */
export function inputsOf(schema: GraphQLSchema): (seed: number) => Input {
  const document = documentsOf(schema)
  return (seed) => {
    const random = randomOf(seed)
    return random.once(2) ? httpInput(random, document) : webSocketInput(random, document)
  }
}

function httpInput(random: Random, document: (random: Random) => GeneratedOperation): Input {
  const sender = random.pick(SENDERS)
  const operation = document(random)
  let body: Buffer = Buffer.from(
    json({ ...operation, ...(random.once(15) && { extensions: junk(random, 0) }) }),
  )
  const headers: string[] = []
  let what = operation.query.slice(0, 200)
  if (random.once(12)) {
    body = mutated(body, random)
    what = `mutated ${what}`
  }
  if (random.once(15)) {
    body = Buffer.from(json(junk(random, 0)))
    what = 'junk as a body'
  }
  if (random.once(15)) {
    body = random.once(3)
      ? body
      : gzipSync(random.once(4) ? Buffer.alloc(random.size(20_000_000), 0x20) : body)
    headers.push(
      `Content-Encoding: ${random.pick(['gzip', 'br', 'deflate', 'zstd', 'gzip, gzip', 'identity'])}`,
    )
  }
  const address = random.once(20)
    ? `/graphql?query=${inAddress(operation.query.slice(0, 8000))}&variables=${inAddress(json(operation.variables).slice(0, 4000))}`
    : random.once(20)
      ? random.pick([
          '/',
          '/health/live',
          '/health/ready',
          '/graphql/',
          '/graphql?a=%',
          '/%00',
          '*',
          `/${'a'.repeat(random.size(20_000))}`,
        ])
      : '/graphql'
  const method = address.startsWith('/graphql?')
    ? 'GET'
    : random.once(25)
      ? random.pick(['GET', 'PUT', 'HEAD', 'OPTIONS', 'DELETE', 'TRACE', 'FUZZ'])
      : 'POST'
  headers.push(
    `Content-Type: ${random.once(20) ? random.pick(['text/plain', 'application/json; charset=utf-16', 'multipart/form-data', '']) : 'application/json'}`,
  )
  headers.push(`Accept: ${random.once(3) ? random.pick(ACCEPTS) : 'application/json'}`)
  if (random.once(20))
    headers.push(
      random.pick([
        'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__',
        'Expect: 100-continue',
        'Expect: nothing',
        'Origin: null',
        `X-Request-Id: ${'x'.repeat(random.size(9000))}`,
        `Cookie: ${'a=b; '.repeat(random.size(4000))}`,
        'Upgrade: websocket\r\nConnection: Upgrade',
      ]),
    )
  if (random.once(30))
    headers.push(`X-${random.pick(['a', '\u0001', 'é'])}: ${random.pick(['b', '\u0000', '\n', 'é'])}`)
  const length = random.once(30)
    ? random.pick([
        'Content-Length: -1',
        'Content-Length: 99999999999',
        'Content-Length: 1x',
        'Transfer-Encoding: chunked',
        `Content-Length: ${body.length + 10}`,
      ])
    : `Content-Length: ${body.length}`
  headers.push(length)
  return {
    transport: 'http',
    sender,
    what,
    requestLine: `${method} ${address} HTTP/1.1`,
    headers,
    body,
    pieces: random.once(20) ? 1 + random.size(20) : 1,
    leaves: random.once(15),
    times: random.once(25) ? 1 + random.size(1000) : 1,
  }
}

function webSocketInput(random: Random, document: (random: Random) => GeneratedOperation): Input {
  const frames: Frame[] = []
  const count = 1 + random.size(30)
  let what = ''
  for (let at = 0; at < count; at++) {
    const frame = frameOf(random, document)
    frames.push(frame)
    if (at < 3) what += 'text' in frame ? `${frame.text.slice(0, 150)} ` : `${Object.keys(frame).join()} `
  }
  return {
    transport: 'websocket',
    sender: random.pick(SENDERS),
    what,
    initialises: !random.once(4),
    frames,
    reads: !random.once(10),
  }
}

function frameOf(random: Random, document: (random: Random) => GeneratedOperation): Frame {
  const id = random.once(10)
    ? random.pick(['', 'x'.repeat(random.size(5000)), 1, null])
    : String(random.below(4))
  switch (random.below(12)) {
    case 0:
      return {
        control: random.pick(['ping', 'pong', 'close'] as const),
        payload: Buffer.alloc(random.size(124), random.below(256)),
      }
    case 1:
      return { bytes: bytesOf(random) }
    case 2:
      return text(
        { type: random.pick(['ping', 'pong', 'connection_init']), payload: junk(random, 0) },
        random,
      )
    case 3:
      return text({ type: 'complete', id }, random)
    case 4:
      return text(junk(random, 0), random)
    case 5: {
      const levels = random.size(100_000)
      return {
        text: `{"type":"${random.pick(['ping', 'connection_init', 'subscribe'])}","payload":{"a":${'['.repeat(levels)}${']'.repeat(levels)}}}`,
        fragments: 1,
      }
    }
    default:
      return text(
        { type: 'subscribe', id, payload: random.once(15) ? junk(random, 0) : document(random) },
        random,
      )
  }
}

function text(value: unknown, random: Random): Frame {
  const whole = json(value)
  return {
    text: random.once(20) ? mutated(Buffer.from(whole), random).toString('latin1') : whole,
    fragments: random.once(15) ? 1 + random.size(30) : 1,
  }
}

function bytesOf(random: Random): Buffer {
  return Buffer.from(Array.from({ length: 1 + random.size(200) }, () => random.below(256)))
}

/** Half of a surrogate pair cannot be written there. */
function inAddress(text: string): string {
  return encodeURIComponent(Buffer.from(text).toString())
}

/** JSON.stringify recurses, too. */
function json(value: unknown): string {
  try {
    return JSON.stringify(value) ?? 'null'
  } catch {
    return '['.repeat(3000) + ']'.repeat(3000)
  }
}

function mutated(bytes: Buffer, random: Random): Buffer {
  const copy = Buffer.from(bytes)
  for (let count = random.size(8); count > 0 && copy.length > 0; count--)
    copy[random.below(copy.length)] = random.below(256)
  return random.once(4) ? copy.subarray(0, random.below(copy.length + 1)) : copy
}
