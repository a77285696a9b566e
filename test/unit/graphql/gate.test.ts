import { getIntrospectionQuery } from 'graphql'
import { describe, expect, test } from 'vitest'
import { createGate } from '../../../src/graphql/gate.ts'
import { createSchema } from '../../../src/graphql/schema.ts'

const schema = createSchema({ maxRepresentations: 1000 })
const times = (count: number, part: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => part(index)).join(' ')

/** Whether the gate hands out one object for the same document, as it does for what it remembers. */
function isRemembered(source: string): boolean {
  const gate = createGate(schema, { introspection: true })
  const [first, second] = [gate.admit(source), gate.admit(source)]
  expect(first).not.toHaveProperty('errors')
  if ('errors' in first) return false
  expect(gate.isShared(first)).toBe(first === second)
  return first === second
}

function faultsOf(source: string): string {
  const admitted = createGate(schema, { introspection: true }).admit(source)
  return 'errors' in admitted ? admitted.errors.map(({ message }) => message).join() : ''
}

const access = (userIds: string, variables = '') =>
  `mutation ${variables} { requestPresenceAccess(input: {userIds: ${userIds}}) { results { access } } }`

describe('what the gate remembers for all users', () => {
  test.each([
    ['values in variables', access('$ids', '($ids: [ID!]!)')],
    ['variables in a list', access('[$a, $b]', '($a: ID!, $b: ID!)')],
    ['numbers where numbers are taken', '{ presencePrivacy { contacts(first: 3) { totalCount } } }'],
    ['values of enums', '{ presencePrivacy { contacts(first: 3, orderBy: USER_ID) { totalCount } } }'],
    ['conditions', '{ presencePrivacy { user @include(if: true) { id } } }'],
    [
      'representations in a variable',
      'query ($r: [_Any!]!) { _entities(representations: $r) { __typename } }',
    ],
  ])('is a document with %s', (_, source) => {
    expect(isRemembered(source)).toBe(true)
  })

  test.each([
    ['an id', access('["wim"]')],
    ['one id in the place of a list', access('"wim"')],
    ['an id that is a number', access('[42]')],
    ['an id beside a variable', access('[$a, "wim"]', '($a: ID!)')],
    ['an id as the default of a variable', access('$ids', '($ids: [ID!]! = ["wim"])')],
    ['no id', 'subscription { presenceUpdates(userIds: null) { change } }'],
    ['a text', '{ presencePrivacy { contacts(first: 3, after: "wim") { totalCount } } }'],
    ['a text in a block', '{ presencePrivacy { contacts(first: 3, after: """wim""") { totalCount } } }'],
    [
      'a time',
      'mutation ($u: [ID!]!) { decidePresenceAccess(input: {userIds: $u, decision: ALLOWED, endsAt: "2030-01-01T00:00:00Z"}) { results { decision } } }',
    ],
    ['a representation', '{ _entities(representations: [{ __typename: "User", id: 42 }]) { __typename } }'],
    [
      'a part of one',
      'query ($id: ID) { _entities(representations: [{ id: $id, key: 42 }]) { __typename } }',
    ],
    [
      'an id in a fragment',
      '{ ...F } fragment F on Query { presencePrivacyAdministration { user(id: "wim") { user { id } } } }',
    ],
    [
      'an id in another operation of the document',
      `query A { __typename } ${access('["wim"]').replace('mutation', 'mutation B')}`,
    ],
    ['a name of a type', '{ __type(name: "User") { name } }'],
  ])('is no document with a literal for %s', (_, source) => {
    expect(isRemembered(source)).toBe(false)
  })

  test('is bounded by the characters of all documents, as by their number', () => {
    const gate = createGate(schema, { introspection: true })
    const document = (index: number, length: number) =>
      `query Q${index} { __typename } #${'x'.repeat(length)}`
    const first = gate.admit(document(0, 90_000))
    for (let index = 1; index < 21; index += 1) gate.admit(document(index, 90_000))
    expect(gate.admit(document(20, 90_000))).toBe(gate.admit(document(20, 90_000)))
    expect(gate.admit(document(1, 90_000))).toBe(gate.admit(document(1, 90_000)))
    for (let index = 21; index < 26; index += 1) gate.admit(document(index, 90_000))
    expect(gate.admit(document(0, 90_000))).not.toBe(first)
  })

  test('goes when it is the least recently used', () => {
    const gate = createGate(schema, { introspection: true })
    const document = (index: number) => `query Q${index} { __typename } #${'x'.repeat(90_000)}`
    const [first, second] = [gate.admit(document(0)), gate.admit(document(1))]
    for (let index = 2; index < 22; index += 1) gate.admit(document(index))
    expect(gate.remembered(document(0))).toBe(first)
    gate.admit(document(22))
    expect(gate.admit(document(0))).toBe(first)
    expect(gate.admit(document(1))).not.toBe(second)
  })

  test('is nothing of what comes without identity', () => {
    const gate = createGate(schema, { introspection: true })
    const operation = { query: '{ __typename }', operationName: null }
    const admitted = gate.admitPublic(operation)
    expect(admitted).not.toHaveProperty('errors')
    expect(gate.admitPublic(operation)).not.toBe(admitted)
    expect(gate.admit(operation.query)).not.toBe(admitted)
  })
})

