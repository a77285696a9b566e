import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestDatabase } from '../support/database.ts'
import { postGraphQL } from '../support/post-graphql.ts'
import { startApp, tokenOf, type TestApp } from '../support/start-app.ts'
import { claimsOf, compactToken, epochSeconds, issuerKey, sign } from '../support/token-issuer.ts'

const OWN = '{ presencePrivacy { user { id } } }'
const ENTITIES = /* GraphQL */ `
  query ($representations: [_Any!]!) {
    _entities(representations: $representations) {
      ... on User {
        id
        presence {
          status
          activity
          note
        }
      }
    }
  }
`

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
  return { status: response.status, headers: response.headers, text, errors, code: errors[0]?.extensions['code'] }
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
    const plain = await post(query, { 'x-user-id': 'alice', cookie: `authorization=Bearer ${alice}; token=${alice}` })
    expect(plain.errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED', reason: 'missing' } }])
  })

  const key = issuerKey()
  test.each([
    ['an expired token', () => tokenOf('alice', { exp: epochSeconds() - 60 }), 'expired'],
    ['a token of a stranger', () => sign(key, claimsOf('alice')), 'rejected'],
    ['an unsigned token', () => compactToken({ alg: 'none' }, claimsOf('alice'), () => Buffer.alloc(0)), 'rejected'],
    ['a token for another audience', () => tokenOf('alice', { aud: 'other' }), 'rejected'],
    ['a token without a user', () => tokenOf('alice', { sub: undefined }), 'no-user'],
    ['a token of a user whose id holds a control character', () => tokenOf('al\u0000ice'), 'no-user'],
    ['no token at all', () => 'hunter2', 'malformed'],
  ])('is nobody with %s', async (_, token, reason) => {
    for (const query of [OWN, '{ _entities(representations: [{__typename: "User", id: "bob"}]) { ... on User { id } } }']) {
      const { errors } = await codesOf(query, {}, await token())
      expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED', reason } }])
    }
  })
})

describe('entities', () => {
  const silent = { status: 'OFFLINE', activity: null, note: null }

  test('never give back what a representation claims', async () => {
    const representations = [
      { __typename: 'User', id: 'bob', presence: { status: 'AVAILABLE', note: 'forged' }, presenceAccess: 'ALLOWED' },
    ]
    const { data } = await postGraphQL(app.url, { query: ENTITIES, variables: { representations }, token: alice })
    expect(data).toEqual({ _entities: [{ id: 'bob', presence: silent }] })
  })

  test.each([
    ['an unknown type', { __typename: 'Account', id: 'x' }],
    ['no type', { id: 'x' }],
    ['the type of a scalar', { __typename: 'String', id: 'x' }],
    ['no id', { __typename: 'User' }],
    ['an empty id', { __typename: 'User', id: '' }],
    ['a number for an id', { __typename: 'User', id: 7 }],
    ['an id with NUL', { __typename: 'User', id: 'a\u0000b' }],
    ['an id that is half a character', { __typename: 'User', id: '\ud800' }],
    ['an id of a megabyte', { __typename: 'User', id: 'x'.repeat(900_000) }],
  ])('with %s fail alone', async (_, poison) => {
    const representations = [{ __typename: 'User', id: 'bob' }, poison, { __typename: 'User', id: 'carol' }]
    const { data, errors, text } = await postGraphQL(app.url, { query: ENTITIES, variables: { representations }, token: alice })
    expect(data).toEqual({ _entities: [{ id: 'bob', presence: silent }, null, { id: 'carol', presence: silent }] })
    expect(errors).toMatchObject([{ path: ['_entities', 1], extensions: { code: 'BAD_USER_INPUT' } }])
    expect(text.length).toBeLessThan(1000)
  })

  test('beyond the limit are refused as a whole', async () => {
    const representations = Array.from({ length: 10_000 }, (_, index) => ({ __typename: 'User', id: `u${index}` }))
    expect((await codesOf(ENTITIES, { representations })).codes).toEqual(['TOO_MANY_REPRESENTATIONS'])
  })
})

