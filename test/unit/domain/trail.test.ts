import { describe, expect, it } from 'vitest'
import { NO_EDGE, type Edge } from '../../../src/domain/edge.ts'
import {
  entriesForPresentity,
  entriesOf,
  erasedToken,
  isErasedToken,
  reachesPresentity,
  shownToken,
  trailRecord,
  type ActCause,
} from '../../../src/domain/trail.ts'
import { parseUserId } from '../../../src/domain/user-id.ts'

const NOW = 1000
const WATCHER = { kind: 'USER', id: parseUserId('wim')! } as const
const ADMINISTRATOR = { kind: 'ADMINISTRATOR', id: parseUserId('root')! } as const

const BLOCKED: Edge = { ...NO_EDGE, state: 'BLOCKED', origin: 'SET', since: 1 }
const ALLOWED: Edge = { ...NO_EDGE, state: 'ALLOWED', origin: 'SET', since: 1 }
const PENDING: Edge = { ...NO_EDGE, state: 'PENDING', origin: 'REQUESTED', since: 1, endsAt: 2000 }
const EXPIRED: Edge = { ...PENDING, endsAt: 500 }
const GRANT_OVER_BLOCK: Edge = { ...ALLOWED, endsAt: 500, replacedBlock: true }

function record(before: Edge, cause: ActCause | null, after: Edge) {
  return trailRecord({ before, after, cause, actor: WATCHER, now: NOW })
}

describe('an act of a watcher', () => {
  it.each([
    ['none', NO_EDGE, PENDING],
    ['a block', BLOCKED, BLOCKED],
    ['a request that waits', PENDING, PENDING],
    ['a request that has expired', EXPIRED, PENDING],
    ['a grant that has ended over a block', GRANT_OVER_BLOCK, BLOCKED],
    ['a silence', { ...NO_EDGE, endsAt: 5000 }, { ...NO_EDGE, endsAt: 5000 }],
  ])('is one record upon %s', (_, before, after) => {
    expect(record(before, 'REQUESTED', after)).toMatchObject({ at: NOW, cause: 'REQUESTED' })
  })

  it('carries the end by time that came before it', () => {
    const found = record(EXPIRED, 'REQUESTED', PENDING)!
    expect(entriesOf(found)).toEqual([
      { at: NOW, actor: WATCHER, cause: 'REQUESTED', before: 'NONE', after: 'PENDING' },
      { at: 500, actor: { kind: 'POLICY', id: null }, cause: 'EXPIRED', before: 'PENDING', after: 'NONE' },
    ])
    expect(entriesForPresentity(found)).toEqual(entriesOf(found))
  })

  it('that reached nobody is not shown to the presentity, but what has ended is', () => {
    expect(reachesPresentity(record(BLOCKED, 'REQUESTED', BLOCKED)!)).toBe(false)
    expect(reachesPresentity(record(BLOCKED, 'WITHDRAWN', BLOCKED)!)).toBe(false)
    const found = record(GRANT_OVER_BLOCK, 'REQUESTED', BLOCKED)!
    expect(reachesPresentity(found)).toBe(true)
    expect(entriesForPresentity(found)).toEqual([
      {
        at: 500,
        actor: { kind: 'POLICY', id: null },
        cause: 'GRANT_ENDED',
        before: 'ALLOWED',
        after: 'BLOCKED',
      },
    ])
  })

  it('that removed a contact is a withdrawal to the presentity', () => {
    const [entry] = entriesForPresentity(record(PENDING, 'CONTACT_REMOVED', NO_EDGE)!)
    expect(entry).toMatchObject({ cause: 'WITHDRAWN', before: 'PENDING', after: 'NONE' })
  })
})

it('the withdrawal of a request that had ended is recorded, though it changes nothing', () => {
  expect(record(EXPIRED, 'WITHDRAWN', NO_EDGE)).toMatchObject({
    cause: 'WITHDRAWN',
    before: 'NONE',
    after: 'NONE',
  })
})

describe('other changes', () => {
  it('are recorded where they end something', () => {
    expect(record(ALLOWED, 'DELETED', NO_EDGE)).toMatchObject({
      cause: 'DELETED',
      before: 'ALLOWED',
      after: 'NONE',
    })
  })

  it('are one entry of the trail, where nothing had ended before', () => {
    const deleted = record(ALLOWED, 'DELETED', NO_EDGE)!
    const { ended: _, ...entry } = deleted
    expect(entriesOf(deleted)).toEqual([entry])
  })

  it('are not recorded where nothing about the edge was done', () => {
    expect(record(EXPIRED, null, EXPIRED)).toBeNull()
    expect(record(NO_EDGE, 'DELETED', NO_EDGE)).toBeNull()
  })

  it('by time alone are recorded for the moment when it ended', () => {
    expect(record(EXPIRED, null, NO_EDGE)).toEqual({
      ...{ at: 500, actor: { kind: 'POLICY', id: null }, cause: 'EXPIRED' },
      ...{ before: 'PENDING', after: 'NONE', ended: null },
    })
    expect(record(EXPIRED, 'DELETED', { ...NO_EDGE })).toMatchObject({ cause: 'EXPIRED' })
  })

  it('need a cause', () => {
    expect(() => record(NO_EDGE, null, ALLOWED)).toThrow('no cause')
  })

  it('by administrators are shown to the presentity without a name', () => {
    const change = { before: PENDING, after: ALLOWED, cause: 'ACCEPTED_ALL', now: NOW } as const
    const found = trailRecord({ ...change, actor: ADMINISTRATOR })!
    expect(entriesForPresentity(found)[0]!.actor).toEqual({ kind: 'ADMINISTRATOR', id: null })
    expect(entriesOf(found)[0]!.actor).toEqual(ADMINISTRATOR)
  })
})

it('the token in the place of an erased id is nobody’s id', () => {
  const token = erasedToken('random')
  expect(parseUserId(token)).toBeUndefined()
  expect(isErasedToken(token)).toBe(true)
  expect(shownToken(token)).toBe('erased:random')
  expect(shownToken('wim')).toBe('wim')
})

it.each(['REQUESTED', 'AUTO_ACCEPTED', 'WITHDRAWN', 'CONTACT_REMOVED'] as const)(
  'an act of a watcher that changes nothing is recorded, and does not reach the presentity: %s',
  (cause) => {
    for (const edge of [NO_EDGE, BLOCKED]) {
      const found = record(edge, cause, edge)!
      expect(found).toMatchObject({ cause, before: edge.state, after: edge.state })
      expect(reachesPresentity(found)).toBe(false)
    }
  },
)

it.each(['SET', 'ANSWERED', 'ACCEPTED_ALL'] as const)(
  'a decision about somebody new is recorded: %s',
  (cause) => {
    expect(record(NO_EDGE, cause, ALLOWED)).toMatchObject({ cause, before: 'NONE', after: 'ALLOWED' })
  },
)
