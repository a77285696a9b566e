import { describe, expect, it } from 'vitest'
import type { PresenceSession } from '../../../src/domain/presence.ts'
import {
  endSession,
  lastEnd,
  publishSession,
  renewSession,
  sessionsInAnotherClass,
  type Publication,
  type Renewal,
} from '../../../src/domain/sessions.ts'

const NOW = 1_000_000
const LEASE_MS = 100_000
/** A tenth more than was asked for is the longest lease that is handed out. */
const LONGEST_MS = 110_000
const AGEING = { idleAfterMs: 5000, awayAfterMs: 50_000 }

function session(id: string, more: Partial<PresenceSession> = {}): PresenceSession {
  return {
    ...{ id, status: 'AVAILABLE', activity: null, note: null, mayAppearOffline: false, inClassSince: 7 },
    ...{ publishedAt: NOW - 900, activeAt: NOW - 900, leaseEndsAt: NOW + LEASE_MS },
    ...more,
  }
}

const DESK = session('desk')
const PHONE = session('phone', { leaseEndsAt: NOW + 1 })
const GONE = session('gone', { leaseEndsAt: NOW })

function renew(change: Partial<Renewal>, before: PresenceSession = DESK) {
  const renewal = { id: before.id, said: null, inactiveForMs: null, leaseMs: LEASE_MS, ...change }
  return renewSession([PHONE, before], renewal, { now: NOW, ageing: AGEING })
}

/** What the session says by then, and whether others are to hear of it. */
function renewed(change: Partial<Renewal>, before: PresenceSession = DESK) {
  const { sessions, isNews } = renew(change, before)!
  return { ...sessions.find(({ id }) => id === before.id)!, isNews }
}

describe('a session that is renewed', () => {
  it('stays among the others that live, as it was', () => {
    expect(renew({})).toEqual({ sessions: [PHONE, DESK], isNews: false })
  })

  it('is none if it has ended, or never was', () => {
    expect(renew({}, GONE)).toBeNull()
    expect(renew({ id: 'other' })).toBeNull()
    const both = renewSession(
      [GONE, DESK],
      { id: 'desk', said: null, inactiveForMs: null, leaseMs: 1 },
      { now: NOW, ageing: AGEING },
    )
    expect(both?.sessions).toEqual([DESK])
  })

  it.each([
    ['status', { status: 'BUSY', activity: null, note: null }],
    ['activity', { status: 'AVAILABLE', activity: 'IN_A_CALL', note: null }],
    ['note', { status: 'AVAILABLE', activity: null, note: 'here' }],
  ] as const)('with another %s is news, and said now', (_, said) => {
    expect(renewed({ said })).toMatchObject({ ...said, publishedAt: NOW, isNews: true })
  })

  it('with the same words is no news, and no new word', () => {
    const said = { status: 'AVAILABLE', activity: null, note: null } as const
    expect(renewed({ said })).toEqual({ ...DESK, isNews: false })
  })

  it('without words keeps the longer lease; with words it keeps one within the spread', () => {
    const said = { status: 'AVAILABLE', activity: null, note: null } as const
    const until = (leaseEndsAt: number) => session('desk', { leaseEndsAt })
    expect(renewed({}, until(NOW + 5))).toMatchObject({ leaseEndsAt: NOW + LEASE_MS, isNews: false })
    expect(renewed({}, until(NOW + 900_000))).toMatchObject({ leaseEndsAt: NOW + 900_000, isNews: false })
    expect(renewed({ said }, until(NOW + 5))).toMatchObject({ leaseEndsAt: NOW + LEASE_MS, isNews: false })
    const within = until(NOW + LONGEST_MS - 1)
    expect(renewed({ said }, within)).toEqual({ ...within, isNews: false })
    expect(renewed({ said }, until(NOW + 900_000))).toMatchObject({
      leaseEndsAt: NOW + LONGEST_MS,
      isNews: true,
    })
    expect(renewed({ said }, until(NOW + LONGEST_MS))).toMatchObject({ isNews: false })
  })

  it('is as active as was last known, and an age that is undone is news', () => {
    const idle = session('desk', { activeAt: NOW - 6000 })
    expect(renewed({ inactiveForMs: null }, idle)).toMatchObject({ activeAt: NOW - 6000, isNews: false })
    expect(renewed({ inactiveForMs: 7000 }, idle)).toMatchObject({ activeAt: NOW - 6000, isNews: false })
    expect(renewed({ inactiveForMs: 5000 }, idle)).toMatchObject({ activeAt: NOW - 5000, isNews: false })
    expect(renewed({ inactiveForMs: 4999 }, idle)).toMatchObject({ activeAt: NOW - 4999, isNews: true })
  })
})

describe('a session that is published', () => {
  const publication: Publication = {
    ...{ session: { id: 'desk', status: 'BUSY', activity: 'IN_A_CALL', note: 'new' } },
    ...{ inactiveForMs: 300, leaseMs: 2000, maxSessions: 5 },
  }
  const times = { publishedAt: NOW, activeAt: NOW - 300, leaseEndsAt: NOW + 2000 }

  it.each([true, false])(
    'begins beside those that live, and may hide if its class allows it: %s',
    (allowed) => {
      const after = publishSession([PHONE, GONE], publication, { now: NOW, appearOfflineAllowed: allowed })
      const begun = { ...publication.session, ...times, mayAppearOffline: allowed, inClassSince: NOW }
      expect(after).toEqual([PHONE, begun])
    },
  )

  it('anew takes its own place, and keeps what it was allowed', () => {
    const after = publishSession([DESK, PHONE], publication, { now: NOW, appearOfflineAllowed: true })
    expect(after).toEqual([PHONE, { ...DESK, ...publication.session, ...times }])
  })
})

describe('a session that ends', () => {
  it('leaves the others that live; what does not live cannot end', () => {
    expect(endSession([DESK, PHONE, GONE], 'desk', NOW)).toEqual([PHONE])
    expect(endSession([DESK], 'desk', NOW)).toEqual([])
    expect(endSession([DESK, GONE], 'gone', NOW)).toBeNull()
    expect(endSession([DESK], 'other', NOW)).toBeNull()
  })
})

it('the last end of sessions is that of the longest lease; of none there is none', () => {
  expect(lastEnd([GONE, DESK, PHONE])).toBe(NOW + LEASE_MS)
  expect(lastEnd([])).toBeNull()
})

describe('sessions of a user who comes into another class', () => {
  const moved = (
    of: PresenceSession,
    appearOfflineAllowed: boolean,
    appearOfflineForbiddenAt: number | null,
  ) => sessionsInAnotherClass([of, GONE], { appearOfflineAllowed, appearOfflineForbiddenAt }, NOW)

  it('are in it from now on, and those that have ended are gone', () => {
    expect(moved(DESK, false, null)).toEqual([{ ...DESK, inClassSince: NOW }])
  })

  it.each([
    ['the class that was left allows it', DESK, true, null, true],
    ['it was allowed when the session began', session('desk', { mayAppearOffline: true }), false, null, true],
    ['the class came to forbid it while the session lived', DESK, false, 7, true],
    ['the class forbade it before the session came to it', DESK, false, 6, false],
    ['the class never allowed it', DESK, false, null, false],
  ])('stay hidden where %s', (_, of, allowed, forbiddenAt, hides) => {
    expect(moved(of, allowed, forbiddenAt)[0]?.mayAppearOffline).toBe(hides)
  })
})
