import { afterEach, beforeEach, describe, expect, it, test, vi } from 'vitest'
import { followStream, withNonce } from '../../../client/exact-stream.ts'
import { ON_SCREEN } from '../../../client/presence-updates.ts'
import { isRefused, staySubscribed, type Sink } from '../../../client/stay-subscribed.ts'

const at = (streamId: string, sequence: number) => ({ presenceUpdates: { streamId, sequence } })

describe('a stream is followed', () => {
  it.each([
    ['event after event', [at('a', 1), at('a', 2), at('a', 3)], ['NEXT', 'NEXT', 'NEXT']],
    [
      'and an event that comes twice counts once',
      [at('a', 1), at('a', 1), at('a', 2)],
      ['NEXT', 'AGAIN', 'NEXT'],
    ],
    ['until one is missing', [at('a', 1), at('a', 3)], ['NEXT', 'LOST']],
    ['but not from its middle', [at('a', 7)], ['LOST']],
    [
      'and a new one from its beginning',
      [at('a', 1), at('a', 2), at('b', 1), at('b', 2)],
      ['NEXT', 'NEXT', 'NEXT', 'NEXT'],
    ],
    [
      'but no first event that is no snapshot',
      [at('a', 1), { presenceUpdates: { streamId: 'b', sequence: 1, change: 'CHANGED' } }],
      ['NEXT', 'LOST'],
    ],
    ['but not a new one from its middle', [at('a', 1), at('b', 2)], ['NEXT', 'LOST']],
    ['where nothing says its place', [{ presenceUpdates: { change: 'CHANGED' } }, null], ['NEXT', 'NEXT']],
  ])('%s', (_, events, expected) => {
    expect(events.map(followStream())).toEqual(expected)
  })
})

test('each beginning has a nonce of its own, where the document takes one', () => {
  const payload = { query: ON_SCREEN, variables: { userIds: ['pia'] } }
  const [one, other] = [withNonce(payload), withNonce(payload)] as unknown as {
    variables: { nonce: string }
  }[]
  expect(one?.variables).toMatchObject({
    userIds: ['pia'],
    nonce: expect.stringMatching(/.{10,}/) as unknown,
  })
  expect(other?.variables.nonce).not.toBe(one?.variables.nonce)
  expect(withNonce({ query: 'subscription { presenceUpdates { change } }' })).not.toHaveProperty('variables')
})

test('errors without a code and a message are a refusal, as Hive Gateway tells it', () => {
  expect(isRefused([{ locations: [{ line: 1, column: 1 }] }])).toBe(true)
  expect(isRefused([{ message: 'connect ECONNREFUSED', locations: [] }])).toBe(false)
  expect(isRefused([])).toBe(false)
})

describe('a middle layer that', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  /** The client of a page, and what it has begun so far. */
  const page = () => {
    const begun: Sink<{ data?: unknown; errors?: unknown }>[] = []
    const told: unknown[] = []
    const staying = staySubscribed<object, { data?: unknown; errors?: unknown }>((_, sink) => {
      begun.push(sink)
      return () => undefined
    })
    staying.subscribe(
      {},
      { next: ({ data }) => told.push(data), error: () => undefined, complete: () => undefined },
    )
    return { begun, told }
  }

  it.each([
    ['drops an event', [at('a', 1), at('a', 3)], 2],
    ['begins in the middle', [at('a', 2)], 2],
    ['doubles events', [at('a', 1), at('a', 1), at('a', 2)], 1],
  ])('%s', async (_, events, beginnings) => {
    const { begun, told } = page()
    for (const data of events) begun[0]!.next({ data })
    await vi.advanceTimersByTimeAsync(30_000)
    expect(begun).toHaveLength(beginnings)
    begun.at(-1)!.next({ data: beginnings === 1 ? at('a', 3) : at('b', 1) })
    const places = told.map((data) => (data as ReturnType<typeof at>).presenceUpdates.sequence)
    expect(places).toEqual(beginnings === 1 ? [1, 2, 3] : events.length === 1 ? [1] : [1, 1])
  })
})
