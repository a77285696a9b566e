import { buildSchema, parse } from 'graphql'
import { describe, expect, test } from 'vitest'
import { createContext, type Services } from '../../../src/graphql/context.ts'
import {
  isSubscriptionStream,
  subscribeWithFreshContexts,
  type SubscriptionStream,
} from '../../../src/server/subscription-stream.ts'
import { parseUserId } from '../../../src/domain/user-id.ts'

/** A stream whose source first gives `events`, then waits for ever, and counts how often it was told to end. */
async function streamOf(events: readonly unknown[]) {
  const source = { returned: 0, contexts: new Set<unknown>() }
  const schema = buildSchema('type Query { a: Int } type Subscription { event: Int }')
  const field = schema.getSubscriptionType()?.getFields()['event']
  if (field === undefined) throw new Error('the field is there')
  const waiting = [...events]
  field.subscribe = () => ({
    [Symbol.asyncIterator]: () => ({
      next: () =>
        waiting.length > 0
          ? Promise.resolve({ done: false, value: waiting.shift() })
          : new Promise<never>(() => undefined),
      return: () => {
        source.returned += 1
        return new Promise<never>(() => undefined)
      },
    }),
  })
  field.resolve = (event: unknown, _args, context) => {
    source.contexts.add(context)
    return event
  }
  const caller = {
    userId: parseUserId('alice')!,
    roles: new Set<never>(),
    expiresAt: Number.POSITIVE_INFINITY,
  }
  const stream = await subscribeWithFreshContexts({
    schema,
    document: parse('subscription { event }'),
    contextValue: createContext({ as: () => ({}) } as unknown as Services, caller),
  })
  if (!isSubscriptionStream(stream)) throw new Error('not a stream')
  return { stream, source }
}

const DONE = { done: true, value: undefined }

describe('a stream of a subscription', () => {
  test('executes each event with a context of its own', async () => {
    const { stream, source } = await streamOf([1, 2])
    expect(await stream.next()).toEqual({ done: false, value: { data: { event: 1 } } })
    expect(await stream.next()).toEqual({ done: false, value: { data: { event: 2 } } })
    expect(source.contexts.size).toBe(2)
  })

  test.each([
    ['returned', (stream: SubscriptionStream) => void stream.return()],
    ['finished', (stream: SubscriptionStream) => stream.finish()],
  ])('that is %s ends at once, though its source waits and never takes leave', async (_, end) => {
    const { stream, source } = await streamOf([])
    const next = stream.next()
    end(stream)
    end(stream)
    expect(await next).toEqual(DONE)
    expect(await stream.next()).toEqual(DONE)
    expect(source.returned).toBe(1)
  })

  test('hands out its last words, whether or not somebody waits for them', async () => {
    for (const waits of [true, false]) {
      const { stream } = await streamOf([])
      const next = waits ? stream.next() : undefined
      stream.finish({ data: { event: 99 } })
      expect(await (next ?? stream.next())).toEqual({ done: false, value: { data: { event: 99 } } })
      expect(await stream.next()).toEqual(DONE)
    }
  })
})