describe('input that cannot be right', () => {
  const request = 'mutation ($input: RequestPresenceAccessInput!) { requestPresenceAccess(input: $input) { results { access } } }'
  const publish = 'mutation ($input: PublishPresenceInput!) { publishPresence(input: $input) { session { id } } }'

  test.each([
    ['an unknown value of an enum', request, { input: { userIds: ['bob'], trigger: 'CURIOSITY' } }],
    ['an unknown field', request, { input: { userIds: ['bob'], force: true } }],
    ['a value of another type', request, { input: { userIds: { id: 'bob' } } }],
    ['no value', request, {}],
    ['no users', request, { input: { userIds: [] } }],
    ['too many users', request, { input: { userIds: Array.from({ length: 5000 }, (_, index) => `u${index}`) } }],
    ['oneself', request, { input: { userIds: ['alice'] } }],
    ['half a character', request, { input: { userIds: ['\udc00'] } }],
    ['NUL', request, { input: { userIds: ['\u0000'] } }],
    ['a string of a megabyte', request, { input: { userIds: ['b'.repeat(1_000_000)] } }],
    ['a trigger of a megabyte', request, { input: { userIds: ['bob'], trigger: 'C'.repeat(1_000_000) } }],
    ['a session id of a megabyte', publish, { input: { sessionId: 's'.repeat(1_000_000), status: 'BUSY' } }],
  ])('is told so by its code, and not quoted: %s', async (_, query, variables) => {
    const { codes, text } = await codesOf(query, variables)
    expect(codes).toEqual(['BAD_USER_INPUT'])
    expect(text.length).toBeLessThan(2000)
    expect(text).not.toMatch(/CCCC|CURIOSITY|select |presence_privacy|node_modules|\n +at /)
  })

  test.each([
    ['what is no GraphQL', '{', 'GRAPHQL_PARSE_FAILED'],
    ['a field that there is not', '{ users { id } }', 'GRAPHQL_VALIDATION_FAILED'],
    ['an enum value in the document', 'mutation { requestPresenceAccess(input: {userIds: ["b"], trigger: NEVER}) { results { access } } }', 'GRAPHQL_VALIDATION_FAILED'],
    ['no operation of that name', 'query A { presencePrivacy { user { id } } } query B { presencePrivacy { user { id } } }', 'OPERATION_RESOLUTION_FAILURE'],
    ['a subscription', 'subscription { incomingPresenceRequests { change } }', 'SUBSCRIPTION_NEEDS_WEBSOCKET'],
  ])('is refused before anything runs: %s', async (_, query, code) => {
    expect((await codesOf(query)).codes).toEqual([code])
  })

  test('is not helped along with names of the schema', async () => {
    const { text } = await codesOf('{ presencePrivac { user { id } } }')
    expect(text).not.toContain('presencePrivacy')
  })
})

describe('operations that cost too much', () => {
  const fields = (count: number) => Array.from({ length: count }, (_, index) => `f${index}: user { id }`).join(' ')
  const spread = Array.from({ length: 20 }, (_, index) => `fragment F${index} on PresencePrivacy { ...F${index + 1} x${index}: user { ...U } ...F${index + 1} }`)
  const bomb = `{ presencePrivacy { ...F0 } } ${spread.join(' ')} fragment F20 on PresencePrivacy { user { id } } fragment U on User { id }`

  test.each([
    ['too many tokens', `{ presencePrivacy { ${fields(1300)} } }`, 'GRAPHQL_PARSE_FAILED'],
    ['too many fields', `{ presencePrivacy { ${'user { id id id id id } '.repeat(600)} } }`, 'GRAPHQL_VALIDATION_FAILED'],
    ['too many root fields', `{ ${Array.from({ length: 100 }, (_, index) => `r${index}: presencePrivacy { user { id } }`).join(' ')} }`, 'GRAPHQL_VALIDATION_FAILED'],
    ['too many levels', `{ presencePrivacy ${'{ user '.repeat(30)} { id } ${'}'.repeat(30)} }`, 'GRAPHQL_VALIDATION_FAILED'],
    ['fragments that multiply', bomb, 'GRAPHQL_VALIDATION_FAILED'],
  ])('are refused: %s', async (_, query, code) => {
    const { codes } = await codesOf(query)
    expect(codes).toEqual([code])
  })

  test('are not what a router puts together: 50 aliased entity lookups run', async () => {
    const parts = Array.from({ length: 50 }, (_, index) => `_${index}: _entities(representations: $r) { ... on User { id presence { status activity note } presenceAccess } }`)
    const representations = [{ __typename: 'User', id: 'bob' }]
    const query = `query Plan($r: [_Any!]!) { ${parts.join(' ')} }`
    const { data, errors } = await postGraphQL(app.url, { query, variables: { r: representations }, token: alice })
    expect(errors).toEqual([])
    expect(Object.keys(data ?? {})).toHaveLength(50)
  })
})

