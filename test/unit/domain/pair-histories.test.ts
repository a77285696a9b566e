import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { blocksFrom, edgeAt, isSilent, type EdgeEvent } from '../../../src/domain/edge.ts'
import { pairAt, type Pair } from '../../../src/domain/pair.ts'
import { viewAt, type ViewEvent } from '../../../src/domain/watchers-view.ts'
import { ACCESSES, EDGE_EVENTS, EDGE_STATES, VIEW_EVENTS } from '../../support/domain-values.ts'
import {
  anyHistory,
  momentsAfter,
  play,
  SOME_ACTS,
  START,
  take,
  type Act,
  type Step,
} from '../../support/pair-histories.ts'
import { RulesDocument } from '../../support/rules-document.ts'

const document = new RulesDocument()
const edgeTable = document.matrix('Edge transitions', { rows: EDGE_EVENTS, columns: EDGE_STATES })
const viewTable = document.matrix('View transitions', { rows: VIEW_EVENTS, columns: ACCESSES })

/** Every act after every short history of a small world. */
const SHORT_STEPS = momentsAfter(3).flatMap((moment) => SOME_ACTS.map((act) => take(act, moment, 9)))

function everyStep(check: (step: Step) => void): void {
  SHORT_STEPS.forEach(check)
  everyLongStep(check)
}

function everyLongStep(check: (step: Step) => void): void {
  fc.assert(
    fc.property(anyHistory, (acts) => {
      play(acts).forEach(check)
    }),
    { numRuns: 150 },
  )
}

/** The transitions that the document knows for an act, those of passing time apart. */
const EVENTS: Readonly<Record<string, { readonly edge: EdgeEvent; readonly view: ViewEvent | null }>> = {
  'ask PROMPT': { edge: 'REQUESTED_PROMPT', view: 'ASKED_PROMPT' },
  'ask AUTO_ACCEPT': { edge: 'REQUESTED_AUTO_ACCEPT', view: 'ASKED_AUTO_ACCEPT' },
  'decide ALLOWED': { edge: 'ALLOWED', view: 'EDGE_ALLOWED' },
  'decide BLOCKED': { edge: 'BLOCKED', view: null },
  withdraw: { edge: 'WITHDRAWN', view: 'WITHDRAWN' },
  removeEdge: { edge: 'DELETED', view: null },
}

function eventsOf(act: Act) {
  if (act.act === 'ask') return EVENTS[`ask ${act.handling}`]
  return EVENTS[act.act === 'decide' ? `decide ${act.verdict}` : act.act]
}

/** The half that the watcher can read. */
function watchersHalf({ view, outgoing }: Pair) {
  return { view, outgoing }
}

function isOpenRequest({ incoming }: Pair): boolean {
  return incoming?.kind === 'REQUEST' && incoming.state === 'OPEN'
}

