import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ask, type Asking } from '../../../src/domain/ask.ts'
import { isSilent, NO_EDGE, type Edge, type EdgeState } from '../../../src/domain/edge.ts'
import type { InvitationHandling } from '../../../src/domain/invitation-handling.ts'
import { NO_PAIR, type Pair } from '../../../src/domain/pair.ts'
import { isCooling, NO_VIEW, type Access } from '../../../src/domain/watchers-view.ts'
import { ACCESSES, EDGE_STATES, HANDLINGS } from '../../support/domain-values.ts'
import {
  afterAll,
  anyAsk,
  anyHistory,
  momentsAfter,
  play,
  type Act,
  type Moment,
} from '../../support/pair-histories.ts'
import { RulesDocument } from '../../support/rules-document.ts'

const prompted: Act = {
  act: 'ask',
  trigger: 'CALL',
  handling: 'PROMPT',
  pendingShown: false,
  lifetimeMs: 100,
  cooldownMs: 30,
}
const document = new RulesDocument()
const moments = momentsAfter(4)

function asking(moment: Pick<Moment, 'now'>, values: Partial<Asking> = {}): Asking {
  return {
    now: moment.now,
    trigger: 'INSTANT_MESSAGE',
    handling: 'PROMPT',
    pendingShown: false,
    endsAt: moment.now + 100,
    cooldownMs: 30,
    ids: { incoming: 'incoming-new', outgoing: 'outgoing-new' },
    ...values,
  }
}

/** What of an ask the presentity's popup gets. */
function reachesHer(before: Pair, after: Pair): string {
  const { incoming } = after
  if (incoming?.state !== 'OPEN') return 'nothing'
  if (incoming.id !== before.incoming?.id) return incoming.kind.toLowerCase()
  return incoming.triggers.length > before.incoming.triggers.length ? 'added' : 'nothing'
}

/** Such a pair, whether or not it can come about. */
function pairOf(edge: EdgeState, access: Access): Pair {
  const endsAt = (state: string) => (state === 'PENDING' ? 5_000 : null)
  return {
    ...NO_PAIR,
    edge: { ...NO_EDGE, state: edge, endsAt: endsAt(edge) },
    view: { ...NO_VIEW, access, endsAt: endsAt(access) },
  }
}

/** Whether a pair is one that a row of the document is about. */
function isSuch(
  { edge, view }: Pair,
  given: { readonly edge: string; readonly silence: string; readonly view: string },
): boolean {
  return (
    edge.state === given.edge && isSilent(edge) === (given.silence === 'yes') && view.access === given.view
  )
}

describe('which edge meets which view', () => {
  const documented = document.matrix('Which edge meets which view', { rows: EDGE_STATES, columns: ACCESSES })

  it('is what the document says: every combination of it comes about, and no other', () => {
    const found = new Set(moments.map(({ pair }) => `${pair.edge.state} ${pair.view.access}`))
    for (const edge of EDGE_STATES) {
      for (const access of ACCESSES) {
        expect(`${edge} ${access}: ${found.has(`${edge} ${access}`) ? 'yes' : 'never'}`).toBe(
          `${edge} ${access}: ${documented[edge][access]}`,
        )
      }
    }
  })

  it('is so in longer histories, too', () => {
    fc.assert(
      fc.property(anyHistory, (acts) => {
        for (const { after } of play(acts)) {
          expect(documented[after.pair.edge.state][after.pair.view.access]).toBe('yes')
        }
      }),
    )
  })
})

