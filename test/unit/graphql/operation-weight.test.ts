import { getIntrospectionQuery, parse, validate } from 'graphql'
import { describe, expect, it } from 'vitest'
import { documentWeight, operationWeight } from '../../../src/graphql/operation-weight.ts'
import { createSchema } from '../../../src/graphql/schema.ts'

const schema = createSchema({ maxRepresentations: 1000 })
const weigh = operationWeight(schema, { maxRepresentations: 1000 })

function weighed(source: string, variables: Record<string, unknown> | null) {
  const document = parse(source)
  expect(validate(schema, document), source).toEqual([])
  return weigh({ document, operationName: null, variables })
}

function weight(source: string, variables: Record<string, unknown> | null = null): number {
  return weighed(source, variables).weight
}

const ENTITIES = `query ($r: [_Any!]!) {
  _entities(representations: $r) { ... on User { id presence { status activity note } } }
}`
const users = (count: number) => Array.from({ length: count }, (_, user) => `user-${user}`)
const representations = (count: number) => users(count).map((id) => ({ __typename: 'User', id }))

describe('the weight of an operation', () => {
  it('grows with the users who are asked for', () => {
    const one = weight(ENTITIES, { r: representations(1) })
    const many = weight(ENTITIES, { r: representations(1000) })
    expect(one).toBeLessThan(60)
    expect(many).toBeGreaterThanOrEqual(1000)
    expect(many).toBeLessThan(3000)
  })

  it('counts as many representations as the setting admits, and longer lists as its longest', () => {
    const most = 5000
    const weighMany = operationWeight(createSchema({ maxRepresentations: most }), {
      maxRepresentations: most,
    })
    const many = (count: number) =>
      weighMany({
        document: parse(ENTITIES),
        operationName: null,
        variables: { r: representations(count) },
      }).weight
    expect(many(most)).toBeGreaterThan(most)
    expect(many(most)).toBeGreaterThan(4 * many(1000))
    expect(many(10_000)).toBe(many(most))
  })

  it('is the same whether users stand in a variable, in a literal or in a default', () => {
    const ids = JSON.stringify(users(100))
    const literal = weight(`subscription { presenceUpdates(userIds: ${ids}) { change } }`)
    const variable = weight('subscription ($u: [ID!]) { presenceUpdates(userIds: $u) { change } }', {
      u: users(100),
    })
    const byDefault = weight(`subscription ($u: [ID!] = ${ids}) { presenceUpdates(userIds: $u) { change } }`)
    expect(variable).toBe(literal)
    expect(byDefault).toBe(literal)
  })

  it('counts a list once for each field that takes it', () => {
    const twice = `query ($r: [_Any!]!) {
      a: _entities(representations: $r) { ... on User { id } }
      b: _entities(representations: $r) { ... on User { id } }
    }`
    expect(weight(twice, { r: representations(400) })).toBeGreaterThan(900)
  })

  it('grows with the fields that are selected of each', () => {
    const fields = Array.from({ length: 30 }, (_, place) => `f${place}: presenceAccess`).join(' ')
    const wide = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on User { ${fields} } } }`
    expect(weight(wide, { r: representations(1000) })).toBeGreaterThan(5000)
  })

  it('counts fields through fragments', () => {
    const fragments = `query ($r: [_Any!]!) { _entities(representations: $r) { ...All } }
      fragment All on User { id presence { ...Shown } }
      fragment Shown on Presence { status activity note }`
    expect(weight(fragments, { r: representations(50) })).toBe(weight(ENTITIES, { r: representations(50) }))
  })

  it('counts what a page may hold, not what it holds', () => {
    const page = (first: string, variables: Record<string, unknown> | null = null) =>
      weight(
        `query ${first === '$n' ? '($n: Int! = 50)' : ''} { presencePrivacy { decisions(first: ${first}) { nodes { state } } } }`,
        variables,
      )
    expect(page('500')).toBeGreaterThan(500)
    expect(page('$n', { n: 500 })).toBe(page('500'))
    expect(page('$n')).toBe(page('50'))
    expect(page('$n', { n: 2_000_000_000 })).toBe(page('500'))
  })

  it('takes the size of a page from the default that holds where the client sends none', () => {
    const page = (definition: string, variables: Record<string, unknown> | null = null) =>
      weight(
        `query (${definition}) { presencePrivacy { decisions(first: $n) { nodes { state } } } }`,
        variables,
      )
    const largest = page('$n: Int!', { n: 500 })
    for (const variables of [null, {}, { other: 1 }]) {
      expect(Math.abs(page('$n: Int! = 500', variables) - largest)).toBeLessThan(2)
      expect(page('$n: Int', variables)).toBe(page('$n: Int', { n: 50 }))
    }
    expect(page('$n: Int! = 500', { n: 1 })).toBeLessThan(page('$n: Int! = 500', { n: 50 }))
    // The field has a default of its own.
    const acts = (definition: string, variables: Record<string, unknown> | null = null) =>
      weight(
        `query ${definition} { presencePrivacyAudit { usersOfAdministrativeAct(actId: "a", first: $n) { userIds } } }`,
        variables,
      )
    expect(acts('($n: Int)')).toBe(acts('($n: Int)', { n: 500 }))
  })

  it('takes lists from the default that holds, and only where the client sends none', () => {
    const ids = JSON.stringify(users(100))
    const decide = (definition: string, variables: Record<string, unknown> | null = null) =>
      weight(
        `mutation (${definition}) { decidePresenceAccess(input: $i) { results { decision } } }`,
        variables,
      )
    const input = { i: { userIds: users(100), decision: 'ALLOWED' } }
    const byDefault = `$i: DecidePresenceAccessInput! = { userIds: ${ids}, decision: ALLOWED }`
    expect(decide(byDefault)).toBe(decide('$i: DecidePresenceAccessInput!', input))
    expect(decide(byDefault, { i: { userIds: users(1), decision: 'ALLOWED' } })).toBeLessThan(150)
    // A name that every object has is no value that was sent.
    const stream = (name: string) =>
      weight(`subscription ($${name}: [ID!] = ${ids}) { presenceUpdates(userIds: $${name}) { change } }`, {})
    expect(stream('constructor')).toBe(stream('u'))
  })

  it('is constant for a contact list, however many contacts there are', () => {
    expect(weight('subscription { presenceUpdates { change } }')).toBeGreaterThan(200)
    expect(
      weight('{ presencePrivacy { contacts(first: 1) { nodes { presence { status } } } } }'),
    ).toBeGreaterThan(200)
  })

  it('counts a stream of no users in particular as one of the contact list, however that is said', () => {
    const stream = (args: string, defaults = '') =>
      `subscription ($u: [ID!]${defaults}) { presenceUpdates${args} { change } }`
    const contacts = weight('subscription { presenceUpdates { change } }')
    expect(weight('subscription { presenceUpdates(userIds: null) { change } }')).toBe(contacts)
    for (const variables of [null, {}, { u: null }]) {
      expect(weight(stream('(userIds: $u)'), variables)).toBe(contacts)
      expect(weight(stream('(nonce: "n", userIds: $u)', ' = null'), variables)).toBe(contacts)
    }
    expect(weight(stream('(userIds: $u)', ' = ["pia"]'), { u: null })).toBe(contacts)
    expect(weight(stream('(userIds: $u)'), { u: users(1) })).toBeLessThan(contacts / 2)
    expect(weight(stream('(userIds: $u)', ' = ["pia"]'))).toBeLessThan(contacts / 2)
  })

  it('counts the fields of a list that has no size of its own as of 500 entries', () => {
    const fields = Array.from({ length: 30 }, (_, place) => `f${place}: presence { status }`).join(' ')
    for (const [usual, wide] of [
      [
        'subscription { presenceUpdates { change presences { user { id } presence { status activity note } } } }',
        `subscription { presenceUpdates { change presences { user { id } ${fields} } } }`,
      ],
      [
        'subscription { incomingPresenceRequests { change requests { id requester { id } triggers } closedIds } }',
        `subscription { incomingPresenceRequests { change requests { id requester { id ${fields} } } } }`,
      ],
      [
        '{ presencePrivacyAdministration { classesOfService { isDefault classOfService { name } } } }',
        `{ presencePrivacyAdministration { classesOfService { ${fields.replaceAll('presence { status }', 'classOfService { name }')} } } }`,
      ],
    ] as const) {
      expect(weight(usual)).toBeLessThan(700)
      expect(weight(wide)).toBeGreaterThan(10_000)
    }
    // A page that shows all that there is of a popup is a usual one.
    const all = `subscription ($nonce: String) { incomingPresenceRequests(nonce: $nonce) { streamId sequence change
      requests { id requester { id } triggers askedAt expiresAt } notices { id requester { id } triggers grantedAt } closedIds } }`
    expect(weight(all)).toBeLessThan(200)
  })

  it('takes a stream of the contact list without its users as one with them, whichever variable says so', () => {
    const fields = Array.from({ length: 30 }, (_, place) => `f${place}: presence { status }`).join(' ')
    const stream = `subscription ($u: [ID!]) { presenceUpdates(userIds: $u) { presences { ${fields} } } }`
    expect(weight(stream)).toBeGreaterThan(10_000)
    expect(weight(stream, { u: null })).toBe(weight(stream))
    expect(weight(stream, { u: users(1) })).toBeLessThan(200)
  })

  it('counts each statement that a field costs, though it names nobody and has no page', () => {
    const times = (count: number, field: string) =>
      Array.from({ length: count }, (_, place) => `a${place}: ${field}`).join(' ')
    const privacy = (inside: string) => `{ ${inside} }`
    const administration = (inside: string) => `{ presencePrivacyAdministration { ${inside} } }`
    const messaging = (inside: string) =>
      `query ($p: [MessagingPairInput!]!) { presenceMessaging { ${inside} } }`
    const entities = (inside: string) => `query ($r: [_Any!]!) { ${inside} }`
    for (const [document, field] of [
      [privacy, 'presencePrivacy { presence { status } }'],
      [privacy, 'presencePrivacy { __typename }'],
      [entities, '_entities(representations: $r) { ... on User { id } }'],
      [messaging, 'decisions(pairs: $p) { permitted }'],
      [administration, 'classesOfService { isDefault }'],
      [administration, 'classOfService(name: "staff") { isDefault }'],
      [administration, 'user(id: "pia") { presenceServer }'],
      [administration, 'site { presenceServer }'],
    ] as const) {
      const values = { r: [], p: [] }
      const [one, many] = [
        weight(document(times(1, field)), values),
        weight(document(times(60, field)), values),
      ]
      expect(many - one, field).toBeGreaterThanOrEqual(59 * 40)
      expect(one, field).toBeLessThan(200)
    }
    const payload = `mutation { endPresenceSession(input: { sessionId: "a" }) { ${times(30, 'presencePrivacy { appearsOffline }')} } }`
    expect(weight(payload)).toBeGreaterThan(30 * 40)
    // A view of 50 users stays far below what a user may begin in a hundredth of a second.
    expect(weight(ENTITIES, { r: representations(50) })).toBeLessThan(160)
  })

  it('counts the text of a document by the microseconds that parsing and validating it take', () => {
    expect(documentWeight('x'.repeat(5000))).toBe(500)
    // 5,000 tokens of four characters.
    expect(documentWeight('x'.repeat(20_000))).toBe(2000)
    expect(documentWeight('x'.repeat(100_000))).toBe(2500)
  })

  it('counts an introspection as what it takes of an instance’s time', () => {
    expect(weight(getIntrospectionQuery())).toBeGreaterThan(400)
    expect(weight('{ __type(name: "User") { fields { name } } }')).toBeGreaterThan(400)
    expect(weight('{ __typename }')).toBeLessThan(20)
  })

  it('counts each line that a trail or an export may hold, and what finds much', () => {
    const trail = (first: number) =>
      weight(`{ presencePrivacyAudit { trail(first: ${first}) { nodes { __typename } } } }`)
    expect(trail(500) - trail(1)).toBeGreaterThan(2000)
    const exported = (first: number) =>
      weight(`{ exportPresenceUser(userId: "pia", first: ${first}) { lines } }`)
    expect(exported(500) - exported(1)).toBeGreaterThan(4000)
    expect(
      weight('mutation { erasePresenceUser(input: { userId: "pia" }) { erasedUserId } }'),
    ).toBeGreaterThan(500)
    expect(weight('subscription { incomingPresenceRequests { change } }')).toBeGreaterThan(100)
  })

  it('counts a change of many users for more than a look at them', () => {
    const decide = `mutation ($i: DecidePresenceAccessInput!) {
      decidePresenceAccess(input: $i) { results { decision } }
    }`
    expect(weight(decide, { i: { userIds: users(500), decision: 'ALLOWED' } })).toBeGreaterThan(4000)
    expect(weight(decide, { i: { userIds: users(1), decision: 'ALLOWED' } })).toBeLessThan(150)
  })

  it('counts lists wherever they are taken', () => {
    const pairs = (count: number) => ({
      p: users(count).map((senderId) => ({ senderId, recipientId: 'pia' })),
    })
    const ask = `query ($p: [MessagingPairInput!]!) { presenceMessaging { decisions(pairs: $p) { permitted } } }`
    expect(weight(ask, pairs(500)) - weight(ask, pairs(1))).toBeGreaterThan(500)
  })

  it('is more by the caller’s own streams where a change may move them, and not for what devices send', () => {
    const moves = (mutation: string) => weighed(mutation, null).movesOwnStreams
    expect(
      moves('mutation { removePresenceContacts(input: { userIds: ["pia"] }) { results { outcome } } }'),
    ).toBe(true)
    expect(moves('mutation { renewPresenceSession(input: { sessionId: "a" }) { renewed } }')).toBe(false)
    expect(moves('{ __typename }')).toBe(false)
  })

  it('takes no number for a list', () => {
    const renew = `mutation ($i: RenewPresenceSessionInput!) { renewPresenceSession(input: $i) { renewed } }`
    expect(weight(renew, { i: { sessionId: 'desk', leaseSeconds: 86_400 } })).toBeLessThan(150)
  })

  it('stays finite and positive whatever variables hold', () => {
    for (const value of [null, undefined, 'x', NaN, -5, { first: [1, 2] }, [[[]]], true]) {
      const page = 'query ($n: Int!) { presencePrivacy { decisions(first: $n) { nodes { state } } } }'
      for (const document of [ENTITIES.replace('$r:', '$n:').replace(': $r', ': $n'), page]) {
        const found = weight(document, { n: value })
        expect(found).toBeGreaterThan(0)
        expect(found).toBeLessThan(10_000)
      }
    }
  })
})
