import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { countStatements, type SentStatements } from '../support/count-statements.ts'
import { createTestDatabase } from '../support/database.ts'
import { newUser } from '../support/new-user.ts'
import { timePasser } from '../support/pass-time.ts'
import { askGraphQL, postGraphQL } from '../support/post-graphql.ts'
import { startApp, tokenOf, type TestApp } from '../support/start-app.ts'

const ENTRY = /* GraphQL */ `
  fragment Entry on PresencePrivacyEntry {
    user {
      id
    }
    state
    reason
    since
    endsAt
    thenState
    request {
      id
      requester {
        id
      }
      triggers
    }
  }
`
const DECISIONS = /* GraphQL */ `
  query Decisions($first: Int! = 50, $after: String, $states: [PresencePrivacyState!], $search: String) {
    presencePrivacy {
      list: decisions(first: $first, after: $after, states: $states, search: $search) {
        edges {
          cursor
          node {
            ...Entry
          }
        }
        nodes {
          ...Entry
        }
        pageInfo {
          hasNextPage
          hasPreviousPage
          startCursor
          endCursor
        }
      }
    }
  }
  ${ENTRY}
`
const VISIBLE_TO = DECISIONS.replace('decisions(', 'visibleTo(')
  .replace(', $states: [PresencePrivacyState!]', '')
  .replace(', states: $states', '')
const DECIDE = /* GraphQL */ `
  mutation Decide($userIds: [ID!]!, $decision: PresenceDecision!, $endsAt: DateTime) {
    outcome: decidePresenceAccess(input: { userIds: $userIds, decision: $decision, endsAt: $endsAt }) {
      results {
        ...Result
      }
    }
  }
  fragment Result on PresenceDecisionResult {
    user {
      id
    }
    decision
    endsAt
    previousState
    closedRequestId
    nextRequestAllows
  }
`
const DELETE = DECIDE.replace(', $decision: PresenceDecision!, $endsAt: DateTime', '').replace(
  'decidePresenceAccess(input: { userIds: $userIds, decision: $decision, endsAt: $endsAt })',
  'deletePresenceDecisions(input: { userIds: $userIds })',
)
const ASK = /* GraphQL */ `
  mutation Ask($userId: ID!) {
    requestPresenceAccess(input: { userIds: [$userId], trigger: CALL }) {
      results {
        access
      }
    }
  }
`
const ACCEPT_ALL = /* GraphQL */ `
  mutation AcceptAll {
    acceptAllPendingRequests {
      acceptedCount
      hasMore
      presencePrivacy {
        incomingRequests {
          nodes {
            id
          }
        }
      }
    }
  }
`

type Entry = {
  readonly user: { readonly id: string }
  readonly state: string
  readonly reason: string
  readonly since: string
  readonly endsAt: string | null
  readonly thenState: string | null
  readonly request: { readonly id: string; readonly requester: { readonly id: string } } | null
}
type List = {
  readonly edges: readonly { readonly cursor: string; readonly node: Entry }[]
  readonly nodes: readonly Entry[]
  readonly pageInfo: {
    readonly hasNextPage: boolean
    readonly hasPreviousPage: boolean
    readonly startCursor: string | null
    readonly endCursor: string | null
  }
}

let app: TestApp
let passTime: (ms: number) => Promise<void>
let sent: SentStatements

beforeAll(async () => {
  const database = await createTestDatabase()
  passTime = timePasser(database)
  app = await startApp(database)
})
afterAll(() => app.stop())
beforeEach(() => {
  sent = countStatements()
})
afterEach(() => sent.stop())

async function as<Data>(user: string, query: string, variables: Record<string, unknown> = {}): Promise<Data> {
  return askGraphQL<Data>(app.url, { query, variables, token: await tokenOf(user) })
}

async function listOf(user: string, query: string, variables: Record<string, unknown> = {}): Promise<List> {
  const { presencePrivacy } = await as<{ presencePrivacy: { list: List } }>(user, query, variables)
  expect(presencePrivacy.list.nodes).toEqual(presencePrivacy.list.edges.map(({ node }) => node))
  return presencePrivacy.list
}

async function resultsOf(user: string, mutation: string, variables: Record<string, unknown>) {
  const { outcome } = await as<{ outcome: { results: readonly unknown[] } }>(user, mutation, variables)
  return outcome.results
}

const inMs = (ms: number) => new Date(Date.now() + ms).toISOString()

