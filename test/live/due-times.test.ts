import { expect, test } from 'vitest'
import { dueTimes } from '../../src/live/due-times.ts'
import { heapInUse } from '../support/heap-in-use.ts'

test('what is due is found at its time, or at the end of the quarter of a second that it falls in', () => {
  const due = dueTimes<string>()
  due.set('at 1000', 1000)
  due.set('at 1001', 1001)
  expect([...due.take(999)]).toEqual([])
  expect([...due.take(1000)]).toEqual(['at 1000'])
  expect([...due.take(1249)]).toEqual([])
  expect([...due.take(1250)]).toEqual(['at 1001'])
  expect([...due.take(9999)]).toEqual([])
})

test('everything that was due meanwhile is found at once, and what comes later is not', () => {
  const due = dueTimes<string>()
  for (const at of [3000, 1000, 2000, 2001]) due.set(`at ${String(at)}`, at)
  due.set('also at 1000', 1000)
  expect([...due.take(2000)].sort()).toEqual(['also at 1000', 'at 1000', 'at 2000'])
  expect(due.size()).toBe(2)
})

test('the time that was set last counts, and never is one', () => {
  const due = dueTimes<string>()
  due.set('moved', 1000)
  due.set('moved', 2000)
  due.set('called off', 1000)
  due.set('called off', null)
  due.set('never', null)
  expect(due.size()).toBe(1)
  expect([...due.take(1000)]).toEqual([])
  expect([...due.take(2000)]).toEqual(['moved'])
  expect(due.size()).toBe(0)
})

test('a time that is only to come sooner replaces a later one, and no earlier one', () => {
  const due = dueTimes<string>()
  due.sooner('new', 1000)
  due.set('later', 2000)
  due.sooner('later', 1000)
  due.set('earlier', 1000)
  due.sooner('earlier', 2000)
  due.sooner('earlier', null)
  due.sooner('never', null)
  expect([...due.take(750)]).toEqual([])
  expect([...due.take(1000)].sort()).toEqual(['earlier', 'later', 'new'])
  expect([...due.take(2000)]).toEqual([])
})

test('who moves to another time leaves the others where they are', () => {
  const due = dueTimes<string>()
  due.set('stays', 1000)
  due.set('moves', 1000)
  due.set('moves', 2000)
  expect([...due.take(1000)]).toEqual(['stays'])
  expect([...due.take(2000)]).toEqual(['moves'])
})

test('times that are over take no memory', () => {
  const due = dueTimes<string>()
  const before = heapInUse()
  for (let at = 0; at < 50_000; at += 1) due.set('moves on and on', at * 250)
  expect(heapInUse() - before).toBeLessThan(2 * 1_048_576)
  expect(due.size()).toBe(1)
})
