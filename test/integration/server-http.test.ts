import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestDatabase } from '../support/database.ts'
import { postGraphQL } from '../support/post-graphql.ts'
import { startApp, tokenOf, type TestApp } from '../support/start-app.ts'
import { claimsOf, compactToken, epochSeconds, issuerKey, sign } from '../support/token-issuer.ts'

const OWN = '{ presencePrivacy { user { id } } }'

let app: TestApp
let alice: string

beforeAll(async () => {
  app = await startApp(await createTestDatabase(), { ALLOWED_ORIGINS: 'https://app.example' })
  alice = await tokenOf('alice')
})

afterAll(() => app.stop())

async function send(init: RequestInit, path = '/graphql') {
  const response = await fetch(app.at(path), { redirect: 'manual', ...init })
  const text = await response.text()
  const { errors = [] } = (text.startsWith('{') ? JSON.parse(text) : {}) as {
    errors?: { message: string; extensions: Record<string, unknown> }[]
  }
  return {
    status: response.status,
    headers: response.headers,
    text,
    errors,
    code: errors[0]?.extensions['code'],
  }
}

function post(body: string, headers: Record<string, string> = {}) {
  return send({ method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } })
}

async function codesOf(query: string, variables: Record<string, unknown> = {}, token = alice) {
  const { errors, text } = await postGraphQL(app.url, { query, variables, token })
  return { codes: [...new Set(errors.map(({ extensions }) => extensions?.code))], errors, text }
}

describe('who is asking', () => {
  test('is the user of the bearer token', async () => {
    const { data } = await postGraphQL(app.url, { query: OWN, token: alice })
    expect(data).toEqual({ presencePrivacy: { user: { id: 'alice' } } })
  })

  test('is nobody without a token, whatever else says so', async () => {
    const query = JSON.stringify({ query: OWN })
    const plain = await post(query, {
      'x-user-id': 'alice',
      cookie: `authorization=Bearer ${alice}; token=${alice}`,
    })
    expect(plain.errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED', reason: 'missing' } }])
  })

  const key = issuerKey()
  test.each([
    ['an expired token', () => tokenOf('alice', { exp: epochSeconds() - 60 }), 'expired'],
    ['a token of a stranger', () => sign(key, claimsOf('alice')), 'rejected'],
    [
      'an unsigned token',
      () => compactToken({ alg: 'none' }, claimsOf('alice'), () => Buffer.alloc(0)),
      'rejected',
    ],
    ['a token for another audience', () => tokenOf('alice', { aud: 'other' }), 'rejected'],
    ['a token without a user', () => tokenOf('alice', { sub: undefined }), 'no-user'],
    ['a token of a user whose id holds a control character', () => tokenOf('al\u0000ice'), 'no-user'],
    ['no token at all', () => 'hunter2', 'malformed'],
  ])('is nobody with %s', async (_, token, reason) => {
    for (const query of [
      OWN,
      '{ _entities(representations: [{__typename: "User", id: "bob"}]) { ... on User { id } } }',
    ]) {
      const { errors } = await codesOf(query, {}, await token())
      expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED', reason } }])
    }
  })
})

describe('requests that are not operations', () => {
  test.each(['GET', 'PUT', 'PATCH', 'DELETE'])(
    'by %s are refused, and told what is allowed',
    async (method) => {
      const mutation = encodeURIComponent(
        'mutation { endPresenceSession(input: {sessionId: "a"}) { ended } }',
      )
      const { status, headers, code } = await send(
        { method, headers: { authorization: `Bearer ${alice}` } },
        `/graphql?query=${mutation}`,
      )
      expect({ status, allow: headers.get('allow'), code }).toEqual({
        status: 405,
        allow: 'POST',
        code: 'METHOD_NOT_ALLOWED',
      })
    },
  )

  test('over 1 MB are refused', async () => {
    const { status, code } = await post(
      JSON.stringify({ query: OWN, variables: { x: 'x'.repeat(1_100_000) } }),
    )
    expect({ status, code }).toEqual({ status: 413, code: 'REQUEST_TOO_LARGE' })
  })

  test.each([
    ['malformed JSON', '{"query":', 400, 'BAD_REQUEST'],
    ['nothing', '', 400, 'BAD_REQUEST'],
    ['a prototype', '{"query":"{ __typename }","__proto__":{"a":1}}', 400, 'BAD_REQUEST'],
    ['a batch', JSON.stringify([{ query: OWN }, { query: OWN }]), 400, 'BAD_REQUEST'],
    ['no query', '{"operationName":"A"}', 400, 'BAD_REQUEST'],
    [
      'a hash instead of a query',
      '{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"abc"}}}',
      200,
      'PERSISTED_QUERY_NOT_FOUND',
    ],
  ])('with %s are told so', async (_, body, status, code) => {
    expect(await post(body)).toMatchObject({ status, code })
  })

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
    'as %s are refused',
    async (type) => {
      expect(await post(JSON.stringify({ query: OWN }), { 'content-type': type })).toMatchObject({
        status: 415,
        code: 'UNSUPPORTED_MEDIA_TYPE',
      })
    },
  )

  test('to other paths find nothing, and are not quoted', async () => {
    for (const path of ['/nothing-here', '/graphql/', '/%', '/graphiql/graphiql.js']) {
      const { status, text } = await rawGet(path)
      expect([400, 404]).toContain(status)
      expect(text).not.toContain('nothing-here')
    }
  })

  test('for a subscription are answered 406', async () => {
    const { status, code } = await post(
      JSON.stringify({ query: 'subscription { incomingPresenceRequests { change } }' }),
      { authorization: `Bearer ${alice}` },
    )
    expect({ status, code }).toEqual({ status: 406, code: 'SUBSCRIPTION_NEEDS_STREAM' })
  })
})

