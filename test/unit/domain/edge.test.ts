import { describe, expect, it } from 'vitest'
import { blocksFrom, EDGE_TRANSITIONS, edgeAt, NO_EDGE, type Edge } from '../../../src/domain/edge.ts'
import { EDGE_EVENTS, EDGE_STATES } from '../../support/domain-values.ts'
import { afterAll, type Act } from '../../support/pair-histories.ts'
import { RulesDocument } from '../../support/rules-document.ts'

const grant: Edge = { ...NO_EDGE, state: 'ALLOWED', origin: 'SET', since: 100, endsAt: 200 }
const request: Edge = {
  ...NO_EDGE,
  state: 'PENDING',
  origin: 'REQUESTED',
  since: 100,
  endsAt: 200,
  shownWhenAsked: true,
}

describe('an edge', () => {
  it('changes as the document says, whatever happens in whatever state', () => {
    const documented = new RulesDocument().matrix('Edge transitions', {
      rows: EDGE_EVENTS,
      columns: EDGE_STATES,
    })
    for (const event of EDGE_EVENTS) {
      for (const state of EDGE_STATES) {
        expect(`${event} at ${state}: ${EDGE_TRANSITIONS[event][state]}`).toBe(
          `${event} at ${state}: ${documented[event][state]}`,
        )
      }
    }
  })

  it('that is allowed never becomes pending', () => {
    for (const event of EDGE_EVENTS) expect(EDGE_TRANSITIONS[event].ALLOWED).not.toBe('PENDING')
  })

  it('has no more and no fewer transitions than the document', () => {
    expect(Object.keys(EDGE_TRANSITIONS).sort()).toEqual([...EDGE_EVENTS].sort())
    for (const event of EDGE_EVENTS) {
      expect(Object.keys(EDGE_TRANSITIONS[event]).sort()).toEqual([...EDGE_STATES].sort())
    }
  })
})

describe('an edge with an end', () => {
  it.each([
    ['a grant', grant],
    ['a request', request],
    ['a grant over a block', { ...grant, replacedBlock: true }],
  ])('holds until the last millisecond before it: %s', (_, edge) => {
    expect(edgeAt(edge, 199)).toBe(edge)
  })

  it('is none from its end on, and shows nothing of what it was', () => {
    for (const now of [200, 201, 1e15]) {
      expect(edgeAt(grant, now)).toEqual(NO_EDGE)
      expect(edgeAt(request, now)).toEqual(NO_EDGE)
    }
  })

  it('is the block that it replaced from its end on, since that moment', () => {
    for (const now of [200, 201, 1e15]) {
      expect(edgeAt({ ...grant, replacedBlock: true }, now)).toEqual({
        ...NO_EDGE,
        state: 'BLOCKED',
        origin: 'GRANT_ENDED',
        since: 200,
      })
    }
  })

  it('never holds longer than one without: an edge without an end is the same for ever', () => {
    for (const state of EDGE_STATES) {
      const edge: Edge = { ...NO_EDGE, state }
      expect(edgeAt(edge, Number.MAX_SAFE_INTEGER)).toBe(edge)
    }
  })
})

describe('the moment from which an edge blocks', () => {
  it('is that of the block', () => {
    expect(blocksFrom({ ...NO_EDGE, state: 'BLOCKED', since: 100 })).toBe(100)
  })

  it('is known ahead of a grant over a block: the end of the grant, before it and after it', () => {
    const overBlock: Edge = { ...grant, replacedBlock: true }
    expect(blocksFrom(overBlock)).toBe(200)
    expect(blocksFrom(edgeAt(overBlock, 200))).toBe(200)
  })

  it('is never, of everything else', () => {
    const waits = { ...request, replacedBlock: true }
    for (const edge of [NO_EDGE, request, waits, grant, edgeAt(grant, 200), { ...grant, endsAt: null }]) {
      expect(blocksFrom(edge)).toBeNull()
    }
  })
})

describe('a grant with an end', () => {
  const block: Act = { act: 'decide', verdict: 'BLOCKED', grantMs: null }
  const allow = (grantMs: number | null): Act => ({ act: 'decide', verdict: 'ALLOWED', grantMs })
  const wait = (ms: number): Act => ({ act: 'wait', ms })
  const stateAfter = (...acts: Act[]) => afterAll(acts).pair.edge.state

  it('falls back to the block that it replaced', () => {
    expect(stateAfter(block, allow(50), wait(49))).toBe('ALLOWED')
    expect(stateAfter(block, allow(50), wait(50))).toBe('BLOCKED')
  })

  it('falls back to none where there was no block', () => {
    expect(stateAfter(allow(50), wait(50))).toBe('NONE')
    expect(stateAfter(block, { act: 'removeEdge' }, allow(50), wait(50))).toBe('NONE')
  })

  it('keeps the block beneath it when it gets another end', () => {
    expect(stateAfter(block, allow(50), wait(20), allow(10), wait(9))).toBe('ALLOWED')
    expect(stateAfter(block, allow(50), wait(20), allow(10), wait(10))).toBe('BLOCKED')
    expect(stateAfter(block, allow(50), wait(20), allow(100), wait(99))).toBe('ALLOWED')
  })

  it('forgets the block when it becomes open-ended', () => {
    expect(stateAfter(block, allow(50), allow(null), wait(1e9))).toBe('ALLOWED')
    expect(stateAfter(block, allow(50), allow(null), allow(50), wait(50))).toBe('NONE')
  })

  it('leaves no end behind when a block takes its place', () => {
    expect(afterAll([allow(50), block]).pair.edge).toMatchObject({
      state: 'BLOCKED',
      endsAt: null,
      replacedBlock: false,
    })
    expect(afterAll([block, allow(50), block, wait(1e9)]).pair.edge.state).toBe('BLOCKED')
  })
})

it('a block has no end, whatever is stored of one', () => {
  const block: Edge = { ...NO_EDGE, state: 'BLOCKED', origin: 'SET', since: 100, endsAt: 200 }
  expect(edgeAt(block, 300)).toBe(block)
})
