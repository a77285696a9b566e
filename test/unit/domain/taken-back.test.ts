import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pairAt, type Pair } from '../../../src/domain/pair.ts'
import { anyHistory, START, take, type Act, type Moment } from '../../support/pair-histories.ts'

/** The half that the watcher can read. */
function watchersHalf({ view, outgoing }: Pair) {
  return { view, outgoing }
}

describe('a watcher from whom everything was taken back, beside a twin from whom nothing was', () => {
  it('reads the same, is told the same and has the same requests, in every history', () => {
    fc.assert(
      fc.property(anyHistory, (acts) => {
        let one: Moment = START
        let twin: Moment = START
        for (const [number, act] of acts.entries()) {
          const was = one
          const step = take(act, one, number)
          one = step.after
          const takesBack = act.act === 'removeEdge' || (act.act === 'decide' && act.verdict === 'BLOCKED')
          const kept: Act = takesBack
            ? { act: 'wait', ms: 0 }
            : act.act === 'decide'
              ? { ...act, grantMs: null }
              : act
          const twinStep = take(kept, twin, number)
          twin = twinStep.after
          expect(twinStep.answer).toEqual(step.answer)
          expect(twinStep.retryAt).toEqual(step.retryAt)
          // The same allows at the same moments: what AUTO_ACCEPT gives the one, the twin is given.
          if (one.pair.edge.state === 'ALLOWED' && pairAt(was.pair, one.now).edge.state !== 'ALLOWED') {
            twin = take({ act: 'decide', verdict: 'ALLOWED', grantMs: null }, twin, number).after
          }
          expect(watchersHalf(twin.pair)).toEqual(watchersHalf(one.pair))
        }
      }),
      { numRuns: 2_000 },
    )
  })
})
