import { once } from 'node:events'
import { createClient } from 'graphql-ws'
import { WebSocket } from 'ws'
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { askGraphQL } from '../support/post-graphql.ts'
import { startApp, startAppForTest, tokenOf, type TestApp } from '../support/start-app.ts'
import { claimsOf, compactToken, epochSeconds, issuerKey, sign } from '../support/token-issuer.ts'
import { ask, connect, openSocket, type Message, type RawClient } from '../support/web-socket-client.ts'

const OWN = '{ presencePrivacy { user { id } } }'
const POPUP =
  'subscription { incomingPresenceRequests { change requests { id requester { id presence { status } } } closedIds } }'
const ASK =
  'mutation ($user: ID!) { requestPresenceAccess(input: {userIds: [$user]}) { results { request { id } } } }'

let app: TestApp

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
  app = await startApp(database, { ALLOWED_ORIGINS: 'https://app.example' })
})

afterAll(() => app.stop())

/** Closed after the test. */
async function connected(user: string, claims?: Record<string, unknown>): Promise<RawClient> {
  const client = await connect(app.webSocketUrl, await tokenOf(user, claims))
  onTestFinished(client.close)
  return client
}

async function opened(...args: Partial<Parameters<typeof openSocket>>): Promise<RawClient> {
  const [url = app.webSocketUrl, ...rest] = args
  const client = await openSocket(url, ...rest)
  onTestFinished(client.close)
  return client
}

async function act(user: string, query: string, variables: Record<string, unknown> = {}) {
  return askGraphQL(app.url, { query, variables, token: await tokenOf(user) })
}

describe('who is at the other end of a socket', () => {
  test.each([
    ['the header of the upgrade', (token: string) => ({ headers: { authorization: `Bearer ${token}` } })],
    ['authorization', (token: string) => ({ payload: { authorization: `Bearer ${token}` } })],
    ['Authorization', (token: string) => ({ payload: { Authorization: `Bearer ${token}` } })],
    [
      'headers.authorization',
      (token: string) => ({ payload: { headers: { authorization: `Bearer ${token}` } } }),
    ],
  ])('is told by a token in %s', async (_, place) => {
    const { headers, payload } = place(await tokenOf('alice')) as {
      headers?: Record<string, string>
      payload?: object
    }
    const client = await opened(undefined, { headers })
    client.send({ type: 'connection_init', payload })
    expect(await client.next()).toEqual({ type: 'connection_ack' })
    expect(await ask(client, OWN)).toMatchObject({
      type: 'next',
      payload: { data: { presencePrivacy: { user: { id: 'alice' } } } },
    })
  })

  const stranger = issuerKey()
  test.each([
    ['no token', () => undefined, 4401],
    ['a malformed token', () => 'hunter2', 4401],
    ['a token of a stranger', () => sign(stranger, claimsOf('alice')), 4401],
    [
      'an unsigned token',
      () => compactToken({ alg: 'none' }, claimsOf('alice'), () => Buffer.alloc(0)),
      4401,
    ],
    ['an expired token', () => tokenOf('alice', { exp: epochSeconds() - 60 }), 4403],
  ])('must be told: with %s the socket is closed', async (_, tokenFor, code) => {
    const token = await tokenFor()
    const client = await opened()
    client.send({
      type: 'connection_init',
      payload: token === undefined ? undefined : { authorization: `Bearer ${token}` },
    })
    expect(await client.closed).toEqual({ code, reason: code === 4401 ? 'Unauthorized' : 'Forbidden' })
  })

  test('is asked for a fresh token by a graphql-ws client whose token has expired, and not again and again for a bad one', async () => {
    const tried = { fresh: 0, bad: 0 }
    const fresh = [await tokenOf('alice', { exp: epochSeconds() - 60 }), await tokenOf('alice')]
    const options = { url: app.webSocketUrl, webSocketImpl: WebSocket, retryWait: () => Promise.resolve() }
    const good = createClient({
      ...options,
      connectionParams: () => ({ authorization: `Bearer ${fresh[tried.fresh++] ?? ''}` }),
    })
    const bad = createClient({
      ...options,
      connectionParams: () => ({ authorization: `Bearer bad${tried.bad++}` }),
    })
    const first = await good.iterate({ query: OWN }).next()
    expect(first.value).toEqual({ data: { presencePrivacy: { user: { id: 'alice' } } } })
    await expect(bad.iterate({ query: OWN }).next()).rejects.toMatchObject({ code: 4401 })
    expect(tried).toEqual({ fresh: 2, bad: 1 })
    await Promise.all([good.dispose(), bad.dispose()])
  })

  test.each([
    ['a page of another origin', '/graphql', 'https://evil.example', 403],
    ['a page without an origin', '/graphql', 'null', 403],
    ['another address', '/other', undefined, 404],
  ])('is not let in from %s', async (_, path, origin, status) => {
    const socket = new WebSocket(app.at(path).replace(/^http/, 'ws'), 'graphql-transport-ws', { origin })
    const refused = await new Promise<number | undefined>((resolve) => {
      socket.on('error', () => undefined)
      socket.on('unexpected-response', (_request, response) => resolve(response.statusCode))
      socket.on('open', () => resolve(101))
    })
    expect(refused).toBe(status)
  })

  test('may be a page of a listed origin', async () => {
    await opened(undefined, { origin: 'https://app.example' })
  })
})

