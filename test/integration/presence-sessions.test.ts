import { afterAll, beforeAll, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { newUser } from '../support/new-user.ts'
import { timePasser } from '../support/pass-time.ts'
import { askGraphQL, postGraphQL } from '../support/post-graphql.ts'
import { startApp, tokenOf, type TestApp } from '../support/start-app.ts'

const PUBLISH = /* GraphQL */ `
  mutation ($input: PublishPresenceInput!) {
    publishPresence(input: $input) {
      session {
        id
        leaseEndsAt
      }
      renewAfterSeconds
    }
  }
`
const RENEW = /* GraphQL */ `
  mutation ($input: RenewPresenceSessionInput!) {
    renewPresenceSession(input: $input) {
      renewed
      session {
        id
        leaseEndsAt
        presence {
          status
          note
        }
      }
      renewAfterSeconds
      presencePrivacy {
        presence {
          status
        }
      }
    }
  }
`
const RENEW_FOR = /* GraphQL */ `
  mutation ($sessions: [PresenceRenewalForUserInput!]!) {
    renewPresenceSessionsFor(input: { sessions: $sessions }) {
      results {
        sessionId
        outcome
        invalidField
        leaseEndsAt
        renewAfterSeconds
      }
    }
  }
`
const PUBLISH_FOR = /* GraphQL */ `
  mutation ($sessions: [PresenceForUserInput!]!) {
    publishPresenceFor(input: { sessions: $sessions }) {
      results {
        outcome
        renewAfterSeconds
      }
    }
  }
`

let database: TestDatabase
let app: TestApp
let passTime: (ms: number) => Promise<void>

beforeAll(async () => {
  database = await createTestDatabase()
  app = await startApp(database, { IDLE_AFTER_SECONDS: '60', AWAY_AFTER_SECONDS: '0' })
  passTime = timePasser(database)
})
afterAll(() => app.stop())

const as = async <Data>(user: string, query: string, input: object) =>
  askGraphQL<Data>(app.url, { query, variables: { input }, token: await tokenOf(user) })
const asService = async <Data>(query: string, sessions: readonly object[]) =>
  askGraphQL<Data>(app.url, {
    query,
    variables: { sessions },
    token: await tokenOf('exchange', { roles: ['service'] }),
  })

type Published = {
  readonly publishPresence: {
    readonly session: { readonly id: string; readonly leaseEndsAt: string }
    readonly renewAfterSeconds: number
  }
}
type Renewed = {
  readonly renewPresenceSession: {
    readonly renewed: boolean
    readonly session: { readonly leaseEndsAt: string; readonly presence: object } | null
    readonly renewAfterSeconds: number | null
    readonly presencePrivacy: { readonly presence: { readonly status: string } }
  }
}

it('a device is renewed with what it has published, until it has ended', async () => {
  const pia = newUser('pia')
  const { publishPresence } = await as<Published>(pia, PUBLISH, { status: 'AVAILABLE', note: 'here' })
  const sessionId = publishPresence.session.id
  await passTime(30_000)
  const { renewPresenceSession } = await as<Renewed>(pia, RENEW, { sessionId, leaseSeconds: 3600 })
  expect(renewPresenceSession).toMatchObject({
    renewed: true,
    session: { id: sessionId, presence: { status: 'AVAILABLE', note: 'here' } },
    presencePrivacy: { presence: { status: 'AVAILABLE' } },
  })

  await passTime(2 * 3_600_000)
  expect(await as<Renewed>(pia, RENEW, { sessionId })).toEqual({
    renewPresenceSession: {
      ...{ renewed: false, session: null, renewAfterSeconds: null },
      presencePrivacy: { presence: { status: 'OFFLINE' } },
    },
  })
})

it('leases and renewals of devices that begin together are spread, and no lease is shorter than asked', async () => {
  const leases: number[] = []
  const renewals = new Set<number>()
  for (let device = 0; device < 30; device += 1) {
    const before = Date.now()
    const { publishPresence } = await as<Published>(newUser(), PUBLISH, {
      status: 'AVAILABLE',
      leaseSeconds: 1000,
    })
    const { session, renewAfterSeconds } = publishPresence
    const lease = Date.parse(session.leaseEndsAt) - before
    expect(lease).toBeGreaterThanOrEqual(1_000_000)
    leases.push(lease)
    expect(renewAfterSeconds).toBeGreaterThanOrEqual(400)
    expect(renewAfterSeconds).toBeLessThanOrEqual(600)
    renewals.add(renewAfterSeconds)
  }
  expect(renewals.size).toBeGreaterThan(10)
  expect(Math.max(...leases) - Math.min(...leases)).toBeGreaterThan(10_000)
})

it('the deployment says when a device counts as idle, and whether as away', async () => {
  const pia = newUser('pia')
  const published = { status: 'AVAILABLE', sessionId: 'desk', leaseSeconds: 3600 }
  await as(pia, PUBLISH, { ...published, inactiveForSeconds: 30 })
  const status = async (renewal: object = {}) =>
    (await as<Renewed>(pia, RENEW, { sessionId: 'desk', ...renewal })).renewPresenceSession.presencePrivacy
      .presence.status
  expect(await status()).toBe('AVAILABLE')
  await passTime(30_000)
  expect(await status()).toBe('IDLE')
  await passTime(3_000_000)
  expect(await status()).toBe('IDLE')
  expect(await status({ inactiveForSeconds: 5 })).toBe('AVAILABLE')
})

it.each([
  ['sessionId', { sessionId: 'exchange/line' }],
  ['leaseSeconds', { sessionId: 'desk', leaseSeconds: 9 }],
  ['leaseSeconds', { sessionId: 'desk', leaseSeconds: 3601 }],
  ['inactiveForSeconds', { sessionId: 'desk', inactiveForSeconds: -1 }],
  ['inactiveForSeconds', { sessionId: 'desk', inactiveForSeconds: 86_401 }],
])('a renewal with a wrong %s is refused', async (field, input) => {
  const { errors, data } = await postGraphQL(app.url, {
    ...{ query: RENEW, variables: { input }, token: await tokenOf('pia') },
  })
  expect(data).toBeNull()
  expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', field } }])
})

it('a service renews what it keeps, each session with an outcome of its own', async () => {
  const [pia, wim] = [newUser('pia'), newUser('wim')]
  const line = (userId: string, sessionId = 'line') => ({ userId, sessionId })
  await as(pia, PUBLISH, { status: 'BUSY', sessionId: 'phone' })
  const published = await asService(PUBLISH_FOR, [
    { ...line(pia), status: 'BUSY' },
    { ...line(wim), status: 'OFFLINE' },
  ])
  expect(published).toMatchObject({
    publishPresenceFor: {
      results: [
        { outcome: 'PUBLISHED', renewAfterSeconds: expect.any(Number) as unknown },
        { outcome: 'INVALID', renewAfterSeconds: null },
      ],
    },
  })

  const none = { invalidField: null, leaseEndsAt: null, renewAfterSeconds: null }
  const wrong = [
    { ...line(wim), leaseSeconds: 9 },
    { ...line(wim), inactiveForSeconds: -1 },
    line(wim, 'exchange/line'),
    line(''),
  ]
  const renewed = await asService<{ renewPresenceSessionsFor: { results: unknown[] } }>(RENEW_FOR, [
    line(wim),
    ...wrong,
    line(pia),
    line(pia, 'phone'),
  ])
  expect(renewed.renewPresenceSessionsFor.results).toEqual([
    { ...none, sessionId: 'line', outcome: 'NOT_FOUND' },
    ...['leaseSeconds', 'inactiveForSeconds', 'sessionId', 'userId'].map((invalidField, place) => ({
      ...none,
      ...{ sessionId: wrong[place]!.sessionId, outcome: 'INVALID', invalidField },
    })),
    {
      ...{ sessionId: 'line', outcome: 'RENEWED', invalidField: null },
      leaseEndsAt: expect.any(String) as unknown,
      renewAfterSeconds: expect.any(Number) as unknown,
    },
    { ...none, sessionId: 'phone', outcome: 'NOT_FOUND' },
  ])
})
