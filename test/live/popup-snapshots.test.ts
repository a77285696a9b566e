import { expect, onTestFinished, test, vi } from 'vitest'
import { watchIncoming } from '../../src/live/watch-incoming.ts'
import { memoryStorage } from '../support/memory-storage.ts'
import { newUser } from '../support/new-user.ts'

const EVERY_MS = 1000

/** A popup whose clock stands still, and when it gets each of its events, in milliseconds from its beginning. */
function popup() {
  vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  const random = vi.spyOn(Math, 'random').mockReturnValue(0.5)
  onTestFinished(() => random.mockRestore())
  const { lists, signals } = memoryStorage()
  const began = performance.now()
  const hub = { inTurn: () => undefined, snapshotEveryMs: EVERY_MS }
  const events = watchIncoming({ lists, signals, hub }, newUser('pia'))
  onTestFinished(() => void events.return?.())
  const got: number[] = []
  return {
    got,
    /** Takes the next event whenever it comes. */
    ask(): void {
      void events.next().then(({ done, value }) => {
        if (done === true) return
        expect(value).toMatchObject({ change: 'SNAPSHOT' })
        got.push(performance.now() - began)
      })
    },
    passUntil: (ms: number) => vi.advanceTimersByTimeAsync(began + ms - performance.now()),
  }
}

test('a popup gets a snapshot by the clock at moments that do not depend on when it is read', async () => {
  const { ask, passUntil, got } = popup()
  ask()
  await passUntil(0)
  ask()
  await passUntil(499)
  expect(got).toEqual([0])
  await passUntil(2200)
  expect(got).toEqual([0, 500])
  ask()
  await passUntil(2201)
  expect(got).toEqual([0, 500, 2200])
  ask()
  await passUntil(3400)
  expect(got).toEqual([0, 500, 2200, 2500])
  ask()
  await passUntil(3600)
  expect(got).toEqual([0, 500, 2200, 2500, 3500])
})

test('a snapshot at its very moment is one', async () => {
  const { ask, passUntil, got } = popup()
  ask()
  await passUntil(500)
  ask()
  ask()
  await passUntil(1400)
  expect(got).toEqual([0, 500])
})
