import { PRESENCE_FIELDS } from './presence-fragment.ts'

/** The users in the caller's contact list, which the stream follows. Behind a gateway, add what your page shows of a user. */
export const CONTACT_LIST = /* GraphQL */ `
  subscription ContactList($nonce: String) {
    presenceUpdates(nonce: $nonce) {
      streamId
      sequence
      change
      presences {
        user {
          id
        }
        presence {
          ...PresenceFields
        }
      }
      removedIds
    }
  }
  ${PRESENCE_FIELDS}
`

/** The users on screen, contacts or not: search results, a QuickDialer. At most 500. */
export const ON_SCREEN = CONTACT_LIST.replace(
  'ContactList($nonce: String)',
  'OnScreen($userIds: [ID!]!, $nonce: String)',
).replace('(nonce: $nonce)', '(userIds: $userIds, nonce: $nonce)')

export type Presence = {
  readonly status: string
  readonly activity: string | null
  readonly note: string | null
}

export type PresenceUpdate<User extends { readonly id: string } = { readonly id: string }> = {
  readonly change: 'SNAPSHOT' | 'CHANGED' | 'ADDED' | 'REMOVED'
  /** A user is null if a gateway knows nobody of that id. */
  readonly presences: readonly { readonly user: User | null; readonly presence: Presence }[]
  readonly removedIds: readonly string[]
}

/** What is on screen, by the ids of users. */
export type ShownPresences<User> = ReadonlyMap<string, { readonly user: User; readonly presence: Presence }>

/**
 * What is on screen after an update. A `SNAPSHOT` replaces all of it, as it comes first and after every interruption; everything else
 * changes those named. The same update once more changes nothing.
 */
export function applyPresenceUpdate<User extends { readonly id: string }>(
  shown: ShownPresences<User>,
  { change, presences, removedIds }: PresenceUpdate<User>,
): ShownPresences<User> {
  const next = new Map(change === 'SNAPSHOT' ? [] : shown)
  for (const { user, presence } of presences) if (user !== null) next.set(user.id, { user, presence })
  for (const id of removedIds) next.delete(id)
  return next
}
