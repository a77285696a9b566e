import { describe, expect, it } from 'vitest'
import { NO_VIEW, VIEW_TRANSITIONS, viewAt, type View } from '../../../src/domain/watchers-view.ts'
import { ACCESSES, VIEW_EVENTS } from '../../support/domain-values.ts'
import { RulesDocument } from '../../support/rules-document.ts'

describe('what a watcher has been told', () => {
  it('changes as the document says, whatever happens at whatever view', () => {
    const documented = new RulesDocument().matrix('View transitions', {
      rows: VIEW_EVENTS,
      columns: ACCESSES,
    })
    for (const event of VIEW_EVENTS) {
      for (const access of ACCESSES) {
        expect(`${event} at ${access}: ${VIEW_TRANSITIONS[event][access]}`).toBe(
          `${event} at ${access}: ${documented[event][access]}`,
        )
      }
    }
  })

  it('has no more and no fewer transitions than the document: nothing tells of a denial', () => {
    expect(Object.keys(VIEW_TRANSITIONS).sort()).toEqual([...VIEW_EVENTS].sort())
  })

  it('is pending until the last millisecond before the end of his request, and none from then on', () => {
    const pending: View = { ...NO_VIEW, access: 'PENDING', endsAt: 200 }
    expect(viewAt(pending, 199)).toBe(pending)
    for (const now of [200, 201, 1e15]) expect(viewAt(pending, now).access).toBe('NONE')
  })

  it('does not end once he has been allowed', () => {
    const allowed: View = { ...NO_VIEW, access: 'ALLOWED' }
    expect(viewAt(allowed, Number.MAX_SAFE_INTEGER)).toBe(allowed)
  })
})
