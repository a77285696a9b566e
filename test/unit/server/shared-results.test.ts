import { parse } from 'graphql'
import { expect, test } from 'vitest'
import { OFFLINE } from '../../../src/domain/presence.ts'
import type { Services } from '../../../src/graphql/context.ts'
import { createSchema } from '../../../src/graphql/schema.ts'
import { sharedResults } from '../../../src/server/shared-results.ts'
import { newUser } from '../../support/new-user.ts'

const schema = createSchema({ maxRepresentations: 1000 })
const take = sharedResults({} as Services)

function asking(query: string) {
  const document = parse(query)
  return (variableValues: Record<string, unknown>, operationName: string | null = null) =>
    take({ schema, document, operationName, variableValues })
}

const REFUSED: [string, string, Record<string, unknown>, Record<string, unknown>][] = [
  [
    'a variable that is null, where another has left it to its default',
    'subscription ($all: Boolean = true) { presenceUpdates { presences @include(if: $all) { presence { status } } } }',
    {},
    { all: null },
  ],
  [
    'what only a viewer can be told, where another has left it out by a variable',
    'subscription ($his: Boolean!) { presenceUpdates { presences { user { id presence @include(if: $his) { status } } } } }',
    { his: false },
    { his: true },
  ],
  [
    'the same in a fragment, by a variable that also says whom it is about',
    `subscription ($his: Boolean!, $id: ID!) { presenceUpdates(userIds: [$id]) @skip(if: false) { ...Of } }
     fragment Of on PresenceUpdate { presences { user { id canBeMessaged @include(if: $his) } } }`,
    { his: false, id: 'pia' },
    { his: true, id: 'pia' },
  ],
]

test.each(REFUSED)('%s: no result of theirs is shared', (_, query, anothers, his) => {
  const ask = asking(query)
  const shared = ask(anothers)
  expect(shared).toBeDefined()
  expect(ask(his)).toBeUndefined()
  shared?.giveBack()
})

test('two operations of one document, and two aliases of one field, are different words', () => {
  const ask = asking(
    'subscription A { presenceUpdates { now: change } } subscription B { presenceUpdates { then: change } }',
  )
  const shown = { user: newUser('pia'), presence: OFFLINE }
  expect(ask({}, 'A')?.changeOf(shown)).toBe('{"data":{"presenceUpdates":{"now":"CHANGED"}}}')
  expect(ask({}, 'B')?.changeOf(shown)).toBe('{"data":{"presenceUpdates":{"then":"CHANGED"}}}')
})

test('no result holds an id that other results are about', () => {
  const ask = asking(
    'subscription ($ids: [ID!]) { presenceUpdates(userIds: $ids) { presences { user { id __typename } presence { status } } } }',
  )
  const [pia, wim] = [newUser('pia'), newUser('wim')]
  const first = ask({ ids: [pia] })
  expect(ask({ ids: [wim] })).toBe(first)
  expect(first?.changeOf({ user: wim, presence: OFFLINE })).not.toContain(pia)
})
