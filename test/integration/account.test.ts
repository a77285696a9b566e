import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eraseUser } from '../../src/application/erase-user.ts'
import { decideAccess } from '../../src/application/manage-decisions.ts'
import { UserErased } from '../../src/application/ports.ts'
import { publishPresence } from '../../src/application/publish-presence.ts'
import { requestAccess } from '../../src/application/request-access.ts'
import type { UserId } from '../../src/domain/user-id.ts'
import { ASSIGN_CLASS } from '../support/administrators-documents.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { newUser } from '../support/new-user.ts'
import { placesOf } from '../support/places-of.ts'
import { askGraphQL, postGraphQL } from '../support/post-graphql.ts'
import { postgresStorage, type PostgresStorage } from '../support/postgres-storage.ts'
import { startApp, tokenOf, type TestApp } from '../support/start-app.ts'
import type { Told } from '../support/told.ts'

const TRAIL = /* GraphQL */ `
  query ($first: Int!, $after: String, $userId: ID) {
    presencePrivacy {
      trail(first: $first, after: $after, userId: $userId) {
        nodes {
          user {
            id
          }
          actor
          cause
          stateBefore
          stateAfter
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
`
const AUDIT = /* GraphQL */ `
  query ($presentityId: ID, $watcherId: ID, $after: String) {
    presencePrivacyAudit {
      trail(presentityId: $presentityId, watcherId: $watcherId, after: $after) {
        nodes {
          presentityId
          watcherId
          actor
          actorId
          cause
          stateBefore
          stateAfter
          at
          recordedAt
        }
      }
    }
  }
`
const EXPORT = /* GraphQL */ `
  query ($userId: ID!, $first: Int!, $after: String) {
    exportPresenceUser(userId: $userId, first: $first, after: $after) {
      lines
      hasNextPage
      endCursor
    }
  }
`
const ERASE = /* GraphQL */ `
  mutation ($userId: ID!) {
    erasePresenceUser(input: { userId: $userId }) {
      erasedUserId
    }
  }
`
const ASK = /* GraphQL */ `
  mutation ($userIds: [ID!]!) {
    requestPresenceAccess(input: { userIds: $userIds, addToContacts: true }) {
      results {
        access
      }
    }
  }
`
const DECIDE = /* GraphQL */ `
  mutation ($userIds: [ID!]!, $decision: PresenceDecision!) {
    decidePresenceAccess(input: { userIds: $userIds, decision: $decision }) {
      results {
        decision
      }
    }
  }
`
const PUBLISH = /* GraphQL */ `
  mutation {
    publishPresence(input: { status: BUSY, note: "with a customer", sessionId: "desk" }) {
      session {
        id
      }
    }
  }
`
const RESPOND = /* GraphQL */ `
  mutation ($presentedIds: [ID!]!, $clientKey: String) {
    respondToRequests(
      input: {
        presentedIds: $presentedIds
        tickedIds: $presentedIds
        addTickedToContacts: true
        clientKey: $clientKey
      }
    ) {
      outcomes {
        outcome
      }
    }
  }
`
const WAITING = /* GraphQL */ `
  {
    presencePrivacy {
      incomingRequests {
        nodes {
          id
        }
      }
    }
  }
`

let database: TestDatabase
let storage: PostgresStorage
let app: TestApp

beforeAll(async () => {
  database = await createTestDatabase()
  storage = await postgresStorage(database)
  app = await startApp(database)
})
afterAll(async () => {
  await app.stop()
  await storage.close()
})

async function as(user: string, query: string, variables: Told = {}, roles: readonly string[] = []) {
  return askGraphQL<Told>(app.url, { query, variables, token: await tokenOf(user, { roles }) })
}

async function faultOf(user: string, query: string, variables: Told = {}, roles: readonly string[] = []) {
  const { errors } = await postGraphQL(app.url, { query, variables, token: await tokenOf(user, { roles }) })
  return errors[0]?.extensions
}

async function answerAll(presentity: string, clientKey: string): Promise<void> {
  const { presencePrivacy } = await as(presentity, WAITING)
  const waiting = presencePrivacy.incomingRequests.nodes as readonly { readonly id: string }[]
  const presentedIds = waiting.map(({ id }) => id)
  await as(presentity, RESPOND, { presentedIds, clientKey })
}

const erase = (userId: string, administrator = newUser('root')) =>
  as(administrator, ERASE, { userId }, ['administrator'])

