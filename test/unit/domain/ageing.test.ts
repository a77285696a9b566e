import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  agedStatus,
  appearsOffline,
  composeOwnPresence,
  composePresence,
  nextPresenceChange,
  OFFLINE,
  PUBLISHABLE_STATUSES,
  type Ageing,
  type PresenceSession,
  type PresenceSource,
} from '../../../src/domain/presence.ts'
import { RulesDocument } from '../../support/rules-document.ts'

const NOW = 10_000
const AGEING: Ageing = { idleAfterMs: 300, awayAfterMs: 900 }
const NEVER: Ageing = { idleAfterMs: null, awayAfterMs: null }

function session(values: Partial<PresenceSession> = {}): PresenceSession {
  const said = { status: 'AVAILABLE', activity: null, note: null } as const
  const times = { publishedAt: NOW, activeAt: NOW, leaseEndsAt: NOW + 10_000 }
  return { id: 'desk', ...said, ...times, mayAppearOffline: false, ...values }
}

function source(values: Partial<PresenceSource> = {}): PresenceSource {
  const choices = {
    manual: null,
    appearOffline: false,
    appearOfflineAllowed: true,
    appearOfflineForbiddenAt: null,
  }
  return { sessions: [session()], ...choices, ageing: AGEING, ...values }
}

describe('ageing', () => {
  const table = new RulesDocument().matrix('Ageing', {
    rows: PUBLISHABLE_STATUSES,
    columns: ['active', 'for a while', 'for longer'],
  })

  it.each(PUBLISHABLE_STATUSES)('makes of %s what the document says, to the millisecond', (status) => {
    const after = (ms: number) => agedStatus({ status, activeAt: NOW }, AGEING, NOW + ms)
    expect([after(0), after(299)]).toEqual([table[status].active, table[status].active])
    expect([after(300), after(899)]).toEqual([table[status]['for a while'], table[status]['for a while']])
    expect([after(900), after(1e12)]).toEqual([table[status]['for longer'], table[status]['for longer']])
  })

  it.each(PUBLISHABLE_STATUSES)('leaves %s as it is where the deployment says never', (status) => {
    expect(agedStatus({ status, activeAt: 0 }, NEVER, NOW)).toBe(status)
  })

  it('leaves out what the deployment lets never come, and what would come too late', () => {
    const available = { status: 'AVAILABLE', activeAt: NOW } as const
    expect(agedStatus(available, { idleAfterMs: null, awayAfterMs: 900 }, NOW + 899)).toBe('AVAILABLE')
    expect(agedStatus(available, { idleAfterMs: null, awayAfterMs: 900 }, NOW + 900)).toBe('AWAY')
    expect(agedStatus(available, { idleAfterMs: 300, awayAfterMs: null }, NOW + 1e12)).toBe('IDLE')
    expect(agedStatus(available, { idleAfterMs: 300, awayAfterMs: 200 }, NOW + 200)).toBe('AWAY')
    expect(agedStatus(available, { idleAfterMs: 300, awayAfterMs: 200 }, NOW + 300)).toBe('AWAY')
  })

  it('comes before devices are compared: one that is used wins over one that is not, with its note', () => {
    const sessions = [
      session({ id: 'desk', note: 'at my desk', publishedAt: NOW + 1, activeAt: NOW - 200 }),
      session({ id: 'phone', note: 'on the road' }),
    ]
    expect(composePresence(source({ sessions }), NOW + 99).note).toBe('at my desk')
    expect(composePresence(source({ sessions }), NOW + 100)).toMatchObject({
      status: 'AVAILABLE',
      note: 'on the road',
    })
    expect(composePresence(source({ sessions }), NOW + 300)).toMatchObject({
      status: 'IDLE',
      note: 'at my desk',
    })
  })

  it('keeps the activity and the note of the device that has aged', () => {
    const presenting = session({ activity: 'PRESENTING', note: 'until five' })
    expect(composePresence(source({ sessions: [presenting] }), NOW + 900)).toEqual({
      status: 'AWAY',
      activity: 'PRESENTING',
      note: 'until five',
    })
  })

  it('never touches a status that was set by hand', () => {
    const manual = { status: 'AVAILABLE', endsAt: null } as const
    expect(composePresence(source({ manual }), NOW + 900).status).toBe('AVAILABLE')
  })
})

