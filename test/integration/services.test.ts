import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase } from '../support/database.ts'
import { newUser } from '../support/new-user.ts'
import { askGraphQL, postGraphQL } from '../support/post-graphql.ts'
import { startApp, tokenOf, type TestApp } from '../support/start-app.ts'

const DECISIONS = /* GraphQL */ `
  query ($pairs: [MessagingPairInput!]!) {
    presenceMessaging {
      decisions(pairs: $pairs) {
        senderId
        recipientId
        permitted
        senderOutcome
      }
    }
  }
`
const REPORT = /* GraphQL */ `
  mutation ($attempts: [CommunicationAttemptInput!]!) {
    reportCommunicationAttempts(input: { attempts: $attempts }) {
      outcomes
    }
  }
`
const PUBLISH = /* GraphQL */ `
  mutation ($sessions: [PresenceForUserInput!]!) {
    publishPresenceFor(input: { sessions: $sessions }) {
      results {
        userId
        sessionId
        outcome
        invalidField
        leaseEndsAt
      }
    }
  }
`
const RENEW = /* GraphQL */ `
  mutation ($sessions: [PresenceRenewalForUserInput!]!) {
    renewPresenceSessionsFor(input: { sessions: $sessions }) {
      results {
        outcome
      }
    }
  }
`
const END = /* GraphQL */ `
  mutation ($sessions: [PresenceSessionForUserInput!]!) {
    endPresenceSessionsFor(input: { sessions: $sessions }) {
      outcomes
    }
  }
`
const SEEN = /* GraphQL */ `
  query ($id: ID!) {
    _entities(representations: [{ __typename: "User", id: $id }]) {
      ... on User {
        presence {
          status
        }
        presenceAccess
        canBeMessaged
      }
    }
  }
`
const OWN = /* GraphQL */ `
  {
    presencePrivacy {
      sessions {
        id
        keptByService
      }
      incomingRequests {
        nodes {
          requester {
            id
          }
          triggers
        }
      }
    }
  }
`
const ALLOW = /* GraphQL */ `
  mutation ($id: ID!) {
    decidePresenceAccess(input: { userIds: [$id], decision: ALLOWED }) {
      results {
        decision
      }
    }
  }
`
const LONE_SURROGATE = '\ud800'

let app: TestApp
let service: string

beforeAll(async () => {
  app = await startApp(await createTestDatabase())
  service = await tokenOf('exchange', { roles: ['service'] })
})
afterAll(() => app.stop())

const ask = (query: string, variables: object = {}, token = service) =>
  postGraphQL(app.url, { query, variables: variables as Record<string, unknown>, token })
const as = async (user: string, query: string, variables: object = {}) =>
  askGraphQL(app.url, { query, variables: variables as Record<string, unknown>, token: await tokenOf(user) })
const sees = async (user: string, id: string) => {
  const { _entities } = await as(user, SEEN, { id })
  return (_entities as unknown[])[0]
}

