import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { staySubscribed, type Sink } from '../../../client/stay-subscribed.ts'

type Result = { data?: unknown; errors?: unknown }

const refusal = (code: string) => [{ message: 'no', extensions: { code } }]

/** A client whose server is the test: each subscription that it begins is kept, to be answered. */
function clientOfTest() {
  const begun: { sink: Sink<Result>; lost: () => void; stopped: boolean }[] = []
  const connections: string[] = []
  const staying = staySubscribed<string, Result>(
    (_payload, sink, lost) => {
      const one = { sink, lost, stopped: false }
      begun.push(one)
      return () => (one.stopped = true)
    },
    (connection, payload) => connections.push(`${payload}: ${connection}`),
  )
  const told: unknown[] = []
  const sink: Sink<Result> = {
    next: ({ data }) => told.push(data),
    error: (error) => told.push({ error }),
    complete: () => told.push('complete'),
  }
  const last = () => begun.at(-1)!
  return { staying, begun, connections, told, last, stop: staying.subscribe('stream', sink) }
}

describe('a subscription that only the page ends', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  const comesBack = () => vi.advanceTimersByTimeAsync(30_000)

  it.each([
    ['is completed', (sink: Sink<Result>) => sink.complete()],
    ['fails for a while', (sink: Sink<Result>) => sink.error(refusal('PRESENCE_UNAVAILABLE'))],
    ['was not read for too long', (sink: Sink<Result>) => sink.error(refusal('SLOW_CONSUMER'))],
    ['has too many beside it', (sink: Sink<Result>) => sink.error(refusal('TOO_MANY_SUBSCRIPTIONS'))],
    ['cannot connect', (sink: Sink<Result>) => sink.error(new Error('ECONNREFUSED'))],
    ['is closed for a fault of the server', (sink: Sink<Result>) => sink.error({ code: 4500, reason: '' })],
    ['is closed as a second greeting', (sink: Sink<Result>) => sink.error({ code: 4429, reason: '' })],
    [
      'meets an instance that stops',
      (sink: Sink<Result>) => {
        sink.next({ errors: refusal('SHUTTING_DOWN') })
        sink.complete()
      },
    ],
    [
      'outlives its token',
      (sink: Sink<Result>) => {
        sink.next({ errors: refusal('UNAUTHENTICATED') })
        sink.complete()
      },
    ],
  ])('is begun again when it %s, and the page hears nothing of it', async (_what, end) => {
    const { begun, told, connections, last } = clientOfTest()
    last().sink.next({ data: 'first' })
    end(last().sink)
    expect(begun).toMatchObject([{ stopped: true }])
    await comesBack()
    expect(begun).toHaveLength(2)
    last().sink.next({ data: 'again' })
    expect(told).toEqual(['first', 'again'])
    expect(connections).toEqual(['stream: LIVE', 'stream: LOST', 'stream: LIVE'])
  })

  it.each([
    ['BAD_USER_INPUT', refusal('BAD_USER_INPUT')],
    ['USER_ERASED', refusal('USER_ERASED')],
    ['GRAPHQL_VALIDATION_FAILED', refusal('GRAPHQL_VALIDATION_FAILED')],
    ['a socket that never had a good token', { code: 4401, reason: 'Unauthorized' }],
  ])('ends with what coming back cannot mend: %s', async (_what, error) => {
    const { begun, told, last } = clientOfTest()
    last().sink.error(error)
    await comesBack()
    expect(begun).toHaveLength(1)
    expect(told).toEqual([{ error }])
  })

  it.each([
    [
      'as a result',
      (sink: Sink<Result>) => {
        sink.next({ errors: refusal('UNAUTHENTICATED') })
        sink.complete()
      },
    ],
    ['as an error', (sink: Sink<Result>) => sink.error(refusal('UNAUTHENTICATED'))],
  ])('ends when a fresh token is not believed either, told %s', async (_how, refuse) => {
    const { begun, told, last } = clientOfTest()
    refuse(last().sink)
    await comesBack()
    last().sink.next({ data: 'believed' })
    for (let attempt = 0; attempt < 3; attempt += 1) {
      refuse(last().sink)
      await comesBack()
    }
    expect(begun).toHaveLength(3)
    expect(told).toEqual(['believed', { error: refusal('UNAUTHENTICATED') }])
  })

  it('ends when a fresh token is not believed either, and its client has come back by itself', () => {
    const { begun, told, last } = clientOfTest()
    last().sink.next({ errors: refusal('UNAUTHENTICATED') })
    expect(told).toEqual([])
    last().sink.next({ errors: refusal('UNAUTHENTICATED') })
    expect(told).toEqual([{ error: refusal('UNAUTHENTICATED') }])
    expect(begun).toMatchObject([{ stopped: true }])
  })

  it('comes back at any moment of a span that doubles, up to 30 s', async () => {
    const random = vi.spyOn(Math, 'random').mockReturnValue(0.999)
    const { begun, last } = clientOfTest()
    for (const spanMs of [2000, 4000, 8000, 16_000, 30_000, 30_000]) {
      const before = begun.length
      last().sink.complete()
      await vi.advanceTimersByTimeAsync(0.99 * spanMs)
      expect(begun).toHaveLength(before)
      await vi.advanceTimersByTimeAsync(0.01 * spanMs)
      expect(begun).toHaveLength(before + 1)
    }
    last().sink.next({ data: 'it works again' })
    random.mockReturnValue(0)
    last().sink.complete()
    await vi.advanceTimersByTimeAsync(0)
    expect(begun).toHaveLength(8)
  })

  it('tells once that its connection broke, however often it hears so', () => {
    const { connections, last } = clientOfTest()
    last().lost()
    last().sink.next({ data: 'first' })
    last().lost()
    last().lost()
    expect(connections).toEqual(['stream: LIVE', 'stream: LOST'])
  })

  it('is over when the page stops it, also while it waits to come back', async () => {
    const { begun, told, last, stop } = clientOfTest()
    last().sink.complete()
    stop()
    stop()
    await comesBack()
    expect(begun).toHaveLength(1)
    expect(told).toEqual(['complete'])
  })

  it('is over when all are ended', async () => {
    const { begun, told, last, staying } = clientOfTest()
    staying.end()
    last().sink.complete()
    await comesBack()
    expect(begun).toMatchObject([{ stopped: true }])
    expect(told).toEqual(['complete'])
  })

  it('can be iterated over, with its end and its errors', async () => {
    const { staying, last } = clientOfTest()
    const results = staying.iterate('iterated')
    last().sink.next({ data: 'one' })
    expect(await results.next()).toEqual({ done: false, value: { data: 'one' } })
    const { stopped } = last()
    const waits = results.next()
    await results.return?.()
    expect(await waits).toEqual({ done: true, value: undefined })
    expect([stopped, last().stopped]).toEqual([false, true])

    const refused = staying.iterate('refused')
    last().sink.error(refusal('FORBIDDEN'))
    await expect(refused.next()).rejects.toEqual(refusal('FORBIDDEN'))
  })
})
