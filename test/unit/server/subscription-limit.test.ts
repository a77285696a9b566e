import { GraphQLError } from 'graphql'
import { expect, test } from 'vitest'
import { parseUserId } from '../../../src/domain/user-id.ts'
import { limitSubscriptions } from '../../../src/server/subscription-limit.ts'

const alice = parseUserId('alice')!
const bob = parseUserId('bob')!

test('a user takes as many places as there are, and no other pays for them', () => {
  const limit = limitSubscriptions(2)
  expect([limit.take(alice), limit.take(alice)]).toEqual([expect.any(Function), expect.any(Function)])
  const refused = limit.take(alice)
  expect(refused).toBeInstanceOf(GraphQLError)
  expect(refused).toMatchObject({ extensions: { code: 'TOO_MANY_SUBSCRIPTIONS' } })
  expect(limit.take(bob)).toBeTypeOf('function')
})

test('a place that is given back is free again, once', () => {
  const limit = limitSubscriptions(2)
  const giveBack = limit.take(alice) as () => void
  limit.take(alice)
  giveBack()
  giveBack()
  expect(limit.take(alice)).toBeTypeOf('function')
  expect(limit.take(alice)).toBeInstanceOf(GraphQLError)
})
