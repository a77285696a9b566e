import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Unavailable } from '../../src/application/ports.ts'
import { lookAgain, type Look } from '../../src/live/look-again.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

const DONE = { done: true, value: undefined }
const found = (...events: readonly string[]): Look<string> => ({ events, againInMs: null })
const unplugged = new Unavailable(new Error('unplugged'))

type Answer = { readonly resolve: (look: Look<string>) => void; readonly reject: (error: unknown) => void }

/** A stream each look of which waits for its answer. */
function stream() {
  const looks: Answer[] = []
  const listeners: (() => void)[] = []
  const events = lookAgain<string>({
    subscribe(listener) {
      listeners.push(listener)
      return () => void listeners.pop()
    },
    look: () => new Promise((resolve, reject) => looks.push({ resolve, reject })),
  })
  const told: unknown[] = []
  return {
    events,
    listeners,
    told,
    looks: () => looks.length,
    hint: () => listeners[0]?.(),
    ask(times = 1): void {
      for (let time = 0; time < times; time += 1) {
        void events.next().then(
          (result) => told.push(result.done === true ? DONE : result.value),
          (error: unknown) => told.push(error),
        )
      }
    },
    async answers(look: Look<string>): Promise<void> {
      looks.at(-1)?.resolve(look)
      await nextTurn()
    },
    async fails(error: unknown): Promise<void> {
      looks.at(-1)?.reject(error)
      await nextTurn()
    },
  }
}

async function isSettled(promise: Promise<void>): Promise<boolean> {
  let settled = false
  void promise.then(() => (settled = true))
  await nextTurn()
  return settled
}

test('what a stream tells is looked for when somebody asks, and not before', async () => {
  const { hint, looks, ask, answers, told } = stream()
  hint()
  expect(looks()).toBe(0)
  ask()
  expect(looks()).toBe(1)
  await answers(found('first'))
  for (let time = 0; time < 5; time += 1) hint()
  expect(looks()).toBe(1)
  ask()
  await nextTurn()
  expect(looks()).toBe(2)
  await answers(found('second'))
  expect(told).toEqual(['first', 'second'])
})

test('all that one look has found is told, one event after another, before the next look', async () => {
  const { ask, answers, looks, told, hint } = stream()
  ask()
  await answers(found('one', 'two', 'three'))
  hint()
  expect(told).toEqual(['one'])
  ask(2)
  await nextTurn()
  expect(told).toEqual(['one', 'two', 'three'])
  expect(looks()).toBe(1)
  ask()
  await nextTurn()
  expect(looks()).toBe(2)
})

test('a look that finds nothing is followed by another one at the next hint, and by none before', async () => {
  const { ask, answers, looks, told, hint } = stream()
  ask()
  await answers(found())
  expect(looks()).toBe(1)
  ask()
  await nextTurn()
  expect(looks()).toBe(1)
  hint()
  expect(looks()).toBe(2)
  await answers(found('something', 'more'))
  expect(told).toEqual(['something', 'more'])
})

test('of a hint that comes during a look nothing is lost: the look may have been too early', async () => {
  const { ask, answers, looks, hint, told } = stream()
  ask(2)
  hint()
  expect(looks()).toBe(1)
  await answers(found('before'))
  expect(looks()).toBe(2)
  await answers(found('after'))
  expect(told).toEqual(['before', 'after'])
})

test('a stream reads again by itself at the latest time that a read has named', async () => {
  const { ask, answers, looks, hint } = stream()
  ask()
  await answers({ events: [], againInMs: 1000 })
  await vi.advanceTimersByTimeAsync(500)
  hint()
  await answers({ events: [], againInMs: 1000 })
  expect(looks()).toBe(2)
  await vi.advanceTimersByTimeAsync(999)
  expect(looks()).toBe(2)
  await vi.advanceTimersByTimeAsync(1)
  expect(looks()).toBe(3)
  await answers({ events: [], againInMs: -5 })
  await vi.advanceTimersByTimeAsync(1)
  expect(looks()).toBe(4)
  await answers(found())
  expect(vi.getTimerCount()).toBe(0)
})

test('a time that is too far off for a timer is waited for in steps', async () => {
  const { ask, answers, looks } = stream()
  const setTimer = vi.spyOn(globalThis, 'setTimeout')
  ask()
  await answers({ events: [], againInMs: Infinity })
  expect(setTimer).toHaveBeenLastCalledWith(expect.any(Function), 2 ** 31 - 1)
  await vi.advanceTimersByTimeAsync(2 ** 31 - 2)
  expect(looks()).toBe(1)
})

