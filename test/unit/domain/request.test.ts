import { describe, expect, it } from 'vitest'
import {
  incomingAt,
  outgoingAt,
  withTrigger,
  type IncomingItem,
  type OutgoingRequest,
} from '../../../src/domain/request.ts'
import { ITEM_STATES } from '../../support/domain-values.ts'

const outgoing: OutgoingRequest = { id: 'o', state: 'OPEN', triggers: ['CALL'], askedAt: 100, endsAt: 200 }
const incoming: IncomingItem = { ...outgoing, id: 'i', kind: 'REQUEST' }

describe('an open request', () => {
  it('is open until the last millisecond before its end', () => {
    expect(incomingAt(incoming, 199)).toBe(incoming)
    expect(outgoingAt(outgoing, 199)).toBe(outgoing)
  })

  it('has expired on both sides from its end on', () => {
    for (const now of [200, 201, 1e15]) {
      expect(incomingAt(incoming, now)).toEqual({ ...incoming, state: 'EXPIRED' })
      expect(outgoingAt(outgoing, now)).toEqual({ ...outgoing, state: 'EXPIRED' })
    }
  })

  it('takes one more reason after those it has', () => {
    expect(withTrigger(incoming, 'DIRECT')).toEqual({ ...incoming, triggers: ['CALL', 'DIRECT'] })
  })

  it('takes the same reason once', () => {
    expect(withTrigger(outgoing, 'CALL').triggers).toEqual(['CALL'])
  })
})

describe('what no longer waits', () => {
  it('does not expire any more, nor does an absorbed request', () => {
    for (const state of ITEM_STATES.filter((state) => state !== 'OPEN')) {
      const item: IncomingItem = { ...incoming, state }
      expect(incomingAt(item, 200)).toBe(item)
    }
    for (const state of ['ALLOWED', 'WITHDRAWN', 'EXPIRED'] as const) {
      const request: OutgoingRequest = { ...outgoing, state }
      expect(outgoingAt(request, 200)).toBe(request)
    }
  })
})

describe('a notice', () => {
  it('waits until it is acknowledged', () => {
    const notice: IncomingItem = { ...incoming, kind: 'NOTICE', endsAt: null }
    expect(incomingAt(notice, Number.MAX_SAFE_INTEGER)).toBe(notice)
  })
})
