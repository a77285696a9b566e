import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isSilent } from '../../../src/domain/edge.ts'
import { isCooling } from '../../../src/domain/watchers-view.ts'
import {
  afterAll,
  anyAsk,
  anyHistory,
  play,
  take,
  type Act,
  type Moment,
} from '../../support/pair-histories.ts'
import { RulesDocument } from '../../support/rules-document.ts'

const COOLDOWN_MS = 30
const ask: Act & { act: 'ask' } = {
  act: 'ask',
  trigger: 'CALL',
  handling: 'PROMPT',
  pendingShown: false,
  lifetimeMs: 100,
  cooldownMs: COOLDOWN_MS,
}
const allow: Act = { act: 'decide', verdict: 'ALLOWED', grantMs: null }
const grant: Act = { act: 'decide', verdict: 'ALLOWED', grantMs: 50 }
const block: Act = { act: 'decide', verdict: 'BLOCKED', grantMs: null }
const remove: Act = { act: 'removeEdge' }
const withdraw: Act = { act: 'withdraw' }
const wait = (ms: number): Act => ({ act: 'wait', ms })
/** A request that waits while the watcher has been allowed before. */
const askAllowed: readonly Act[] = [ask, allow, remove, wait(COOLDOWN_MS), ask]

/** Histories that end with each row of the document. */
const ENDS: Readonly<Record<string, readonly Act[]>> = {
  'he withdraws it, or removes the contact': [ask, withdraw],
  'nobody answered in time': [ask, wait(100)],
  'he removes the contact, and was allowed once': [...askAllowed, withdraw],
  'nobody answered in time, and he was allowed': [...askAllowed, wait(100)],
  'she dismisses the request': [ask, remove],
  'she dismisses the request, and he was allowed': [...askAllowed, remove],
  'she deletes what she had decided': [ask, block, remove],
  'her grant ends': [ask, grant, wait(50)],
}

const rows = new RulesDocument().table('Cooldown')

describe('a cooldown', () => {
  it('knows every end that the document tells of', () => {
    expect(rows.map((row) => row['what ends the request or the decision'])).toEqual(Object.keys(ENDS))
  })

  it.each(rows.map((row) => [row['what ends the request or the decision'] ?? '', row] as const))(
    'lasts from the end on, to the millisecond, and is told or silent as the document says: %s',
    (what, row) => {
      const acts = ENDS[what] ?? []
      const before = play(acts).at(-1)?.before.pair.view.access
      if (row['his view was'] !== 'any') expect(before).toBe(row['his view was'])
      const end = afterAll(acts)
      const told = row['then'] !== 'silence'
      expect({ told: isCooling(end.pair.view, end.now), edge: end.pair.edge.state }).toEqual({
        told,
        edge: 'NONE',
      })

      for (const ms of [0, 1, COOLDOWN_MS - 1]) {
        const early = take(ask, take(wait(ms), end).after, 20)
        expect(early.after.pair.edge.state, 'the request reaches nobody').toBe('NONE')
        expect(early.after.pair.incoming?.state).not.toBe('OPEN')
        if (told) {
          expect(early).toMatchObject({ answer: null, retryAt: end.now + COOLDOWN_MS })
          expect(early.after).toEqual(early.before)
        } else {
          expect(early.retryAt).toBeNull()
          expect(early.answer?.access).toBe(before === 'ALLOWED' ? 'ALLOWED' : 'PENDING')
        }
      }
      const late = take(ask, take(wait(COOLDOWN_MS), end).after, 20)
      expect(late.retryAt).toBeNull()
      expect(late.after.pair.edge.state, 'the request reaches her').toBe('PENDING')
      expect(late.after.pair.incoming).toMatchObject({ id: 'incoming-20', state: 'OPEN' })
    },
  )

  it('that he is told of follows from his own half alone', () => {
    fc.assert(
      fc.property(anyHistory, (acts) => {
        for (const { act, before, after } of play(acts)) {
          const cools = isCooling(after.pair.view, after.now)
          if (!cools) continue
          expect(after.pair.view.access).toBe('NONE')
          expect(['WITHDRAWN', 'EXPIRED']).toContain(after.pair.outgoing?.state)
          if (isCooling(before.pair.view, before.now)) continue
          expect(['withdraw', 'wait'], 'his own withdrawal or expiry').toContain(act.act)
          expect(before.pair.view.access).toBe('PENDING')
        }
      }),
      { numRuns: 1_000 },
    )
  })

  it('ends with an allow, told or silent', () => {
    for (const acts of Object.values(ENDS)) {
      const { now, pair } = afterAll([...acts, allow])
      expect([isCooling(pair.view, now), isSilent(pair.edge)]).toEqual([false, false])
    }
  })

  it('is none for whoever never asked', () => {
    for (const acts of [
      [block, remove],
      [allow, remove],
      [grant, wait(50)],
    ]) {
      expect(isSilent(afterAll(acts).pair.edge)).toBe(false)
      expect(afterAll([...acts, ask]).pair.edge.state).toBe('PENDING')
    }
  })

  it('is the one of the class in which he asked: asking at another one later changes none that runs', () => {
    const other = { ...ask, cooldownMs: 7 }
    const endOfSilence = (moment: Moment) => moment.pair.edge.endsAt
    for (const acts of Object.values(ENDS)) {
      const end = afterAll(acts)
      const again = take(other, end, 20).after
      expect(endOfSilence(again)).toBe(endOfSilence(end))
      expect(again.pair.view.coolsUntil).toBe(end.pair.view.coolsUntil)
    }
  })

  it('and the end of a request that waits are not changed by asking once more from another class', () => {
    fc.assert(
      fc.property(anyHistory, anyAsk, (acts, again) => {
        const before = afterAll(acts)
        fc.pre(before.pair.view.access === 'PENDING')
        const { view } = take(again, before, 99).after.pair
        if (view.access !== 'PENDING') return
        expect(view).toEqual(before.pair.view)
      }),
    )
  })

  it('answers equally for equal views, whatever the edge', () => {
    fc.assert(
      fc.property(anyHistory, anyAsk, (acts, again) => {
        const { now, pair } = afterAll(acts)
        const edges = [pair.edge, ...Object.values(ENDS).map((end) => afterAll(end).pair.edge)]
        const told = edges.map((edge) => {
          const { answer, retryAt } = take(
            again,
            { now, pair: { ...pair, edge }, stored: { ...pair, edge } },
            99,
          )
          return { answer, retryAt }
        })
        for (const each of told) expect(each).toEqual(told[0])
      }),
    )
  })
})