describe('operations over a socket', () => {
  test('see each event of a subscription as it is then, not as it was at the first', async () => {
    await database.query('update presence_privacy.classes_of_service set request_cooldown_seconds = 0')
    await act(
      'freya',
      'mutation { decidePresenceAccess(input: {userIds: ["erik"], decision: ALLOWED}) { results { decision } } }',
    )
    const client = await connected('erik')
    expect(await ask(client, POPUP)).toMatchObject({
      payload: { data: { incomingPresenceRequests: { change: 'SNAPSHOT', requests: [] } } },
    })
    const { requestPresenceAccess } = (await act('freya', ASK, { user: 'erik' })) as unknown as {
      requestPresenceAccess: { results: [{ request: { id: string } }] }
    }
    expect(await client.next()).toMatchObject({
      payload: {
        data: {
          incomingPresenceRequests: {
            change: 'ADDED',
            requests: [{ requester: { id: 'freya', presence: { status: 'OFFLINE' } } }],
          },
        },
      },
    })
    await act(
      'freya',
      'mutation { publishPresence(input: {sessionId: "a", status: AVAILABLE}) { session { id } } }',
    )
    await act(
      'freya',
      'mutation ($id: ID!) { withdrawPresenceRequest(input: {requestId: $id}) { outcome } }',
      {
        id: requestPresenceAccess.results[0].request.id,
      },
    )
    expect(await client.next()).toMatchObject({
      payload: { data: { incomingPresenceRequests: { change: 'WITHDRAWN' } } },
    })
    await act('freya', ASK, { user: 'erik' })
    expect(await client.next()).toMatchObject({
      payload: {
        data: {
          incomingPresenceRequests: {
            change: 'ADDED',
            requests: [{ requester: { presence: { status: 'AVAILABLE' } } }],
          },
        },
      },
    })
  })

  test('may be queries and mutations, each completed after its answer', async () => {
    const client = await connected('alice')
    expect(await ask(client, ASK, { user: 'bob' })).toMatchObject({
      id: '1',
      type: 'next',
      payload: { data: { requestPresenceAccess: {} } },
    })
    expect(await client.next()).toEqual({ id: '1', type: 'complete' })
  })

  test.each([
    ['introspection', '{ __schema { types { name } } }', 'GRAPHQL_VALIDATION_FAILED'],
    ['what is no GraphQL', '{', 'GRAPHQL_PARSE_FAILED'],
    [
      'too many fields',
      `{ presencePrivacy { ${'user { id id id id } '.repeat(600)} } }`,
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'two operations without a name',
      'query A { __typename } query B { __typename }',
      'OPERATION_RESOLUTION_FAILURE',
    ],
  ])('pass the same gate: %s', async (_, query, code) => {
    const client = await connected('alice')
    const { type, payload } = await ask(client, query)
    expect(type).toBe('error')
    const codes = (payload as { extensions: { code: string } }[]).map(({ extensions }) => extensions.code)
    expect(new Set(codes)).toEqual(new Set([code]))
  })

  test.each([
    ['an unknown enum value', { input: { userIds: ['bob'], trigger: 'CURIOSITY' } }],
    ['half a character', { input: { userIds: ['\ud800'] } }],
    ['half a megabyte', { input: { userIds: ['b'.repeat(500_000)] } }],
  ])('answer wrong input as over HTTP: %s', async (_, variables) => {
    const client = await connected('alice')
    const query =
      'mutation ($input: RequestPresenceAccessInput!) { requestPresenceAccess(input: $input) { results { access } } }'
    const answer = JSON.stringify(await ask(client, query, variables))
    expect(answer).toContain('"code":"BAD_USER_INPUT"')
    expect(answer).not.toContain('CURIOSITY')
    expect(answer.length).toBeLessThan(1000)
  })

  test('do not suggest names of the schema', async () => {
    const client = await connected('alice')
    expect(JSON.stringify(await ask(client, '{ presencePrivac { user { id } } }'))).not.toContain(
      'presencePrivacy',
    )
  })

  test('are limited to 50 at once on one socket', async () => {
    const client = await connected('alice')
    for (let index = 0; index < 50; index++) {
      expect(await ask(client, POPUP, {}, `s${index}`)).toMatchObject({ id: `s${index}`, type: 'next' })
    }
    expect(await ask(client, POPUP, {}, 'surplus')).toMatchObject({
      id: 'surplus',
      type: 'error',
      payload: [{ extensions: { code: 'TOO_MANY_OPERATIONS' } }],
    })
    client.send({ id: 's0', type: 'complete' })
    expect(await ask(client, POPUP, {}, 'again')).toMatchObject({ id: 'again', type: 'next' })
  })
})

