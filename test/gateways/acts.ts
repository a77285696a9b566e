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
        status
        activity
        note
      }
      presenceAccess
    }
  }
`

export async function look(watcher: Caller, ids: readonly string[]): Promise<UserSeen[]> {
  return (await watcher.ask<{ users: UserSeen[] }>(LOOK, { ids })).users
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
