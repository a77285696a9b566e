import { expect, onTestFinished, test, vi } from 'vitest'
import type { WebSocket } from 'ws'
import { Reading } from '../../../../src/server/graphql-transport-ws/inbox.ts'

function startReading() {
  vi.useFakeTimers({ toFake: ['setTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  let isPaused = false
  const webSocket = { pause: () => void (isPaused = true), resume: () => void (isPaused = false) }
  return { reading: new Reading(webSocket as unknown as WebSocket), isPaused: () => isPaused }
}

test('a peer that does not take its replies is not read when its rest ends', () => {
  const { reading, isPaused } = startReading()
  reading.rest(1000)
  reading.hold()
  vi.advanceTimersByTime(1000)
  expect(isPaused()).toBe(true)
  reading.release()
  expect(isPaused()).toBe(false)
})

test('a peer that has taken its replies is not read before its rest ends', () => {
  const { reading, isPaused } = startReading()
  reading.hold()
  reading.rest(1000)
  reading.release()
  expect(isPaused()).toBe(true)
  vi.advanceTimersByTime(1000)
  expect(isPaused()).toBe(false)
})
