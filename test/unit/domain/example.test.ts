import { describe, expect, it } from 'vitest'
import { disclose } from '../../../src/domain/disclosure.ts'
import type { Presence } from '../../../src/domain/presence.ts'
import { START, take, type Act } from '../../support/pair-histories.ts'
import { RulesDocument } from '../../support/rules-document.ts'

const HOUR_MS = 3_600_000
const pia: Presence = { status: 'BUSY', activity: null, note: null }
const asks = {
  act: 'ask',
  handling: 'PROMPT',
  pendingShown: false,
  lifetimeMs: 24 * HOUR_MS,
  cooldownMs: HOUR_MS / 2,
} as const

/** What each step of the example is here. */
const ACTS: Readonly<Record<string, Act>> = {
  'nothing yet': { act: 'wait', ms: 0 },
  'Wim calls Pia': { ...asks, trigger: 'CALL' },
  'Pia ticks Wim in the popup and presses OK': { act: 'decide', verdict: 'ALLOWED', grantMs: null },
  'Pia blocks Wim in her privacy list': { act: 'decide', verdict: 'BLOCKED', grantMs: null },
  'Wim calls Pia again, wondering': { ...asks, trigger: 'CALL' },
  'Pia deletes the block': { act: 'removeEdge' },
  'Wim calls Pia at once': { ...asks, trigger: 'CALL' },
  'an hour goes by': { act: 'wait', ms: HOUR_MS },
  'Wim sends Pia an instant message': { ...asks, trigger: 'INSTANT_MESSAGE' },
  'Pia allows Wim in her privacy list, for one hour': { act: 'decide', verdict: 'ALLOWED', grantMs: HOUR_MS },
  'the hour is over': { act: 'wait', ms: HOUR_MS },
}

describe("the document's example", () => {
  it('goes as it is told, step by step', () => {
    const steps = new RulesDocument().table('An example')
    expect(steps.map((row) => row['what happens'])).toEqual(Object.keys(ACTS))
    let moment = START
    const played = steps.map((row, number) => {
      const act = ACTS[row['what happens'] ?? '']
      if (act === undefined) throw new Error('a step of the example is unknown')
      const { before, after } = take(act, moment, number)
      moment = after
      const { edge, view, incoming } = after.pair
      const facts = { self: false, contact: false, onlyContactsSeen: false, blockedByWatcher: false }
      const server = { presenceServer: 'NONE_KNOWN', pendingShownByClass: false } as const
      const shown = disclose(
        { ...facts, ...server, edge: edge.state, shownWhenAsked: edge.shownWhenAsked },
        () => pia,
      )
      return {
        step: `${number + 1}`,
        'what happens': row['what happens'],
        'Pia has decided': edge.state,
        'Wim has been told': view.access,
        'Wim is shown': shown.status,
        "Pia's popup gets":
          incoming?.state === 'OPEN' && incoming !== before.pair.incoming ? 'request' : 'nothing',
      }
    })
    expect(played).toEqual(steps)
  })
})
