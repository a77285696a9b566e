import { expect, it } from 'vitest'
import { compare, corrected, sorted } from '../../../bench/timing/compare.ts'

const upTo = (count: number, from = 0): number[] => Array.from({ length: count }, (_, place) => from + place)

it('an AUC is the share of pairs of which the second is longer, ties by half', () => {
  expect(compare(sorted([1, 2, 3]), sorted([4, 5, 6])).auc).toBe(1)
  expect(compare(sorted([4, 5, 6]), sorted([1, 2, 3])).auc).toBe(0)
  expect(compare(sorted([1, 2, 3]), sorted([3, 2, 1])).auc).toBe(0.5)
  expect(compare(sorted([1, 3]), sorted([2, 2])).auc).toBe(0.5)
  expect(compare(sorted([10, 9, 2]), sorted([100])).auc).toBe(1)
})

it('its error is that of equal distributions where they are equal', () => {
  const [one, other] = [sorted(upTo(1000)), sorted(upTo(1000, 0.5))]
  const { auc, error, chance } = compare(one, other)
  expect(auc).toBeCloseTo(0.5, 2)
  expect(error).toBeCloseTo(Math.sqrt(1 / (6 * 1000)), 3)
  expect(chance).toBeGreaterThan(0.9)
})

it('a shift by a twentieth of the whole range is told from chance', () => {
  const { auc, chance, medians } = compare(sorted(upTo(1000, 1000)), sorted(upTo(1000, 1050)))
  expect(auc).toBeCloseTo(0.549, 3)
  expect(chance).toBeLessThan(0.001)
  expect(medians).toBeCloseTo(50 / 1499.5, 6)
})

it('of many chances the least is worth as many times more', () => {
  const chances = corrected([0.04, 0.01, 0.5])
  expect(chances.map((chance) => Number(chance.toFixed(6)))).toEqual([0.08, 0.03, 0.5])
})
