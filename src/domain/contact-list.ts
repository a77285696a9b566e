import type { Presence, PresenceStatus } from './presence.ts'
import { compareBytes, type UserId } from './user-id.ts'
import type { Access } from './watchers-view.ts'

/**
 * A contact as the user sees whose list it is: what is shown to him, what he has been told, and when he added it. There is nothing
 * else to filter, order or count by, so that none of these can tell a hidden contact from one who is offline.
 */
export type Contact = {
  readonly user: UserId
  readonly seen: { readonly presence: Presence; readonly access: Access; readonly canBeMessaged: boolean }
  /** Epoch milliseconds. */
  readonly addedAt: number
}

export const CONTACT_ORDERS = ['USER_ID', 'PRESENCE', 'ADDED'] as const
export type ContactOrder = (typeof CONTACT_ORDERS)[number]

/** Which contacts are meant; null is any. */
export type ContactFilter = {
  readonly statuses: readonly PresenceStatus[] | null
  readonly access: readonly Access[] | null
}

/** Where a contact stands in a list of one order: users with the same `at` follow each other by the bytes of their ids. */
export type ContactPlace = { readonly at: number; readonly user: UserId }

export type ContactPage = {
  readonly contacts: readonly Contact[]
  readonly hasNextPage: boolean
  /** Of all that pass the filter, on whichever page. */
  readonly totalCount: number
}

/** From those who can be reached at once to those who cannot be. */
const REACHED_FIRST = {
  AVAILABLE: 0,
  IDLE: 1,
  BUSY: 2,
  DO_NOT_DISTURB: 3,
  BE_RIGHT_BACK: 4,
  AWAY: 5,
  OFFLINE: 6,
} satisfies Record<PresenceStatus, number>

/** The contacts that follow a place. A contact that stays as it is is neither repeated nor left out, whatever the others do. */
export function pageOfContacts(
  contacts: readonly Contact[],
  {
    filter,
    order,
    first,
    after,
  }: {
    readonly filter: ContactFilter
    readonly order: ContactOrder
    readonly first: number
    readonly after: ContactPlace | null
  },
): ContactPage {
  const meant = contacts.filter((contact) => passes(contact, filter))
  const rest = meant
    .map((contact) => ({ contact, place: placeOfContact(contact, order) }))
    .filter(({ place }) => after === null || comparePlaces(place, after) > 0)
    .sort((one, other) => comparePlaces(one.place, other.place))
  return {
    contacts: rest.slice(0, first).map(({ contact }) => contact),
    hasNextPage: rest.length > first,
    totalCount: meant.length,
  }
}

export function placeOfContact({ user, seen, addedAt }: Contact, order: ContactOrder): ContactPlace {
  switch (order) {
    case 'USER_ID':
      return { at: 0, user }
    case 'PRESENCE':
      return { at: REACHED_FIRST[seen.presence.status], user }
    case 'ADDED':
      return { at: addedAt, user }
  }
}

function passes({ seen: { presence, access } }: Contact, filter: ContactFilter): boolean {
  return (
    (filter.statuses === null || filter.statuses.includes(presence.status)) &&
    (filter.access === null || filter.access.includes(access))
  )
}

function comparePlaces(one: ContactPlace, other: ContactPlace): number {
  return one.at - other.at || compareBytes(one.user, other.user)
}
