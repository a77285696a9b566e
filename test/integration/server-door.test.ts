import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { createTestDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { postGraphQL } from '../support/post-graphql.ts'
import { openRaw, trickle, type RawConnection } from '../support/raw-connection.ts'
import { startSubgraph, type RunningSubgraph } from '../support/start-subgraph.ts'
import { connect, openSocket, type RawClient } from '../support/web-socket-client.ts'

const READ =
  '{ _entities(representations: [{ __typename: "User", id: "bob" }]) { ... on User { presence { status } } } }'
/** Of the tests that fill it. */
const MAX_ANONYMOUS = 250

let server: RunningSubgraph
let token: string

beforeAll(async () => {
  const { url } = await createTestDatabase()
  server = await startSubgraph({
    databaseUrl: url,
    env: { MAX_ANONYMOUS_CONNECTIONS: String(MAX_ANONYMOUS), MAX_SOCKETS_PER_USER: '3' },
  })
  token = await server.tokenOf('alice')
})

afterAll(() => server.stop())

function residentMegabytes(): number {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8')) ?? []
  return Number(kilobytes) / 1024
}

/** Others are answered as ever, on a new connection each time. Returns how long the slowest waited. */
async function othersWait(): Promise<number> {
  let slowest = 0
  for (let count = 0; count < 5; count++) {
    const began = performance.now()
    const live = await fetch(new URL('/health/live', server.url), { headers: { connection: 'close' } })
    expect(live.status).toBe(200)
    slowest = Math.max(slowest, performance.now() - began)
  }
  const { data } = await postGraphQL(server.url, {
    query: READ,
    token,
  })
  expect(data).not.toBeNull()
  return slowest
}

function requestOf(bearer: string): string {
  const body = '{"query":"{ __typename }"}'
  return `POST /graphql HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${bearer}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`
}

const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels)

describe('no message ends the process, whoever sent it', () => {
  test.each([
    ['a ping that nests 5,000 deep', `{"type":"ping","payload":{"a":${nested(5000)}}}`, 4400],
    [
      'a connection_init that nests 5,000 deep',
      `{"type":"connection_init","payload":{"a":${nested(5000)}}}`,
      4400,
    ],
    [
      'a subscribe with variables that nest 5,000 deep',
      `{"type":"subscribe","id":"1","payload":{"query":"{ a }","variables":{"a":${nested(5000)}}}}`,
      4400,
    ],
    ['a message of more than 16 KB', `{"type":"ping","payload":{"a":"${'x'.repeat(16_384)}"}}`, 1009],
  ])('%s', async (_, message, code) => {
    const client = await openSocket(server.webSocketUrl)
    client.send(message)
    expect((await client.closed).code).toBe(code)
    expect(await othersWait()).toBeLessThan(1000)
  })

  test.each([
    ['an upgrade to something else', 'Connection: Upgrade\r\nUpgrade: nothing\r\n'],
    ['an upgrade without a key', 'Connection: Upgrade\r\nUpgrade: websocket\r\n'],
    [
      'an upgrade from a foreign page',
      'Connection: Upgrade\r\nUpgrade: websocket\r\nOrigin: https://evil.example\r\n',
    ],
    ['headers of 100 KB', `X-Long: ${'x'.repeat(100_000)}\r\n`],
    ['no HTTP', '\x00\x01\x02\r\n'],
  ])('a connection that is reset at once after %s', async (_, headers) => {
    for (let count = 0; count < 20; count++) {
      const raw = await openRaw(server.url)
      raw.socket.write(`GET /graphql HTTP/1.1\r\nHost: x\r\n${headers}\r\n`)
      raw.socket.resetAndDestroy()
    }
    expect(await othersWait()).toBeLessThan(1000)
  })
})

