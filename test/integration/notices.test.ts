import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { newUser } from '../support/new-user.ts'
import { timePasser } from '../support/pass-time.ts'
import { askGraphQL } from '../support/post-graphql.ts'
import { startApp, tokenOf, type TestApp } from '../support/start-app.ts'
import { connect, type RawClient } from '../support/web-socket-client.ts'

const POPUP = /* GraphQL */ `
  subscription Popup {
    incomingPresenceRequests {
      change
      requests {
        id
      }
      notices {
        id
        requester {
          id
        }
        triggers
        grantedAt
      }
      closedIds
    }
  }
`
const NOTICES = /* GraphQL */ `
  query Notices {
    presencePrivacy {
      notices {
        nodes {
          id
          requester {
            id
          }
          triggers
          grantedAt
        }
      }
    }
  }
`
const RESPOND = /* GraphQL */ `
  mutation Respond($input: RespondToRequestsInput!) {
    respondToRequests(input: $input) {
      outcomes {
        id
        outcome
        decision
      }
      contacts {
        user {
          id
        }
        outcome
      }
    }
  }
`
const SET_HANDLING = /* GraphQL */ `
  mutation SetHandling($handling: PresenceInvitationHandling!) {
    setPresencePreference(input: { invitationHandling: $handling }) {
      refused {
        field
      }
    }
  }
`
const ASK = /* GraphQL */ `
  mutation Ask($userId: ID!) {
    requestPresenceAccess(input: { userIds: [$userId], trigger: CALL }) {
      results {
        access
      }
    }
  }
`
const DECIDE = /* GraphQL */ `
  mutation Decide($userId: ID!, $decision: PresenceDecision!) {
    decidePresenceAccess(input: { userIds: [$userId], decision: $decision }) {
      results {
        decision
      }
    }
  }
`
const DELETE = /* GraphQL */ `
  mutation Delete($userId: ID!) {
    deletePresenceDecisions(input: { userIds: [$userId] }) {
      results {
        decision
      }
    }
  }
`
const STATES = 'query { presencePrivacy { decisions { nodes { user { id } state reason } } } }'

type Notice = {
  readonly id: string
  readonly requester: { readonly id: string }
  readonly triggers: readonly string[]
}
type PopupEvent = {
  readonly change: string
  readonly notices: readonly Notice[]
  readonly closedIds: readonly string[]
}
type Outcomes = {
  readonly respondToRequests: {
    readonly outcomes: readonly {
      readonly id: string
      readonly outcome: string
      readonly decision: string | null
    }[]
    readonly contacts: readonly unknown[]
  }
}

let database: TestDatabase
let app: TestApp

beforeAll(async () => {
  database = await createTestDatabase()
  app = await startApp(database)
})
afterAll(() => app.stop())

async function as<Data>(user: string, query: string, variables: Record<string, unknown> = {}): Promise<Data> {
  return askGraphQL<Data>(app.url, { query, variables, token: await tokenOf(user) })
}

async function noticesOf(user: string): Promise<readonly Notice[]> {
  const { presencePrivacy } = await as<{ presencePrivacy: { notices: { nodes: Notice[] } } }>(user, NOTICES)
  return presencePrivacy.notices.nodes
}

async function respond(user: string, input: Record<string, unknown>): Promise<Outcomes['respondToRequests']> {
  return (await as<Outcomes>(user, RESPOND, { input })).respondToRequests
}

async function statesOf(user: string): Promise<readonly unknown[]> {
  type Decisions = {
    presencePrivacy: { decisions: { nodes: { user: { id: string }; state: string; reason: string }[] } }
  }
  const { presencePrivacy } = await as<Decisions>(user, STATES)
  return presencePrivacy.decisions.nodes.map((entry) => [entry.user.id, entry.state, entry.reason])
}

/** A user whose handling is AUTO_ACCEPT. */
async function accepting(): Promise<string> {
  const pia = newUser('pia')
  await as(pia, SET_HANDLING, { handling: 'AUTO_ACCEPT' })
  return pia
}

/** A popup on a device of its own; its events from the first on. */
async function popupOf(user: string): Promise<() => Promise<PopupEvent>> {
  const client: RawClient = await connect(app.webSocketUrl, await tokenOf(user))
  onTestFinished(() => client.close())
  client.send({ id: '1', type: 'subscribe', payload: { query: POPUP } })
  return async () => {
    const { payload } = await client.next()
    return (payload as { data: { incomingPresenceRequests: PopupEvent } }).data.incomingPresenceRequests
  }
}

