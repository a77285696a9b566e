import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { disclose } from '../../../src/domain/disclosure.ts'
import { isSilent } from '../../../src/domain/edge.ts'
import { OFFLINE, type Presence } from '../../../src/domain/presence.ts'
import { afterAll, anyAsk, anyHistory, play, take, type Act } from '../../support/pair-histories.ts'

describe('what a waiting request shows', () => {
  it('is something only if it was shown when he asked and he asked at view NONE', () => {
    fc.assert(
      fc.property(anyHistory, (acts) => {
        for (const { act, before, after, retryAt } of play(acts)) {
          // What is absorbed in a silence opens nothing that could show, and nor does what is not even asked.
          if (
            act.act !== 'ask' ||
            retryAt !== null ||
            before.pair.edge.state !== 'NONE' ||
            isSilent(before.pair.edge)
          )
            continue
          const shown = act.handling === 'PROMPT' && act.pendingShown && before.pair.view.access === 'NONE'
          expect(after.pair.edge.shownWhenAsked).toBe(shown)
        }
      }),
    )
  })

  it('is the same however often he asks again', () => {
    fc.assert(
      fc.property(anyHistory, anyAsk, (acts, again) => {
        const moment = afterAll(acts)
        fc.pre(moment.pair.edge.state === 'PENDING')
        expect(take(again, moment, acts.length).after.pair.edge).toBe(moment.pair.edge)
      }),
    )
  })

  it('is nothing after a revocation, on any server and in any class, until she answers', () => {
    const real: Presence = { status: 'BUSY', activity: null, note: 'in' }
    for (const revocation of [{ act: 'removeEdge' }, { act: 'wait', ms: 50 }] satisfies Act[]) {
      const { pair } = afterAll([
        { act: 'decide', verdict: 'ALLOWED', grantMs: 50 },
        revocation,
        {
          act: 'ask',
          trigger: 'CALL',
          handling: 'PROMPT',
          pendingShown: true,
          lifetimeMs: 100,
          cooldownMs: 0,
        },
      ])
      const facts = { self: false, onlyContactsSeen: false, contact: true, blockedByWatcher: false } as const
      expect(pair.edge.state).toBe('PENDING')
      expect(
        disclose(
          {
            ...facts,
            edge: pair.edge.state,
            shownWhenAsked: pair.edge.shownWhenAsked,
            presenceServer: 'OCS_2007',
            pendingShownByClass: true,
          },
          () => real,
        ),
      ).toBe(OFFLINE)
    }
  })
})
