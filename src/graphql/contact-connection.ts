import {
  CONTACT_ORDERS,
  pageOfContacts,
  placeOfContact,
  type Contact,
  type ContactOrder,
  type ContactPlace,
} from '../domain/contact-list.ts'
import { parseUserId } from '../domain/user-id.ts'
import type { PresencePrivacyContactsArgs } from '../generated/resolver-types.ts'
import { connectionOf, requireFirst } from './connection.ts'
import { badInput } from './errors.ts'

/** One page of a contact list. */
export function contactConnection(contacts: readonly Contact[], args: PresencePrivacyContactsArgs) {
  const { orderBy: order, filter } = args
  const after = args.after == null ? null : placeIn(args.after, order)
  const page = pageOfContacts(contacts, {
    filter: { statuses: filter?.statuses ?? null, access: filter?.access ?? null },
    order,
    first: requireFirst(args.first),
    after,
  })
  const pages = connectionOf(
    { items: page.contacts, hasNextPage: page.hasNextPage },
    {
      hasPreviousPage: after !== null,
      node: contactNodeOf,
      cursor: (contact) => cursorOf(placeOfContact(contact, order), order),
    },
  )
  return { ...pages, totalCount: page.totalCount }
}

function contactNodeOf({ user, seen, addedAt }: Contact) {
  return { user: { id: user }, presence: seen.presence, access: seen.access, addedAt }
}

/** The order goes with the place: in another one it would be no place at all. */
function cursorOf({ at, user }: ContactPlace, order: ContactOrder): string {
  return Buffer.from(`${String(CONTACT_ORDERS.indexOf(order))}.${String(at)}.${user}`).toString('base64url')
}

function placeIn(cursor: string, order: ContactOrder): ContactPlace {
  const parts = /^(\d)\.(\d{1,15})\.(.*)$/s.exec(Buffer.from(cursor, 'base64url').toString())
  const user = parseUserId(parts?.[3] ?? '')
  if (parts === null || user === undefined || CONTACT_ORDERS[Number(parts[1])] !== order) {
    throw badInput('after', 'Pass the endCursor of a page of this list and order, unchanged.')
  }
  return { at: Number(parts[2]), user }
}
