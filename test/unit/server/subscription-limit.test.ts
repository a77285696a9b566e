import { GraphQLError } from 'graphql'
import { expect, test } from 'vitest'
import { parseUserId } from '../../../src/domain/user-id.ts'
import { limitSubscriptions } from '../../../src/server/subscription-limit.ts'

const alice = parseUserId('alice')!
const bob = parseUserId('bob')!

test('a user takes as many places as there are, and no other pays for them', () => {
  const limit = limitSubscriptions(2)
  expect([limit.take(alice, 10), limit.take(alice, 10)]).toEqual([expect.any(Function), expect.any(Function)])
  const refused = limit.take(alice, 10)
  expect(refused).toBeInstanceOf(GraphQLError)
  expect(refused).toMatchObject({ extensions: { code: 'TOO_MANY_SUBSCRIPTIONS' } })
  expect(limit.take(bob, 10)).toBeTypeOf('function')
})

test('a place that is given back is free again, once', () => {
  const limit = limitSubscriptions(2)
  const giveBack = limit.take(alice, 10) as () => void
  limit.take(alice, 10)
  giveBack()
  giveBack()
  expect(limit.take(alice, 10)).toBeTypeOf('function')
  expect(limit.take(alice, 10)).toBeInstanceOf(GraphQLError)
})

test('tells the weight of what is open', () => {
  const limit = limitSubscriptions(2)
  const giveBack = limit.take(alice, 500) as () => void
  limit.take(alice, 30)
  expect([limit.weightOf(alice), limit.weightOf(bob)]).toEqual([530, 0])
  giveBack()
  expect(limit.weightOf(alice)).toBe(30)
})
