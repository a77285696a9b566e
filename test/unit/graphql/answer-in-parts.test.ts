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
const lists = (count: number, list: string) =>
  Array.from({ length: count }, (_, place) => `l${place}: ${list}`).join(' ')
/** So many lists of users, of whom so many fields are selected. */
const wide = (width: number, listCount = 1) =>
  parse(
    `query ($r: [_Any!]!) { ${lists(listCount, `_entities(representations: $r) { ... on User { ${fields(width)} } }`)} }`,
  )
const variables = (count: number) => ({
  r: Array.from({ length: count }, (_, user) => ({ __typename: 'User', id: `user-${user}` })),
})

/** How many turns of the event loop others have had until it was answered. */
async function turnsOf(count: number, width: number, listCount = 1): Promise<number> {
  const storage = memoryStorage()
  const services = { ...storage, ...POLICY, factsAs: () => storage.facts } as never
  const contextValue = createContext(services, {
    userId: 'wim' as UserId,
    roles: new Set(),
    expiresAt: Infinity,
  })
  let answered = false
  const execution = Promise.resolve(
    execute({ schema, document: wide(width, listCount), variableValues: variables(count), contextValue }),
  ).then((answer) => {
    answered = true
    return answer
  })
  let turns = 0
  for (; !answered; turns++) await nextTurn()
  const { data, errors } = await execution
  expect(errors).toBeUndefined()
  expect(data?.['l0']).toHaveLength(count)
  return turns
}

test('a very wide answer leaves turns to others while it is made, and a usual one takes none more', async () => {
  const [usual, veryWide] = [await turnsOf(1000, 12), await turnsOf(1000, 30)]
  expect(usual).toBeLessThan(5)
  expect(veryWide).toBeGreaterThanOrEqual(usual + 8)
})

test('many lists of one answer leave turns to others as one large list does', async () => {
  const usual = await turnsOf(1000, 12)
  expect(await turnsOf(500, 28, 2)).toBeGreaterThanOrEqual(usual + 4)
  expect(await turnsOf(50, 28, 20)).toBeGreaterThanOrEqual(usual + 4)
})

test('every operation whose answer is made in parts weighs more than those that compiled code answers', () => {
  for (const [count, width, listCount] of [
    [1000, 16, 1],
    [700, 22, 1],
    [500, 31, 1],
    [250, 16, 4],
    [50, 16, 20],
  ] as const) {
    const { weight } = weigh({
      ...{ document: wide(width, listCount), operationName: null, variables: variables(count) },
    })
    expect(weight).toBeGreaterThan(WEIGHT_AT_ONCE)
  }
  const inPrivacy = (listsInside: string) => parse(`{ presencePrivacy { ${listsInside} } }`)
  const aliases = Array.from({ length: 12 }, (_, place) => `s${place}: state`).join(' ')
  for (const document of [
    inPrivacy(lists(3, `decisions(first: 500) { nodes { ${aliases} } }`)),
    inPrivacy(lists(64, `sessions { ${aliases} }`)),
  ])
    expect(weigh({ document, operationName: null, variables: null }).weight).toBeGreaterThan(WEIGHT_AT_ONCE)
})

test('a view of a thousand users with the usual fields is left to compiled code', () => {
  const { weight } = weigh({ document: wide(12), operationName: null, variables: variables(1000) })
  expect(weight).toBeLessThanOrEqual(WEIGHT_AT_ONCE)
})
