import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestDatabase } from '../support/database.ts'
import { startSubgraph, type RunningSubgraph } from '../support/start-subgraph.ts'

/** Ticks of the processor's clock, as Linux counts them in /proc, are 10 ms. */
const TICK_MS = 10
/** Of the processor, all threads together: more than any of these takes here, and a small part of what each took before. */
const BOUND_MS = 250

let subgraph: RunningSubgraph
let alice: string

beforeAll(async () => {
  const { url } = await createTestDatabase()
  subgraph = await startSubgraph({ databaseUrl: url, env: { INTROSPECTION: 'on' } })
  alice = await subgraph.tokenOf('alice')
}, 60_000)

afterAll(() => subgraph.stop())

function processorMs(): number {
  const [, after = ''] = readFileSync(`/proc/${subgraph.pid}/stat`, 'utf8').split(') ')
  const fields = after.split(' ')
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS
}

async function post(body: string, token?: string): Promise<string> {
  const response = await fetch(subgraph.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    body,
  })
  return response.text()
}

const times = (count: number, part: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => part(index)).join(' ')
const many = <Value>(count: number, value: Value) => Array.from({ length: count }, () => value)

const ENTITIES = 'query ($r: [_Any!]!) { _entities(representations: $r) { __typename } }'
const ASK =
  'mutation ($i: RequestPresenceAccessInput!) { requestPresenceAccess(input: $i) { results { access } } }'
const ASKED: readonly (readonly [name: string, body: { query: string; variables?: object }])[] = [
  ['200,000 nulls as representations', { query: ENTITIES, variables: { r: many(200_000, null) } }],
  ['1,000 representations of nobody', { query: ENTITIES, variables: { r: many(1000, {}) } }],
  ['200,000 nulls as ids', { query: ASK, variables: { i: { userIds: many(200_000, null) } } }],
  [
    '20,000 fields that the input has not',
    { query: ASK, variables: { i: Object.fromEntries(many(20_000, 1).map((one, at) => [`a${at}`, one])) } },
  ],
  [
    '64 aliases of 14 presences',
    {
      query: `query ($r: [_Any!]!) { ${times(64, (n) => `a${n}: _entities(representations: $r) { ...F }`)} } fragment F on User { ${times(14, (n) => `p${n}: presence { status }`)} }`,
      variables: { r: [] },
    },
  ],
  ['a megabyte of comments', { query: `{ __typename } ${'#\n'.repeat(300_000)}` }],
  ['a name of a megabyte', { query: `{ ${'a'.repeat(1_000_000)} }` }],
  [
    'all types fifty times',
    { query: `{ __schema { ${times(50, (n) => `a${n}: types { fields { name } }`)} } }` },
  ],
]

describe.runIf(process.platform === 'linux')(
  'with a token and without, the processor is not kept busy by',
  () => {
    test.each(ASKED)('%s', async (_, asked) => {
      const body = JSON.stringify(asked)
      for (const token of [undefined, alice]) {
        const costs: number[] = []
        for (let turn = 0; turn < 6; turn += 1) {
          const before = processorMs()
          const answer = await post(body, token)
          costs.push(processorMs() - before)
          expect(answer).toContain(
            token === undefined && !answer.includes('GRAPHQL_') ? 'UNAUTHENTICATED' : '"',
          )
        }
        // The first of its kind makes node compile its own code. A small document is compiled at its fourth use.
        expect(Math.max(...costs.slice(1)), `${String(token === undefined)} ${costs.join()}`).toBeLessThan(
          BOUND_MS,
        )
      }
    })
  },
)
