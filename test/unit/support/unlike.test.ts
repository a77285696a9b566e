import { expect, it } from 'vitest'
import { areUnlike } from '../../support/unlike.ts'

const counts = (of: Record<string, number>) => new Map(Object.entries(of))

it.each([
  [[{ a: 40 }, { a: 40 }]],
  [
    [
      { a: 20, b: 20 },
      { a: 26, b: 14 },
      { a: 15, b: 25 },
    ],
  ],
])('%j differ by chance', (samples) => {
  expect(areUnlike(samples.map(counts))).toBe(false)
})

it.each([[[{ a: 40 }, { b: 40 }]], [[{ a: 20, b: 20 }, { a: 40 }, { a: 20, b: 20 }, { a: 20, b: 20 }]]])(
  '%j differ by more than chance',
  (samples) => {
    expect(areUnlike(samples.map(counts))).toBe(true)
  },
)
