import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  disclose,
  isShownByOwnFacts,
  type DisclosureFacts,
  type PresenceServer,
} from '../../../src/domain/disclosure.ts'
import type { EdgeState } from '../../../src/domain/edge.ts'
import {
  OFFLINE,
  PRESENCE_ACTIVITIES,
  PUBLISHABLE_STATUSES,
  type Presence,
} from '../../../src/domain/presence.ts'
import { EDGE_STATES, PRESENCE_SERVERS } from '../../support/domain-values.ts'
import { RulesDocument } from '../../support/rules-document.ts'

const YES_NO = ['yes', 'no']
const presence: Presence = { status: 'BUSY', activity: 'IN_A_MEETING', note: 'until four' }

const anyPresence: fc.Arbitrary<Presence> = fc.record({
  status: fc.constantFrom(...PUBLISHABLE_STATUSES, 'OFFLINE'),
  activity: fc.option(fc.constantFrom(...PRESENCE_ACTIVITIES), { nil: null }),
  note: fc.option(fc.string(), { nil: null }),
})
const anyFacts: fc.Arbitrary<DisclosureFacts> = fc.record({
  self: fc.boolean(),
  edge: fc.constantFrom(...EDGE_STATES),
  presenceServer: fc.constantFrom(...PRESENCE_SERVERS),
  shownWhenAsked: fc.boolean(),
  pendingShownByClass: fc.boolean(),
  onlyContactsSeen: fc.boolean(),
  contact: fc.boolean(),
  blockedByWatcher: fc.boolean(),
})
const anyOthersFacts = anyFacts.map((facts) => ({ ...facts, self: false }))

/** Everything that can be taken from a watcher. */
const TAKINGS: readonly { readonly what: string; readonly facts: Partial<DisclosureFacts> }[] = [
  { what: 'the edge is deleted, or its grant ends', facts: { edge: 'NONE' } },
  { what: 'the presentity blocks him', facts: { edge: 'BLOCKED' } },
  { what: 'the presentity leaves his contact list', facts: { contact: false } },
  { what: 'his class comes to require PROMPT', facts: { onlyContactsSeen: true } },
  { what: 'her class stops showing her while he waits', facts: { pendingShownByClass: false } },
  { what: 'she moves to another server', facts: { presenceServer: 'CONVERGED_CONFERENCING' } },
  { what: 'her server is no longer known', facts: { presenceServer: 'NONE_KNOWN' } },
  { what: 'his request was made when it showed nothing', facts: { shownWhenAsked: false } },
  { what: 'he blocks her', facts: { blockedByWatcher: true } },
]

describe('what a watcher is shown', () => {
  it('is what the document says, for every combination of facts', () => {
    const cases = new RulesDocument().everyCase('Disclosure', {
      self: YES_NO,
      'blocked by the watcher': YES_NO,
      'only contacts seen': YES_NO,
      contact: YES_NO,
      edge: EDGE_STATES,
      'presence server': PRESENCE_SERVERS,
      'shown when asked': YES_NO,
      'shown by class now': YES_NO,
    })
    expect(cases).toHaveLength(2 ** 6 * 4 * 3)
    for (const { given, row } of cases) {
      const shown = disclose(
        {
          self: given.self === 'yes',
          blockedByWatcher: given['blocked by the watcher'] === 'yes',
          onlyContactsSeen: given['only contacts seen'] === 'yes',
          contact: given.contact === 'yes',
          edge: given.edge as EdgeState,
          presenceServer: given['presence server'] as PresenceServer,
          shownWhenAsked: given['shown when asked'] === 'yes',
          pendingShownByClass: given['shown by class now'] === 'yes',
        },
        () => presence,
      )
      const documented = row['shown'] === 'REAL' ? presence : row['shown'] === 'OFFLINE' ? OFFLINE : undefined
      expect(shown, JSON.stringify(given)).toBe(documented)
    }
  })

  it('is of himself always the real presence', () => {
    fc.assert(
      fc.property(anyFacts, anyPresence, (facts, real) => {
        expect(disclose({ ...facts, self: true }, () => real)).toBe(real)
      }),
    )
  })

  it('is never the real presence of one who blocks him, or whom he blocks', () => {
    fc.assert(
      fc.property(anyOthersFacts, anyPresence, (facts, real) => {
        expect(disclose({ ...facts, edge: 'BLOCKED' }, () => real)).toBe(OFFLINE)
        expect(disclose({ ...facts, blockedByWatcher: true }, () => real)).toBe(OFFLINE)
      }),
    )
  })

  it('is the presence as it is or the one frozen OFFLINE, and nothing between', () => {
    fc.assert(
      fc.property(anyFacts, anyPresence, (facts, real) => {
        expect([real, OFFLINE].some((value) => value === disclose(facts, () => real))).toBe(true)
      }),
    )
    expect(Object.isFrozen(OFFLINE)).toBe(true)
    expect(OFFLINE).toEqual({ status: 'OFFLINE', activity: null, note: null })
  })

  it.each(TAKINGS)('is never more after something is taken away: $what', ({ facts: taken }) => {
    fc.assert(
      fc.property(anyOthersFacts, anyPresence, (facts, real) => {
        fc.pre(disclose(facts, () => real) === OFFLINE)
        expect(disclose({ ...facts, ...taken }, () => real)).toBe(OFFLINE)
      }),
      { numRuns: 300 },
    )
  })

  it('depends on the presence only by showing it', () => {
    fc.assert(
      fc.property(anyFacts, anyPresence, anyPresence, (facts, one, other) => {
        expect(disclose(facts, () => one) === one).toBe(disclose(facts, () => other) === other)
      }),
    )
  })
})

describe('the users who can see a presentity, as the presentity is told', () => {
  it('is everybody who is shown her, but for what is his own: his contact list, his class, whom he blocks', () => {
    fc.assert(
      fc.property(anyOthersFacts, (facts) => {
        const neutral = { ...facts, blockedByWatcher: false, onlyContactsSeen: false, contact: false }
        expect(isShownByOwnFacts(facts)).toBe(disclose(neutral, () => presence) === presence)
      }),
      { numRuns: 2000 },
    )
  })

  it('leaves out nobody who is shown her', () => {
    fc.assert(
      fc.property(anyOthersFacts, (facts) => {
        fc.pre(disclose(facts, () => presence) === presence)
        expect(isShownByOwnFacts(facts)).toBe(true)
      }),
    )
  })
})