describe('the trail', () => {
  it('tells a user page by page what became of their decisions, and an auditor who did it', async () => {
    const [pia, wim] = [newUser('pia'), newUser('wim')]
    await as(wim, ASK, { userIds: [pia] })
    await as(pia, DECIDE, { userIds: [wim], decision: 'BLOCKED' })
    await as(wim, ASK, { userIds: [pia] })

    const { presencePrivacy: first } = await as(pia, TRAIL, { first: 1 })
    expect(first.trail.nodes).toEqual([
      { user: { id: wim }, actor: 'USER', cause: 'SET', stateBefore: 'PENDING', stateAfter: 'BLOCKED' },
    ])
    const { endCursor: after, hasNextPage } = first.trail.pageInfo
    expect(hasNextPage).toBe(true)
    const { presencePrivacy: second } = await as(pia, TRAIL, { first: 5, after, userId: wim })
    expect(second.trail).toMatchObject({
      nodes: [{ user: { id: wim }, cause: 'REQUESTED', stateBefore: null, stateAfter: 'PENDING' }],
      pageInfo: { hasNextPage: false },
    })
    expect((await as(wim, TRAIL, { first: 5 }))['presencePrivacy'].trail.nodes).toEqual([])

    const { presencePrivacyAudit } = await as('ann', AUDIT, { presentityId: pia, watcherId: wim }, [
      'auditor',
    ])
    const { nodes } = presencePrivacyAudit.trail
    expect(nodes).toMatchObject([
      { actorId: wim, cause: 'REQUESTED', stateBefore: 'BLOCKED', stateAfter: 'BLOCKED' },
      { actorId: pia, cause: 'SET' },
      { actorId: wim, cause: 'REQUESTED' },
    ])
    expect(nodes[0].recordedAt).toBe(nodes[0].at)
  })

  it('refuses pages and ids that cannot be', async () => {
    const code = 'BAD_USER_INPUT'
    expect(await faultOf('pia', TRAIL, { first: 501 })).toEqual({ code, field: 'first' })
    expect(await faultOf('pia', TRAIL, { first: 1, after: 'x' })).toEqual({ code, field: 'after' })
    expect(await faultOf('pia', TRAIL, { first: 1, userId: '' })).toEqual({ code, field: 'userId' })
    expect(await faultOf('ann', AUDIT, { watcherId: 'a\u0000' }, ['auditor'])).toEqual({
      code,
      field: 'watcherId',
    })
    const administrator = ['administrator']
    const input = { userId: 'pia', first: 1, after: 'x' }
    expect(await faultOf('root', EXPORT, input, administrator)).toEqual({ code, field: 'after' })
    expect(await faultOf('root', ERASE, { userId: '' }, administrator)).toEqual({ code, field: 'userId' })
  })
})

it('an export comes page by page as JSON lines', async () => {
  const [pia, wim] = [newUser('pia'), newUser('wim')]
  await as(pia, DECIDE, { userIds: [wim], decision: 'ALLOWED' })
  await as(pia, ASK, { userIds: [wim] })
  const lines: string[] = []
  let after: string | null = null
  do {
    const { exportPresenceUser: page } = await as('root', EXPORT, { userId: pia, first: 1, after }, [
      'administrator',
    ])
    lines.push(...page.lines)
    expect(page.hasNextPage).toBe(page.endCursor !== null)
    after = page.endCursor
  } while (after !== null)
  const records = lines.map((line) => JSON.parse(line) as Told)
  expect(records.map(({ kind }) => kind as string)).toEqual(['PREFERENCE', 'DECISION', 'VIEW', 'REQUEST'])
  expect(records[1]).toMatchObject({ user: wim, state: 'ALLOWED', reason: 'SET' })
})

