import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { addContactsAndAsk, removeContacts } from '../../src/application/manage-contacts.ts'
import type { UserId } from '../../src/domain/user-id.ts'
import { causesOfOffline } from '../support/causes-of-offline.ts'
import { countStatements, type SentStatements } from '../support/count-statements.ts'
import { connectUsers } from '../support/connect-users.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { pageOf, stepsOn } from '../support/documented-steps.ts'
import { askGraphQL, postGraphQL } from '../support/post-graphql.ts'
import { postgresStorage } from '../support/postgres-storage.ts'
import { putOnContactList } from '../support/put-on-contact-list.ts'
import { startApp, tokenOf, type TestApp } from '../support/start-app.ts'

const LIST = /* GraphQL */ `
  query List($first: Int!, $after: String, $filter: PresenceContactFilter, $orderBy: PresenceContactOrder!) {
    presencePrivacy {
      contacts(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {
        edges {
          cursor
          node {
            user {
              id
              presence {
                status
              }
              presenceAccess
            }
            presence {
              status
            }
            access
            addedAt
          }
        }
        pageInfo {
          hasNextPage
          hasPreviousPage
          endCursor
        }
        totalCount
      }
    }
  }
`
const ADD = /* GraphQL */ `
  mutation Add($userIds: [ID!]!) {
    addPresenceContacts(input: { userIds: $userIds }) {
      results {
        user {
          id
        }
        outcome
        asked {
          access
          request {
            triggers
          }
        }
      }
    }
  }
`
const REMOVE = /* GraphQL */ `
  mutation Remove($userIds: [ID!]!) {
    removePresenceContacts(input: { userIds: $userIds }) {
      results {
        user {
          id
          presenceAccess
        }
        outcome
      }
      presencePrivacy {
        contacts {
          totalCount
        }
      }
    }
  }
`

type Listed = {
  readonly edges: readonly {
    readonly cursor: string
    readonly node: {
      readonly user: { id: string; presence: { status: string }; presenceAccess: string }
      readonly presence: { status: string }
      readonly access: string
    }
  }[]
  readonly pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; endCursor: string | null }
  readonly totalCount: number
}

let database: TestDatabase
let app: TestApp
let sent: SentStatements

beforeAll(async () => {
  database = await createTestDatabase()
  app = await startApp(database)
})
afterAll(() => app.stop())
beforeEach(() => {
  sent = countStatements()
})
afterEach(() => sent.stop())

async function list(user: string, page: Record<string, unknown> = {}): Promise<Listed> {
  const { presencePrivacy } = await askGraphQL<{ presencePrivacy: { contacts: Listed } }>(app.url, {
    query: LIST,
    variables: { first: 500, orderBy: 'USER_ID', ...page },
    token: await tokenOf(user),
  })
  return presencePrivacy.contacts
}

async function mutate<Data>(user: string, query: string, userIds: readonly string[]): Promise<Data> {
  return await askGraphQL<Data>(app.url, { query, variables: { userIds }, token: await tokenOf(user) })
}

