import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { openRaw } from '../support/raw-connection.ts'
import { startApp, tokenOf, type TestApp } from '../support/start-app.ts'

let app: TestApp

beforeAll(async () => {
  app = await startApp(await createTestDatabase(), { INTROSPECTION: 'on' })
})

afterAll(() => app.stop())

type Sent = { readonly body: string; readonly headers?: Readonly<Record<string, string>> }

async function post({ body, headers = {} }: Sent) {
  const response = await fetch(app.url, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...headers },
  })
  const text = await response.text()
  const { data, errors } = JSON.parse(text) as {
    data?: unknown
    errors?: { message: string; extensions: { code: string; reason?: string } }[]
  }
  return { status: response.status, data, errors, code: errors?.[0]?.extensions.code, text }
}

const ask = (query: string, more: object = {}, headers: Record<string, string> = {}) =>
  post({ body: JSON.stringify({ query, ...more }), headers })

const UNAUTHENTICATED = { status: 200, data: null, code: 'UNAUTHENTICATED' }
const NEWER = { accept: 'application/graphql-response+json' }

describe('without a verified token', () => {
  test.each([
    ['a query', '{ presencePrivacy { user { id } } }'],
    ['a mutation', 'mutation { endPresenceSession(input: {sessionId: "a"}) { ended } }'],
    ['a mutation of nothing', 'mutation { __typename }'],
    ['a subscription', 'subscription { incomingPresenceRequests { change } }'],
    ['entities', '{ _entities(representations: []) { __typename } }'],
    ['a field beside public ones', '{ __typename presencePrivacy { user { id } } }'],
    ['a field in a fragment', '{ ...F } fragment F on Query { presencePrivacy { user { id } } }'],
    ['a field in an inline fragment', '{ ... { presencePrivacy { user { id } } } }'],
    ['a public alias of a field', '{ __typename: presencePrivacy { user { id } } }'],
    ['a field that there is not', '{ nothing }'],
    ['what is not valid', '{ presencePrivacy }'],
    ['several operations and no name', 'query A { __typename } query B { __typename }'],
    ['16 KB of text', `{ __typename } #${'x'.repeat(16_384)}`],
    ['501 tokens', `{ ${'__typename '.repeat(501)} }`],
    ['a document that nests deep', `{ __type(name: ${'['.repeat(40)}${']'.repeat(40)}) { name } }`],
    ['a document that nests very deep', '{ a'.repeat(5000)],
  ])('%s is not looked at', async (_, query) => {
    expect(await ask(query)).toMatchObject(UNAUTHENTICATED)
    expect(await ask(query, {}, NEWER)).toMatchObject(UNAUTHENTICATED)
    expect(await ask(query, {}, { authorization: 'Bearer x.y.z' })).toMatchObject(UNAUTHENTICATED)
  })

  test.each([
    ['a type name', '{ __typename }', {}],
    ['the SDL', '{ _service { sdl } }', {}],
    ['the schema', '{ __schema { queryType { name } } }', {}],
    ['a type', 'query ($name: String!) { __type(name: $name) { name } }', { name: 'User' }],
    ['fragments of them', '{ ...F ... { __typename } } fragment F on Query { _service { sdl } }', {}],
  ])('%s is answered', async (_, query, variables) => {
    const { status, data, errors } = await ask(query, { variables })
    expect({ status, errors }).toEqual({ status: 200, errors: undefined })
    expect(data).not.toBeNull()
  })

  test('the selected operation decides, not the one beside it', async () => {
    const query = 'query Public { __typename } query Private { presencePrivacy { user { id } } }'
    expect(await ask(query, { operationName: 'Public' })).toMatchObject({ data: { __typename: 'Query' } })
    expect(await ask(query, { operationName: 'Private' })).toMatchObject(UNAUTHENTICATED)
    expect(await ask(query, { operationName: 'Nobody' })).toMatchObject(UNAUTHENTICATED)
  })

  test.each([
    ['of parsing', '{', {}, 'GRAPHQL_PARSE_FAILED'],
    ['of validation', '{ __typename @nothing }', {}, 'GRAPHQL_VALIDATION_FAILED'],
    ['of validation in a fragment', '{ ...F __typename }', {}, 'GRAPHQL_VALIDATION_FAILED'],
    ['of variables', 'query ($n: String!) { __type(name: $n) { name } }', { n: null }, 'BAD_USER_INPUT'],
  ])('faults %s are told as ever', async (_, query, variables, code) => {
    expect(await ask(query, { variables })).toMatchObject({ status: 200, code })
    const newer = await ask(query, { variables }, NEWER)
    expect(newer).toMatchObject({ status: 400, code })
    expect(newer.text).not.toContain('"data"')
  })

  test('a hash alone is not found, with a token or without', async () => {
    const extensions = { persistedQuery: { version: 1, sha256Hash: 'a'.repeat(64) } }
    const sent = { body: JSON.stringify({ extensions }) }
    for (const headers of [{}, NEWER, { authorization: 'Bearer x.y.z' }]) {
      const { status, errors } = await post({ ...sent, headers })
      expect(status).toBe(200)
      expect(errors).toEqual([
        { message: 'PersistedQueryNotFound', extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } },
      ])
    }
  })
})

describe('a body', () => {
  const deep = (levels: number) =>
    `{"query":"{ __typename }","extensions":{"a":${'['.repeat(levels)}${']'.repeat(levels)}}}`

  const identified = async () => ({ authorization: `Bearer ${await tokenOf('alice')}` })
  const REFUSED = { status: 400, code: 'BAD_REQUEST' }

  test('nests at most 64 levels deep', async () => {
    expect(await post({ body: deep(62) })).toMatchObject({ data: { __typename: 'Query' } })
    for (const levels of [63, 5_000]) expect(await post({ body: deep(levels) })).toMatchObject(REFUSED)
    for (const levels of [63, 5_000, 400_000])
      expect(await post({ body: deep(levels), headers: await identified() })).toMatchObject(REFUSED)
  })

  test('holds brackets in texts, as many as it likes', async () => {
    const body = JSON.stringify({ query: '{ __typename }', extensions: { a: '["\\'.repeat(1000) } })
    expect(await post({ body })).toMatchObject({ data: { __typename: 'Query' } })
  })

  const listing = (objects: number) =>
    `{"query":"{ __typename }","extensions":{"a":[${'{},'.repeat(objects)}0]}}`

  test('holds at most 60,000 texts, objects and lists', async () => {
    expect(await post({ body: listing(60_000), headers: await identified() })).toMatchObject(REFUSED)
  })

  test('that is larger than any that is public is not parsed without a token', async () => {
    for (const body of [
      listing(1000),
      JSON.stringify({ query: '{ __typename }', variables: { a: 'x'.repeat(70_000) } }),
      `{"query":"{ __typename }","variables":{"a":[${'null,'.repeat(20_000)}no JSON`,
    ])
      expect(await post({ body })).toMatchObject(UNAUTHENTICATED)
  })

  test('is not read to its end without a token, where its length is not told', async () => {
    const stranger = await openRaw(app.url)
    const chunk = `{"query":"${'x'.repeat(70_000)}`
    const head = ['POST /graphql HTTP/1.1', 'Host: localhost', 'Content-Type: application/json']
    stranger.socket.write(
      [...head, 'Transfer-Encoding: chunked', '', chunk.length.toString(16), chunk, ''].join('\r\n'),
    )
    await eventually('it is answered', () => stranger.text().includes('UNAUTHENTICATED'))
  })
})
