import { createClient } from 'graphql-sse'
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import {
  addressOf,
  getStream,
  postStream,
  type RawStream,
  type StreamQuestion,
} from '../support/event-stream-client.ts'
import { askGraphQL } from '../support/post-graphql.ts'
import { startApp, tokenOf, type TestApp } from '../support/start-app.ts'
import { claimsOf, epochSeconds, issuerKey, sign } from '../support/token-issuer.ts'

const OWN = '{ presencePrivacy { user { id } } }'
const POPUP =
  'subscription Popup { incomingPresenceRequests { change requests { requester { id presence { status } } } } }'
const ASK =
  'mutation ($user: ID!) { requestPresenceAccess(input: {userIds: [$user]}) { results { access request { id } } } }'
const COMPLETE = { event: 'complete', data: null }

let app: TestApp
let database: TestDatabase

beforeAll(async () => {
  database = await createTestDatabase()
  app = await startApp(database, { ALLOWED_ORIGINS: 'https://app.example' })
})

afterAll(() => app.stop())

const ways = [
  ['POST', postStream],
  ['GET', getStream],
] as const

/** Cut after the test. */
async function opened(
  open: typeof postStream,
  { user = 'alice', ...question }: Partial<StreamQuestion> & { user?: string } = {},
): Promise<RawStream> {
  const stream = await open(app.url, { query: POPUP, token: await tokenOf(user), ...question })
  onTestFinished(stream.cut)
  return stream
}

async function act(user: string, query: string, variables: Record<string, unknown> = {}) {
  return askGraphQL(app.url, { query, variables, token: await tokenOf(user) })
}

const snapshot = { event: 'next', data: { data: { incomingPresenceRequests: { change: 'SNAPSHOT' } } } }
const fault = (extensions: object) => ({ event: 'next', data: { errors: [{ extensions }] } })

