import { connect } from 'node:net'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createLog } from '../../src/server/log.ts'
import { createTestDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { getStream, postStream } from '../support/event-stream-client.ts'
import { postGraphQL } from '../support/post-graphql.ts'
import { startApp, tokenOf, type TestApp } from '../support/start-app.ts'
import { connect as connectSocket } from '../support/web-socket-client.ts'

const NAME = JSON.stringify({ query: '{ __typename }' })
const POPUP = 'subscription { incomingPresenceRequests { change } }'
const H2C = [
  'Connection: Upgrade, HTTP2-Settings',
  'Upgrade: h2c',
  'HTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA',
]

const lines: string[] = []
let app: TestApp

beforeAll(async () => {
  const log = createLog({ level: 'debug', readable: false, out: { write: (line) => void lines.push(line) } })
  app = await startApp(await createTestDatabase(), {}, log)
})

afterAll(() => app.stop())

type Sent = {
  readonly method?: string
  readonly path?: string
  readonly headers?: readonly string[]
  readonly body?: Buffer | string
}

/** One request as its bytes, and what comes back on its connection until that is closed. */
function send({ method = 'POST', path = '/graphql', headers = [], body = '' }: Sent): Promise<string> {
  const bytes = Buffer.from(body)
  const head = [`${method} ${path} HTTP/1.1`, 'Host: localhost', 'Connection: close', ...headers]
  const type = headers.some((header) => header.startsWith('Content-Type'))
    ? []
    : ['Content-Type: application/json']
  const all = [...head, ...type, `Content-Length: ${bytes.length}`, '', ''].join('\r\n')
  return sendBytes(Buffer.concat([Buffer.from(all, 'latin1'), bytes]))
}

function sendBytes(bytes: Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(app.url)
    const socket = connect(Number(port), hostname)
    let received = ''
    socket.on('data', (chunk: Buffer) => (received += chunk.toString()))
    socket.on('error', reject)
    socket.on('close', () => resolve(received))
    socket.write(bytes)
  })
}

function told(response: string): { status: number; text: string; code: string | undefined; message: string } {
  const [head = '', text = ''] = response.split(/\r\n\r\n(.*)/s)
  const { errors = [] } = (text.startsWith('{') ? JSON.parse(text) : {}) as {
    errors?: { message: string; extensions: { code: string } }[]
  }
  return {
    status: Number(head.split(' ')[1]),
    text,
    code: errors[0]?.extensions.code,
    message: errors[0]?.message ?? '',
  }
}

const ANSWERED = { status: 200, text: '{"data":{"__typename":"Query"}}\n' }
const encoded = (encoding: string, body: Buffer | string) =>
  send({ headers: [`Content-Encoding: ${encoding}`], body })

describe('a request to upgrade to anything but WebSocket', () => {
  test('is answered as one without', async () => {
    const withoutClose = H2C.filter((header) => !header.startsWith('Connection'))
    const sent = { headers: ['Connection: Upgrade, HTTP2-Settings, close', ...withoutClose] }
    expect(told(await send({ ...sent, body: NAME }))).toMatchObject(ANSWERED)
    const live = told(await send({ ...sent, method: 'GET', path: '/health/live' }))
    expect(live).toMatchObject({ status: 200, text: '{"status":"live"}' })
    expect(told(await send({ ...sent, method: 'GET' }))).toMatchObject({ code: 'METHOD_NOT_ALLOWED' })
    const post = { headers: ['Connection: Upgrade, close', 'Upgrade: websocket'], body: NAME }
    expect(told(await send(post))).toMatchObject(ANSWERED)
  })

  test('keeps its body, however it comes, and its connection', async () => {
    const { hostname, port } = new URL(app.url)
    const socket = connect(Number(port), hostname)
    let received = ''
    socket.on('data', (chunk: Buffer) => (received += chunk.toString()))
    const head = ['POST /graphql HTTP/1.1', 'Host: localhost', ...H2C, 'Content-Type: application/json']
    socket.write([...head, 'Transfer-Encoding: chunked', '', '5', NAME.slice(0, 5), ''].join('\r\n'))
    await new Promise((resolve) => setTimeout(resolve, 20))
    socket.write([(NAME.length - 5).toString(16), NAME.slice(5), '0', '', ''].join('\r\n'))
    await eventually('it is answered', () => received.includes('"Query"'))
    socket.write('GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n')
    await eventually('so is the next', () => received.includes('"live"'))
    socket.destroy()
  })
})

