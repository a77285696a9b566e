import { readdirSync, readFileSync } from 'node:fs'
import { Kind, parse, type FieldDefinitionNode, type TypeNode } from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { newUser } from '../support/new-user.ts'
import { askGraphQL, postGraphQL } from '../support/post-graphql.ts'
import { startApp, tokenOf, type TestApp } from '../support/start-app.ts'
import type { Told } from '../support/told.ts'

/**
 * What every id, cursor and number of the API is made of. Nothing in it comes from a counter that others' acts move: a new field of such a
 * kind has to be judged and entered here.
 */
const MADE_OF = {
  /** Opaque ids of another subgraph, which the caller has named or may be told. */
  'a user id': [
    'User.id',
    'ErasePresenceUserPayload.erasedUserId',
    ...['MessagingDecision.recipientId', 'MessagingDecision.senderId'],
    ...['PresenceAuditEntry.actorId', 'PresenceAuditEntry.presentityId', 'PresenceAuditEntry.watcherId'],
    ...['PublishedPresenceFor.userId', 'RenewedPresenceFor.userId', 'PresenceUpdate.removedIds'],
    ...['PresenceAdministrativeAct.actorId', 'PresenceAdministrativeAct.userIds'],
    'PresenceAdministrativeActUsers.userIds',
  ],
  /** Made by `randomUUID`: 122 random bits. */
  'a random id': [
    ...['IncomingPresenceRequest.id', 'OutgoingPresenceRequest.id', 'PresenceAccessNotice.id'],
    ...['PresenceDecisionResult.closedRequestId', 'RespondToRequestOutcome.id'],
    'IncomingPresenceRequestsEvent.closedIds',
    ...['PresenceUpdate.streamId', 'IncomingPresenceRequestsEvent.streamId'],
  ],
  /** Chosen by the device or the service itself, or random. */
  'a session id': ['PresenceSession.id', 'PublishedPresenceFor.sessionId', 'RenewedPresenceFor.sessionId'],
}

const folder = new URL('../../schema/', import.meta.url)
const document = parse(
  readdirSync(folder)
    .map((file) => readFileSync(new URL(file, folder), 'utf8'))
    .join('\n'),
)

function namedType(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : namedType(type.type)
}

describe('the schema', () => {
  const fields = document.definitions.flatMap((definition) =>
    definition.kind === Kind.OBJECT_TYPE_DEFINITION || definition.kind === Kind.OBJECT_TYPE_EXTENSION
      ? (definition.fields ?? []).map((field: FieldDefinitionNode) => ({
          name: `${definition.name.value}.${field.name.value}`,
          type: namedType(field.type),
        }))
      : [],
  )

  it('names no id whose making has not been judged', () => {
    const judged = new Set(Object.values(MADE_OF).flat())
    const ids = fields.filter(({ type }) => type === 'ID').map(({ name }) => name)
    expect(ids.filter((name) => !judged.has(name) && !SEALED.has(name))).toEqual([])
    expect([...judged, ...SEALED].filter((name) => !ids.includes(name))).toEqual([])
  })

  it('counts nothing but settings, and what the caller is shown or has done', () => {
    const numbers = fields.filter(({ type }) => type === 'Int' || type === 'Float').map(({ name }) => name)
    expect(numbers.filter((name) => !COUNTS.has(name))).toEqual([])
    expect([...COUNTS].filter((name) => !numbers.includes(name))).toEqual([])
  })

  it('tells no version or revision', () => {
    expect(fields.map(({ name }) => name).filter((name) => /version|revision|etag/i.test(name))).toEqual([])
  })
})

/** Numbers of rows, sealed by the key of the database. */
const SEALED = new Set(['PresenceAdministrativeAct.id'])

const COUNTS = new Set([
  ...['AcceptAllPendingRequestsOfUserPayload.acceptedCount', 'AcceptAllPendingRequestsPayload.acceptedCount'],
  // Of the contacts that are shown so: what a watcher sees, counted.
  'PresenceContactConnection.totalCount',
  ...[
    'maxContacts',
    'requestCooldownSeconds',
    'requestLifetimeSeconds',
    'requestsPerDay',
    'requestsPerMinute',
  ].map((setting) => `PresenceClassOfService.${setting}`),
  'PresenceClassOfServiceAdministration.assignedUsers',
  'PresenceAdministrativeAct.userCount',
  // Of the events that were sent on this one stream, by the connection that sends them.
  ...['PresenceUpdate.sequence', 'IncomingPresenceRequestsEvent.sequence'],
  // By the lease that was asked for, at random.
  ...[
    'PublishedPresenceFor',
    'RenewedPresenceFor',
    'PublishPresencePayload',
    'RenewPresenceSessionPayload',
  ].map((type) => `${type}.renewAfterSeconds`),
])

