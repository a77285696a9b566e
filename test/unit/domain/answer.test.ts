import { describe, expect, it } from 'vitest'
import { faultOf, MAX_PRESENTED, outcomeOf } from '../../../src/domain/answer.ts'
import type { IncomingItem } from '../../../src/domain/request.ts'
import { ITEM_KINDS, ITEM_STATES } from '../../support/domain-values.ts'
import { RulesDocument } from '../../support/rules-document.ts'

function ids(count: number): readonly string[] {
  return Array.from({ length: count }, (_, at) => `item-${at}`)
}

describe('the answer to a popup', () => {
  it('does to each item what the document says, whatever it is, in whatever state, ticked or not', () => {
    const cases = new RulesDocument().everyCase('Outcomes of an answer', {
      item: [...ITEM_KINDS, 'NO_ITEM'],
      state: ITEM_STATES,
      ticked: ['yes', 'no'],
    })
    expect(cases).toHaveLength(3 * 8 * 2)
    for (const { given, row } of cases) {
      const item =
        given.item === 'NO_ITEM'
          ? undefined
          : ({
              id: 'item',
              kind: given.item as IncomingItem['kind'],
              state: given.state as IncomingItem['state'],
              triggers: ['CALL'],
              askedAt: 100,
              endsAt: given.item === 'NOTICE' ? null : 200,
            } satisfies IncomingItem)
      const verdict = row['verdict'] === 'none' ? {} : { verdict: row['verdict'] }
      expect(outcomeOf(item, { ticked: given.ticked === 'yes' }), JSON.stringify(given)).toEqual({
        outcome: row['outcome'],
        ...verdict,
      })
    }
  })

  it('is in order when nothing is ticked, everything, or something', () => {
    expect(faultOf({ presented: ['a', 'b'], ticked: [] })).toBeNull()
    expect(faultOf({ presented: ['a', 'b'], ticked: ['b'] })).toBeNull()
    expect(faultOf({ presented: ['a', 'b'], ticked: ['b', 'a'] })).toBeNull()
  })

  it('is refused when it ticks what was not presented, and says what', () => {
    expect(faultOf({ presented: ['a'], ticked: ['b', 'a', 'c'] })).toEqual({
      fault: 'TICKED_NOT_PRESENTED',
      ids: ['b', 'c'],
    })
    expect(faultOf({ presented: ['a'], ticked: ['b'] })).toEqual({
      fault: 'TICKED_NOT_PRESENTED',
      ids: ['b'],
    })
  })

  it('is refused when nothing was presented, ticked or not', () => {
    expect(faultOf({ presented: [], ticked: [] })).toEqual({ fault: 'NOTHING_PRESENTED' })
    expect(faultOf({ presented: [], ticked: ['a'] })).toEqual({ fault: 'NOTHING_PRESENTED' })
  })

  it('names at most 500 items', () => {
    expect(MAX_PRESENTED).toBe(500)
    expect(faultOf({ presented: ids(500), ticked: ids(500) })).toBeNull()
    expect(faultOf({ presented: ids(501), ticked: [] })).toEqual({ fault: 'TOO_MANY_PRESENTED' })
  })

  it('counts an item that is named twice once', () => {
    expect(faultOf({ presented: [...ids(500), ...ids(500)], ticked: [] })).toBeNull()
    expect(faultOf({ presented: ['a', 'a'], ticked: ['a', 'a'] })).toBeNull()
  })
})
