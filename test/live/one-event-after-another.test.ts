import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { OFFLINE } from '../../src/domain/presence.ts'
import { SlowConsumer, type PresenceEvent, type PresenceSink } from '../../src/live/presence-event.ts'
import type { PresenceHub } from '../../src/live/presence-hub.ts'
import { isPresenceSource, watchPresence } from '../../src/live/watch-presence.ts'
import { newUser } from '../support/new-user.ts'

const DONE = { done: true, value: undefined }
const [pia, wim] = [newUser('pia'), newUser('wim')]
const change = (of: 'SNAPSHOT' | 'CHANGED'): PresenceEvent => ({
  change: of,
  presences: [{ user: pia, presence: OFFLINE }],
})

/** A stream whose hub does what a test says. */
function stream() {
  const sinks: PresenceSink[] = []
  const calls: string[] = []
  let begin = (): void => undefined
  const begun = new Promise<void>((resolve) => (begin = resolve))
  const open: PresenceHub['open'] = ({ watcher, interest, sink }) => {
    expect({ watcher, interest }).toEqual({ watcher: wim, interest: { users: [pia] } })
    sinks.push(sink)
    return { begun, resume: () => calls.push('resume'), close: () => calls.push('close') }
  }
  const source = watchPresence({ open } as Partial<PresenceHub> as PresenceHub, {
    watcher: wim,
    interest: { users: [pia] },
  })
  return { source, sinks, calls, begin, sink: () => sinks[0]! }
}

async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false
  void promise.then(() => (settled = true))
  await nextTurn()
  return settled
}

test('events are decided when somebody asks, as many as they ask for', async () => {
  const { source, sink, calls } = stream()
  const asked = [source.next(), source.next()]
  expect(calls).toEqual(['resume'])
  expect(sink().isReady()).toBe(true)
  sink().deliver(change('SNAPSHOT'))
  expect(sink().isReady()).toBe(true)
  sink().deliver(change('CHANGED'))
  expect(await Promise.all(asked)).toEqual([
    { done: false, value: change('SNAPSHOT') },
    { done: false, value: change('CHANGED') },
  ])
  expect(sink().isReady()).toBe(false)
  const next = source.next()
  expect(sink().isReady()).toBe(true)
  expect(calls).toEqual(['resume', 'resume'])
  sink().deliver(change('CHANGED'))
  expect(await next).toEqual({ done: false, value: change('CHANGED') })
})

test('an event that nobody has asked for yet is told once, to the next who asks', async () => {
  const { source, sink, sinks } = stream()
  const first = source.next()
  sink().deliver(change('SNAPSHOT'))
  await first
  sink().deliver(change('CHANGED'))
  expect(await source.next()).toEqual({ done: false, value: change('CHANGED') })
  expect(await isSettled(source.next())).toBe(false)
  expect(sinks).toHaveLength(1)
})

test('a stream that fails says so once: to who waits, else to the next who asks', async () => {
  const waiting = stream()
  const asked = [waiting.source.next(), waiting.source.next()]
  waiting.sink().fail(new SlowConsumer())
  await expect(asked[0]).rejects.toBeInstanceOf(SlowConsumer)
  expect(await asked[1]).toEqual(DONE)
  expect(await waiting.source.next()).toEqual(DONE)

  const unread = stream()
  const first = unread.source.next()
  unread.sink().deliver(change('SNAPSHOT'))
  await first
  unread.sink().fail(new SlowConsumer())
  expect(unread.calls).toEqual(['close'])
  await expect(unread.source.next()).rejects.toBeInstanceOf(SlowConsumer)
  expect(await unread.source.next()).toEqual(DONE)
})

test('what goes wrong and is no error is told as one', async () => {
  const { source, sink } = stream()
  const first = source.next()
  sink().deliver(change('SNAPSHOT'))
  await first
  sink().fail('out of order')
  await expect(source.next()).rejects.toEqual(new Error('the stream was aborted', { cause: 'out of order' }))
})

test('a stream that is closed tells nothing that was kept, and holds nothing at the hub', async () => {
  const kept = stream()
  const first = kept.source.next()
  kept.sink().deliver(change('SNAPSHOT'))
  await first
  kept.sink().deliver(change('CHANGED'))
  expect(await kept.source.return?.()).toEqual(DONE)
  expect(kept.calls).toEqual(['close'])
  expect(await kept.source.next()).toEqual(DONE)
  expect(kept.sinks).toHaveLength(1)

  const failed = stream()
  const only = failed.source.next()
  failed.sink().deliver(change('SNAPSHOT'))
  await only
  failed.sink().fail(new SlowConsumer())
  await failed.source.return?.()
  expect(await failed.source.next()).toEqual(DONE)

  const waiting = stream()
  const asked = [waiting.source.next(), waiting.source.next()]
  await waiting.source.return?.()
  expect(await Promise.all(asked)).toEqual([DONE, DONE])
})

test('a stream has begun when its hub has read the first facts, or when it is closed before it was opened', async () => {
  const opened = stream()
  void opened.source.next()
  expect(await isSettled(opened.source.begun)).toBe(false)
  await opened.source.return?.()
  expect(await isSettled(opened.source.begun)).toBe(false)
  opened.begin()
  expect(await isSettled(opened.source.begun)).toBe(true)

  const unread = stream()
  expect(await isSettled(unread.source.begun)).toBe(false)
  await unread.source.return?.()
  expect(await isSettled(unread.source.begun)).toBe(true)
  expect(unread.sinks).toEqual([])

  const pushed = stream()
  const sink: PresenceSink = { isReady: () => true, deliver: () => undefined, fail: () => undefined }
  pushed.source.pushTo(sink)
  expect(pushed.sinks).toEqual([sink])
  pushed.begin()
  expect(await isSettled(pushed.source.begun)).toBe(true)
})

test('a stream is what events are taken from, one after another, and says that they may be pushed', async () => {
  const { source, sink } = stream()
  expect(isPresenceSource(source)).toBe(true)
  expect(isPresenceSource(new ReadableStream())).toBe(false)
  const taken: PresenceEvent[] = []
  const all = (async () => {
    for await (const event of source) taken.push(event)
  })()
  sink().deliver(change('SNAPSHOT'))
  await nextTurn()
  await source.return?.()
  await all
  expect(taken).toEqual([change('SNAPSHOT')])
})
