import type { Readable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { ExecutionResult } from 'graphql'
import { eventStream } from '../../../src/server/event-stream.ts'

/** Results that come when they are told to; how often the next one was asked for, and whether they were told to end. */
function source() {
  const waiting: ((result: IteratorResult<ExecutionResult, void>) => void)[] = []
  const state = { asked: 0, returned: 0 }
  const results: Parameters<typeof eventStream>[0] = {
    next: () => {
      state.asked += 1
      return new Promise((resolve) => waiting.push(resolve))
    },
    return: () => {
      state.returned += 1
      return Promise.resolve({ done: true, value: undefined })
    },
  }
  return {
    state,
    results,
    give: (n: number) => waiting.shift()?.({ done: false, value: { data: { n } } }),
    end: () => waiting.shift()?.({ done: true, value: undefined }),
  }
}

function textOf(stream: Readable): () => string {
  let text = ''
  stream.on('data', (chunk: Buffer) => (text += chunk.toString()))
  return () => text
}

const asIs = (result: ExecutionResult) => result as { data: Record<string, unknown> }
const settled = () => new Promise((resolve) => setImmediate(resolve))

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
})
afterEach(() => {
  vi.useRealTimers()
})

describe('a stream that is read', () => {
  test('sends each result as an event, a comment every 12 s, and says when it is complete', async () => {
    const { results, give, end, state } = source()
    const stream = eventStream(results, asIs)
    const text = textOf(stream)
    await settled()
    expect(text()).toBe(':\n\n')
    give(1)
    await settled()
    vi.advanceTimersByTime(11_999)
    expect(text()).toBe(':\n\nevent: next\ndata: {"data":{"n":1}}\n\n')
    vi.advanceTimersByTime(1)
    await settled()
    expect(text().endsWith('\n\n:\n\n')).toBe(true)
    // The comment has not made it ask for two results at once.
    expect(state.asked).toBe(2)
    end()
    await settled()
    expect(text().endsWith(':\n\nevent: complete\ndata: \n\n')).toBe(true)
    await settled()
    expect(stream.closed).toBe(true)
    expect(state.returned).toBe(1)
    expect(vi.getTimerCount()).toBe(0)
  })

  test('stays open however long nothing happens', async () => {
    const { results } = source()
    const stream = eventStream(results, asIs)
    const text = textOf(stream)
    for (let times = 0; times < 10; times++) {
      await settled()
      vi.advanceTimersByTime(12_000)
    }
    await settled()
    expect(text()).toBe(':\n\n'.repeat(11))
    stream.destroy()
  })

  test('tells of a failure by an event, and is complete', async () => {
    const { results } = source()
    results.next = () => Promise.reject(new Error('broken'))
    const stream = eventStream(results, ({ errors }) => ({
      errors: (errors ?? []).map(({ originalError }) => ({ message: String(originalError?.message) })),
    }))
    const text = textOf(stream)
    await settled()
    expect(text()).toBe(
      ':\n\nevent: next\ndata: {"errors":[{"message":"broken"}]}\n\nevent: complete\ndata: \n\n',
    )
  })
})

describe('a stream that is not read', () => {
  test('holds one result, and asks for the next when that has been taken', async () => {
    const { results, give, state } = source()
    const stream = eventStream(results, asIs)
    const text = textOf(stream)
    await settled()
    stream.pause()
    give(1)
    await settled()
    vi.advanceTimersByTime(12_000)
    await settled()
    expect(state.asked).toBe(1)
    stream.resume()
    await settled()
    expect(state.asked).toBe(2)
    expect(text()).toBe(':\n\nevent: next\ndata: {"data":{"n":1}}\n\n')
    stream.destroy()
  })

  test('is cut off at the second comment', async () => {
    const { results, give, state } = source()
    const stream = eventStream(results, asIs)
    const text = textOf(stream)
    await settled()
    stream.pause()
    give(1)
    await settled()
    vi.advanceTimersByTime(12_000)
    expect(stream.destroyed).toBe(false)
    vi.advanceTimersByTime(12_000)
    expect(stream.destroyed).toBe(true)
    await settled()
    expect(state.returned).toBe(1)
    expect(text()).toBe(':\n\n')
    expect(vi.getTimerCount()).toBe(0)
  })
})

test('a stream that is destroyed ends its results at once, and what comes of them goes nowhere', async () => {
  const { results, give, state } = source()
  const stream = eventStream(results, asIs)
  const text = textOf(stream)
  await settled()
  stream.destroy()
  expect(state.returned).toBe(1)
  give(1)
  await settled()
  expect(text()).toBe(':\n\n')
})
