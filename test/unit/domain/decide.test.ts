import { describe, expect, it } from 'vitest'
import { decide, removeEdge, type Deciding, type Verdict } from '../../../src/domain/decide.ts'
import { NO_EDGE } from '../../../src/domain/edge.ts'
import { pairAt } from '../../../src/domain/pair.ts'
import { afterAll, momentsAfter } from '../../support/pair-histories.ts'

const shownWhileWaiting = afterAll([
  { act: 'ask', trigger: 'CALL', handling: 'PROMPT', pendingShown: true, lifetimeMs: 100, cooldownMs: 0 },
])

function deciding(verdict: Verdict, values: Partial<Deciding> = {}): Deciding {
  return { now: 2_000, verdict, origin: 'SET', endsAt: null, ...values }
}

describe('a decision', () => {
  it('tells its presentity where it came from', () => {
    for (const origin of ['ANSWERED', 'SET'] as const) {
      for (const verdict of ['ALLOWED', 'BLOCKED'] as const) {
        expect(decide(shownWhileWaiting.pair, deciding(verdict, { origin })).edge.origin).toBe(origin)
      }
    }
  })

  it('is as old as the first time it was made, not the last', () => {
    for (const verdict of ['ALLOWED', 'BLOCKED'] as const) {
      const first = decide(shownWhileWaiting.pair, deciding(verdict))
      const again = decide(first, deciding(verdict, { now: 3_000 }))
      expect([first.edge.since, again.edge.since]).toEqual([2_000, 2_000])
    }
  })

  it('is as old as the change when it is changed', () => {
    const blocked = decide(shownWhileWaiting.pair, deciding('BLOCKED'))
    expect(decide(blocked, deciding('ALLOWED', { now: 3_000 })).edge.since).toBe(3_000)
  })

  it('leaves nothing of what the waiting request showed', () => {
    expect(shownWhileWaiting.pair.edge.shownWhenAsked).toBe(true)
    for (const verdict of ['ALLOWED', 'BLOCKED'] as const) {
      expect(decide(shownWhileWaiting.pair, deciding(verdict)).edge.shownWhenAsked).toBe(false)
    }
    for (const { pair } of momentsAfter(4)) {
      if (pair.edge.shownWhenAsked) expect(pair.edge.state).toBe('PENDING')
    }
  })

  it('has an end only if it is an allow', () => {
    expect(decide(shownWhileWaiting.pair, deciding('ALLOWED', { endsAt: 2_001 })).edge.endsAt).toBe(2_001)
    expect(decide(shownWhileWaiting.pair, deciding('BLOCKED', { endsAt: 2_001 })).edge.endsAt).toBeNull()
  })

  it('resolves a request that waits, and none that no longer does', () => {
    const open = shownWhileWaiting
    expect(decide(open.pair, deciding('BLOCKED', { now: open.now + 99 })).incoming?.state).toBe('BLOCKED')
    expect(decide(open.pair, deciding('ALLOWED', { now: open.now + 99 })).outgoing?.state).toBe('ALLOWED')
    for (const verdict of ['ALLOWED', 'BLOCKED'] as const) {
      const late = decide(open.pair, deciding(verdict, { now: open.now + 100 }))
      expect([late.incoming?.state, late.outgoing?.state]).toEqual(['EXPIRED', 'EXPIRED'])
    }
  })
})

describe('what is deleted', () => {
  it('leaves nothing on the edge but a silence, whatever it was, and nothing at all after that', () => {
    for (const { now, stored } of momentsAfter(3)) {
      const removed = removeEdge(stored, now)
      expect(removed.edge).toEqual({ ...NO_EDGE, endsAt: removed.edge.endsAt })
      expect(pairAt(removed, now + 30).edge).toBe(NO_EDGE)
    }
  })

  it('dismisses a request that waits, and none that no longer does', () => {
    const open = shownWhileWaiting
    expect(removeEdge(open.pair, open.now + 99).incoming?.state).toBe('DISMISSED')
    expect(removeEdge(open.pair, open.now + 100).incoming?.state).toBe('EXPIRED')
  })
})
