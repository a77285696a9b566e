import { PRESENCE_FIELDS } from '../../client/presence-fragment.ts'
import type { Caller } from './start-graph.ts'

/** What users do in these tests, through the gateway as a frontend does it. */

export type UserSeen = {
  id: string
  name: string
  presence: { status: string; activity: string | null; note: string | null } | null
  presenceAccess: string | null
}

export const LOOK = /* GraphQL */ `
  query Look($ids: [ID!]!) {
    users(ids: $ids) {
      id
      name
      presence {
        ...PresenceFields
      }
      presenceAccess
    }
  }
  ${PRESENCE_FIELDS}
`

export async function look(watcher: Caller, ids: readonly string[]): Promise<UserSeen[]> {
  return (await watcher.ask<{ users: UserSeen[] }>(LOOK, { ids })).users
}

/** QuickDialer and directory search: the other subgraph finds them, and this one says what each shows. */
export async function search(watcher: Caller, text: string): Promise<UserSeen[]> {
  const query = LOOK.replace('query Look($ids: [ID!]!)', 'query Search($text: String!)').replace(
    'users(ids: $ids)',
    'searchUsers(text: $text)',
  )
  return (await watcher.ask<{ searchUsers: UserSeen[] }>(query, { text })).searchUsers
}

export type ContactSeen = {
  user: { name: string; presence: { status: string } }
  presence: { status: string }
  access: string
}

export async function contactList(watcher: Caller): Promise<ContactSeen[]> {
  const { presencePrivacy } = await watcher.ask<{ presencePrivacy: { contacts: { nodes: ContactSeen[] } } }>(
    /* GraphQL */ `
      query ContactList {
        presencePrivacy {
          contacts(orderBy: PRESENCE) {
            nodes {
              user {
                name
                presence {
                  status
                }
              }
              presence {
                status
              }
              access
            }
          }
        }
      }
    `,
  )
  return presencePrivacy.contacts.nodes
}

export async function addContact(watcher: Caller, { presentity }: { presentity: string }): Promise<string[]> {
  const { addPresenceContacts } = await watcher.ask<{
    addPresenceContacts: { results: { outcome: string }[] }
  }>(
    /* GraphQL */ `
      mutation AddContact($input: AddPresenceContactsInput!) {
        addPresenceContacts(input: $input) {
          results {
            outcome
          }
        }
      }
    `,
    { input: { userIds: [presentity] } },
  )
  return addPresenceContacts.results.map(({ outcome }) => outcome)
}

export async function removeContact(
  watcher: Caller,
  { presentity }: { presentity: string },
): Promise<string[]> {
  const { removePresenceContacts } = await watcher.ask<{
    removePresenceContacts: { results: { outcome: string }[] }
  }>(
    /* GraphQL */ `
      mutation RemoveContact($input: RemovePresenceContactsInput!) {
        removePresenceContacts(input: $input) {
          results {
            outcome
          }
        }
      }
    `,
    { input: { userIds: [presentity] } },
  )
  return removePresenceContacts.results.map(({ outcome }) => outcome)
}

/** Puts users into a class of service that requires PROMPT: they see their contacts only. */
export async function requirePrompt(administrator: Caller, userIds: readonly string[]): Promise<void> {
  await administrator.ask(
    /* GraphQL */ `
      mutation RequirePrompt($userIds: [ID!]!) {
        createPresenceClassOfService(input: { name: "contacts only", invitationHandling: PROMPT }) {
          outcome
        }
        assignPresenceClassOfService(input: { className: "contacts only", userIds: $userIds }) {
          outcome
        }
      }
    `,
    { userIds },
  )
}

export type Publication = { status: string; activity?: string; note?: string }

export async function publish(presentity: Caller, input: Publication): Promise<void> {
  await presentity.ask(
    /* GraphQL */ `
      mutation Publish($input: PublishPresenceInput!) {
        publishPresence(input: $input) {
          session {
            id
          }
        }
      }
    `,
    { input: { sessionId: 'desk', ...input } },
  )
}

export async function decide(
  presentity: Caller,
  { watcher, decision }: { watcher: string; decision: 'ALLOWED' | 'BLOCKED' },
): Promise<void> {
  await presentity.ask(
    /* GraphQL */ `
      mutation Decide($input: DecidePresenceAccessInput!) {
        decidePresenceAccess(input: $input) {
          results {
            decision
          }
        }
      }
    `,
    { input: { userIds: [watcher], decision } },
  )
}

export async function appearOffline(presentity: Caller): Promise<void> {
  await presentity.ask(/* GraphQL */ `
    mutation AppearOffline {
      setPresencePreference(input: { appearOffline: true }) {
        refused {
          reason
        }
      }
    }
  `)
}

export type AskResult = { user: { id: string; name: string }; access: string; request: { id: string } | null }

export async function askAccess(
  watcher: Caller,
  { presentity }: { presentity: string },
): Promise<AskResult[]> {
  const { requestPresenceAccess } = await watcher.ask<{ requestPresenceAccess: { results: AskResult[] } }>(
    /* GraphQL */ `
      mutation Ask($input: RequestPresenceAccessInput!) {
        requestPresenceAccess(input: $input) {
          results {
            user {
              id
              name
            }
            access
            request {
              id
            }
          }
        }
      }
    `,
    { input: { userIds: [presentity] } },
  )
  return requestPresenceAccess.results
}

export type Waiting = { id: string; requester: { id: string; name: string } }

/** The popup of a frontend that polls. */
export async function pollPopup(presentity: Caller): Promise<Waiting[]> {
  const { presencePrivacy } = await presentity.ask<{
    presencePrivacy: { incomingRequests: { nodes: Waiting[] } }
  }>(/* GraphQL */ `
    query Popup {
      presencePrivacy {
        incomingRequests {
          nodes {
            id
            requester {
              id
              name
            }
          }
        }
      }
    }
  `)
  return presencePrivacy.incomingRequests.nodes
}

export async function respond(
  presentity: Caller,
  { presented, ticked }: { presented: readonly string[]; ticked: readonly string[] },
): Promise<{ id: string; outcome: string; decision: string | null }[]> {
  const { respondToRequests } = await presentity.ask<{
    respondToRequests: { outcomes: { id: string; outcome: string; decision: string | null }[] }
  }>(
    /* GraphQL */ `
      mutation Respond($input: RespondToRequestsInput!) {
        respondToRequests(input: $input) {
          outcomes {
            id
            outcome
            decision
          }
        }
      }
    `,
    { input: { presentedIds: presented, tickedIds: ticked } },
  )
  return respondToRequests.outcomes
}
