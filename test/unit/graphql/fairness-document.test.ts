import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'graphql'
import { expect, test } from 'vitest'
import { documentWeight, jsonWeight, operationWeight } from '../../../src/graphql/operation-weight.ts'
import { createSchema } from '../../../src/graphql/schema.ts'
import { jsonParts } from '../../../src/server/bounded-json.ts'

const PAGE = readFileSync(join(import.meta.dirname, '../../../docs/fairness.md'), 'utf8')
const weigh = operationWeight(createSchema({ maxRepresentations: 1000 }), { maxRepresentations: 1000 })

const users = (count: number) => Array.from({ length: count }, (_, user) => `user-${String(user)}`)
const change = (name: string, answer: string, input: object) => {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`
  return { query: `mutation ($i: ${type}!) { ${name}(input: $i) { ${answer} } }`, variables: { i: input } }
}
const SHOWN = 'presence { status activity note }'
const WATCH = `change presences { user { id } ${SHOWN} } removedIds`
const sessions = users(500).map((userId) => ({
  ...{ userId, sessionId: 'desk', status: 'AVAILABLE', leaseSeconds: 120 },
}))

const EXAMPLES: Readonly<Record<string, { query: string; variables: Record<string, unknown> }>> = {
  'a view of 50 users': {
    query: `query ($r: [_Any!]!) { _entities(representations: $r) { ... on User { id ${SHOWN} presenceAccess canBeMessaged } } }`,
    variables: { r: users(50).map((id) => ({ __typename: 'User', id })) },
  },
  'a stream of 500 users': {
    query: `subscription ($u: [ID!]) { presenceUpdates(userIds: $u) { ${WATCH} } }`,
    variables: { u: users(500) },
  },
  'the contact list as a stream': {
    query: `subscription { presenceUpdates { ${WATCH} } }`,
    variables: {},
  },
  'a publication': change('publishPresence', 'renewAfterSeconds', { sessionId: 'desk', status: 'BUSY' }),
  'a decision about 1 user': change('decidePresenceAccess', 'results { decision }', { userIds: users(1) }),
  'a decision about 500 users': change('decidePresenceAccess', 'results { decision }', {
    userIds: users(500),
  }),
  '500 renewals by a service': change('renewPresenceSessionsFor', 'results { outcome renewAfterSeconds }', {
    sessions,
  }),
  '500 publications by a service': change('publishPresenceFor', 'results { outcome renewAfterSeconds }', {
    sessions,
  }),
  '100 attempts that a service reports': change('reportCommunicationAttempts', 'outcomes', {
    attempts: users(100),
  }),
  'assigning a class to 1 user': change('assignPresenceClassOfService', 'outcome', { userIds: users(1) }),
  'assigning a class to 1,000 users': change('assignPresenceClassOfService', 'outcome', {
    userIds: users(1000),
  }),
  'erasing a user': change('erasePresenceUser', 'erasedUserId', { userId: 'user' }),
  '500 lines of an export': {
    query: 'query ($u: ID!) { exportPresenceUser(userId: $u, first: 500) { lines hasNextPage endCursor } }',
    variables: { u: 'user' },
  },
}

function weightOf({ query, variables }: { query: string; variables: Record<string, unknown> }): number {
  const { weight } = weigh({ document: parse(query), operationName: null, variables })
  const body = JSON.stringify({ query, variables })
  return weight + documentWeight(query) + jsonWeight(jsonParts(body), body.length)
}

const examples = PAGE.split('| example | weight |')[1]
  ?.split('\n\n')[0]
  ?.matchAll(/^\| (.+) \| ([\d,]+) \|$/gm)
const told = new Map(
  [...(examples ?? [])].map(([, name, weight]) => [name!, Number(weight!.replace(',', ''))]),
)

test('docs/fairness.md tells the weight of each example', () => {
  expect([...told.keys()]).toEqual(Object.keys(EXAMPLES))
})

test.each(Object.entries(EXAMPLES))('docs/fairness.md tells the weight of %s', (name, operation) => {
  const weight = weightOf(operation)
  expect(Math.abs((told.get(name) ?? 0) - weight), `it weighs ${String(weight)}`).toBeLessThan(weight * 0.03)
})

test('the sums of docs/fairness.md are right, of weights that it tells', () => {
  const sums = [...PAGE.matchAll(/([\d.,]+) × ([\d,]+) = (?:some )?([\d,]+)/g)].map((sum) =>
    sum.slice(1).map((number) => Number(number.replaceAll(',', ''))),
  )
  expect(sums.length).toBeGreaterThan(4)
  for (const [times, each, all] of sums as [number, number, number][]) {
    expect([...told.values()]).toContain(each)
    expect(Math.abs(times * each - all)).toBeLessThan(all * 0.02)
  }
})
