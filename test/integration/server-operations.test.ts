import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestDatabase } from '../support/database.ts'
import { postGraphQL } from '../support/post-graphql.ts'
import { startApp, tokenOf, type TestApp } from '../support/start-app.ts'

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
  // One user asks here for what costs too much, again and again.
  app = await startApp(await createTestDatabase(), { USER_WORK_PER_SECOND: '100000000' })
  alice = await tokenOf('alice')
})

afterAll(() => app.stop())

async function codesOf(query: string, variables: Record<string, unknown> = {}, token = alice) {
  const { errors, text } = await postGraphQL(app.url, { query, variables, token })
  return { codes: [...new Set(errors.map(({ extensions }) => extensions?.code))], errors, text }
}

describe('entities', () => {
  const silent = { status: 'OFFLINE', activity: null, note: null }

  test('never give back what a representation claims', async () => {
    const representations = [
      {
        __typename: 'User',
        id: 'bob',
        presence: { status: 'AVAILABLE', note: 'forged' },
        presenceAccess: 'ALLOWED',
      },
    ]
    const { data } = await postGraphQL(app.url, {
      query: ENTITIES,
      variables: { representations },
      token: alice,
    })
    expect(data).toEqual({ _entities: [{ id: 'bob', presence: silent }] })
  })

  test.each([
    ['an unknown type', { __typename: 'Account', id: 'x' }],
    ['no type', { id: 'x' }],
    ['the type of a scalar', { __typename: 'String', id: 'x' }],
    ['no id', { __typename: 'User' }],
    ['an empty id', { __typename: 'User', id: '' }],
    ['a fraction for an id', { __typename: 'User', id: 7.5 }],
    ['a number for an id that JSON rounds', { __typename: 'User', id: 2 ** 53 }],
    ['a list for an id', { __typename: 'User', id: ['bob'] }],
    ['an id with NUL', { __typename: 'User', id: 'a\u0000b' }],
    ['an id that is half a character', { __typename: 'User', id: '\ud800' }],
    ['an id of a megabyte', { __typename: 'User', id: 'x'.repeat(900_000) }],
  ])('with %s fail alone', async (_, poison) => {
    const representations = [{ __typename: 'User', id: 'bob' }, poison, { __typename: 'User', id: 'carol' }]
    const { data, errors, text } = await postGraphQL(app.url, {
      query: ENTITIES,
      variables: { representations },
      token: alice,
    })
    expect(data).toEqual({
      _entities: [{ id: 'bob', presence: silent }, null, { id: 'carol', presence: silent }],
    })
    expect(errors).toMatchObject([{ path: ['_entities', 1], extensions: { code: 'BAD_USER_INPUT' } }])
    expect(text.length).toBeLessThan(1000)
  })

  test('beyond the limit are refused as a whole', async () => {
    const representations = Array.from({ length: 10_000 }, (_, index) => ({
      __typename: 'User',
      id: `u${index}`,
    }))
    expect((await codesOf(ENTITIES, { representations })).codes).toEqual(['TOO_MANY_REPRESENTATIONS'])
  })
})

describe('what one operation asks for', () => {
  const users = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ __typename: 'User', id: `u${index}` }))

  test('is counted over all its lookups of entities', async () => {
    const lookup = '_entities(representations: $r) { ... on User { id } }'
    const query = `query ($r: [_Any!]!) { a: ${lookup} b: ${lookup} }`
    expect((await codesOf(query, { r: users(500) })).errors).toEqual([])
    const { codes, text } = await codesOf(query, { r: users(501) })
    expect(codes).toEqual(['TOO_MANY_REPRESENTATIONS'])
    expect(text).toContain('1002')
  })

  test('is refused before it is read when lists would hold more than 30000 values', async () => {
    const access = (times: number) => Array.from({ length: times }, (_, index) => `a${index}: presenceAccess`)
    const lookup = (times: number) =>
      `query ($r: [_Any!]!) { _entities(representations: $r) { ...F } } fragment F on User { ${access(times).join(' ')} }`
    expect((await codesOf(lookup(29), { r: users(1000) })).errors).toEqual([])
    const { codes, text } = await codesOf(lookup(40), { r: users(1000) })
    expect(codes).toEqual(['ANSWER_TOO_LARGE'])
    expect(text.length).toBeLessThan(1000)
  })

  test('is counted over all its lists, whichever they are', async () => {
    const query =
      'mutation ($userIds: [ID!]!) { requestPresenceAccess(input: {userIds: $userIds}) { results { access } } }'
    const userIds = users(100).map(({ id }) => id)
    expect((await codesOf(query, { userIds })).errors).toEqual([])
    const page = (values: number) =>
      `outgoingRequests(first: 500) { nodes { ${Array.from({ length: values }, (_, index) => `v${index}: id`).join(' ')} } }`
    const pages = (values: number) =>
      `{ presencePrivacy { ${Array.from({ length: 20 }, (_, index) => `p${index}: ${page(values)}`).join(' ')} } }`
    expect((await codesOf(pages(15))).errors).toEqual([])
    expect((await codesOf(pages(16))).codes).toEqual(['ANSWER_TOO_LARGE'])
  })
})