describe('a contact list of 500 among 100,000 others', () => {
  beforeAll(async () => {
    await database.query(`
      with others as (
        insert into presence_privacy.users (id)
        select 'other ' || lpad(number::text, 6, '0') from generate_series(1, 100000) as number
        returning id
      ), numbered as (
        select id, right(id, 6)::integer as number from others
      )
      insert into presence_privacy.pairs (watcher_id, presentity_id, edge_state, view_access, contact_since)
      select 'wim', id, 'ALLOWED', 'ALLOWED', case when number % 200 = 0 then now() end
      from numbered`)
    await database.query(
      `insert into presence_privacy.pairs (watcher_id, presentity_id, edge_state) select presentity_id, 'wim', 'BLOCKED'
       from presence_privacy.pairs where watcher_id = 'wim'`,
    )
    const number = "id like 'other %' and right(id, 6)::integer"
    await connectUsers(database, { which: `${number} % 400 = 0`, status: 'BUSY' })
    await connectUsers(database, { which: `${number} % 400 = 200`, status: 'AWAY' })
    await database.query('analyze presence_privacy.users, presence_privacy.pairs')
  }, 60_000)

  it.each([1, 50, 500])('is read by one statement, whole users included, for a page of %i', async (first) => {
    const { edges, totalCount } = await list('wim', { first })

    expect(totalCount).toBe(500)
    expect(edges).toHaveLength(first)
    for (const { node } of edges) {
      expect(node.user).toMatchObject({ presence: node.presence, presenceAccess: node.access })
    }
    expect(sent.callers()).toEqual(['viewContacts'])
  })

  it('is read once for all its pages, filters and orders in one operation', async () => {
    const query = `{ presencePrivacy {
      reachable: contacts(orderBy: PRESENCE, first: 1) { nodes { presence { status } } totalCount }
      busy: contacts(filter: { statuses: [BUSY] }) { totalCount }
      waiting: contacts(filter: { access: [PENDING] }) { totalCount }
    } }`
    const { presencePrivacy } = await askGraphQL(app.url, { query, token: await tokenOf('wim') })

    expect(presencePrivacy).toEqual({
      reachable: { nodes: [{ presence: { status: 'BUSY' } }], totalCount: 500 },
      busy: { totalCount: 250 },
      waiting: { totalCount: 0 },
    })
    expect(sent.callers()).toEqual(['viewContacts'])
  })

  it('is one range of the index of contacts, and nothing is read from end to end', async () => {
    await list('wim')
    const statement = sent.texts().find((text) => text.includes('viewContacts'))
    const rows = await database.query<{ 'QUERY PLAN': string }>(`explain (generic_plan) ${statement!}`)
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n')

    expect(plan).toMatch(
      /Index Only Scan using pairs_contacts_idx on pairs .*\n *Index Cond: \(watcher_id = \$1\)/,
    )
    expect(plan).not.toMatch(/Seq Scan on (pairs|users)/)
  })

  it.each(['USER_ID', 'PRESENCE', 'ADDED'])('is read page by page, whole, by %s', async (orderBy) => {
    const whole = await list('wim', { orderBy })
    const pages = [await list('wim', { orderBy, first: 200 })]
    while (pages.at(-1)!.pageInfo.hasNextPage) {
      pages.push(await list('wim', { orderBy, first: 200, after: pages.at(-1)!.pageInfo.endCursor }))
    }

    expect(pages.map(({ edges }) => edges.length)).toEqual([200, 200, 100])
    expect(pages.map(({ pageInfo }) => pageInfo.hasPreviousPage)).toEqual([false, true, true])
    expect(pages.flatMap(({ edges }) => edges)).toEqual(whole.edges)
  })
})