describe('a service', () => {
  it('asks about messages, reports attempts and publishes presence; its users see the results', async () => {
    const [pia, wim] = [newUser('pia'), newUser('wim')]
    const attempt = { callerId: wim, calleeId: pia, kind: 'INSTANT_MESSAGE' }
    expect((await ask(REPORT, { attempts: [attempt] })).data).toEqual({
      reportCommunicationAttempts: { outcomes: ['ACCEPTED'] },
    })
    const session = { userId: pia, sessionId: 'line-1', status: 'BUSY', activity: 'IN_A_CALL' }
    const { data } = await ask(PUBLISH, { sessions: [session] })
    expect(data).toMatchObject({
      publishPresenceFor: {
        results: [{ userId: pia, sessionId: 'line-1', outcome: 'PUBLISHED', invalidField: null }],
      },
    })
    expect(await as(pia, OWN)).toEqual({
      presencePrivacy: {
        sessions: [{ id: 'exchange/line-1', keptByService: true }],
        incomingRequests: { nodes: [{ requester: { id: wim }, triggers: ['INSTANT_MESSAGE'] }] },
      },
    })

    const pairs = [
      { senderId: wim, recipientId: pia },
      { senderId: pia, recipientId: wim },
    ]
    const decided = async () =>
      ((await ask(DECISIONS, { pairs })).data as { presenceMessaging: { decisions: unknown } })
        .presenceMessaging.decisions
    expect(await decided()).toEqual(
      pairs.map((pair) => ({ ...pair, permitted: false, senderOutcome: 'NOT_DELIVERED' })),
    )
    const hidden = { presence: { status: 'OFFLINE' }, presenceAccess: 'PENDING', canBeMessaged: false }
    expect(await sees(wim, pia)).toEqual(hidden)

    await as(pia, ALLOW, { id: wim })
    expect(await decided()).toEqual([
      { ...pairs[0], permitted: true, senderOutcome: 'DELIVERED' },
      { ...pairs[1], permitted: false, senderOutcome: 'NOT_DELIVERED' },
    ])
    const shown = { presence: { status: 'BUSY' }, presenceAccess: 'ALLOWED', canBeMessaged: true }
    expect(await sees(wim, pia)).toEqual(shown)
    expect(await sees(pia, pia)).toEqual({ ...shown, canBeMessaged: false })

    const ended = [
      { userId: pia, sessionId: 'line-1' },
      { userId: pia, sessionId: 'line-1' },
    ]
    expect((await ask(END, { sessions: ended })).data).toEqual({
      endPresenceSessionsFor: { outcomes: ['ENDED', 'NOT_FOUND'] },
    })
    expect(await decided()).toEqual([
      { ...pairs[0], permitted: true, senderOutcome: 'NOT_DELIVERED' },
      { ...pairs[1], permitted: false, senderOutcome: 'NOT_DELIVERED' },
    ])
  })

  it('sees of a user what that user lets it see, whatever it publishes for the user', async () => {
    const pia = newUser('pia')
    await ask(PUBLISH, { sessions: [{ userId: pia, sessionId: 'line', status: 'BUSY' }] })
    const { data } = await ask(SEEN, { id: pia })
    expect(data).toEqual({
      _entities: [{ presence: { status: 'OFFLINE' }, presenceAccess: 'NONE', canBeMessaged: false }],
    })
  })

  it('keeps sessions that their user can neither renew nor end', async () => {
    const pia = newUser('pia')
    await ask(PUBLISH, { sessions: [{ userId: pia, sessionId: 'line', status: 'BUSY' }] })
    const end = 'mutation ($id: ID!) { endPresenceSession(input: { sessionId: $id }) { ended } }'
    const { errors } = await ask(end, { id: 'exchange/line' }, await tokenOf(pia))
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', field: 'sessionId' } }])
    expect(await as(pia, end, { id: 'line' })).toEqual({ endPresenceSession: { ended: false } })
  })

  it('is told of each item alone what is wrong with it, and the others apply', async () => {
    const [pia, wim, eve] = [newUser('pia'), newUser('wim'), newUser('eve')]
    const attempts = [
      { callerId: wim, calleeId: wim, kind: 'CALL' },
      { callerId: '', calleeId: pia, kind: 'CALL' },
      { callerId: wim, calleeId: 'p\u0000ia', kind: 'CALL' },
      { callerId: wim, calleeId: LONE_SURROGATE, kind: 'CALL' },
      { callerId: wim, calleeId: pia, kind: 'CALL' },
    ]
    expect((await ask(REPORT, { attempts })).data).toEqual({
      reportCommunicationAttempts: {
        outcomes: ['ONESELF', 'INVALID_ID', 'INVALID_ID', 'INVALID_ID', 'ACCEPTED'],
      },
    })
    expect(await sees(wim, pia)).toMatchObject({ presenceAccess: 'PENDING' })

    const good = { userId: eve, sessionId: 'line', status: 'BUSY' }
    const faults = [
      [{ userId: 'x'.repeat(256) }, 'userId'],
      [{ sessionId: 'exchange/line' }, 'sessionId'],
      [{ sessionId: '' }, 'sessionId'],
      [{ status: 'OFFLINE' }, 'status'],
      [{ note: 'x'.repeat(281) }, 'note'],
      [{ note: '\u202eesrever' }, 'note'],
      [{ leaseSeconds: 9 }, 'leaseSeconds'],
      [{ leaseSeconds: 3601 }, 'leaseSeconds'],
      [{ inactiveForSeconds: -1 }, 'inactiveForSeconds'],
      [{ inactiveForSeconds: 86_401 }, 'inactiveForSeconds'],
    ] as const
    const sessions = [...faults.map(([fault]) => ({ ...good, ...fault })), good]
    const { data } = await ask(PUBLISH, { sessions })
    const { results } = data!['publishPresenceFor'] as { results: Record<string, unknown>[] }
    expect(results.map(({ outcome, invalidField }) => [outcome, invalidField])).toEqual([
      ...faults.map(([, field]) => ['INVALID', field]),
      ['PUBLISHED', null],
    ])
    expect(results.map(({ leaseEndsAt }) => leaseEndsAt === null)).toEqual([...faults.map(() => true), false])

    const ended = [{ userId: '', sessionId: 'line' }, { userId: eve, sessionId: '/' }, good].map(
      ({ userId, sessionId }) => ({ userId, sessionId }),
    )
    expect((await ask(END, { sessions: ended })).data).toEqual({
      endPresenceSessionsFor: { outcomes: ['NOT_FOUND', 'NOT_FOUND', 'ENDED'] },
    })
  })

  const pair = { senderId: 'wim', recipientId: 'pia' }
  const attempt = { callerId: 'wim', calleeId: 'pia', kind: 'CALL' }
  const session = { userId: 'pia', sessionId: 'line', status: 'BUSY' }
  const named = { userId: 'pia', sessionId: 'line' }
  it.each([
    ['no pairs', DECISIONS, { pairs: [] }],
    ['501 pairs', DECISIONS, { pairs: Array(501).fill(pair) }],
    ['a pair with an id that is none', DECISIONS, { pairs: [pair, { ...pair, senderId: '' }] }],
    ['a pair without a recipient', DECISIONS, { pairs: [{ senderId: 'wim' }] }],
    ['no attempts', REPORT, { attempts: [] }],
    ['101 attempts', REPORT, { attempts: Array(101).fill(attempt) }],
    ['an attempt of an unknown kind', REPORT, { attempts: [{ ...attempt, kind: 'FAX' }] }],
    ['no sessions to publish', PUBLISH, { sessions: [] }],
    ['501 sessions to publish', PUBLISH, { sessions: Array(501).fill(session) }],
    ['a session with an unknown status', PUBLISH, { sessions: [{ ...session, status: 'HAPPY' }] }],
    ['no sessions to renew', RENEW, { sessions: [] }],
    ['501 sessions to renew', RENEW, { sessions: Array(501).fill(named) }],
    ['no sessions to end', END, { sessions: [] }],
    ['501 sessions to end', END, { sessions: Array(501).fill(named) }],
  ])('is refused %s as a whole, with a code', async (_, query, variables) => {
    const { data, errors } = await ask(query, variables)
    expect(data).toBeNull()
    expect(errors.map(({ extensions }) => extensions?.code)).toEqual(['BAD_USER_INPUT'])
    expect(errors[0]?.message).not.toContain('wim')
  })

  it('is told nothing apart for 500 pairs at once, and each of them in its place', async () => {
    const pairs = Array.from({ length: 500 }, (_, place) => ({
      senderId: newUser(),
      recipientId: `user-${place}`,
    }))
    const { data } = await ask(DECISIONS, { pairs })
    expect(data).toEqual({
      presenceMessaging: {
        decisions: pairs.map((each) => ({ ...each, permitted: false, senderOutcome: 'NOT_DELIVERED' })),
      },
    })
  })
})

it.each([
  ['a user', {}],
  ['an administrator', { roles: ['administrator'] }],
  ['an auditor', { roles: ['auditor'] }],
])('%s is no service', async (_, claims) => {
  const token = await tokenOf('wim', claims)
  const sessions = [{ userId: 'wim', sessionId: 'line', status: 'BUSY' }]
  for (const [query, variables] of [
    [DECISIONS, { pairs: [{ senderId: 'wim', recipientId: 'pia' }] }],
    [REPORT, { attempts: [{ callerId: 'wim', calleeId: 'pia', kind: 'CALL' }] }],
    [PUBLISH, { sessions }],
    [RENEW, { sessions: [{ userId: 'wim', sessionId: 'line' }] }],
    [END, { sessions: [{ userId: 'wim', sessionId: 'line' }] }],
  ] as const) {
    const { errors, data } = await ask(query, variables, token)
    expect(data).toBeNull()
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN', role: 'service' } }])
  }
})

it('a service without an id of its own is nobody', async () => {
  const token = await tokenOf('', { sub: undefined, roles: ['service'] })
  const { errors } = await ask(DECISIONS, { pairs: [{ senderId: 'wim', recipientId: 'pia' }] }, token)
  expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED', reason: 'no-user' } }])
})
