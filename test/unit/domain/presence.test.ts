import { describe, expect, it } from 'vitest'
import {
  appearsOffline,
  composeOwnPresence,
  composePresence,
  mayHide,
  OFFLINE,
  PUBLISHABLE_STATUSES,
  type Ageing,
  type ManualStatus,
  type Presence,
  type PresenceSession,
  type PresenceSource,
  type PublishableStatus,
} from '../../../src/domain/presence.ts'
import { combinations, RulesDocument } from '../../support/rules-document.ts'

const NOW = 1_000
const NEVER: Ageing = { idleAfterMs: null, awayAfterMs: null }
const YES_NO = ['yes', 'no']

function session(values: Partial<PresenceSession> = {}): PresenceSession {
  return {
    id: 'desk',
    status: 'AVAILABLE',
    activity: null,
    note: null,
    publishedAt: NOW - 10,
    activeAt: NOW - 10,
    leaseEndsAt: NOW + 10,
    mayAppearOffline: false,
    inClassSince: NOW - 10,
    ...values,
  }
}

function source(values: Partial<PresenceSource> = {}): PresenceSource {
  const choices = {
    manual: null,
    appearOffline: false,
    appearOfflineAllowed: true,
    appearOfflineForbiddenAt: null,
  }
  return { sessions: [session()], ...choices, ageing: NEVER, ...values }
}

/** A session that nothing but itself could have said. */
function speaking(status: PublishableStatus, values: Partial<PresenceSession> = {}): PresenceSession {
  const id = values.id ?? status
  return session({ id, status, activity: 'IN_A_CALL', note: `note of ${id}`, ...values })
}

function saidBy({ status, activity, note }: PresenceSession): Presence {
  return { status, activity, note }
}

const MANUAL = {
  none: null,
  ended: { status: 'AWAY', endsAt: NOW },
  'with an end': { status: 'AWAY', endsAt: NOW + 1 },
  'until changed': { status: 'AWAY', endsAt: null },
} satisfies Record<string, ManualStatus | null>

const SESSIONS = {
  none: [],
  'one that ended': [speaking('BUSY', { leaseEndsAt: NOW, mayAppearOffline: true })],
  'one that began when appearing offline was allowed': [speaking('BUSY', { mayAppearOffline: true })],
  'one that began when it was not': [speaking('BUSY', { mayAppearOffline: false })],
  'both, and one that ended': [
    speaking('AVAILABLE', { id: 'new' }),
    speaking('BUSY', { id: 'old', mayAppearOffline: true }),
    speaking('DO_NOT_DISTURB', { id: 'gone', leaseEndsAt: NOW - 1 }),
  ],
  'one that ended when it was allowed, one that lives when it was not': [
    speaking('DO_NOT_DISTURB', { id: 'gone', leaseEndsAt: NOW, mayAppearOffline: true }),
    speaking('BUSY'),
  ],
} satisfies Record<string, PresenceSession[]>

/** When the class last came to forbid to appear offline; sessions have lived in it since `NOW - 10`. */
const FORBIDDEN = {
  never: null,
  'before them': NOW - 11,
  'as they began': NOW - 10,
  'in the middle': NOW - 5,
}

/** Every combination of sessions, manual status, choice and class. */
const SOURCES = combinations({
  sessions: Object.keys(SESSIONS),
  manual: Object.keys(MANUAL),
  chosen: YES_NO,
  allowed: YES_NO,
  forbidden: Object.keys(FORBIDDEN),
}).map((given) => ({
  given,
  source: source({
    sessions: SESSIONS[given.sessions as keyof typeof SESSIONS],
    manual: MANUAL[given.manual as keyof typeof MANUAL],
    appearOffline: given.chosen === 'yes',
    appearOfflineAllowed: given.allowed === 'yes',
    appearOfflineForbiddenAt: FORBIDDEN[given.forbidden as keyof typeof FORBIDDEN],
  }),
}))

function yesNo(value: boolean): string {
  return value ? 'yes' : 'no'
}

describe('composed presence', () => {
  const rows = new RulesDocument().everyCase('Composition', {
    'a device is live': YES_NO,
    'appears offline': YES_NO,
    'manual status in force': YES_NO,
  })
  const documented = (live: boolean, hidden: boolean, manual: boolean): string | undefined =>
    rows.find(
      ({ given }) =>
        given['a device is live'] === yesNo(live) &&
        given['appears offline'] === yesNo(hidden) &&
        given['manual status in force'] === yesNo(manual),
    )?.row['seen as']

  it.each(SOURCES)('is what the document says: %o', ({ given, source }) => {
    const live = source.sessions.filter(({ leaseEndsAt }) => leaseEndsAt > NOW)
    const manual = given.manual === 'with an end' || given.manual === 'until changed'
    const kinds: Record<string, Presence | undefined> = {
      offline: OFFLINE,
      manual: { status: 'AWAY', activity: null, note: null },
      device: live.filter(({ status }) => status === 'BUSY').map(saidBy)[0],
    }
    const hidden = appearsOffline(source, NOW)
    const seenAs = documented(live.length > 0, hidden, manual) ?? ''
    expect(composePresence(source, NOW)).toEqual(kinds[seenAs])
    if (seenAs === 'offline') expect(composePresence(source, NOW)).toBe(OFFLINE)
    expect(composeOwnPresence(source, NOW)).toEqual(kinds[documented(live.length > 0, false, manual) ?? ''])
  })
})