describe('the contact list’s operations', () => {
  it('add each user once, in the order of the input, and tell what came of asking', async () => {
    const data = await mutate('ann', ADD, ['zoe', 'bea', 'zoe'])

    const asked = { access: 'PENDING', request: { triggers: ['CONTACT_ADDED'] } }
    expect(data).toEqual({
      addPresenceContacts: {
        results: ['zoe', 'bea'].map((id) => ({ user: { id }, outcome: 'ADDED', asked })),
      },
    })
    expect((await list('ann')).edges.map(({ node }) => [node.user.id, node.access])).toEqual([
      ['bea', 'PENDING'],
      ['zoe', 'PENDING'],
    ])
  })

  it('remove with the request, and tell what is left', async () => {
    await mutate('ben', ADD, ['zoe', 'bea'])

    expect(await mutate('ben', REMOVE, ['bea', 'nobody', 'bea'])).toEqual({
      removePresenceContacts: {
        results: [
          { user: { id: 'bea', presenceAccess: 'NONE' }, outcome: 'REMOVED' },
          { user: { id: 'nobody', presenceAccess: 'NONE' }, outcome: 'NOT_A_CONTACT' },
        ],
        presencePrivacy: { contacts: { totalCount: 1 } },
      },
    })
  })

  it.each([
    ['oneself', ['zoe', 'cat']],
    ['nobody', []],
    ['more than 500', Array.from({ length: 501 }, (_, number) => `user ${String(number)}`)],
    ['what is no id', ['\u0000']],
  ])('refuse %s, and do nothing then', async (_, userIds) => {
    const token = await tokenOf('cat')
    for (const query of [ADD, REMOVE]) {
      const { errors } = await postGraphQL(app.url, { query, variables: { userIds }, token })
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', field: 'userIds' } }])
    }
    expect((await list('cat')).totalCount).toBe(0)
  })

  it('refuse a cursor of another order, one that is none, and a page that is none', async () => {
    await mutate('dan', ADD, ['zoe', 'bea'])
    const { pageInfo } = await list('dan', { first: 1, orderBy: 'PRESENCE' })
    const refused = async (page: Record<string, unknown>) => {
      const variables = { first: 1, orderBy: 'USER_ID', ...page }
      const { errors } = await postGraphQL(app.url, { query: LIST, variables, token: await tokenOf('dan') })
      return errors[0]?.extensions
    }

    expect(await refused({ after: pageInfo.endCursor })).toEqual({ code: 'BAD_USER_INPUT', field: 'after' })
    expect(await refused({ after: 'zoe' })).toEqual({ code: 'BAD_USER_INPUT', field: 'after' })
    expect(await refused({ first: 0 })).toEqual({ code: 'BAD_USER_INPUT', field: 'first' })
    expect(await refused({ first: 501 })).toEqual({ code: 'BAD_USER_INPUT', field: 'first' })
  })

  it('are for whoever has a token', async () => {
    const variables = { first: 1, orderBy: 'ADDED', userIds: ['zoe'] }
    for (const query of [LIST, ADD, REMOVE]) {
      const { errors } = await postGraphQL(app.url, { query, variables })
      expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }])
    }
  })

  it('are shown in docs/contact-list.md by examples that run as they stand', async () => {
    const steps = stepsOn(pageOf('contact-list'))
    // The last one is for a gateway, in whose tests it runs.
    expect(steps).toHaveLength(5)
    for (const { query } of steps.slice(0, -1))
      await askGraphQL(app.url, { query, token: await tokenOf('fay') })
    expect((await list('fay')).edges.map(({ node }) => node.user.id)).toEqual(['bob'])
  })

  it('show in one operation what is true after each of its steps', async () => {
    const query = /* GraphQL */ `
      mutation {
        add: addPresenceContacts(input: { userIds: ["zoe"] }) {
          results {
            user {
              presenceAccess
            }
          }
        }
        remove: removePresenceContacts(input: { userIds: ["zoe"] }) {
          results {
            user {
              presenceAccess
            }
          }
        }
      }
    `
    const results = (presenceAccess: string) => ({ results: [{ user: { presenceAccess } }] })
    expect(await askGraphQL(app.url, { query, token: await tokenOf('eli') })).toEqual({
      add: results('PENDING'),
      remove: results('NONE'),
    })
  })
})

it('a denial costs the same statements as anything else, when contacts are added and when they are removed', async () => {
  const storage = await postgresStorage(await createTestDatabase())
  try {
    const { watcher, causes } = await causesOfOffline(storage)
    const statementsOf = async (act: () => Promise<unknown>) => {
      const before = sent.texts().length
      await act()
      return sent.texts().slice(before)
    }
    const one = (presentity: UserId) => ({ watcher, presentities: [presentity] })
    for (const group of new Set(causes.map((cause) => cause.group))) {
      const members = causes.filter((cause) => cause.group === group)
      const remove = ({ presentity }: (typeof members)[number]) =>
        removeContacts(storage.privacy, one(presentity))
      const add = ({ presentity }: (typeof members)[number]) =>
        addContactsAndAsk(storage.privacy, one(presentity))
      const presentities = members.map(({ presentity }) => presentity)
      await putOnContactList(storage, { watcher, presentities })
      for (const act of [remove, add, remove]) {
        const costs = new Map<string, readonly string[]>()
        for (const member of members) costs.set(member.cause, await statementsOf(() => act(member)))
        const [first, ...rest] = costs
        expect(first![1].length).toBeGreaterThan(3)
        for (const [cause, cost] of rest)
          expect(cost, `${group}: ${cause}, as ${first![0]}`).toEqual(first![1])
      }
      await storage.passTime(60_000)
    }
  } finally {
    await storage.close()
  }
})