describe('without identity', () => {
  const admitted = (query: string, operationName: string | null = null) =>
    createGate(schema, { introspection: true }).admitPublic({ query, operationName })
  const USER = 'presencePrivacy { user { id } }'

  test.each([
    ['a field', `{ ${USER} }`],
    ['a field under a public name', `{ __typename: ${USER} }`],
    ['a field in a fragment', `{ ...F } fragment F on Query { ${USER} }`],
    [
      'a field in a fragment in another',
      `{ ...F } fragment F on Query { ...G } fragment G on Query { ${USER} }`,
    ],
    ['a field in an inline fragment', `{ __typename ... { ${USER} } }`],
    ['a mutation', 'mutation { __typename }'],
    ['a subscription', 'subscription { __typename }'],
  ])('%s is not looked at any further', (_, query) => {
    expect(admitted(query)).toBeUndefined()
  })

  test('a public operation is admitted, in fragments too, and of several operations that one', () => {
    const query = `query A { ...F } query B { ${USER} } fragment F on Query { __typename }`
    expect(admitted(query, 'A')).toHaveProperty('definitions')
    expect(admitted(query, 'B')).toBeUndefined()
    expect(admitted(query)).toBeUndefined()
  })
})

describe('what the gate refuses for its costs', () => {
  test.each([
    ['comments without end', `{ __typename } ${'#\n'.repeat(100_000)}`],
    [
      'fragments that are each compared with each',
      `{ presencePrivacy { user { ${times(101, (n) => `...F${n}`)} } } } ${times(101, (n) => `fragment F${n} on User { a${n}: id }`)}`,
    ],
    ['all types thirty times', `{ __schema { ${times(50, (n) => `a${n}: types { fields { name } }`)} } }`],
    [
      'all fields of all types a hundred times',
      `{ __schema { types { fields { ${times(100, (n) => `a${n}: name`)} } } } }`,
    ],
  ])('is a document with %s', (_, source) => {
    expect(faultsOf(source)).not.toBe('')
  })

  test('is no introspection that tools ask for', () => {
    const everything = {
      inputValueDeprecation: true,
      specifiedByUrl: true,
      directiveIsRepeatable: true,
      schemaDescription: true,
      oneOf: true,
    }
    expect(faultsOf(getIntrospectionQuery(everything))).toBe('')
    expect(faultsOf(getIntrospectionQuery())).toBe('')
  })
})

describe('a condition at the root of a subscription', () => {
  test.each([
    ['on its field', 'subscription { presenceUpdates @skip(if: true) { change } }'],
    ['by a variable', 'subscription ($a: Boolean!) { presenceUpdates @include(if: $a) { change } }'],
    ['on a fragment', 'subscription { ... @include(if: false) { presenceUpdates { change } } }'],
    [
      'in a fragment',
      'subscription { ...F } fragment F on Subscription { presenceUpdates @skip(if: true) { change } }',
    ],
    [
      'on one field of two',
      'subscription { incomingPresenceRequests { change } presenceUpdates @skip(if: true) { change } }',
    ],
  ])('is refused by name: %s', (_, source) => {
    expect(faultsOf(source)).toMatch(/@(skip|include)/)
  })

  test('is taken anywhere below', () => {
    expect(faultsOf('subscription { presenceUpdates { change @skip(if: true) __typename } }')).toBe('')
    expect(faultsOf('query ($a: Boolean!) { __typename @skip(if: $a) }')).toBe('')
  })
})