describe('a subscription over SSE', () => {
  test.each(ways)('by %s is a stream that nobody stores or holds back', async (way, open) => {
    const stream = await opened(open, { user: `reader-${way}` })
    expect(await stream.next()).toMatchObject(snapshot)
    expect(stream.comments()).toBe(1)
    expect(stream.response.statusCode).toBe(200)
    expect(stream.response.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'private, no-store',
      'x-accel-buffering': 'no',
      vary: 'Authorization, Origin',
      'x-content-type-options': 'nosniff',
    })
    await act('bob', ASK, { user: `reader-${way}` })
    expect(await stream.next()).toMatchObject({
      data: {
        data: { incomingPresenceRequests: { change: 'ADDED', requests: [{ requester: { id: 'bob' } }] } },
      },
    })
  })

  test('is read by the graphql-sse client, each event as things are then', async () => {
    await database.query('update presence_privacy.classes_of_service set request_cooldown_seconds = 0')
    const allow =
      'mutation { decidePresenceAccess(input: {userIds: ["erik"], decision: ALLOWED}) { results { decision } } }'
    await act('freya', allow)
    const client = createClient({
      url: app.url,
      headers: { authorization: `Bearer ${await tokenOf('erik')}` },
    })
    onTestFinished(() => client.dispose())
    const popup = client.iterate({ query: POPUP })
    const seen = async () => {
      const { value } = await popup.next()
      return value?.data?.['incomingPresenceRequests'] as Record<string, unknown>
    }
    expect(await seen()).toMatchObject({ change: 'SNAPSHOT', requests: [] })
    const { requestPresenceAccess } = (await act('freya', ASK, { user: 'erik' })) as {
      requestPresenceAccess?: { results: [{ request: { id: string } }] }
    }
    expect(await seen()).toMatchObject({
      change: 'ADDED',
      requests: [{ requester: { id: 'freya', presence: { status: 'OFFLINE' } } }],
    })
    await act(
      'freya',
      'mutation { publishPresence(input: {sessionId: "a", status: AVAILABLE}) { session { id } } }',
    )
    const id = requestPresenceAccess?.results[0].request.id
    const withdraw = 'mutation ($id: ID!) { withdrawPresenceRequest(input: {requestId: $id}) { outcome } }'
    await act('freya', withdraw, { id })
    expect(await seen()).toMatchObject({ change: 'WITHDRAWN' })
    await act('freya', ASK, { user: 'erik' })
    expect(await seen()).toMatchObject({
      change: 'ADDED',
      requests: [{ requester: { id: 'freya', presence: { status: 'AVAILABLE' } } }],
    })
    await popup.return?.()
  })

  test.each(ways)(
    'by %s shows presence while it is granted, and hides it from whoever is blocked',
    async (way, open) => {
      const [watcher, presentity] = [`watcher-${way}`, `presentity-${way}`]
      const decide =
        'mutation ($decision: PresenceDecision!, $user: ID!) { decidePresenceAccess(input: {userIds: [$user], decision: $decision}) { results { decision } } }'
      const publish =
        'mutation ($status: PresenceStatus!) { publishPresence(input: {sessionId: "a", status: $status}) { session { id } } }'
      await act(presentity, publish, { status: 'BUSY' })
      const query =
        'subscription ($users: [ID!]) { presenceUpdates(userIds: $users) { change presences { user { id } presence { status } } } }'
      const stream = await opened(open, { user: watcher, query, variables: { users: [presentity] } })
      const shown = async () => {
        const { data } = (await stream.next()).data as {
          data: { presenceUpdates: { change: string; presences: [{ presence: { status: string } }] } }
        }
        const { change, presences } = data.presenceUpdates
        return [change, presences[0].presence.status]
      }
      expect(await shown()).toEqual(['SNAPSHOT', 'OFFLINE'])
      for (const [decision, status] of [
        ['ALLOWED', 'BUSY'],
        ['BLOCKED', 'OFFLINE'],
        ['ALLOWED', 'BUSY'],
      ]) {
        await act(presentity, decide, { decision, user: watcher })
        expect(await shown()).toEqual(['CHANGED', status])
      }
    },
  )

  test.each(ways)('by %s may be one of several operations, with variables', async (_, open) => {
    const query = `query Q { __typename } subscription S($with: Boolean!) {
      incomingPresenceRequests { change @include(if: $with) __typename } }`
    const stream = await opened(open, { query, operationName: 'S', variables: { with: false } })
    expect(await stream.next()).toEqual({
      event: 'next',
      data: { data: { incomingPresenceRequests: { __typename: expect.any(String) as string } } },
    })
  })

  test('is for clients that accept one, whatever else they list; others are told 406', async () => {
    const token = await tokenOf('alice')
    const accepts = [
      'text/event-stream, multipart/mixed',
      'application/json, text/event-stream;q=0.1',
      'TEXT/Event-Stream;q=1.0',
    ]
    for (const accept of accepts) {
      expect(await (await opened(postStream, { headers: { accept } })).next()).toMatchObject(snapshot)
    }
    for (const accept of ['*/*', 'application/json', 'application/json, text/event-stream;q=0']) {
      const refused = await fetch(app.url, {
        method: 'POST',
        headers: { accept, 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify({ query: POPUP }),
      })
      expect(refused.status).toBe(406)
      expect(await refused.json()).toMatchObject({
        errors: [{ extensions: { code: 'SUBSCRIPTION_NEEDS_STREAM' } }],
      })
    }
  })
})