describe('asking', () => {
  it('answers what the document says for every view and handling, whatever the edge', () => {
    const documented = document.matrix('What asking answers', { rows: ACCESSES, columns: HANDLINGS })
    for (const view of ACCESSES) {
      for (const handling of HANDLINGS) {
        for (const edge of EDGE_STATES) {
          const { answer } = ask(pairOf(edge, view), asking({ now: 1_000 }, { handling }))
          expect(`${view} ${handling} ${edge}: ${answer}`).toBe(
            `${view} ${handling} ${edge}: ${documented[view][handling]}`,
          )
        }
      }
    }
  })

  it('does what the document says to every pair that can come about', () => {
    const cases = document.everyCase(
      'What asking does',
      { edge: EDGE_STATES, silence: ['yes', 'no'], view: ACCESSES, handling: HANDLINGS },
      (given) => moments.some(({ pair }) => isSuch(pair, given)),
    )
    // Nine combinations of edge and view come about, three of them in a silence, too.
    expect(cases).toHaveLength((9 + 3) * 2)
    for (const { given, row } of cases) {
      for (const moment of moments.filter(({ pair }) => isSuch(pair, given))) {
        if (isCooling(moment.pair.view, moment.now)) continue
        const handling = given.handling as InvitationHandling
        const { pair } = ask(moment.stored, asking(moment, { handling }))
        expect(
          { edge: pair.edge.state, view: pair.view.access, reaches: reachesHer(moment.pair, pair) },
          JSON.stringify([given, moment.pair]),
        ).toEqual({ edge: row['edge after'], view: row['view after'], reaches: row['reaches her'] })
      }
    }
  })

  it('tells and leaves two watchers with equal views the same, whatever has been decided about them', () => {
    fc.assert(
      fc.property(anyHistory, anyAsk, (acts, again) => {
        const { now, pair } = afterAll(acts)
        const half = { view: pair.view, outgoing: pair.outgoing }
        const asked = asking({ now }, { ...again, endsAt: now + again.lifetimeMs })
        const expected = ask(pair, asked)
        const edges: Edge[] = EDGE_STATES.map((state) => ({
          ...NO_EDGE,
          state,
          endsAt: state === 'PENDING' ? (pair.view.endsAt ?? now + 1) : null,
        }))
        const silent: Edge = { ...NO_EDGE, endsAt: now + 1 }
        for (const edge of [...edges, silent]) {
          const other = ask({ ...NO_PAIR, ...half, edge }, asked)
          expect(other.answer).toBe(expected.answer)
          expect(other.request).toEqual(expected.request)
          // An allow is the one thing that the watcher may learn of the edge.
          const [told, otherTold] = [expected, other].map(({ pair: after }) => after.view.access)
          if (told === otherTold) {
            expect(other.pair.view).toEqual(expected.pair.view)
            expect(other.pair.outgoing).toEqual(expected.pair.outgoing)
          } else {
            const allowed = told === 'ALLOWED' ? expected.pair : other.pair
            expect(allowed.edge.state).toBe('ALLOWED')
            expect(other.pair.outgoing?.triggers).toEqual(expected.pair.outgoing?.triggers)
            expect(other.pair.outgoing?.endsAt).toEqual(expected.pair.outgoing?.endsAt)
          }
        }
      }),
      { numRuns: 500 },
    )
  })

  it('answers PENDING with a request that is open, and anything else with none', () => {
    for (const moment of moments) {
      for (const handling of HANDLINGS) {
        const { answer, request } = ask(moment.stored, asking(moment, { handling }))
        expect(request?.state).toBe(answer === 'PENDING' ? 'OPEN' : undefined)
      }
    }
  })

  it('writes both halves of a request that reaches nobody', () => {
    const block: Act = { act: 'decide', verdict: 'BLOCKED', grantMs: null }
    const blocked = afterAll([block])
    const absorbed = ask(blocked.pair, asking(blocked)).pair
    expect(absorbed.incoming).toMatchObject({
      id: 'incoming-new',
      state: 'ABSORBED',
      triggers: ['INSTANT_MESSAGE'],
    })
    expect(absorbed.outgoing).toMatchObject({
      id: 'outgoing-new',
      state: 'OPEN',
      triggers: ['INSTANT_MESSAGE'],
    })
    const again = ask(absorbed, asking(blocked, { trigger: 'CALL' })).pair
    expect(again.incoming).toEqual({ ...absorbed.incoming, triggers: ['INSTANT_MESSAGE', 'CALL'] })
    expect(again.outgoing).toEqual({ ...absorbed.outgoing, triggers: ['INSTANT_MESSAGE', 'CALL'] })
  })

  it('writes an incoming half for every pair, and an outgoing one whenever the answer is pending', () => {
    for (const moment of moments) {
      for (const handling of HANDLINGS) {
        const { pair, answer } = ask(moment.stored, asking(moment, { handling }))
        expect(pair.incoming).not.toBeNull()
        if (pair.incoming?.kind === 'REQUEST') expect(pair.incoming.triggers).toContain('INSTANT_MESSAGE')
        if (answer === 'PENDING') expect(pair.outgoing?.triggers).toContain('INSTANT_MESSAGE')
      }
    }
  })

  it('opens an edge that says why it is there', () => {
    const origins = HANDLINGS.map((handling) => {
      const { pair } = ask(NO_PAIR, asking({ now: 1 }, { handling }))
      return [handling, pair.edge.origin]
    })
    expect(Object.fromEntries(origins)).toEqual({ PROMPT: 'REQUESTED', AUTO_ACCEPT: 'AUTO_ACCEPTED' })
  })

  it('again does not move the end of the request', () => {
    const asked = afterAll([prompted])
    const { pair } = ask(asked.pair, asking({ ...asked, now: asked.now + 60 }))
    const ends = [pair.edge.endsAt, pair.view.endsAt, pair.incoming?.endsAt, pair.outgoing?.endsAt]
    expect(ends).toEqual(Array(4).fill(asked.now + 100))
  })

  it('when she has dismissed the request opens another one for her after the silence, which ends when his does', () => {
    const dismissed = afterAll([prompted, { act: 'removeEdge' }, { act: 'wait', ms: 60 }])
    const { pair } = ask(dismissed.pair, asking(dismissed))
    expect(pair.incoming).toMatchObject({ id: 'incoming-new', state: 'OPEN', triggers: ['INSTANT_MESSAGE'] })
    expect(pair.outgoing).toMatchObject({ id: 'outgoing-0', triggers: ['CALL', 'INSTANT_MESSAGE'] })
    const ends = [pair.edge.endsAt, pair.view.endsAt, pair.incoming?.endsAt, pair.outgoing?.endsAt]
    expect(ends).toEqual(Array(4).fill(dismissed.now + 40))
  })
})

it('a request that is absorbed after the one before has ended is a new item, as one that reaches the presentity is', () => {
  const blocked = pairOf('BLOCKED', 'NONE')
  const before: Pair = {
    ...blocked,
    incoming: {
      ...{ id: 'incoming-old', kind: 'REQUEST', state: 'ABSORBED', triggers: ['CALL'] },
      ...{ askedAt: 100, endsAt: 200 },
    },
  }
  expect(ask(before, asking({ now: 300 })).pair.incoming).toMatchObject({
    ...{ id: 'incoming-new', state: 'ABSORBED', triggers: ['INSTANT_MESSAGE'], askedAt: 300 },
  })
})