describe('appearing offline', () => {
  const rows = new RulesDocument().everyCase('Appearing offline', {
    chosen: YES_NO,
    'class allows it now': YES_NO,
    'a live session has lived while it allowed it': YES_NO,
  })

  it.each(SOURCES)('holds when the document says so: %o', ({ given, source }) => {
    const forbiddenSince = given.forbidden === 'as they began' || given.forbidden === 'in the middle'
    const lived = source.sessions.some(
      (each) => (each.mayAppearOffline || forbiddenSince) && each.leaseEndsAt > NOW,
    )
    const row = rows.find(
      (each) =>
        each.given.chosen === given.chosen &&
        each.given['class allows it now'] === given.allowed &&
        each.given['a live session has lived while it allowed it'] === yesNo(lived),
    )
    expect(yesNo(appearsOffline(source, NOW))).toBe(row?.row['appears offline'])
  })

  it('is not undone by a class that comes to forbid it until the last session of before ends', () => {
    const forbidden = source({
      sessions: [
        session({ id: 'old', mayAppearOffline: true, leaseEndsAt: NOW + 5 }),
        session({ id: 'new' }),
      ],
      appearOffline: true,
      appearOfflineAllowed: false,
    })
    expect(composePresence(forbidden, NOW + 4)).toBe(OFFLINE)
    expect(composePresence(forbidden, NOW + 5)).not.toBe(OFFLINE)
  })
})

describe('a session that the release before has written, without the moment at which it came to its class', () => {
  const { inClassSince: _, ...before } = session()

  it.each([
    ['may hide if that the class forbids it was recorded, which this release did after it began', NOW, true],
    ['may not if it never was', null, false],
  ])('%s', (_claim, forbiddenAt, may) => {
    expect(mayHide(before, forbiddenAt)).toBe(may)
    expect(mayHide({ ...before, mayAppearOffline: true }, forbiddenAt)).toBe(true)
  })
})

describe('of several devices', () => {
  const order = new RulesDocument().table('Precedence').map((row) => row['status'])

  it('the document ranks each status once, from 1 on', () => {
    expect([...order].sort()).toEqual([...PUBLISHABLE_STATUSES].sort())
    expect(new RulesDocument().table('Precedence').map((row) => row['place'])).toEqual(
      order.map((_, at) => `${at + 1}`),
    )
  })

  it('the status that ranks first wins, with its activity and note, in whatever order they came and published', () => {
    for (const one of PUBLISHABLE_STATUSES) {
      for (const other of PUBLISHABLE_STATUSES.filter((status) => status !== one)) {
        for (const earlier of [0, 1, 2]) {
          const sessions = [
            speaking(one, { publishedAt: NOW - (earlier === 0 ? 2 : 1) }),
            speaking(other, { publishedAt: NOW - (earlier === 1 ? 2 : 1) }),
          ]
          const winner = order.indexOf(one) < order.indexOf(other) ? sessions[0] : sessions[1]
          expect(composePresence(source({ sessions }), NOW), `${one} and ${other}`).toEqual(
            winner && saidBy(winner),
          )
        }
      }
    }
  })

  it('the latest wins a tie, to the millisecond', () => {
    const early = speaking('BUSY', { id: 'z', publishedAt: NOW - 2 })
    const late = speaking('BUSY', { id: 'a', publishedAt: NOW - 1 })
    expect(composePresence(source({ sessions: [early, late] }), NOW)).toEqual(saidBy(late))
    expect(composePresence(source({ sessions: [late, early] }), NOW)).toEqual(saidBy(late))
  })

  it('the greater id wins where both published in the same millisecond, so that reads agree', () => {
    const a = speaking('BUSY', { id: 'a' })
    const b = speaking('BUSY', { id: 'b' })
    expect(composePresence(source({ sessions: [a, b] }), NOW)).toEqual(saidBy(b))
    expect(composePresence(source({ sessions: [b, a] }), NOW)).toEqual(saidBy(b))
  })

  it('one that is gone counts no more, to the millisecond of its lease', () => {
    const sessions = [speaking('DO_NOT_DISTURB', { leaseEndsAt: NOW + 3 }), speaking('AVAILABLE')]
    expect(composePresence(source({ sessions }), NOW + 2).status).toBe('DO_NOT_DISTURB')
    expect(composePresence(source({ sessions }), NOW + 3).status).toBe('AVAILABLE')
  })
})

describe('the end of a lease', () => {
  it('takes the last device offline at that millisecond', () => {
    const last = source({ sessions: [session({ leaseEndsAt: NOW + 3 })], manual: MANUAL['until changed'] })
    expect(composePresence(last, NOW + 2).status).toBe('AWAY')
    expect(composePresence(last, NOW + 3)).toBe(OFFLINE)
    expect(composeOwnPresence(last, NOW + 3)).toBe(OFFLINE)
  })
})

describe('a manual status', () => {
  it('replaces what every device says, and their activities and notes, until the millisecond of its end', () => {
    const manual = { status: 'AWAY', endsAt: NOW + 3 } as const
    const busy = source({ sessions: [speaking('DO_NOT_DISTURB')], manual })
    expect(composePresence(busy, NOW + 2)).toEqual({ status: 'AWAY', activity: null, note: null })
    expect(composePresence(busy, NOW + 3)).toEqual(saidBy(speaking('DO_NOT_DISTURB')))
  })
})