describe('subscriptions of one user', () => {
  const codesIn = ({ payload }: Message) =>
    (payload as { extensions: { code: string } }[]).map(({ extensions }) => extensions.code)

  test('are limited over all sockets, and each that ends makes room, however it ends', async () => {
    const { webSocketUrl } = await startAppForTest(database, { MAX_SUBSCRIPTIONS_PER_USER: '3' })
    const socketOf = async (user: string) => {
      const client = await connect(webSocketUrl, await tokenOf(user))
      onTestFinished(client.close)
      return client
    }
    const [first, second, other] = [await socketOf('alice'), await socketOf('alice'), await socketOf('bob')]
    const begin = (client: RawClient, id: string) => ask(client, POPUP, {}, id)
    for (const [client, id] of [
      [first, 'a'],
      [first, 'b'],
      [second, 'a'],
    ] as const)
      expect(await begin(client, id)).toMatchObject({ id, type: 'next' })
    const refused = await begin(second, 'b')
    expect(refused).toMatchObject({ id: 'b', type: 'error' })
    expect(codesIn(refused)).toEqual(['TOO_MANY_SUBSCRIPTIONS'])
    expect(await begin(other, 'a')).toMatchObject({ type: 'next' })
    // Neither do queries count, nor what was refused.
    expect(await ask(second, OWN, {}, 'query')).toMatchObject({ type: 'next' })
    expect(await second.next()).toEqual({ id: 'query', type: 'complete' })
    first.send({ id: 'a', type: 'complete' })
    first.send({ type: 'ping' })
    expect(await first.next()).toEqual({ type: 'pong' })
    expect(await begin(second, 'c')).toMatchObject({ type: 'next' })
    first.socket.terminate()
    await eventually('the place of a socket that is gone is free', async () => {
      const { type } = await begin(second, 'd')
      return type === 'next'
    })
    expect(codesIn(await begin(second, 'e'))).toEqual(['TOO_MANY_SUBSCRIPTIONS'])
  })
})