describe('every answer', () => {
  test.each([
    ['an answer', () => post(JSON.stringify({ query: OWN }), { authorization: `Bearer ${alice}` })],
    ['an error', () => post('{')],
    ['a refusal', () => send({ method: 'GET' })],
    ['not found', () => send({ method: 'GET' }, '/x')],
    ['health', () => send({ method: 'GET' }, '/health/live')],
  ])('is private, of its own type only, and carries its request id: %s', async (_, answer) => {
    const { headers } = await answer()
    expect(headers.get('cache-control')).toBe('private, no-store')
    expect(headers.get('vary')).toBe('Authorization, Origin')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('x-request-id')).toMatch(/^[\w-]{36}$/)
  })

  test('keeps a request id that is one, and no other', async () => {
    const kept = await post(JSON.stringify({ query: OWN }), { 'x-request-id': 'router-4711.a' })
    expect(kept.headers.get('x-request-id')).toBe('router-4711.a')
    const replaced = await post(JSON.stringify({ query: OWN }), { 'x-request-id': 'a'.repeat(500) })
    expect(replaced.headers.get('x-request-id')).toMatch(/^[\w-]{36}$/)
  })
})

describe('pages of browsers', () => {
  const preflight = (origin: string) =>
    send({
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type',
      },
    })

  test('of a listed origin may send operations', async () => {
    const { status, headers } = await preflight('https://app.example')
    expect({ status, origin: headers.get('access-control-allow-origin') }).toEqual({
      status: 204,
      origin: 'https://app.example',
    })
    expect(headers.get('access-control-allow-headers')).toContain('authorization')
    expect(headers.get('access-control-allow-credentials')).toBeNull()
  })

  test.each([
    'https://evil.example',
    'https://app.example.evil.example',
    'http://app.example',
    'null',
    'http://localhost:3000',
  ])('of any other origin may not: %s', async (origin) => {
    expect((await preflight(origin)).headers.get('access-control-allow-origin')).toBeNull()
    const { headers } = await post(JSON.stringify({ query: OWN }), { origin })
    expect(headers.get('access-control-allow-origin')).toBeNull()
  })

  test('get no GraphiQL when it is off', async () => {
    expect((await send({ method: 'GET', headers: { accept: 'text/html' } })).status).toBe(405)
  })
})

/** As fetch would not send it: the path unmended. */
function rawGet(path: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(app.url)
    request({ hostname, port, path }, (response) => {
      let text = ''
      response.on('data', (chunk: Buffer) => (text += chunk.toString()))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }))
    })
      .on('error', reject)
      .end()
  })
}
