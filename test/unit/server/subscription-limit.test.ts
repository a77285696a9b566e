import { GraphQLError } from 'graphql'
import { expect, test } from 'vitest'
import { parseUserId } from '../../../src/domain/user-id.ts'
import { limitSubscriptions } from '../../../src/server/subscription-limit.ts'

const alice = parseUserId('alice')!
const bob = parseUserId('bob')!

test('a user takes as many places as there are, and no other pays for them', () => {
  const limit = limitSubscriptions({ maxPerUser: 2, maxWeightPerUser: 1000 })
  expect([limit.take(alice, 10), limit.take(alice, 10)]).toEqual([expect.any(Function), expect.any(Function)])
  const refused = limit.take(alice, 10)
  expect(refused).toBeInstanceOf(GraphQLError)
  expect(refused).toMatchObject({ extensions: { code: 'TOO_MANY_SUBSCRIPTIONS' } })
  expect(limit.take(bob, 10)).toBeTypeOf('function')
})

test('a place that is given back is free again, once', () => {
  const limit = limitSubscriptions({ maxPerUser: 2, maxWeightPerUser: 1000 })
  const giveBack = limit.take(alice, 10) as () => void
  limit.take(alice, 10)
  giveBack()
  giveBack()
  expect(limit.take(alice, 10)).toBeTypeOf('function')
  expect(limit.take(alice, 10)).toBeInstanceOf(GraphQLError)
})

test('tells the weight of what is open', () => {
  const limit = limitSubscriptions({ maxPerUser: 2, maxWeightPerUser: 1000 })
  const giveBack = limit.take(alice, 500) as () => void
  limit.take(alice, 30)
  expect([limit.weightOf(alice), limit.weightOf(bob)]).toEqual([530, 0])
  giveBack()
  expect(limit.weightOf(alice)).toBe(30)
})

test('subscriptions of one user weigh no more together than they may, and no other pays for them', () => {
  const limit = limitSubscriptions({ maxPerUser: 100, maxWeightPerUser: 1000 })
  const giveBack = limit.take(alice, 600) as () => void
  expect(limit.take(alice, 401)).toMatchObject({
    message: expect.stringContaining('may weigh 1000 together; these weigh 600, and this one 401'),
    extensions: { code: 'TOO_MANY_SUBSCRIPTIONS' },
  })
  expect(limit.take(bob, 401)).toBeTypeOf('function')
  expect(limit.take(alice, 400)).toBeTypeOf('function')
  giveBack()
  expect(limit.take(alice, 600)).toBeTypeOf('function')
})
