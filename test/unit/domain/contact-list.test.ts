import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  CONTACT_ORDERS,
  pageOfContacts,
  placeOfContact,
  type Contact,
  type ContactOrder,
} from '../../../src/domain/contact-list.ts'
import { OFFLINE, PUBLISHABLE_STATUSES, type PresenceStatus } from '../../../src/domain/presence.ts'
import { parseUserId, type UserId } from '../../../src/domain/user-id.ts'
import type { Access } from '../../../src/domain/watchers-view.ts'

const ALL = { statuses: null, access: null }
const STATUSES: readonly PresenceStatus[] = [...PUBLISHABLE_STATUSES, 'OFFLINE']
const ACCESS: readonly Access[] = ['NONE', 'PENDING', 'ALLOWED']

function contact(id: string, status: PresenceStatus = 'OFFLINE', more: Partial<Contact> = {}): Contact {
  const presence = status === 'OFFLINE' ? OFFLINE : { status, activity: null, note: null }
  return {
    user: userId(id),
    seen: { presence, access: 'ALLOWED', canBeMessaged: status !== 'OFFLINE' },
    addedAt: 0,
    ...more,
  }
}

function userId(id: string): UserId {
  return parseUserId(id)!
}

function idsOf(contacts: readonly Contact[]): readonly string[] {
  return contacts.map(({ user }) => user)
}

function whole(contacts: readonly Contact[], order: ContactOrder, filter: typeof ALL = ALL) {
  return pageOfContacts(contacts, { filter, order, first: 500, after: null })
}

describe('a contact list', () => {
  it('is ordered by the bytes of ids, also where JavaScript orders otherwise', () => {
    const ids = ['z', 'a', 'Z', 'é', '\u{ff5e}', '\u{1f600}']
    expect(
      idsOf(
        whole(
          ids.map((id) => contact(id)),
          'USER_ID',
        ).contacts,
      ),
    ).toEqual(['Z', 'a', 'z', 'é', '\u{ff5e}', '\u{1f600}'])
  })

  it('is ordered by ids alone, whatever the presence, and a page of it is no longer than was asked for', () => {
    const contacts = [contact('c', 'AVAILABLE'), contact('a', 'OFFLINE'), contact('b', 'BUSY')]
    expect(idsOf(whole(contacts, 'USER_ID').contacts)).toEqual(['a', 'b', 'c'])
    const page = pageOfContacts(contacts, { filter: ALL, order: 'USER_ID', first: 2, after: null })
    expect(idsOf(page.contacts)).toEqual(['a', 'b'])
    expect(page).toMatchObject({ hasNextPage: true, totalCount: 3 })
  })

  it('is ordered by presence from those who can be reached to those who cannot, and by id among these', () => {
    const contacts = STATUSES.flatMap((status) => [
      contact(`${status} b`, status, { addedAt: 1 }),
      contact(`${status} a`, status, { addedAt: 2 }),
    ])
    expect(idsOf(whole(contacts, 'PRESENCE').contacts)).toEqual(
      ['AVAILABLE', 'IDLE', 'BUSY', 'DO_NOT_DISTURB', 'BE_RIGHT_BACK', 'AWAY', 'OFFLINE'].flatMap(
        (status) => [`${status} a`, `${status} b`],
      ),
    )
  })

  it('is ordered by when they were added, and by id where that is the same', () => {
    const contacts = [
      contact('c', 'BUSY', { addedAt: 2 }),
      contact('b'),
      contact('a', 'AWAY', { addedAt: 2 }),
    ]
    expect(idsOf(whole(contacts, 'ADDED').contacts)).toEqual(['b', 'a', 'c'])
  })

  it('is filtered by status and by access, and counts what passes both', () => {
    const contacts = STATUSES.flatMap((status) =>
      ACCESS.map((access) => {
        const { seen, ...rest } = contact(`${status} ${access}`, status)
        return { ...rest, seen: { ...seen, access } }
      }),
    )
    const count = (filter: Parameters<typeof pageOfContacts>[1]['filter']) =>
      pageOfContacts(contacts, { filter, order: 'USER_ID', first: 1, after: null }).totalCount

    expect(count(ALL)).toBe(21)
    expect(count({ statuses: ['BUSY', 'OFFLINE'], access: null })).toBe(6)
    expect(count({ statuses: null, access: ['PENDING'] })).toBe(7)
    expect(count({ statuses: ['BUSY'], access: ['PENDING', 'NONE'] })).toBe(2)
    expect(count({ statuses: [], access: null })).toBe(0)
  })

  it('counts the same on every page', () => {
    const contacts = ['a', 'b', 'c'].map((id) => contact(id))
    const after = placeOfContact(contacts[1]!, 'USER_ID')
    const page = pageOfContacts(contacts, { filter: ALL, order: 'USER_ID', first: 1, after })
    expect(page).toEqual({ contacts: [contacts[2]], hasNextPage: false, totalCount: 3 })
  })

  it('is read page by page, whole and without repetition, whoever else comes, goes or changes between two pages', () => {
    const anyContact = fc.record({
      user: fc.integer({ min: 0, max: 60 }).map((number) => userId(`user ${String(number)}`)),
      seen: fc.record({
        presence: fc.constantFrom(...STATUSES).map((status) => contact('any', status).seen.presence),
        access: fc.constantFrom(...ACCESS),
        canBeMessaged: fc.boolean(),
      }),
      addedAt: fc.integer({ min: 0, max: 3 }),
    })
    const anyContacts = fc.uniqueArray(anyContact, { selector: ({ user }) => user, maxLength: 30 })
    fc.assert(
      fc.property(
        anyContacts,
        fc.array(anyContacts, { minLength: 1, maxLength: 4 }),
        fc.constantFrom(...CONTACT_ORDERS),
        fc.integer({ min: 1, max: 7 }),
        (steady, crowds, order, first) => {
          const kept = new Set(idsOf(steady))
          const read: string[] = []
          let after = null
          for (let turn = 0; ; turn += 1) {
            const others = crowds[turn % crowds.length]!.filter(({ user }) => !kept.has(user))
            const page = pageOfContacts([...others, ...steady], { filter: ALL, order, first, after })
            read.push(...idsOf(page.contacts))
            const last = page.contacts.at(-1)
            if (!page.hasNextPage || last === undefined) break
            after = placeOfContact(last, order)
          }
          expect(read.filter((id) => kept.has(userId(id)))).toEqual(idsOf(whole(steady, order).contacts))
        },
      ),
    )
  })
})
