import { setImmediate as nextTurn } from 'node:timers/promises'
import { execute, parse } from 'graphql'
import { expect, test } from 'vitest'
import { WEIGHT_AT_ONCE } from '../../../src/graphql/answer-limit.ts'
import { createContext } from '../../../src/graphql/context.ts'
import { operationWeight } from '../../../src/graphql/operation-weight.ts'
import { createSchema } from '../../../src/graphql/schema.ts'
import type { UserId } from '../../../src/domain/user-id.ts'
import { memoryStorage } from '../../support/memory-storage.ts'
import { POLICY } from '../../support/policy.ts'

const schema = createSchema({ maxRepresentations: 1000 })
const weigh = operationWeight(schema, { maxRepresentations: 1000 })
const fields = (count: number) =>
  Array.from({ length: count }, (_, place) => `a${place}: presenceAccess`).join(' ')
const wide = (count: number) =>
  parse(`query ($r: [_Any!]!) { _entities(representations: $r) { ... on User { ${fields(count)} } } }`)
const variables = (count: number) => ({
  r: Array.from({ length: count }, (_, user) => ({ __typename: 'User', id: `user-${user}` })),
})

/** How many turns of the event loop others have had until it was answered. */
async function turnsOf(count: number, width: number): Promise<number> {
  const storage = memoryStorage()
  const services = { ...storage, ...POLICY, factsAs: () => storage.facts } as never
  const contextValue = createContext(services, {
    userId: 'wim' as UserId,
    roles: new Set(),
    expiresAt: Infinity,
  })
  let answered = false
  const execution = Promise.resolve(
    execute({ schema, document: wide(width), variableValues: variables(count), contextValue }),
  ).then((answer) => {
    answered = true
    return answer
  })
  let turns = 0
  for (; !answered; turns++) await nextTurn()
  const { data, errors } = await execution
  expect(errors).toBeUndefined()
  expect(data?.['_entities']).toHaveLength(count)
  return turns
}

test('a very wide answer leaves turns to others while it is made, and a usual one takes none more', async () => {
  const [usual, veryWide] = [await turnsOf(1000, 12), await turnsOf(1000, 30)]
  expect(usual).toBeLessThan(5)
  expect(veryWide).toBeGreaterThanOrEqual(usual + 8)
})

test('what is made in parts weighs more than what compiled code answers', () => {
  for (const [count, width] of [
    [1000, 16],
    [700, 22],
    [500, 31],
  ] as const) {
    const { weight } = weigh({ document: wide(width), operationName: null, variables: variables(count) })
    expect(weight).toBeGreaterThan(WEIGHT_AT_ONCE)
  }
})