describe('the privacy list', () => {
  it('says of each user what is decided, why, since when, until when and what comes then', async () => {
    const [pia, asks, over, blocked] = [newUser('pia'), newUser('1'), newUser('2'), newUser('3')]
    const began = Date.now()
    await as(asks, ASK, { userId: pia })
    await as(pia, DECIDE, { userIds: [over, blocked], decision: 'BLOCKED' })
    const endsAt = inMs(3_600_000)
    await as(pia, DECIDE, { userIds: [over], decision: 'ALLOWED', endsAt })

    const { nodes, pageInfo } = await listOf(pia, DECISIONS)

    const none = { endsAt: null, thenState: null, request: null }
    expect(nodes).toMatchObject([
      {
        ...none,
        user: { id: asks },
        state: 'PENDING',
        reason: 'REQUESTED',
        endsAt: expect.any(String) as string,
        request: { requester: { id: asks }, triggers: ['CALL'] },
      },
      { ...none, user: { id: over }, state: 'ALLOWED', reason: 'SET', endsAt, thenState: 'BLOCKED' },
      { ...none, user: { id: blocked }, state: 'BLOCKED', reason: 'SET' },
    ])
    for (const { since } of nodes) expect(Math.abs(Date.parse(since) - began)).toBeLessThan(20_000)
    expect(pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: false })
    await passTime(3_600_000)
    const [entry] = (await listOf(pia, DECISIONS, { search: over })).nodes
    expect(entry).toMatchObject({ ...none, state: 'BLOCKED', reason: 'GRANT_ENDED' })
  })

  it('is paged, filtered and searched', async () => {
    const pia = newUser('pia')
    const watchers = ['a%', 'a_', 'aa', 'ab', 'b'].map((name) => newUser(name))
    await as(pia, DECIDE, { userIds: watchers, decision: 'ALLOWED' })
    await as(pia, DECIDE, { userIds: [watchers[1]], decision: 'BLOCKED' })
    const idsOf = ({ nodes }: List) => nodes.map(({ user }) => user.id)

    const first = await listOf(pia, DECISIONS, { first: 2 })
    const second = await listOf(pia, DECISIONS, { first: 2, after: first.pageInfo.endCursor })
    const third = await listOf(pia, DECISIONS, { first: 2, after: second.edges[1]!.cursor })

    expect([first, second, third].flatMap(idsOf)).toEqual(watchers)
    expect([first, second, third].map(({ pageInfo }) => pageInfo.hasNextPage)).toEqual([true, true, false])
    expect([first, second].map(({ pageInfo }) => pageInfo.hasPreviousPage)).toEqual([false, true])
    expect(first.pageInfo.startCursor).toBe(first.edges[0]!.cursor)
    expect(idsOf(await listOf(pia, DECISIONS, { search: 'a' }))).toEqual(watchers.slice(0, 4))
    expect(idsOf(await listOf(pia, DECISIONS, { search: 'a%' }))).toEqual([watchers[0]])
    expect(idsOf(await listOf(pia, DECISIONS, { search: '%' }))).toEqual([])
    expect(idsOf(await listOf(pia, DECISIONS, { search: '' }))).toEqual(watchers)
    expect(idsOf(await listOf(pia, DECISIONS, { states: ['BLOCKED', 'PENDING'] }))).toEqual([watchers[1]])
    expect((await listOf(pia, DECISIONS, { search: 'nobody' })).pageInfo).toEqual({
      hasNextPage: false,
      hasPreviousPage: false,
      startCursor: null,
      endCursor: null,
    })
  })

  it.each([
    ['an id too long to search for', { search: 'é'.repeat(128) }, 'search'],
    ['control characters', { search: 'a\u0000' }, 'search'],
    ['half a character', { search: '\ud800' }, 'search'],
    ['no state', { states: [] }, 'states'],
    ['no entry', { first: 0 }, 'first'],
    ['too many entries', { first: 501 }, 'first'],
    ['an empty cursor', { after: '' }, 'after'],
    ['a cursor that is none', { after: '?' }, 'after'],
    ['a cursor of a text that is no id', { after: Buffer.from('\u0000').toString('base64url') }, 'after'],
    [
      'a cursor of half a character',
      { after: Buffer.from([0xed, 0xa0, 0x80]).toString('base64url') },
      'after',
    ],
    ['a cursor with something behind it', { after: `${Buffer.from('wim').toString('base64url')}.` }, 'after'],
  ])('refuses %s', async (_, variables, field) => {
    const token = await tokenOf(newUser('pia'))
    const queries = 'states' in variables ? [DECISIONS] : [DECISIONS, VISIBLE_TO]
    for (const query of queries) {
      const { errors, data } = await postGraphQL(app.url, { query, variables, token })
      expect(errors).toHaveLength(1)
      expect(errors[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field })
      expect(data).toBeNull()
    }
    expect(sent.callers()).toEqual([])
  })

  it('is shown to its user only: nobody else is asked for, and nobody without a token gets any', async () => {
    const { errors } = await postGraphQL(app.url, { query: DECISIONS })
    expect(errors[0]?.extensions).toMatchObject({ code: 'UNAUTHENTICATED' })
  })

  it('takes one statement for a page, and one for what its user sees of all on it', async () => {
    const pia = newUser('pia')
    const watchers = Array.from({ length: 120 }, () => newUser())
    await as(pia, DECIDE, { userIds: watchers, decision: 'ALLOWED' })
    for (const first of [1, 10, 100]) {
      const before = sent.callers().length
      await as(
        pia,
        `query ($first: Int!) { presencePrivacy { decisions(first: $first) {
          nodes { state user { id presence { status } presenceAccess } } } } }`,
        { first },
      )
      expect(sent.callers().slice(before)).toEqual(['listEdges', 'viewPresence'])
    }
  })
})