describe('what a peer makes us keep', () => {
  test('200 sockets that send pings and never read stay within bounds, before connection_init', async () => {
    const before = residentMegabytes()
    const clients: RawClient[] = []
    for (let count = 0; count < 200; count++) clients.push(await openSocket(server.webSocketUrl))
    onTestFinished(() => clients.forEach(({ socket }) => socket.terminate()))
    for (const client of clients) client.socket.pause()
    for (const client of clients)
      for (let count = 0; count < 13; count++)
        client.send(`{"type":"ping","payload":{"a":"${'x'.repeat(16_000)}"}}`)
    await sleep(1000)
    expect(await othersWait()).toBeLessThan(1000)
    expect(residentMegabytes() - before).toBeLessThan(100)
  })

  test('a user has so many sockets and no more', async () => {
    const sockets = []
    for (let count = 0; count < 3; count++) sockets.push(await connect(server.webSocketUrl, token))
    const another = await openSocket(server.webSocketUrl)
    another.send({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } })
    expect(await another.closed).toEqual({ code: 1013, reason: 'Too many sockets of this user' })
    await sockets[0]!.close()
    await eventually('there is room again', async () => {
      const next = await openSocket(server.webSocketUrl)
      next.send({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } })
      const came = await next.next().catch(() => undefined)
      await next.close()
      return came?.type === 'connection_ack'
    })
    for (const socket of sockets) await socket.close()
  })

  test('a large body of nobody is not kept, and its sender is told so at once', async () => {
    const before = residentMegabytes()
    const raws: RawConnection[] = []
    for (let count = 0; count < 200; count++) {
      const raw = await openRaw(server.url)
      raw.socket.write(
        `POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n`,
      )
      raw.socket.write(' '.repeat(900_000))
      raws.push(raw)
    }
    await eventually('all are told', () => raws.every(({ text }) => text().includes('UNAUTHENTICATED')))
    expect(await othersWait()).toBeLessThan(1000)
    expect(residentMegabytes() - before).toBeLessThan(100)
  })

  test.each([
    ['that are answered at once', () => 'GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['with a malformed address', () => 'GET /%0 HTTP/1.1\r\nHost: x\r\n\r\n'],
    [
      'with an expectation that nobody knows',
      () => 'GET /health/live HTTP/1.1\r\nHost: x\r\nExpect: x\r\n\r\n',
    ],
    ['of a user', () => requestOf(token)],
  ])('a thousand requests in one packet are not all taken: those %s', async (_, request) => {
    for (let count = 0; count < 3; count++) {
      const raw = await openRaw(server.url)
      raw.socket.write(request().repeat(1400))
      await raw.ended
      expect(raw.text().split('HTTP/1.1 ').length - 1).toBeLessThanOrEqual(17)
    }
    expect(await othersWait()).toBeLessThan(1000)
    const few = await openRaw(server.url)
    few.socket.write('GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(10))
    await eventually('all ten are answered', () => few.text().split('HTTP/1.1 200').length === 11)
  })
})

describe('connections without identity', () => {
  test('take the place of each other alone: health is answered and identified ones stay, whatever comes', async () => {
    const webSocket = await connect(server.webSocketUrl, token)
    const streaming = await fetch(server.url, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        accept: 'text/event-stream',
        'content-type': 'application/json',
      },
      body: JSON.stringify({ query: 'subscription { incomingPresenceRequests { change } }' }),
    })
    const idle = await openRaw(server.url)
    const request = requestOf(token)
    idle.socket.write(request)
    await eventually('it is answered', () => idle.text().includes('__typename'))

    const flood: RawConnection[] = []
    for (let count = 0; count < 4 * MAX_ANONYMOUS; count++) {
      flood.push(await openRaw(server.url))
      if (count % 100 === 0) expect(await othersWait()).toBeLessThan(1000)
    }
    await eventually(
      'the oldest have gone',
      () => flood.filter(({ socket }) => !socket.destroyed).length <= MAX_ANONYMOUS,
    )
    expect(flood.at(-1)!.socket.destroyed).toBe(false)
    webSocket.send({ type: 'ping' })
    expect(await webSocket.next()).toEqual({ type: 'pong' })
    idle.socket.write(request)
    await eventually('it is answered again', () => idle.text().split('__typename').length === 3)
    const reader = streaming.body!.getReader()
    expect((await reader.read()).done).toBe(false)
    await reader.cancel()
    await webSocket.close()
  })

  test(
    'have a deadline for whatever they begin, and trickling does not put it off',
    { timeout: 60_000 },
    async () => {
      const [silent, headers, body] = await Promise.all([
        openRaw(server.url),
        openRaw(server.url),
        openRaw(server.url),
      ])
      headers.socket.write('POST /graphql HTTP/1.1\r\nHost: x\r\n')
      trickle(headers, 'X-Header: a\r\n', 500)
      body.socket.write(
        `POST /graphql HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n`,
      )
      trickle(body, ' ', 500)
      const initialising = await openSocket(server.webSocketUrl)
      expect((await initialising.closed).code).toBe(4408)
      expect(await headers.ended).toBeLessThan(15_000)
      expect(headers.text()).toMatch(/^HTTP\/1.1 408 /)
      expect(await body.ended).toBeLessThan(35_000)
      expect(body.text()).toMatch(/^HTTP\/1.1 408 /)
      expect(await silent.ended).toBeLessThan(35_000)
    },
  )
})

test('a preflight with a body that is no JSON is answered with a code of ours', async () => {
  const raw = await openRaw(server.url)
  raw.socket.write(
    'OPTIONS /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1\r\n\r\n{',
  )
  await eventually('it is answered', () => raw.text().includes('}'))
  expect(raw.text()).toContain('"code":"BAD_REQUEST"')
})
