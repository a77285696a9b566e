import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Popup, PrivacyLists, WaitingItem } from '../../src/application/ports.ts'
import type { IncomingItem } from '../../src/domain/request.ts'
import { watchIncoming, type IncomingEvent } from '../../src/live/watch-incoming.ts'
import { memoryStorage } from '../support/memory-storage.ts'
import { newUser } from '../support/new-user.ts'
import { NEVER_MS } from '../support/policy.ts'

const NOW = 1_000_000

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] })
  vi.spyOn(Math, 'random').mockReturnValue(0.5)
})
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

const waits = (
  id: string,
  kind: IncomingItem['kind'] = 'REQUEST',
  endsAt: number | null = null,
): WaitingItem => ({
  watcher: newUser('wim'),
  item: { id, kind, state: 'OPEN', triggers: ['DIRECT'], askedAt: 0, endsAt },
})
const closedAs = (state: IncomingItem['state']): IncomingItem => ({ ...waits(state).item, state })

/** A popup of what a test says is stored. */
function popup({
  snapshotEveryMs = NEVER_MS,
  turn,
  ...first
}: Partial<Popup> & { snapshotEveryMs?: number; turn?: Promise<void> } = {}) {
  const { lists, signals } = memoryStorage()
  const pia = newUser('pia')
  const stored: { -readonly [Name in keyof Popup]: Popup[Name] } = {
    ...{ now: NOW, requests: [], notices: [], closed: [] },
    ...first,
  }
  const asked: Parameters<PrivacyLists['popup']>[0][] = []
  const hints: (() => void)[] = []
  const stream = watchIncoming(
    {
      lists: {
        ...lists,
        popup(of) {
          asked.push(of)
          return Promise.resolve({ ...stored })
        },
      },
      signals: {
        ...signals,
        subscribe(user, hint) {
          expect(user).toBe(pia)
          hints.push(hint)
          return () => undefined
        },
      },
      hub: { inTurn: (user) => (expect(user).toBe(pia), turn), snapshotEveryMs },
    },
    pia,
  )
  const told: IncomingEvent[] = []
  void (async () => {
    for await (const event of stream) told.push(event)
  })()
  return {
    pia,
    asked,
    told,
    /** From now on this is stored, and a signal has said so. */
    async becomes(popup: Partial<Popup>): Promise<void> {
      Object.assign(stored, popup)
      for (const hint of hints) hint()
      await nextTurn()
    },
  }
}

test('whatever closes is told by how it closed, then what came: each in one event, and nothing that is empty', async () => {
  const { becomes, told } = popup()
  const states = [
    ...(['ACKNOWLEDGED', 'DISMISSED', 'EXPIRED', 'WITHDRAWN', 'BLOCKED', 'ALLOWED'] as const),
    ...(['OPEN', 'ABSORBED'] as const),
  ]
  await nextTurn()
  await becomes({ requests: states.map((state) => waits(state)), notices: [waits('notice', 'NOTICE')] })
  const [request, notice] = [waits('new request'), waits('new notice', 'NOTICE')]
  await becomes({ requests: [request], notices: [notice], closed: states.map(closedAs) })
  expect(told.map(({ change }) => change).slice(0, 3)).toEqual(['SNAPSHOT', 'ADDED', 'NOTICED'])
  expect(told.slice(3)).toEqual([
    { change: 'RESOLVED', closedIds: ['BLOCKED', 'ALLOWED'] },
    { change: 'WITHDRAWN', closedIds: ['WITHDRAWN'] },
    { change: 'EXPIRED', closedIds: ['EXPIRED'] },
    // An item that is not there any more, or cannot be told of, closes like one that was dismissed.
    { change: 'DISMISSED', closedIds: ['DISMISSED', 'OPEN', 'ABSORBED', 'notice'] },
    { change: 'ACKNOWLEDGED', closedIds: ['ACKNOWLEDGED'] },
    { change: 'ADDED', items: [request] },
    { change: 'NOTICED', items: [notice] },
  ])
  await becomes({})
  expect(told).toHaveLength(10)
})

test('a popup begins with everything, and what was shown in it is not told again', async () => {
  const [one, two] = [waits('one'), waits('two', 'NOTICE')]
  const { becomes, told, asked, pia } = popup({ requests: [one], notices: [two] })
  await nextTurn()
  expect(told).toEqual([{ change: 'SNAPSHOT', requests: [one], notices: [two] }])
  await becomes({ requests: [one, waits('three')] })
  expect(told.slice(1)).toMatchObject([{ change: 'ADDED', items: [{ item: { id: 'three' } }] }])
  await becomes({ requests: [one], notices: [] })
  expect(told.slice(2)).toMatchObject([{ change: 'DISMISSED', closedIds: ['three', 'two'] }])
  expect(asked).toEqual([
    { presentity: pia, limit: 500, known: [] },
    { presentity: pia, limit: 500, known: ['one', 'two'] },
    { presentity: pia, limit: 500, known: ['one', 'three', 'two'] },
  ])
})

test('storage is asked again when the first request that waits expires, and by no timer where none does', async () => {
  const { becomes, asked } = popup()
  await nextTurn()
  await becomes({
    requests: [waits('late', 'REQUEST', NOW + 9000), waits('soon', 'REQUEST', NOW + 4000), waits('never')],
    notices: [waits('notice', 'NOTICE', NOW + 10)],
  })
  const before = asked.length
  await vi.advanceTimersByTimeAsync(3999)
  expect(asked).toHaveLength(before)
  await vi.advanceTimersByTimeAsync(1)
  expect(asked).toHaveLength(before + 1)
  await becomes({ now: NOW + 4000, requests: [waits('never')] })
  const after = asked.length
  await vi.advanceTimersByTimeAsync(1_000_000)
  expect(asked).toHaveLength(after)
})

test('by the clock, and whatever expires later, everything is told again', async () => {
  const { becomes, told, asked } = popup({ snapshotEveryMs: 10_000 })
  await nextTurn()
  await becomes({ requests: [waits('one', 'REQUEST', NOW + 60_000)] })
  await vi.advanceTimersByTimeAsync(4999)
  expect(told.map(({ change }) => change)).toEqual(['SNAPSHOT', 'ADDED'])
  await vi.advanceTimersByTimeAsync(1)
  expect(told.map(({ change }) => change)).toEqual(['SNAPSHOT', 'ADDED', 'SNAPSHOT'])
  expect(asked.at(-1)?.known).toEqual([])
  await vi.advanceTimersByTimeAsync(9999)
  expect(told).toHaveLength(3)
  await vi.advanceTimersByTimeAsync(1)
  expect(told).toHaveLength(4)
})

test('nothing is told before its turn among what the streams of presence show', async () => {
  let come = (): void => undefined
  const turn = new Promise<void>((resolve) => (come = resolve))
  const { told } = popup({ turn })
  await nextTurn()
  expect(told).toEqual([])
  come()
  await nextTurn()
  expect(told).toHaveLength(1)
})