describe('input that cannot be right', () => {
  const request =
    'mutation ($input: RequestPresenceAccessInput!) { requestPresenceAccess(input: $input) { results { access } } }'
  const publish =
    'mutation ($input: PublishPresenceInput!) { publishPresence(input: $input) { session { id } } }'

  test.each([
    ['an unknown value of an enum', request, { input: { userIds: ['bob'], trigger: 'CURIOSITY' } }],
    ['an unknown field', request, { input: { userIds: ['bob'], force: true } }],
    ['a value of another type', request, { input: { userIds: { id: 'bob' } } }],
    ['no value', request, {}],
    ['no users', request, { input: { userIds: [] } }],
    [
      'too many users',
      request,
      { input: { userIds: Array.from({ length: 5000 }, (_, index) => `u${index}`) } },
    ],
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
    [
      'an enum value in the document',
      'mutation { requestPresenceAccess(input: {userIds: ["b"], trigger: NEVER}) { results { access } } }',
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'no operation of that name',
      'query A { presencePrivacy { user { id } } } query B { presencePrivacy { user { id } } }',
      'OPERATION_RESOLUTION_FAILURE',
    ],
    ['a subscription', 'subscription { incomingPresenceRequests { change } }', 'SUBSCRIPTION_NEEDS_STREAM'],
  ])('is refused before anything runs: %s', async (_, query, code) => {
    expect((await codesOf(query)).codes).toEqual([code])
  })

  test('is not helped along with names of the schema', async () => {
    const { text } = await codesOf('{ presencePrivac { user { id } } }')
    expect(text).not.toContain('presencePrivacy')
  })
})

describe('operations that cost too much', () => {
  const fields = (count: number) =>
    Array.from({ length: count }, (_, index) => `f${index}: user { id }`).join(' ')
  const spread = Array.from(
    { length: 20 },
    (_, index) =>
      `fragment F${index} on PresencePrivacy { ...F${index + 1} x${index}: user { ...U } ...F${index + 1} }`,
  )
  const bomb = `{ presencePrivacy { ...F0 } } ${spread.join(' ')} fragment F20 on PresencePrivacy { user { id } } fragment U on User { id }`

  test.each([
    // The specification has the fields of one place compared with each other: this took a second.
    [
      'a field many times at one place',
      `{ presencePrivacy { ${'a: user { id } a: presence { status } '.repeat(400)} } }`,
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'a fragment that spreads itself',
      '{ presencePrivacy { ...F } } fragment F on PresencePrivacy { ...F }',
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'nesting that exhausts the stack',
      `{ a(x: ${'['.repeat(2400)}${']'.repeat(2400)}) }`,
      'GRAPHQL_PARSE_FAILED',
    ],
    ['too many tokens', `{ presencePrivacy { ${fields(1300)} } }`, 'GRAPHQL_PARSE_FAILED'],
    [
      'too many fields',
      `{ presencePrivacy { ${'user { id id id id id } '.repeat(600)} } }`,
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'too many root fields',
      `{ ${Array.from({ length: 100 }, (_, index) => `r${index}: presencePrivacy { user { id } }`).join(' ')} }`,
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'too many levels',
      `{ presencePrivacy ${'{ user '.repeat(30)} { id } ${'}'.repeat(30)} }`,
      'GRAPHQL_VALIDATION_FAILED',
    ],
    ['fragments that multiply', bomb, 'GRAPHQL_VALIDATION_FAILED'],
    ['the SDL twice', '{ a: _service { sdl } b: _service { sdl } }', 'GRAPHQL_VALIDATION_FAILED'],
    [
      'the SDL twice, by a fragment',
      '{ _service { ...S } } fragment S on _Service { ... { a: sdl } b: sdl }',
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'more than 20 pages of lists, by fragments',
      `{ a: presencePrivacy { ...P } ... on Query { b: presencePrivacy { ... { ...P } } } } fragment P on PresencePrivacy { ${Array.from(
        { length: 11 },
        (_, index) => `p${index}: outgoingRequests(first: 500) { nodes { id } }`,
      ).join(' ')} }`,
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'more than 20 pages of lists at the root',
      `{ ${Array.from(
        { length: 21 },
        (_, index) => `p${index}: exportPresenceUser(userId: "bob") { endCursor }`,
      ).join(' ')} }`,
      'GRAPHQL_VALIDATION_FAILED',
    ],
  ])('are refused: %s', async (_, query, code) => {
    const { codes } = await codesOf(query)
    expect(codes).toEqual([code])
  })

  test('are not what a router puts together: 50 aliased entity lookups run', async () => {
    const parts = Array.from(
      { length: 50 },
      (_, index) =>
        `_${index}: _entities(representations: $r) { ... on User { id presence { status activity note } presenceAccess } }`,
    )
    const representations = [{ __typename: 'User', id: 'bob' }]
    const query = `query Plan($r: [_Any!]!) { ${parts.join(' ')} }`
    const { data, errors } = await postGraphQL(app.url, {
      query,
      variables: { r: representations },
      token: alice,
    })
    expect(errors).toEqual([])
    expect(Object.keys(data ?? {})).toHaveLength(50)
  })
})

describe('introspection, when it is off', () => {
  test.each(['{ __schema { types { name } } }', '{ __type(name: "User") { name } }'])(
    'is refused: %s',
    async (query) => {
      expect((await codesOf(query)).codes).toEqual(['GRAPHQL_VALIDATION_FAILED'])
    },
  )

  test('leaves the SDL to routers, and type names to everyone', async () => {
    const { data } = await postGraphQL(app.url, { query: '{ __typename _service { sdl } }' })
    expect(data).toMatchObject({
      __typename: 'Query',
      _service: { sdl: expect.stringContaining('type User') as string },
    })
  })
})