describe('introspection, when it is off', () => {
  test.each(['{ __schema { types { name } } }', '{ __type(name: "User") { name } }'])('is refused: %s', async (query) => {
    expect((await codesOf(query)).codes).toEqual(['GRAPHQL_VALIDATION_FAILED'])
  })

  test('leaves the SDL to routers, and type names to everyone', async () => {
    const { data } = await postGraphQL(app.url, { query: '{ __typename _service { sdl } }' })
    expect(data).toMatchObject({ __typename: 'Query', _service: { sdl: expect.stringContaining('type User') as string } })
  })
})

describe('requests that are not operations', () => {
  test.each(['GET', 'PUT', 'PATCH', 'DELETE'])('by %s are refused, and told what is allowed', async (method) => {
    const mutation = encodeURIComponent('mutation { endPresenceSession(input: {sessionId: "a"}) { ended } }')
    const { status, headers, code } = await send({ method, headers: { authorization: `Bearer ${alice}` } }, `/graphql?query=${mutation}`)
    expect({ status, allow: headers.get('allow'), code }).toEqual({ status: 405, allow: 'POST', code: 'METHOD_NOT_ALLOWED' })
  })

  test('over 1 MB are refused', async () => {
    const { status, code } = await post(JSON.stringify({ query: OWN, variables: { x: 'x'.repeat(1_100_000) } }))
    expect({ status, code }).toEqual({ status: 413, code: 'REQUEST_TOO_LARGE' })
  })

  test.each([
    ['malformed JSON', '{"query":', 400, 'BAD_REQUEST'],
    ['nothing', '', 400, 'BAD_REQUEST'],
    ['a prototype', '{"query":"{ __typename }","__proto__":{"a":1}}', 400, 'BAD_REQUEST'],
    ['a batch', JSON.stringify([{ query: OWN }, { query: OWN }]), 400, 'BAD_REQUEST'],
    ['no query', '{"operationName":"A"}', 400, 'BAD_REQUEST'],
    ['a hash instead of a query', '{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"abc"}}}', 200, 'PERSISTED_QUERY_NOT_SUPPORTED'],
  ])('with %s are told so', async (_, body, status, code) => {
    expect(await post(body)).toMatchObject({ status, code })
  })

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])('as %s are refused', async (type) => {
    expect(await post(JSON.stringify({ query: OWN }), { 'content-type': type })).toMatchObject({ status: 415, code: 'UNSUPPORTED_MEDIA_TYPE' })
  })

  test('to other paths find nothing, and are not quoted', async () => {
    for (const path of ['/nothing-here', '/graphql/', '/%', '/graphiql/graphiql.js']) {
      const { status, text } = await rawGet(path)
      expect([400, 404]).toContain(status)
      expect(text).not.toContain('nothing-here')
    }
  })

  test('for a subscription are answered 406', async () => {
    const { status, code } = await post(JSON.stringify({ query: 'subscription { incomingPresenceRequests { change } }' }), { authorization: `Bearer ${alice}` })
    expect({ status, code }).toEqual({ status: 406, code: 'SUBSCRIPTION_NEEDS_WEBSOCKET' })
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
      headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization,content-type' },
    })

  test('of a listed origin may send operations', async () => {
    const { status, headers } = await preflight('https://app.example')
    expect({ status, origin: headers.get('access-control-allow-origin') }).toEqual({ status: 204, origin: 'https://app.example' })
    expect(headers.get('access-control-allow-headers')).toContain('authorization')
    expect(headers.get('access-control-allow-credentials')).toBeNull()
  })

  test.each(['https://evil.example', 'https://app.example.evil.example', 'http://app.example', 'null', 'http://localhost:3000'])(
    'of any other origin may not: %s',
    async (origin) => {
      expect((await preflight(origin)).headers.get('access-control-allow-origin')).toBeNull()
      const { headers } = await post(JSON.stringify({ query: OWN }), { origin })
      expect(headers.get('access-control-allow-origin')).toBeNull()
    },
  )

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