const LISTS = /* GraphQL */ `
  {
    presencePrivacy {
      trail(first: 100) {
        edges {
          cursor
          node {
            at
            cause
            user {
              id
            }
          }
        }
      }
      decisions(first: 100) {
        edges {
          cursor
          node {
            user {
              id
            }
          }
        }
      }
      visibleTo(first: 100) {
        edges {
          cursor
          node {
            user {
              id
            }
          }
        }
      }
      contacts(first: 100) {
        edges {
          cursor
          node {
            addedAt
            user {
              id
            }
          }
        }
      }
      incomingRequests(first: 100) {
        edges {
          cursor
          node {
            id
            askedAt
          }
        }
      }
      outgoingRequests(first: 100) {
        edges {
          cursor
          node {
            id
            askedAt
          }
        }
      }
    }
  }
`
const TRAIL_PAGE = /* GraphQL */ `
  query ($first: Int!, $after: String) {
    presencePrivacy {
      trail(first: $first, after: $after) {
        nodes {
          user {
            id
          }
        }
        pageInfo {
          endCursor
          hasNextPage
        }
      }
    }
  }
`
const DECIDE = /* GraphQL */ `
  mutation ($userIds: [ID!]!, $decision: PresenceDecision!) {
    decidePresenceAccess(input: { userIds: $userIds, decision: $decision }) {
      results {
        __typename
      }
    }
  }
`
const ADD = /* GraphQL */ `
  mutation ($userIds: [ID!]!) {
    addPresenceContacts(input: { userIds: $userIds }) {
      results {
        __typename
      }
    }
  }
`

type Edge = { readonly cursor: string; readonly node: Told }

describe('the lists of one’s own', () => {
  let database: TestDatabase
  let app: TestApp
  beforeAll(async () => {
    database = await createTestDatabase()
    app = await startApp(database)
  })
  afterAll(() => app.stop())

  const as = async (user: string, query: string, variables: Told = {}) =>
    askGraphQL<Told>(app.url, { query, variables, token: await tokenOf(user) })
  const others = async (acts: number): Promise<void> => {
    for (let act = 0; act < acts; act += 1)
      await as(newUser(), DECIDE, { userIds: [newUser()], decision: 'BLOCKED' })
  }

  it('have cursors that hold what their entries show, and nothing that others’ acts move', async () => {
    const [pia, wim, eva] = [newUser('pia'), newUser('wim'), newUser('eva')]
    for (const friend of [wim, eva]) {
      await as(pia, DECIDE, { userIds: [friend], decision: 'ALLOWED' })
      await others(5)
      await as(pia, ADD, { userIds: [friend] })
      await as(newUser('asker'), ADD, { userIds: [pia] })
      await others(5)
    }
    const { presencePrivacy: lists } = await as(pia, LISTS)
    const edges = (list: string) => lists[list].edges as readonly Edge[]
    const decoded = ({ cursor }: Edge) => Buffer.from(cursor, 'base64url').toString()
    const millisOf = (moment: string) => String(Date.parse(moment))

    expect(edges('decisions').map(decoded)).toEqual(
      edges('decisions').map(({ node }) => node['user'].id as string),
    )
    expect(edges('visibleTo').map(decoded)).toEqual(
      edges('visibleTo').map(({ node }) => node['user'].id as string),
    )
    // By the order of the list: in this one, time takes no part.
    expect(edges('contacts').map(decoded)).toEqual(
      edges('contacts').map(({ node }) => `0.0.${node['user'].id}`),
    )
    for (const list of ['incomingRequests', 'outgoingRequests']) {
      expect(edges(list)).toHaveLength(2)
      for (const edge of edges(list)) {
        expect(edge.node['id']).toMatch(
          /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
        )
        expect(decoded(edge)).toBe(`${millisOf(edge.node['askedAt'])}.${edge.node['id']}`)
      }
    }
    const trail = edges('trail').map((edge) => decoded(edge).split('.'))
    expect(trail.length).toBeGreaterThanOrEqual(4)
    for (const [place, [at, id, part, ...more]] of trail.entries()) {
      expect(at).toBe(millisOf(edges('trail')[place]!.node['at']))
      expect([id, part, more]).toEqual([expect.stringMatching(/^[\w-]{22}$/), '0', []])
      expect(unorderedBytes(id!)).toBe(true)
    }
    expect(new Set(trail.map(([, id]) => id)).size).toBe(trail.length)
  })

  it('are read page by page without a gap or a repeat where all entries are of one moment', async () => {
    const pia = newUser('pia')
    const userIds = Array.from({ length: 25 }, () => newUser())
    await as(pia, DECIDE, { userIds, decision: 'BLOCKED' })
    const found: string[] = []
    let after: string | null = null
    do {
      const told: Told = await as(pia, TRAIL_PAGE, { first: 4, after })
      const { nodes, pageInfo } = told['presencePrivacy'].trail
      found.push(...(nodes as Told[]).map(({ user }) => user.id as string))
      await others(1)
      after = pageInfo.hasNextPage ? (pageInfo.endCursor as string) : null
    } while (after !== null)
    expect(found.sort()).toEqual(userIds.sort())
  })

  it('refuse a cursor of an earlier release, which held the number of a row', async () => {
    const after = Buffer.from(`${String(Date.now())}.123.0`).toString('base64url')
    const token = await tokenOf(newUser())
    const { errors } = await postGraphQL(app.url, {
      query: TRAIL_PAGE,
      variables: { first: 1, after },
      token,
    })
    expect(errors[0]).toMatchObject({
      message: expect.stringContaining('endCursor') as string,
      extensions: { code: 'BAD_USER_INPUT', field: 'after' },
    })
  })
})

/** No small number with zeros around it, whichever end comes first. */
function unorderedBytes(id: string): boolean {
  const bytes = [...Buffer.from(id, 'base64url')]
  return bytes.length === 16 && bytes.filter((byte) => byte === 0).length < 4
}