describe('who can see me', () => {
  it('is whom I have allowed, and tells nothing of what they have decided', async () => {
    const [pia, wim, eve, zoe] = [newUser('pia'), newUser('1'), newUser('2'), newUser('3')]
    await as(zoe, ASK, { userId: pia })
    await as(pia, DECIDE, { userIds: [wim, eve], decision: 'ALLOWED' })
    const before = await listOf(pia, VISIBLE_TO)
    await as(wim, DECIDE, { userIds: [pia], decision: 'BLOCKED' })
    const after = await listOf(pia, VISIBLE_TO)

    expect(before.nodes.map(({ user, state }) => [user.id, state])).toEqual([
      [wim, 'ALLOWED'],
      [eve, 'ALLOWED'],
    ])
    expect(after).toEqual(before)
    const onlyEve = await listOf(pia, VISIBLE_TO, { first: 1, after: before.edges[0]!.cursor, search: '2' })
    expect(onlyEve.nodes).toEqual([before.nodes[1]])
  })
})

describe('decisions', () => {
  it('of many users at once have an outcome each, open requests among them', async () => {
    const [pia, asks, unknown, blocked] = [newUser('pia'), newUser('1'), newUser('2'), newUser('3')]
    await as(asks, ASK, { userId: pia })
    await as(pia, DECIDE, { userIds: [blocked], decision: 'BLOCKED' })
    const { request } = (await listOf(pia, DECISIONS, { states: ['PENDING'] })).nodes[0]!
    const result = {
      decision: null,
      endsAt: null,
      previousState: null,
      closedRequestId: null,
      nextRequestAllows: false,
    }

    const userIds = [blocked, asks, unknown, asks]
    expect(await resultsOf(pia, DECIDE, { userIds, decision: 'ALLOWED' })).toEqual([
      { ...result, user: { id: blocked }, decision: 'ALLOWED', previousState: 'BLOCKED' },
      {
        ...result,
        user: { id: asks },
        decision: 'ALLOWED',
        previousState: 'PENDING',
        closedRequestId: request!.id,
      },
      { ...result, user: { id: unknown }, decision: 'ALLOWED' },
    ])
    expect(await resultsOf(pia, DELETE, { userIds: [asks] })).toEqual([
      { ...result, user: { id: asks }, previousState: 'ALLOWED' },
    ])
  })

  it('apply to all users or to none', async () => {
    const [pia, wim] = [newUser('pia'), newUser('wim')]
    const token = await tokenOf(pia)
    for (const variables of [
      { userIds: [wim, pia], decision: 'ALLOWED' },
      { userIds: [wim, ''], decision: 'ALLOWED' },
      { userIds: [wim], decision: 'BLOCKED', endsAt: inMs(60_000) },
      { userIds: [wim], decision: 'ALLOWED', endsAt: inMs(-60_000) },
      { userIds: Array.from({ length: 501 }, () => newUser()), decision: 'ALLOWED' },
    ]) {
      const { errors } = await postGraphQL(app.url, { query: DECIDE, variables, token })
      expect(errors[0]?.extensions?.code).toBe('BAD_USER_INPUT')
    }
    expect((await listOf(pia, DECISIONS)).nodes).toEqual([])
  })

  it('that are deleted say when the next request allows again', async () => {
    const [pia, wim] = [newUser('pia'), newUser('wim')]
    await as(pia, DECIDE, { userIds: [wim], decision: 'ALLOWED' })
    await as(
      pia,
      'mutation { setPresencePreference(input: { invitationHandling: AUTO_ACCEPT }) { refused { field } } }',
    )

    expect(await resultsOf(pia, DELETE, { userIds: [wim] })).toMatchObject([
      { decision: null, previousState: 'ALLOWED', nextRequestAllows: true },
    ])
  })
})

it('all that waits is accepted at once, and the watchers are told', async () => {
  const pia = newUser('pia')
  const watchers = [newUser('1'), newUser('2'), newUser('3')]
  for (const watcher of watchers) await as(watcher, ASK, { userId: pia })

  const nothing = { hasMore: false, presencePrivacy: { incomingRequests: { nodes: [] } } }
  expect(await as(pia, ACCEPT_ALL)).toEqual({ acceptAllPendingRequests: { ...nothing, acceptedCount: 3 } })
  expect(
    (await listOf(pia, DECISIONS)).nodes.map(({ user, state, reason }) => [user.id, state, reason]),
  ).toEqual(watchers.map((watcher) => [watcher, 'ALLOWED', 'ANSWERED']))
  for (const watcher of watchers) {
    expect(await as(watcher, ASK, { userId: pia })).toEqual({
      requestPresenceAccess: { results: [{ access: 'ALLOWED' }] },
    })
  }
  expect(await as(pia, ACCEPT_ALL)).toEqual({ acceptAllPendingRequests: { ...nothing, acceptedCount: 0 } })
})
