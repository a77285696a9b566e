import { expect, test } from 'vitest'
import { takeSome } from '../../src/live/take-some.ts'

const MOST_ENTRIES = 10_000
const things = (...entries: readonly number[]) => new Set(entries.map((count, place) => ({ place, count })))
const taken = (entries: readonly number[], most = 100) =>
  [...takeSome(things(...entries), most, ({ count }) => count)].map(({ place }) => place)

test('one step takes the first that wait, up to as many as it may', () => {
  expect(taken([1, 1, 1])).toEqual([0, 1, 2])
  expect(taken([1, 1, 1], 2)).toEqual([0, 1])
  expect(taken([])).toEqual([])
})

test('one step takes up to 10,000 entries: who has more waits for the next, unless they are the first', () => {
  expect(taken([MOST_ENTRIES - 1, 1, 1])).toEqual([0, 1])
  expect(taken([1, MOST_ENTRIES, 1])).toEqual([0])
  expect(taken([MOST_ENTRIES + 1, 1])).toEqual([0])
})