describe('a frame that is no graphql-transport-ws closes the socket', () => {
  test.each([
    ['an operation before connection_init', { id: '1', type: 'subscribe', payload: { query: OWN } }, 4401],
    ['what is no JSON', 'hello', 4400],
    ['an unknown message', { type: 'start', id: '1' }, 4400],
    ['a frame over 1 MB', 'x'.repeat(1_048_577), 1009],
  ])('%s', async (_, message, code) => {
    const client = await opened()
    client.send(message)
    expect((await client.closed).code).toBe(code)
  })

  test('another protocol', async () => {
    const socket = new WebSocket(app.webSocketUrl, 'graphql-ws')
    const failed = await new Promise<boolean>((resolve) => {
      socket.on('error', () => resolve(true))
      socket.on('close', () => resolve(true))
    })
    expect(failed).toBe(true)
  })

  test('a second connection_init', async () => {
    const client = await connected('alice')
    client.send({ type: 'connection_init' })
    expect((await client.closed).code).toBe(4429)
  })

  test('two operations of one id', async () => {
    const client = await connected('alice')
    await ask(client, POPUP, {}, 'same')
    client.send({ id: 'same', type: 'subscribe', payload: { query: POPUP } })
    expect((await client.closed).code).toBe(4409)
  })

  test('two operations of one id that is too long to be quoted', async () => {
    const client = await connected('alice')
    const id = '\u00e9'.repeat(200)
    await ask(client, POPUP, {}, id)
    client.send({ id, type: 'subscribe', payload: { query: POPUP } })
    const { code, reason } = await client.closed
    expect(code).toBe(4409)
    expect(reason).toMatch(/^Subscriber for \u00e9+$/)
  })

  test('silence for ten seconds', async () => {
    const client = await opened()
    expect((await client.closed).code).toBe(4408)
  })
})

describe('a peer', () => {
  test('that answers no ping is cut off at the next, and one that does stays', async () => {
    vi.useFakeTimers({ toFake: ['setInterval'] })
    onTestFinished(() => void vi.useRealTimers())
    const { webSocketUrl } = await startAppForTest(database)
    const silent = await opened(webSocketUrl, { autoPong: false })
    const lively = await opened(webSocketUrl)
    const pings = [silent, lively].map(({ socket }) => once(socket, 'ping'))
    vi.advanceTimersByTime(12_000)
    await Promise.all(pings)
    // Its answer has come before what it sends next is answered.
    lively.send({ type: 'ping' })
    expect(await lively.next()).toEqual({ type: 'pong' })
    vi.advanceTimersByTime(12_000)
    expect((await silent.closed).code).toBe(1006)
    lively.send({ type: 'ping' })
    expect(await lively.next()).toEqual({ type: 'pong' })
  })

  test('that sends and never reads is not read any more, and is cut off at the second ping', async () => {
    vi.useFakeTimers({ toFake: ['setInterval'] })
    onTestFinished(() => void vi.useRealTimers())
    const { webSocketUrl } = await startAppForTest(database)
    const greedy = await connect(webSocketUrl, await tokenOf('alice'))
    greedy.socket.pause()
    const payload = { filler: 'x'.repeat(900_000) }
    for (let index = 0; index < 60; index++) greedy.send({ type: 'ping', payload })
    let waits = Infinity
    await eventually('nothing more is taken', async () => {
      const before = waits
      await new Promise((resolve) => setTimeout(resolve, 200))
      waits = greedy.socket.bufferedAmount
      return waits === before
    })
    // What has been taken lies in the buffers of the system, and one answer here.
    expect(waits).toBeGreaterThan(30_000_000)
    vi.advanceTimersByTime(24_000)
    greedy.socket.resume()
    expect((await greedy.closed).code).toBe(1006)
  })
})
