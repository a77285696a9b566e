import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { repeatedly } from '../../src/repeatedly.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const never = (error: unknown) => {
  throw error
}

describe('work that is repeated', () => {
  it('is done again and again, at least once in its time and never twice at once', async () => {
    let running = 0
    let done = 0
    const repetition = repeatedly(
      async () => {
        running += 1
        expect(running).toBe(1)
        await new Promise((resolve) => setTimeout(resolve, 5_000))
        running -= 1
        done += 1
      },
      { everyMs: 1_000, onProblem: never },
    )
    await vi.advanceTimersByTimeAsync(60_000)
    expect(done).toBeGreaterThanOrEqual(10)
    expect(done).toBeLessThanOrEqual(11)
    const stopped = repetition.stop()
    await vi.advanceTimersByTimeAsync(5_000)
    await stopped
  })

  it('begins at another moment in each instance', async () => {
    const starts: number[] = []
    const began = Date.now()
    const repetitions = Array.from({ length: 20 }, () =>
      repeatedly(
        () => {
          starts.push(Date.now() - began)
          return new Promise(() => undefined)
        },
        { everyMs: 60_000, onProblem: never },
      ),
    )
    await vi.advanceTimersByTimeAsync(60_000)
    expect(starts).toHaveLength(repetitions.length)
    expect(Math.min(...starts)).toBeGreaterThanOrEqual(30_000)
    expect(new Set(starts).size).toBeGreaterThan(10)
  })

  it('goes on after it has failed, and says so', async () => {
    const problems: unknown[] = []
    const repetition = repeatedly(() => Promise.reject(new Error('no database')), {
      everyMs: 1_000,
      onProblem: (error) => problems.push(error),
    })
    await vi.advanceTimersByTimeAsync(5_000)
    expect(problems.length).toBeGreaterThanOrEqual(4)
    await repetition.stop()
    const told = problems.length
    await vi.advanceTimersByTimeAsync(5_000)
    expect(problems).toHaveLength(told)
  })

  it('is told to stop, and waited for', async () => {
    let ended = false
    const repetition = repeatedly(
      (stopped) =>
        new Promise<void>((resolve) => {
          stopped.addEventListener('abort', () => {
            ended = true
            resolve()
          })
        }),
      { everyMs: 1_000, onProblem: never },
    )
    await vi.advanceTimersByTimeAsync(1_000)
    await repetition.stop()
    expect(ended).toBe(true)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('leaves nothing behind when it is stopped before it began', async () => {
    const repetition = repeatedly(() => Promise.resolve(), { everyMs: 1_000, onProblem: never })
    await repetition.stop()
    expect(vi.getTimerCount()).toBe(0)
  })
})