describe('a body', () => {
  test.each([
    ['gzip', gzipSync],
    ['x-gzip', gzipSync],
    ['br', brotliCompressSync],
    ['Deflate', deflateSync],
    ['gzip, identity', gzipSync],
    ['identity', Buffer.from],
  ] as const)('may come as %s', async (encoding, encode) => {
    expect(told(await encoded(encoding, encode(Buffer.from(NAME))))).toMatchObject(ANSWERED)
  })

  test.each(['zstd', 'gzip, gzip', 'constructor', 'x'.repeat(5000)])(
    'in any other encoding is refused by its name: %s',
    async (encoding) => {
      const { status, code, message, text } = told(await encoded(encoding, gzipSync(gzipSync(NAME))))
      expect({ status, code }).toEqual({ status: 415, code: 'UNSUPPORTED_MEDIA_TYPE' })
      expect(message).toContain(`"${encoding.slice(0, 60)}"`)
      expect(text.length).toBeLessThan(300)
    },
  )

  test.each([
    ['is not what it says', Buffer.from('no gzip')],
    ['is cut off', gzipSync(NAME).subarray(0, -9)],
    ['is empty', Buffer.alloc(0)],
    ['has something behind it', Buffer.concat([gzipSync(NAME), Buffer.from('more')])],
  ])('that is compressed and %s is refused', async (_, body) => {
    expect(told(await encoded('gzip', body))).toMatchObject({ status: 400, code: 'BAD_REQUEST' })
  })

  test('is decoded to a hundred times its size at most, and to 1 MB', async () => {
    const authorization = `Authorization: Bearer ${await tokenOf('alice')}`
    const say = (a: string) => JSON.stringify({ query: '{ __typename }', extensions: { a } })
    const answer = async (body: string) =>
      told(await send({ headers: [authorization, 'Content-Encoding: gzip'], body: gzipSync(body) }))
    const noise = (length: number) =>
      Array.from({ length: length / 10 }, () => Math.random().toString(36).slice(2, 12)).join('')
    const REFUSED = { status: 413, code: 'REQUEST_TOO_LARGE' }
    expect(await answer(say(noise(500_000)))).toMatchObject(ANSWERED)
    expect(await answer(say('x'.repeat(60_000)))).toMatchObject(ANSWERED)
    expect(await answer(say('x'.repeat(500_000)))).toMatchObject(REFUSED)
    expect(await answer(say('x'.repeat(50_000_000)))).toMatchObject(REFUSED)
    expect(await answer(say(noise(1_300_000)))).toMatchObject(REFUSED)
  })

  test.each([
    ['a byte that is none', Buffer.from('{"query":"{ __typename }","variables":{"a":"\xff"}}', 'latin1')],
    [
      'half a character',
      Buffer.from('{"query":"{ __typename }","variables":{"a":"\xed\xa0\x80"}}', 'latin1'),
    ],
    [
      'an overlong character',
      Buffer.from('{"query":"{ __typename }","variables":{"a":"\xc0\x80"}}', 'latin1'),
    ],
  ])('that is no UTF-8 is refused: %s', async (_, body) => {
    expect(told(await send({ body }))).toMatchObject({ status: 400, code: 'BAD_REQUEST' })
    expect(told(await encoded('gzip', gzipSync(body)))).toMatchObject({ status: 400, code: 'BAD_REQUEST' })
  })

  test('may begin with a byte order mark, and is in UTF-8', async () => {
    expect(told(await send({ body: `\ufeff${NAME}` }))).toMatchObject(ANSWERED)
    const utf8 = ['Content-Type: application/json; charset="UTF-8"']
    expect(told(await send({ headers: utf8, body: NAME }))).toMatchObject(ANSWERED)
    const utf16 = {
      headers: ['Content-Type: application/json; charset=utf-16le'],
      body: Buffer.from(NAME, 'utf16le'),
    }
    expect(told(await send(utf16))).toMatchObject({ status: 415, code: 'UNSUPPORTED_MEDIA_TYPE' })
  })

  test('of a number of operations at once, or of a name without end, is refused', async () => {
    expect(told(await send({ body: `[${NAME},${NAME}]` }))).toMatchObject({ code: 'BAD_REQUEST' })
    const named = (operationName: string) => JSON.stringify({ query: '{ __typename }', operationName })
    expect(told(await send({ body: named('N'.repeat(513)) }))).toMatchObject({
      status: 400,
      code: 'BAD_REQUEST',
    })
  })
})

describe('an address', () => {
  const EVENTS = ['Accept: text/event-stream']
  test.each([
    [
      'percent-encoding that is no UTF-8',
      `query=${encodeURIComponent(POPUP)}&variables=%7B%22a%22%3A%22%ff%22%7D`,
    ],
    ['a percent sign alone', 'query=%'],
    ['bytes beyond ASCII', 'query=\xe9'],
    ['a parameter twice', `query=${encodeURIComponent(POPUP)}&query=x`],
  ])('with %s is refused', async (_, search) => {
    const sent = { method: 'GET', path: `/graphql?${search}`, headers: EVENTS }
    expect(told(await send(sent))).toMatchObject({ status: 400, code: 'BAD_REQUEST' })
  })

  test('without a token is told so by an event', async () => {
    const path = `/graphql?query=${encodeURIComponent(POPUP)}`
    const { status, text } = told(await send({ method: 'GET', path, headers: EVENTS }))
    expect(status).toBe(200)
    expect(text).toContain('data: {"data":null,"errors":[{')
    expect(text).toContain('"code":"UNAUTHENTICATED"')
  })
})

