import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { EdgeState } from '../../../src/domain/edge.ts'
import { decideMessaging } from '../../../src/domain/messaging.ts'
import { OFFLINE, PUBLISHABLE_STATUSES, type Presence } from '../../../src/domain/presence.ts'
import { EDGE_STATES } from '../../support/domain-values.ts'
import { RulesDocument } from '../../support/rules-document.ts'

const SHOWN: readonly Presence[] = PUBLISHABLE_STATUSES.map((status) => ({
  status,
  activity: null,
  note: null,
}))

describe('an instant message', () => {
  it('is permitted, and its sender told, as the document says, for every combination of facts', () => {
    const cases = new RulesDocument().everyCase('Who may write to whom', {
      self: ['yes', 'no'],
      edge: EDGE_STATES,
      shown: ['OFFLINE', 'other'],
    })
    expect(cases).toHaveLength(2 * 4 * 2)
    for (const { given, row } of cases) {
      for (const shown of given.shown === 'OFFLINE' ? [OFFLINE] : SHOWN) {
        const decided = decideMessaging({ self: given.self === 'yes', edge: given.edge as EdgeState, shown })
        expect(decided, JSON.stringify(given)).toEqual({
          permitted: row['permitted'] === 'yes',
          senderOutcome: row['sender is told'],
        })
        // What a sender reads before he writes is what he is told when he has written.
        expect(row['can be messaged'] === 'yes').toBe(decided.senderOutcome === 'DELIVERED')
      }
    }
  })

  it('to whoever is shown Offline is answered in one way, whatever else holds', () => {
    fc.assert(
      fc.property(fc.boolean(), fc.constantFrom(...EDGE_STATES), (self, edge) => {
        expect(decideMessaging({ self, edge, shown: OFFLINE }).senderOutcome).toBe('NOT_DELIVERED')
      }),
    )
  })

  it('that is not permitted is never told to be delivered', () => {
    fc.assert(
      fc.property(
        fc.boolean(),
        fc.constantFrom(...EDGE_STATES),
        fc.constantFrom(...SHOWN, OFFLINE),
        (self, edge, shown) => {
          const { permitted, senderOutcome } = decideMessaging({ self, edge, shown })
          expect(permitted || senderOutcome === 'NOT_DELIVERED').toBe(true)
        },
      ),
    )
  })
})