describe('the next change by time alone', () => {
  it.each([
    ['of nobody who is connected is never', source({ sessions: [] }), null],
    ['is not that of a session which has ended', source({ sessions: [session({ leaseEndsAt: NOW })] }), null],
    ['is the end of a lease', source({ sessions: [session({ leaseEndsAt: NOW + 200 })] }), 200],
    ['is when AVAILABLE counts as IDLE', source(), 300],
    ['is then when it counts as AWAY', source({ sessions: [session({ activeAt: NOW - 300 })] }), 600],
    ['is then the end of its lease', source({ sessions: [session({ activeAt: NOW - 900 })] }), 10_000],
    ['is when IDLE counts as AWAY', source({ sessions: [session({ status: 'IDLE' })] }), 900],
    ['is no age of BUSY', source({ sessions: [session({ status: 'BUSY' })] }), 10_000],
    ['is no age that never comes', source({ ageing: NEVER }), 10_000],
    ['is the end of a manual status', source({ manual: { status: 'BUSY', endsAt: NOW + 100 } }), 100],
    ['is no end that has been', source({ manual: { status: 'BUSY', endsAt: NOW } }), 300],
  ])('%s', (_, given, inMs) => {
    expect(nextPresenceChange(given, NOW)).toBe(inMs === null ? null : NOW + inMs)
  })

  const anyMoment = fc.integer({ min: NOW - 40, max: NOW + 40 })
  const anyAge = fc.option(fc.integer({ min: 1, max: 40 }))
  const anySession = fc.record({
    id: fc.constantFrom('a', 'b', 'c'),
    status: fc.constantFrom(...PUBLISHABLE_STATUSES),
    activity: fc.constantFrom(null, 'IN_A_CALL' as const),
    note: fc.constantFrom(null, 'one', 'two'),
    publishedAt: anyMoment,
    activeAt: anyMoment,
    leaseEndsAt: anyMoment,
    mayAppearOffline: fc.boolean(),
    inClassSince: anyMoment,
  })
  const anySource: fc.Arbitrary<PresenceSource> = fc.record({
    sessions: fc.uniqueArray(anySession, { maxLength: 3, selector: ({ id }) => id }),
    manual: fc.option(
      fc.record({ status: fc.constantFrom(...PUBLISHABLE_STATUSES), endsAt: fc.option(anyMoment) }),
    ),
    appearOffline: fc.boolean(),
    appearOfflineAllowed: fc.boolean(),
    appearOfflineForbiddenAt: fc.option(anyMoment),
    ageing: fc.record({ idleAfterMs: anyAge, awayAfterMs: anyAge }),
  })
  const composed = (given: PresenceSource, now: number) => [
    composePresence(given, now),
    composeOwnPresence(given, now),
    appearsOffline(given, now),
  ]

  it('lies ahead, and until then every composition stays what it is', () => {
    fc.assert(
      fc.property(anySource, (given) => {
        const next = nextPresenceChange(given, NOW)
        if (next !== null) expect(next).toBeGreaterThan(NOW)
        // Nothing of these sources is later than this.
        for (let at = NOW; at < (next ?? NOW + 200); at += 1) {
          expect(composed(given, at), `${at - NOW} ms later`).toEqual(composed(given, NOW))
        }
      }),
      { numRuns: 1000 },
    )
  })

  it('followed from one to the next, leads to Offline and ends there', () => {
    fc.assert(
      fc.property(anySource, (given) => {
        let at = NOW
        for (let steps = 0; ; steps += 1) {
          const next = nextPresenceChange(given, at)
          if (next === null) break
          expect(steps).toBeLessThan(20)
          at = next
        }
        expect(composePresence(given, at)).toBe(OFFLINE)
      }),
    )
  })
})