describe('a notice', () => {
  it('tells on every device whom AUTO_ACCEPT has let in, until one acknowledges it', async () => {
    const [pia, wim] = [await accepting(), newUser('wim')]
    const [phone, laptop] = [await popupOf(pia), await popupOf(pia)]
    for (const device of [phone, laptop])
      expect(await device()).toMatchObject({ change: 'SNAPSHOT', notices: [] })

    await as(wim, ASK, { userId: pia })

    const noticed = await phone()
    expect(noticed).toMatchObject({
      change: 'NOTICED',
      notices: [{ requester: { id: wim }, triggers: ['CALL'] }],
      closedIds: [],
    })
    expect(await laptop()).toEqual(noticed)
    expect(await noticesOf(pia)).toEqual(noticed.notices)
    expect(await (await popupOf(pia))()).toMatchObject({ change: 'SNAPSHOT', notices: noticed.notices })

    const { id } = noticed.notices[0]!
    // Not ticked, and nobody is blocked by it.
    const acknowledged = { outcomes: [{ id, outcome: 'ACKNOWLEDGED', decision: null }], contacts: [] }
    expect(await respond(pia, { presentedIds: [id], tickedIds: [] })).toEqual(acknowledged)
    for (const device of [phone, laptop]) {
      expect(await device()).toMatchObject({ change: 'ACKNOWLEDGED', notices: [], closedIds: [id] })
    }
    expect(await noticesOf(pia)).toEqual([])
    expect(await statesOf(pia)).toEqual([[wim, 'ALLOWED', 'AUTO_ACCEPTED']])
    expect(await respond(pia, { presentedIds: [id], tickedIds: [id] })).toEqual(acknowledged)
  })

  it('is kept, however long that takes and whatever is decided meanwhile', async () => {
    const [pia, wim] = [await accepting(), newUser('wim')]
    await as(wim, ASK, { userId: pia })
    const before = await noticesOf(pia)
    await as(pia, SET_HANDLING, { handling: 'PROMPT' })
    await as(pia, DECIDE, { userId: wim, decision: 'BLOCKED' })
    await as(wim, ASK, { userId: pia })
    await timePasser(database)(365 * 24 * 3_600_000)

    const [notice, ...others] = await noticesOf(pia)
    expect(others).toEqual([])
    expect(notice).toMatchObject({ id: before[0]!.id, requester: { id: wim }, triggers: ['CALL'] })
    await respond(pia, { presentedIds: [notice!.id], tickedIds: [notice!.id] })
    // Ticking it allows nobody either: it tells, and asks nothing.
    expect(await statesOf(pia)).toEqual([[wim, 'BLOCKED', 'SET']])
  })

  it('comes again when a watcher is let in again, and a request of a watcher who is in brings none', async () => {
    const [pia, wim] = [await accepting(), newUser('wim')]
    await as(wim, ASK, { userId: pia })
    await as(wim, ASK, { userId: pia })
    expect(await noticesOf(pia)).toHaveLength(1)

    await as(pia, DELETE, { userId: wim })
    await timePasser(database)(24 * 3_600_000)
    await as(wim, ASK, { userId: pia })

    const notices = await noticesOf(pia)
    expect(notices.map(({ requester }) => requester.id)).toEqual([wim, wim])
    const presentedIds = notices.map(({ id }) => id)
    const { outcomes } = await respond(pia, { presentedIds, tickedIds: [] })
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['ACKNOWLEDGED', 'ACKNOWLEDGED'])
    expect(await noticesOf(pia)).toEqual([])
  })

  it('never comes of a blocked watcher, who is told all the same that they are let in', async () => {
    const [pia, wim] = [await accepting(), newUser('wim')]
    await as(pia, DECIDE, { userId: wim, decision: 'BLOCKED' })

    expect(await as(wim, ASK, { userId: pia })).toEqual({
      requestPresenceAccess: { results: [{ access: 'ALLOWED' }] },
    })
    expect(await noticesOf(pia)).toEqual([])
    expect(await statesOf(pia)).toEqual([[wim, 'BLOCKED', 'SET']])
  })

  it('comes also where a class of service accepts for its users, against their own setting', async () => {
    const [pia, wim] = [newUser('pia'), newUser('wim')]
    await as(pia, SET_HANDLING, { handling: 'PROMPT' })
    await database.query(
      `with class as (
         insert into presence_privacy.classes_of_service (name, invitation_handling)
         values ('accepting', 'AUTO_ACCEPT') returning id
       )
       update presence_privacy.users set class_id = class.id from class where users.id = $1`,
      [pia],
    )
    await as(wim, ASK, { userId: pia })
    expect((await noticesOf(pia)).map(({ requester }) => requester.id)).toEqual([wim])
  })

  it('can add its user to the contact list, and is acknowledged together with requests', async () => {
    const [pia, wim, zoe] = [newUser('pia'), newUser('wim'), newUser('zoe')]
    await as(zoe, ASK, { userId: pia })
    await as(pia, SET_HANDLING, { handling: 'AUTO_ACCEPT' })
    await as(wim, ASK, { userId: pia })
    const [notice] = await noticesOf(pia)
    const { presencePrivacy } = await as<{
      presencePrivacy: { incomingRequests: { nodes: { id: string }[] } }
    }>(pia, 'query { presencePrivacy { incomingRequests { nodes { id } } } }')
    const [request] = presencePrivacy.incomingRequests.nodes

    const answer = await respond(pia, {
      presentedIds: [request!.id, notice!.id],
      tickedIds: [notice!.id],
      addTickedToContacts: true,
    })

    expect(answer).toEqual({
      outcomes: [
        { id: request!.id, outcome: 'APPLIED', decision: 'BLOCKED' },
        { id: notice!.id, outcome: 'ACKNOWLEDGED', decision: null },
      ],
      contacts: [{ user: { id: wim }, outcome: 'ADDED' }],
    })
    expect(await statesOf(pia)).toEqual(
      [
        [wim, 'ALLOWED', 'AUTO_ACCEPTED'],
        [zoe, 'BLOCKED', 'ANSWERED'],
      ].sort(),
    )
  })

  it('is its user’s own: to anybody else it is not found', async () => {
    const [pia, wim, eve] = [await accepting(), newUser('wim'), newUser('eve')]
    await as(wim, ASK, { userId: pia })
    const [notice] = await noticesOf(pia)
    for (const other of [eve, wim]) {
      expect(await noticesOf(other)).toEqual([])
      const { outcomes } = await respond(other, { presentedIds: [notice!.id], tickedIds: [notice!.id] })
      expect(outcomes).toEqual([{ id: notice!.id, outcome: 'NOT_FOUND', decision: null }])
    }
    expect(await noticesOf(pia)).toEqual([notice])
  })
})