describe('a preflight', () => {
  test.each(['https://evil.example', 'http://localhost.example.org', 'null'])(
    'of the foreign origin %s is told why',
    async (origin) => {
      const headers = [`Origin: ${origin}`, 'Access-Control-Request-Method: POST']
      const refused = told(await send({ method: 'OPTIONS', headers }))
      expect(refused).toMatchObject({ status: 403, code: 'ORIGIN_NOT_ALLOWED' })
      expect(refused.message).toContain('ALLOWED_ORIGINS')
    },
  )
})

describe('a client of SSE that goes away', () => {
  test.each([
    ['POST', postStream],
    ['GET', getStream],
  ] as const)('is worth no warning in the log: by %s', async (_, open) => {
    const stream = await open(app.url, { query: POPUP, token: await tokenOf('alice') })
    expect(await stream.next()).toMatchObject({ event: 'next' })
    lines.length = 0
    stream.cut()
    await eventually('it is let go of', () => lines.some((line) => line.includes('event stream closed')))
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(lines.filter((line) => (JSON.parse(line) as { level: number }).level >= 40)).toEqual([])
  })
})

describe('over WebSocket', () => {
  const subscribe = (id: string, payload: object) => ({ type: 'subscribe', id, payload })

  test('a condition at the root of a subscription ends that subscription, and no other stream', async () => {
    const client = await connectSocket(app.webSocketUrl, await tokenOf('alice'))
    client.send(subscribe('1', { query: POPUP }))
    expect(await client.next()).toMatchObject({ id: '1', type: 'next' })
    const query = 'subscription { presenceUpdates @skip(if: true) { change } }'
    client.send(subscribe('2', { query }))
    expect(await client.next()).toMatchObject({
      id: '2',
      type: 'error',
      payload: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }],
    })
    client.send({ type: 'ping' })
    expect(await client.next()).toMatchObject({ type: 'pong' })
    await client.close()
    const stream = await postStream(app.url, { query, token: await tokenOf('alice') })
    expect(JSON.stringify(await stream.next())).toContain('GRAPHQL_VALIDATION_FAILED')
  })

  test('a hash alone is not found, and one with its text is as good as none', async () => {
    const client = await connectSocket(app.webSocketUrl, await tokenOf('alice'))
    const extensions = { persistedQuery: { version: 1, sha256Hash: 'a'.repeat(64) } }
    client.send(subscribe('1', { extensions }))
    const message = 'PersistedQueryNotFound'
    expect(await client.next()).toMatchObject({
      id: '1',
      type: 'error',
      payload: [{ message, extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }],
    })
    client.send(subscribe('2', { query: '{ __typename }', extensions }))
    expect(await client.next()).toMatchObject({ payload: { data: { __typename: 'Query' } } })
    await client.close()
  })
})

describe('an id that is a number', () => {
  const ENTITY =
    'query ($r: [_Any!]!) { _entities(representations: $r) { ... on User { id presence { status } } } }'
  const ASK =
    'mutation ($ids: [ID!]!) { requestPresenceAccess(input: {userIds: $ids}) { results { user { id } } } }'
  const ask = async (query: string, variables: Record<string, unknown>) =>
    postGraphQL(app.url, { query, variables, token: await tokenOf('alice') })

  test('is the same id as its text, in a representation as in a variable', async () => {
    for (let times = 0; times < 6; times += 1) {
      const { data } = await ask(ENTITY, { r: [{ __typename: 'User', id: 42 }] })
      expect(data).toEqual({ _entities: [{ id: '42', presence: { status: 'OFFLINE' } }] })
    }
    const { data } = await ask(ASK, { ids: [42] })
    expect(data).toEqual({ requestPresenceAccess: { results: [{ user: { id: '42' } }] } })
  })

  test('is none where JSON has rounded it', async () => {
    for (const id of [2 ** 53, -(2 ** 53), 1e21, 0.5]) {
      for (let times = 0; times < 6; times += 1) {
        const { data, errors } = await ask(ENTITY, { r: [{ __typename: 'User', id }] })
        expect(data).toEqual({ _entities: [null] })
        expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }])
      }
      expect((await ask(ASK, { ids: [id] })).errors).toMatchObject([
        { extensions: { code: 'BAD_USER_INPUT' } },
      ])
    }
  })
})
