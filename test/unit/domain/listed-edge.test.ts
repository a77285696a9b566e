import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { edgeAt } from '../../../src/domain/edge.ts'
import { isListed, LISTED_STATES, storedEdgesOf } from '../../../src/domain/listed-edge.ts'
import { EDGE_STATES } from '../../support/domain-values.ts'
import { anyHistory, play } from '../../support/pair-histories.ts'

describe('an edge in a privacy list', () => {
  it('is every edge but none', () => {
    expect(EDGE_STATES.filter((state) => state !== 'NONE').sort()).toEqual([...LISTED_STATES].sort())
  })

  it('is found by how it is stored, whatever happened before and however long ago', () => {
    const anyStates = fc.subarray([...LISTED_STATES], { minLength: 1 })
    let found = 0
    fc.assert(
      fc.property(anyHistory, anyStates, fc.integer({ min: 0, max: 6 }), (history, states, later) => {
        const { now, stored } = play(history).at(-1)!.after
        if (!isListed(edgeAt(stored.edge, now + later), states)) return
        found += 1
        const { state, replacedBlock } = stored.edge
        expect(storedEdgesOf(states)).toContainEqual({ state, replacedBlock })
      }),
      { numRuns: 2000 },
    )
    expect(found).toBeGreaterThan(200)
  })

  it('is looked for once in each place', () => {
    const stored = storedEdgesOf(['ALLOWED', 'BLOCKED', 'ALLOWED'])
    expect(stored).toHaveLength(3)
    expect(new Set(stored.map((place) => JSON.stringify(place))).size).toBe(3)
  })
})
