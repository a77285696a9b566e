import { expect } from 'vitest'
import { actsOverApi } from './acts-over-api.ts'
import { askGraphQL } from './post-graphql.ts'
import { watchOverWebSocket } from './watch-over-api.ts'
import { ask, connect } from './web-socket-client.ts'

const ASK = /* GraphQL */ `
  mutation ($userIds: [ID!]!) {
    requestPresenceAccess(input: { userIds: $userIds, addToContacts: true }) {
      results {
        access
        contact
        request {
          askedAt
          triggers
        }
      }
    }
  }
`
const ANSWER = /* GraphQL */ `
  mutation ($ids: [ID!]!) {
    respondToRequests(input: { presentedIds: $ids, tickedIds: $ids, clientKey: "once" }) {
      outcomes {
        outcome
      }
    }
  }
`
const LISTS = /* GraphQL */ `
  {
    presencePrivacy {
      decisions {
        nodes {
          user {
            id
          }
          state
          reason
          since
        }
      }
      visibleTo {
        nodes {
          user {
            id
          }
        }
      }
      contacts {
        nodes {
          user {
            id
            presence {
              status
              note
            }
            presenceAccess
          }
        }
      }
      incomingRequests {
        nodes {
          requester {
            id
          }
        }
      }
      trail {
        nodes {
          user {
            id
          }
        }
      }
      sessions {
        id
        leaseEndsAt
        presence {
          status
          note
        }
      }
    }
  }
`
const SEE = /* GraphQL */ `
  query ($ids: [_Any!]!) {
    _entities(representations: $ids) {
      ... on User {
        presence {
          status
          note
        }
      }
    }
  }
`

/** Quotes, commas, braces, a backslash and what looks like null: whatever a list of PostgreSQL might mistake for its own. */
const NOTE = String.raw`{"until", 'five'} \ NULL ü 😀`

/** One user asks another, who answers, publishes and changes their mind; both read all that there is to read, and one has a stream. */
export async function walkThroughTheApi(app: {
  readonly url: string
  readonly tokenOf: (userId: string) => Promise<string>
}): Promise<void> {
  const { tokenOf } = app
  const [alice, bob, carol] = await Promise.all(['alice', 'NULL', 'carol'].map((id) => tokenOf(id)))
  const stream = await watchOverWebSocket(app, { token: alice!, userIds: ['NULL'] })
  expect(await stream.told()).toEqual({ SNAPSHOT: { NULL: 'OFFLINE' } })
  const popup = await connect(app.url.replace(/^http/, 'ws'), bob!)
  await ask(popup, 'subscription { incomingPresenceRequests { requests { id requester { id } } } }')

  const asked = await askGraphQL(app.url, { query: ASK, variables: { userIds: ['NULL'] }, token: alice! })
  expect(asked).toMatchObject({
    requestPresenceAccess: { results: [{ access: 'PENDING', request: { askedAt: aMomentAgo() } }] },
  })
  const { payload } = (await popup.next()) as unknown as {
    payload: { data: { incomingPresenceRequests: { requests: { id: string; requester: object }[] } } }
  }
  const { requests } = payload.data.incomingPresenceRequests
  expect(requests).toMatchObject([{ requester: { id: 'alice' } }])
  const answer = { query: ANSWER, variables: { ids: requests.map(({ id }) => id) }, token: bob! }
  for (const _ of ['once', 'and again']) {
    expect(await askGraphQL(app.url, answer)).toEqual({
      respondToRequests: { outcomes: [{ outcome: 'APPLIED' }] },
    })
  }
  await popup.close()

  const acts = actsOverApi(app, bob!)
  await acts.publish('BUSY', { note: NOTE })
  expect((await stream.next()).presences).toMatchObject([{ presence: { status: 'BUSY', note: NOTE } }])
  expect(await askGraphQL(app.url, { query: LISTS, token: bob! })).toMatchObject({
    presencePrivacy: {
      decisions: { nodes: [{ user: { id: 'alice' }, state: 'ALLOWED', since: aMomentAgo() }] },
      visibleTo: { nodes: [{ user: { id: 'alice' } }] },
      incomingRequests: { nodes: [] },
      sessions: [{ id: 'desk', presence: { status: 'BUSY', note: NOTE } }],
    },
  })
  expect(await askGraphQL(app.url, { query: LISTS, token: alice! })).toMatchObject({
    presencePrivacy: {
      contacts: {
        nodes: [
          { user: { id: 'NULL', presence: { status: 'BUSY', note: NOTE }, presenceAccess: 'ALLOWED' } },
        ],
      },
    },
  })

  // All at once: what meets waits, and nothing fails.
  const many = Array.from({ length: 8 }, (_, index) => `user${index}`)
  await Promise.all(
    many.map((id) =>
      tokenOf(id).then((token) =>
        askGraphQL(app.url, { query: ASK, variables: { userIds: ['carol'] }, token }),
      ),
    ),
  )
  const waiting = await askGraphQL(app.url, { query: LISTS, token: carol! })
  expect(
    (waiting as { presencePrivacy: { incomingRequests: { nodes: object[] } } }).presencePrivacy
      .incomingRequests.nodes,
  ).toHaveLength(8)

  await acts.decide('alice', 'BLOCKED')
  expect(await stream.told()).toEqual({ CHANGED: { NULL: 'OFFLINE' } })
  await acts.publish('AVAILABLE')
  const representations = ['NULL', 'Ωmega', 'carol'].map((id) => ({ __typename: 'User', id }))
  expect(
    await askGraphQL(app.url, { query: SEE, variables: { ids: representations }, token: alice! }),
  ).toEqual({
    _entities: representations.map(() => ({ presence: { status: 'OFFLINE', note: null } })),
  })
}

function aMomentAgo(): unknown {
  return {
    asymmetricMatch: (value: unknown) =>
      typeof value === 'string' && Math.abs(Date.now() - Date.parse(value)) < 60_000,
    toString: () => 'aMomentAgo',
  }
}