describe('who is asking for a stream', () => {
  const stranger = issuerKey()
  const nobodies = [
    ['no token', () => undefined, 'missing'],
    ['an expired token', () => tokenOf('alice', { exp: epochSeconds() - 60 }), 'expired'],
    ['a token of a stranger', () => sign(stranger, claimsOf('alice')), 'rejected'],
  ] as const
  test.each(
    ways.flatMap(([way, open]) =>
      nobodies.map(([what, token, reason]) => ({ way, open, what, token, reason })),
    ),
  )(
    'by $way with $what is told so by an event, which no client takes for a broken connection',
    async ({ open, token, reason }) => {
      const given = await token()
      const stream = await open(app.url, {
        query: POPUP,
        ...(given !== undefined && { token: given }),
        headers: { cookie: `authorization=Bearer ${await tokenOf('alice')}` },
      })
      expect(stream.response.statusCode).toBe(200)
      expect(await stream.next()).toMatchObject(fault({ code: 'UNAUTHENTICATED', reason }))
      expect(await stream.next()).toEqual(COMPLETE)
      await stream.ended
    },
  )

  test('is not read from the address', async () => {
    const address = addressOf(app.url, { query: POPUP })
    address.searchParams.set('token', await tokenOf('alice'))
    address.searchParams.set('authorization', `Bearer ${await tokenOf('alice')}`)
    const response = await fetch(address, { headers: { accept: 'text/event-stream' } })
    expect(await response.text()).toContain('"reason":"missing"')
  })

  test('may be a page of a listed origin, by GET as by POST', async () => {
    const allowed = async (origin: string, method: string) => {
      const asked = { origin, 'access-control-request-method': method }
      const { headers } = await fetch(app.url, { method: 'OPTIONS', headers: asked })
      return [headers.get('access-control-allow-origin'), headers.get('access-control-allow-methods')]
    }
    for (const method of ['GET', 'POST']) {
      expect(await allowed('https://app.example', method)).toEqual(['https://app.example', 'GET, POST'])
      expect((await allowed('https://evil.example', method))[0]).toBeNull()
    }
    const own = await opened(postStream, { headers: { origin: 'https://app.example' } })
    expect(own.response.headers['access-control-allow-origin']).toBe('https://app.example')
    const foreign = await opened(postStream, { headers: { origin: 'https://evil.example' } })
    expect(foreign.response.headers['access-control-allow-origin']).toBeUndefined()
  })

  test('is told once when the token runs out, and the stream ends', async () => {
    // Five seconds of tolerance for clocks are part of a token's life.
    const token = await tokenOf('alice', { exp: epochSeconds() - 3 })
    const stream = await opened(postStream, { token })
    expect(await stream.next()).toMatchObject(snapshot)
    expect(await stream.next()).toMatchObject(fault({ code: 'UNAUTHENTICATED', reason: 'expired' }))
    expect(await stream.next()).toEqual(COMPLETE)
    await stream.ended
  })
})

describe('what is no subscription', () => {
  test('is answered by a stream of one event, if the client accepts nothing else', async () => {
    const query = await opened(postStream, { query: OWN })
    expect(await query.next()).toEqual({
      event: 'next',
      data: { data: { presencePrivacy: { user: { id: 'alice' } } } },
    })
    expect(await query.next()).toEqual(COMPLETE)
    await query.ended
    const client = createClient({
      url: app.url,
      headers: { authorization: `Bearer ${await tokenOf('alice')}` },
    })
    const { value } = await client.iterate({ query: ASK, variables: { user: 'carol' } }).next()
    expect(value).toMatchObject({ data: { requestPresenceAccess: { results: [{ access: 'PENDING' }] } } })
    client.dispose()
  })

  test('is answered as ever, if the client accepts that', async () => {
    const response = await fetch(app.url, {
      method: 'POST',
      headers: {
        accept: 'application/graphql-response+json, application/json, text/event-stream, multipart/mixed',
        'content-type': 'application/json',
        authorization: `Bearer ${await tokenOf('alice')}`,
      },
      body: JSON.stringify({ query: OWN }),
    })
    expect(response.headers.get('content-type')).toContain('application/graphql-response+json')
    expect(await response.json()).toEqual({ data: { presencePrivacy: { user: { id: 'alice' } } } })
  })

  test.each([
    ['a mutation', ASK, { user: 'bob' }],
    ['a query', OWN, {}],
    ['several operations without a name', `${POPUP} query Q { __typename }`, {}],
  ])('is refused by GET: %s', async (_, query, variables) => {
    const stream = await opened(getStream, { query, variables, user: 'gerda' })
    expect(stream.response.statusCode).toBe(405)
    expect(stream.response.headers.allow).toBe('POST')
    const { presencePrivacy } = await act(
      'gerda',
      '{ presencePrivacy { outgoingRequests { nodes { id } } } }',
    )
    expect(presencePrivacy).toEqual({ outgoingRequests: { nodes: [] } })
  })

  test.each([
    ['no query', { query: '' }],
    ['variables that are no JSON', { query: POPUP, variables: '{' }],
    ['variables that are a list', { query: POPUP, variables: '[1]' }],
  ])('is refused by GET: %s', async (_, search) => {
    const address = `${app.url}?${new URLSearchParams(search as Record<string, string>).toString()}`
    const response = await fetch(address, { headers: { accept: 'text/event-stream' } })
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_REQUEST' } }] })
  })

  test('is refused twice over: two queries in one address', async () => {
    const address = `${app.url}?query=${encodeURIComponent(POPUP)}&query=${encodeURIComponent(POPUP)}`
    expect((await fetch(address, { headers: { accept: 'text/event-stream' } })).status).toBe(400)
  })

  test('fits into no header: an address over 16 KB is refused', async () => {
    const query = `${POPUP} #${'x'.repeat(17_000)}`
    const stream = await opened(getStream, { query })
    expect(stream.response.statusCode).toBe(431)
    await expect(stream.next()).rejects.toThrow('"code":"REQUEST_TOO_LARGE"')
    expect(await (await opened(postStream, { query })).next()).toMatchObject(snapshot)
  })
})