describe('an erasure', () => {
  it.each([
    ['another administrator', () => newUser('root')],
    ['the user alone, who is an administrator', (pia: UserId) => pia],
  ])('by %s leaves no trace of the id in any column of any table', async (_, administratorFor) => {
    const pia = newUser('pia')
    const [max, eva, wim] = [newUser('max'), newUser('eva'), newUser('wim')]
    await as(pia, PUBLISH)
    await as(pia, ASK, { userIds: [max, eva, wim] })
    await as(max, ASK, { userIds: [pia, wim] })
    await as(wim, ASK, { userIds: [pia] })
    await answerAll(max, 'of-max')
    await answerAll(pia, 'of-pia')
    await as(eva, DECIDE, { userIds: [pia], decision: 'BLOCKED' })
    await as(pia, DECIDE, { userIds: [eva], decision: 'BLOCKED' })
    await as(pia, 'mutation { setPresencePreference(input: { appearOffline: true }) { refused { field } } }')
    // An administrator, too, is somebody.
    await erase(newUser('other'), pia)
    await as(wim, DECIDE, { userIds: [max], decision: 'ALLOWED' })
    await erase(wim, pia)
    await as('root', ASSIGN_CLASS, { input: { userIds: [pia], className: 'default' } }, ['administrator'])
    const before = await placesOf(database, pia)
    expect(before).toEqual(
      expect.arrayContaining([
        'administrative_act_users.user_id',
        'administrative_acts.actor_id',
        'answers.presentity_id',
        'answers.result',
        'incoming_items.presentity_id',
        'incoming_items.watcher_id',
        'outgoing_requests.presentity_id',
        'outgoing_requests.watcher_id',
        'pairs.presentity_id',
        'pairs.watcher_id',
        'trail.actor_id',
        'trail.presentity_id',
        'trail.watcher_id',
        'users.id',
      ]),
    )

    expect(await erase(pia, administratorFor(pia))).toEqual({ erasePresenceUser: { erasedUserId: pia } })

    expect(await placesOf(database, pia)).toEqual([])
    expect(await placesOf(database, max)).not.toEqual([])
  })

  it('outlasts a token that is still valid: nothing is made anew, and nothing is read', async () => {
    const [pia, wim] = [newUser('pia'), newUser('wim')]
    await as(pia, PUBLISH)
    await as(wim, ASK, { userIds: [pia] })
    await erase(pia)
    const code = 'USER_ERASED'
    expect(await faultOf(pia, PUBLISH)).toEqual({ code })
    expect(await faultOf(pia, ASK, { userIds: [wim] })).toEqual({ code })
    expect(await faultOf(pia, DECIDE, { userIds: [wim], decision: 'ALLOWED' })).toEqual({ code })
    for (const field of [
      'user { id }',
      'presence { status }',
      'sessions { id }',
      'contacts { totalCount }',
      'incomingRequests { nodes { id } }',
      'trail(first: 1) { nodes { cause } }',
    ]) {
      expect(await faultOf(pia, `{ presencePrivacy { ${field} } }`), field).toEqual({ code })
    }
    expect(await placesOf(database, pia)).toEqual([])
  })

  it('shows whoever had decided about the user that it is over, and no longer about whom it was', async () => {
    const [pia, wim] = [newUser('pia'), newUser('wim')]
    await as(wim, DECIDE, { userIds: [pia], decision: 'ALLOWED' })
    await erase(pia)
    const { presencePrivacy } = await as(wim, TRAIL, { first: 5 })
    expect(presencePrivacy.trail.nodes).toEqual([
      { user: null, actor: 'ADMINISTRATOR', cause: 'ERASED', stateBefore: 'ALLOWED', stateAfter: null },
      { user: null, actor: 'USER', cause: 'SET', stateBefore: null, stateAfter: 'ALLOWED' },
    ])
    const { presencePrivacyAudit } = await as('ann', AUDIT, { presentityId: wim }, ['auditor'])
    const [ended, set] = presencePrivacyAudit.trail.nodes as [Told, Told]
    expect(ended['watcherId']).toMatch(/^erased:[0-9a-f-]{36}$/)
    expect(set['watcherId']).toBe(ended['watcherId'])
  })

  it('wins against whatever the user does at the same moment', async () => {
    const actor = { kind: 'ADMINISTRATOR', id: newUser('root') } as const
    for (let round = 0; round < 40; round += 1) {
      const [pia, wim] = [newUser('pia'), newUser('wim')]
      const said = { session: 'desk', status: 'BUSY', activity: null, note: null, leaseMs: 60_000 } as const
      const acts = [
        () => eraseUser(storage.records, { user: pia, actor }),
        () => ask(pia, wim),
        () =>
          decideAccess(storage.privacy, {
            presentity: pia,
            watchers: [wim],
            verdict: 'ALLOWED',
            endsAt: null,
          }),
        () => publishPresence(storage, { user: pia, ...said }),
      ]
      const first = round % acts.length
      const outcomes = await Promise.allSettled(
        [...acts.slice(first), ...acts.slice(0, first)].map((act) => act()),
      )
      for (const outcome of outcomes) {
        if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(UserErased)
      }
      expect(await placesOf(database, pia)).toEqual([])
    }
  })

  it('of a user with very many others takes as many batches as it needs', async () => {
    const pia = newUser('pia')
    const actor = { kind: 'ADMINISTRATOR', id: newUser('root') } as const
    await ask(pia, newUser())
    const others = `select 'other-' || number as other, now() as at from generate_series(1, 12000) as number`
    await database.query(
      `with others as (${others}), pairs as (
        insert into presence_privacy.pairs (watcher_id, presentity_id, edge_state, edge_origin, edge_since)
        select $1, other, 'ALLOWED', 'SET', at from others union all select other, $1, 'BLOCKED', 'SET', at from others
      )
      insert into presence_privacy.trail
        (presentity_id, watcher_id, at, actor_kind, actor_id, cause, state_before, state_after, reaches_presentity)
      select $1, other, at, 'USER', $1, 'SET', 'NONE', 'BLOCKED', true from others`,
      [pia],
    )

    await eraseUser(storage.records, { user: pia, actor })

    expect(await placesOf(database, pia)).toEqual([])
    const [recorded] = await database.query<{ count: string }>(
      `select count(*) from presence_privacy.trail where cause = 'ERASED' and actor_id = $1`,
      [actor.id],
    )
    expect(recorded?.count).toBe('24001')
  })

  it('of many users at once, who have to do with each other and go on, comes to an end for all', async () => {
    const actor = { kind: 'ADMINISTRATOR', id: newUser('root') } as const
    const users = Array.from({ length: 8 }, () => newUser('many'))
    for (const user of users) await ask(user, ...users.filter((other) => other !== user))
    const [stays, ...gone] = users as [UserId, ...UserId[]]
    await Promise.all([
      ...gone.map((user) => eraseUser(storage.records, { user, actor })),
      ...Array.from({ length: 10 }, () => ask(stays, newUser('other'))),
    ])
    for (const user of gone) expect(await placesOf(database, user)).toEqual([])
  })
})

function ask(watcher: UserId, ...presentities: UserId[]) {
  return requestAccess(storage.privacy, { watcher, presentities, trigger: 'CALL', addToContacts: true })
}