test('a first look that fails ends the stream with its error', async () => {
  for (const error of [unplugged, new Error('a mistake')]) {
    const { ask, fails, told, events, listeners } = stream()
    ask(2)
    await fails(error)
    expect(told).toEqual([error, DONE])
    expect(listeners).toEqual([])
    expect(await events.next()).toEqual(DONE)
    expect(await isSettled(events.begun)).toBe(true)
  }
})

test('where storage is away for a while, the stream reads again after a second or so, and goes on', async () => {
  const random = vi.spyOn(Math, 'random')
  for (const [drawn, afterMs] of [
    [0, 500],
    [0.5, 1000],
    [0.999, 1499],
  ] as const) {
    random.mockReturnValue(drawn)
    const { ask, answers, fails, looks, hint, told } = stream()
    ask()
    await answers(found('first'))
    ask()
    hint()
    await fails(unplugged)
    await vi.advanceTimersByTimeAsync(afterMs - 1)
    expect(looks()).toBe(2)
    await vi.advanceTimersByTimeAsync(1)
    expect(looks()).toBe(3)
    await answers(found('what was missed'))
    expect(told).toEqual(['first', 'what was missed'])
  }
})

test('any other failure of a later look would only be repeated: it ends the stream', async () => {
  const { ask, answers, fails, hint, told, listeners } = stream()
  ask()
  await answers(found('first'))
  ask()
  hint()
  const mistake = new Error('a mistake')
  await fails(mistake)
  expect(told).toEqual(['first', mistake])
  expect(listeners).toEqual([])
})

test('a stream that is closed leaves no signals, no timer and nobody waiting', async () => {
  const { ask, answers, events, listeners, told, looks } = stream()
  ask()
  await answers({ events: ['one', 'two'], againInMs: 1000 })
  ask(3)
  await nextTurn()
  expect(await events.return?.()).toEqual(DONE)
  await nextTurn()
  expect(told).toEqual(['one', 'two', DONE, DONE])
  expect(listeners).toEqual([])
  expect(vi.getTimerCount()).toBe(0)
  expect(await events.next()).toEqual(DONE)
  expect(looks()).toBe(1)
  // Signals are given back once: the next ones may be somebody else's.
  listeners.push(() => undefined)
  expect(await events.return?.()).toEqual(DONE)
  expect(listeners).toHaveLength(1)
})

test('of what was found and not asked for, a stream that is closed tells nothing', async () => {
  const { ask, answers, events, told } = stream()
  ask()
  await answers(found('one', 'two'))
  await events.return?.()
  ask()
  await nextTurn()
  expect(told).toEqual(['one', DONE])
})

test.each(['answers', 'fails'] as const)(
  'a look that is under way when the stream is closed tells nothing, and sets no timer (%s)',
  async (outcome) => {
    const { ask, answers, fails, events, told } = stream()
    ask()
    await events.return?.()
    if (outcome === 'answers') await answers({ events: ['too late'], againInMs: 1000 })
    else await fails(unplugged)
    expect(told).toEqual([DONE])
    expect(vi.getTimerCount()).toBe(0)
  },
)

test('a later look that fails after the stream was closed sets no timer', async () => {
  const { ask, answers, fails, hint, events } = stream()
  ask()
  await answers(found('first'))
  ask()
  hint()
  await events.return?.()
  await fails(unplugged)
  expect(vi.getTimerCount()).toBe(0)
})

test('a stream has begun when its first look is over, and when it is closed before that', async () => {
  const looking = stream()
  looking.ask()
  expect(await isSettled(looking.events.begun)).toBe(false)
  // It goes on being read for a while: until then it is somebody's work.
  await looking.events.return?.()
  expect(await isSettled(looking.events.begun)).toBe(false)
  await looking.answers(found())
  expect(await isSettled(looking.events.begun)).toBe(true)

  const unread = stream()
  await unread.events.return?.()
  expect(await isSettled(unread.events.begun)).toBe(true)
})

test('a stream is what events are taken from, one after another', async () => {
  const { events, answers } = stream()
  const taken: string[] = []
  const all = (async () => {
    for await (const event of events) taken.push(event)
  })()
  await answers(found('one', 'two'))
  await events.return?.()
  await all
  expect(taken).toEqual(['one', 'two'])
})