describe('documents pass the same gate', () => {
  const documents = [
    [
      'introspection',
      'subscription { incomingPresenceRequests { change } } query Q { __schema { types { name } } }',
    ],
    ['an unknown field', 'subscription { incomingPresenceRequest { change } }'],
    ['no GraphQL', '{'],
    [
      'too many fields',
      `subscription { incomingPresenceRequests { ${'requests { id id id } '.repeat(900)} } }`,
    ],
  ] as const
  test.each(ways.flatMap(([way, open]) => documents.map(([what, query]) => ({ way, open, what, query }))))(
    'by $way: $what',
    async ({ open, query }) => {
      const stream = await opened(open, { query })
      if (open === getStream && query.length > 16_000) return expect(stream.response.statusCode).toBe(431)
      expect(stream.response.statusCode).toBe(200)
      const { event, data } = await stream.next()
      const { errors } = data as { errors: { message: string; extensions: { code: string } }[] }
      expect(event).toBe('next')
      expect(errors[0]?.extensions.code).toMatch(/^GRAPHQL_(PARSE|VALIDATION)_FAILED$/)
      expect(JSON.stringify(errors)).not.toContain('Did you mean')
      expect(await stream.next()).toEqual(COMPLETE)
      await stream.ended
    },
  )

  test('and input is checked as over HTTP', async () => {
    const query =
      'subscription ($with: Boolean!) { incomingPresenceRequests { change @include(if: $with) __typename } }'
    const stream = await opened(postStream, { query, variables: { with: 'maybe' } })
    expect(await stream.next()).toMatchObject(fault({ code: 'BAD_USER_INPUT' }))
    expect(await stream.next()).toEqual(COMPLETE)
  })
})

describe('a stream that waits', () => {
  test('says every 12 s that it is there, whether or not anything happens', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    onTestFinished(() => void vi.useRealTimers())
    const quiet = await opened(postStream, { user: 'quiet' })
    const busy = await opened(postStream, { user: 'busy' })
    for (const stream of [quiet, busy]) expect(await stream.next()).toMatchObject(snapshot)
    await act('bob', ASK, { user: 'busy' })
    expect(await busy.next()).toMatchObject({ event: 'next' })
    for (const comments of [2, 3, 4]) {
      vi.advanceTimersByTime(12_000)
      await eventually('each has heard', () => quiet.comments() === comments && busy.comments() === comments)
    }
  })
})
