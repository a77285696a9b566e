import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { leaseHandedOut, renewAfter } from '../../../src/domain/lease.ts'

const anyAsked = fc.integer({ min: 10, max: 3600 }).map((seconds) => seconds * 1000)
const anyChance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })

describe('a lease', () => {
  it('is never shorter than asked, and at most a tenth longer, in whole milliseconds', () => {
    fc.assert(
      fc.property(anyAsked, anyChance, (askedMs, chance) => {
        const lease = leaseHandedOut(askedMs, chance)
        expect(lease).toBeGreaterThanOrEqual(askedMs)
        expect(lease).toBeLessThanOrEqual(askedMs * 1.1)
        expect(Number.isInteger(lease)).toBe(true)
      }),
    )
  })

  it('is to be renewed early enough for another attempt', () => {
    fc.assert(
      fc.property(anyAsked, anyChance, (askedMs, chance) => {
        const afterMs = renewAfter(askedMs, chance)
        expect(afterMs).toBeGreaterThanOrEqual(askedMs * 0.4)
        expect(afterMs).toBeLessThanOrEqual(askedMs * 0.6)
      }),
    )
  })

  it('spreads devices that begin together over its tenth, and their renewals over a fifth', () => {
    expect([0, 0.5, 0.999].map((chance) => leaseHandedOut(100_000, chance))).toEqual([
      100_000, 105_000, 109_990,
    ])
    expect([0, 0.5, 0.999].map((chance) => Math.round(renewAfter(100_000, chance)))).toEqual([
      40_000, 50_000, 59_980,
    ])
  })
})
