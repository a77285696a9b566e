import { parse } from 'graphql'
import { describe, expect, it } from 'vitest'
import {
  applyPresenceUpdate,
  CONTACT_LIST,
  ON_SCREEN,
  type PresenceUpdate,
  type ShownPresences,
} from '../../../client/presence-updates.ts'

type User = { readonly id: string }

const of = (statuses: Readonly<Record<string, string>>): PresenceUpdate['presences'] =>
  Object.entries(statuses).map(([id, status]) => ({
    user: { id },
    presence: { status, activity: null, note: null },
  }))
const update = (
  change: PresenceUpdate['change'],
  statuses: Readonly<Record<string, string>>,
  removedIds: readonly string[] = [],
): PresenceUpdate => ({ change, presences: of(statuses), removedIds })

const after = (...updates: readonly PresenceUpdate[]): Record<string, string> => {
  const shown = updates.reduce<ShownPresences<User>>(applyPresenceUpdate, new Map())
  return Object.fromEntries([...shown].map(([id, { presence }]) => [id, presence.status]))
}

describe('what is on screen after updates', () => {
  const snapshot = update('SNAPSHOT', { pia: 'BUSY', ann: 'OFFLINE' })

  it('is a snapshot, and nothing of what was there before', () => {
    expect(after(update('SNAPSHOT', { zoe: 'AWAY' }), snapshot)).toEqual({ pia: 'BUSY', ann: 'OFFLINE' })
    expect(after(snapshot, update('SNAPSHOT', {}))).toEqual({})
  })

  it('is what changed, was added and was removed since', () => {
    const changed = update('CHANGED', { ann: 'AVAILABLE' })
    const added = update('ADDED', { zoe: 'AWAY' })
    const removed = update('REMOVED', {}, ['pia', 'nobody'])
    expect(after(snapshot, changed, added, removed)).toEqual({ ann: 'AVAILABLE', zoe: 'AWAY' })
  })

  it.each([
    snapshot,
    update('CHANGED', { pia: 'AWAY' }),
    update('ADDED', { zoe: 'AWAY' }),
    update('REMOVED', {}, ['pia']),
  ])('is the same when an update comes twice: $change', (twice) => {
    expect(after(snapshot, twice, twice)).toEqual(after(snapshot, twice))
  })

  it('leaves out whom the gateway does not know', () => {
    const [known] = of({ pia: 'BUSY' })
    const presences = [known!, { user: null, presence: known!.presence }]
    expect(after({ change: 'SNAPSHOT', presences, removedIds: [] })).toEqual({ pia: 'BUSY' })
  })

  it('leaves what was on screen before as it was', () => {
    const before: ShownPresences<User> = new Map()
    applyPresenceUpdate(before, snapshot)
    expect(before.size).toBe(0)
  })
})

it.each([CONTACT_LIST, ON_SCREEN])('the documents are subscriptions: %#', (document) => {
  expect(parse(document).definitions).toMatchObject([
    { operation: 'subscription' },
    { name: { value: 'PresenceFields' } },
  ])
})