describe('in every history of a pair', () => {
  it("each act moves the edge and the view along the document's tables", () => {
    everyStep(({ act, before, after, retryAt }) => {
      const events = eventsOf(act)
      if (events === undefined || retryAt !== null) return
      const absorbed = act.act === 'ask' && isSilent(before.pair.edge)
      const state = absorbed ? 'NONE' : edgeTable[events.edge][before.pair.edge.state]
      expect(after.pair.edge.state).toBe(state)
      const told =
        events.view === null ? before.pair.view.access : viewTable[events.view][before.pair.view.access]
      const becameAllowed = state === 'ALLOWED' && before.pair.edge.state !== 'ALLOWED'
      expect(after.pair.view.access).toBe(becameAllowed ? viewTable.EDGE_ALLOWED[told as 'NONE'] : told)
    })
  })

  it('an allowed edge never becomes pending', () => {
    everyStep(({ before, after }) => {
      if (before.pair.edge.state === 'ALLOWED') expect(after.pair.edge.state).not.toBe('PENDING')
    })
  })

  it('the edge is pending exactly while an open request is the latest one to the presentity, with the same end', () => {
    everyStep(({ after: { now, pair } }) => {
      expect(pair.edge.state === 'PENDING').toBe(isOpenRequest(pair))
      if (pair.edge.state !== 'PENDING') return
      expect(pair.edge.endsAt).toBeGreaterThan(now)
      expect(pair.incoming?.endsAt).toBe(pair.edge.endsAt)
    })
  })

  it('the watcher’s view is pending exactly while their latest request is open, with the same end', () => {
    everyStep(({ after: { now, pair } }) => {
      expect(pair.view.access === 'PENDING').toBe(pair.outgoing?.state === 'OPEN')
      if (pair.view.access !== 'PENDING') return expect(pair.view.endsAt).toBeNull()
      expect(pair.view.endsAt).toBeGreaterThan(now)
      expect(pair.outgoing?.endsAt).toBe(pair.view.endsAt)
    })
  })

  it('both halves of a request that waits end together', () => {
    everyStep(({ after: { pair } }) => {
      if (pair.edge.state === 'PENDING' && pair.view.access === 'PENDING') {
        expect(pair.edge.endsAt).toBe(pair.view.endsAt)
      }
    })
  })

  it('a block, a deletion and a dismissal change nothing that the watcher can read', () => {
    everyStep(({ act, before, after }) => {
      if (act.act === 'removeEdge' || (act.act === 'decide' && act.verdict === 'BLOCKED')) {
        expect(watchersHalf(after.pair)).toEqual(watchersHalf(before.pair))
      }
    })
  })

  it('passing time changes nothing that the watcher can read but their own request, which expires', () => {
    everyStep(({ act, before, after }) => {
      if (act.act !== 'wait') return
      const { view, outgoing } = before.pair
      const expired = view.access === 'PENDING' && view.endsAt !== null && view.endsAt <= after.now
      expect(watchersHalf(after.pair)).toEqual(
        expired
          ? {
              view: { ...view, access: 'NONE', endsAt: null, coolsUntil: view.endsAt + view.cooldownMs },
              outgoing: { ...outgoing, state: 'EXPIRED' },
            }
          : { view, outgoing },
      )
    })
  })

  it('he is allowed at once whenever the edge becomes allowed, and his open request says so', () => {
    everyStep(({ after: { pair } }) => {
      if (pair.edge.state !== 'ALLOWED') return
      expect(pair.view).toMatchObject({ access: 'ALLOWED', endsAt: null, coolsUntil: null })
      expect(pair.outgoing?.state).not.toBe('OPEN')
    })
  })

  it('a watcher who has been told that he is allowed is never told anything else', () => {
    everyStep(({ before, after }) => {
      if (before.pair.view.access !== 'ALLOWED') return
      expect(after.pair.view).toMatchObject({ access: 'ALLOWED', endsAt: null, coolsUntil: null })
    })
  })

  it('only she, or a request at no edge, makes an edge; a watcher never moves a block', () => {
    everyStep(({ act, before, after }) => {
      if (act.act === 'decide' || act.act === 'removeEdge' || act.act === 'wait') return
      const { state } = before.pair.edge
      if (state === 'BLOCKED' || state === 'ALLOWED') expect(after.pair.edge).toEqual(before.pair.edge)
    })
  })

  it('ids are new at every opening, kept until the next, and never those of the other half', () => {
    everyStep(({ before, after, ids }) => {
      const was = [before.pair.incoming?.id, before.pair.outgoing?.id]
      const is = [after.pair.incoming?.id, after.pair.outgoing?.id]
      expect([was[0], ids.incoming]).toContain(is[0])
      expect([was[1], ids.outgoing]).toContain(is[1])
      const opened = isOpenRequest(after.pair) && !isOpenRequest(before.pair)
      if (opened) expect(is[0]).toBe(ids.incoming)
      if (after.pair.outgoing?.state === 'OPEN' && before.pair.outgoing?.state !== 'OPEN')
        expect(is[1]).toBe(ids.outgoing)
      expect(is[0]?.startsWith('outgoing') ?? false).toBe(false)
      expect(is[1]?.startsWith('incoming') ?? false).toBe(false)
    })
  })

  it('a resolved item stays resolved: it never opens again', () => {
    everyStep(({ before, after }) => {
      const [was, is] = [before.pair.incoming, after.pair.incoming]
      if (was !== null && is?.id === was.id && was.state !== 'OPEN') expect(is.state).toBe(was.state)
    })
  })

  it('a request that was withdrawn is withdrawn for both, whatever she had decided', () => {
    everyStep(({ act, before, after }) => {
      if (act.act !== 'withdraw') return
      if (before.pair.outgoing?.state === 'OPEN') expect(after.pair.outgoing?.state).toBe('WITHDRAWN')
      if (isOpenRequest(before.pair)) expect(after.pair.incoming?.state).toBe('WITHDRAWN')
      else expect(after.pair.incoming).toEqual(before.pair.incoming)
    })
  })

  it('a grant over a block blocks again from exactly its end on, which was known ahead', () => {
    everyStep(({ before: { pair } }) => {
      const { edge } = pair
      if (!edge.replacedBlock || edge.endsAt === null) return
      expect(edge.state).toBe('ALLOWED')
      expect(edgeAt(edge, edge.endsAt - 1)).toBe(edge)
      expect(edgeAt(edge, edge.endsAt).state).toBe('BLOCKED')
      expect(blocksFrom(edge)).toBe(edge.endsAt)
      expect(edgeAt(edge, edge.endsAt).since).toBe(edge.endsAt)
    })
  })

  it('the moment from which she blocks is told ahead whenever time alone will bring it', () => {
    everyStep(({ before: { now, pair } }) => {
      for (const later of [now, now + 1, now + 3, now + 50, now + 1e6]) {
        const from = blocksFrom(pair.edge)
        expect(edgeAt(pair.edge, later).state === 'BLOCKED').toBe(from !== null && from <= later)
      }
    })
  })

  it('looking twice, or in between, makes no difference', () => {
    everyLongStep(({ after: { now, pair } }) => {
      for (const later of [now, now + 1, now + 2, now + 70]) {
        expect(pairAt(pairAt(pair, later), later)).toEqual(pairAt(pair, later))
        expect(pairAt(pairAt(pair, later), later + 2)).toEqual(pairAt(pair, later + 2))
        expect(pairAt(pair, later).view).toEqual(viewAt(pair.view, later))
      }
    })
  })

  it("contacts, and what the watcher himself blocks, are nobody's by-product", () => {
    const pair = { ...START.pair, contactSince: 7, watcherBlocksFrom: 8 }
    fc.assert(
      fc.property(anyHistory, (acts) => {
        for (const { after } of play(acts, { ...START, pair, stored: pair })) {
          expect(after.pair).toMatchObject({ contactSince: 7, watcherBlocksFrom: 8 })
        }
      }),
    )
  })
})
