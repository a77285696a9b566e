import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import type { UserId } from '../../src/domain/user-id.ts'
import { actsOverApi } from '../support/acts-over-api.ts'
import { EXAMPLES } from '../support/authorization-examples.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { newUser } from '../support/new-user.ts'
import { askGraphQL, postGraphQL } from '../support/post-graphql.ts'
import { startApp, tokenOf, type TestApp } from '../support/start-app.ts'
import type { Told } from '../support/told.ts'
import { ALL_WAYS } from '../support/watch-over-api.ts'
import { ask, connect } from '../support/web-socket-client.ts'

let database: TestDatabase
let app: TestApp
/** Another instance: nothing of what the first one knows may be needed. */
let other: TestApp

beforeAll(async () => {
  database = await createTestDatabase()
  app = await startApp(database)
  other = await startApp(database)
})
afterAll(async () => {
  await app.stop()
  await other.stop()
})

const EVERY_ROLE = { roles: ['administrator', 'service', 'auditor'] }
const POPUP = 'subscription { incomingPresenceRequests { change requests { id } } }'

const as = async (user: string, query: string, variables: Told = {}): Promise<Told> =>
  askGraphQL<Told>(app.url, { query, variables, token: await tokenOf(user) })

const actsOf = async (user: string) => actsOverApi(app, await tokenOf(user))
const erase = async (user: string): Promise<void> => {
  await actsOverApi(app, await tokenOf(newUser('root'), EVERY_ROLE)).erase(user)
}

/** What others do about the id afterwards makes rows of it again. */
async function othersAct(erased: string): Promise<void> {
  const al = newUser('al')
  const asAl = await actsOf(al)
  await asAl.publish('BUSY')
  await asAl.decide(erased, 'ALLOWED')
  await asAl.addContacts(erased)
  await as(newUser('alice'), EXAMPLES['Mutation.requestPresenceAccess']!.document, {
    input: { userIds: [erased] },
  })
  const rows = await database.query('select from presence_privacy.users where id = $1', [erased])
  expect(rows).toHaveLength(1)
}

const OPERATIONS = Object.keys(EXAMPLES).filter((operation) => operation !== 'Query._service')

describe('a token of an erased user that is still valid', () => {
  it.each(OPERATIONS)('gets USER_ERASED from %s, whatever others have done since', async (operation) => {
    const example = EXAMPLES[operation]!
    const cy = newUser('cy')
    const token = await tokenOf(cy, EVERY_ROLE)
    const variables = (await example.variables?.({ pia: cy, as })) ?? {}
    await erase(cy)
    for (const acts of [() => Promise.resolve(), () => othersAct(cy)]) {
      await acts()
      for (const instance of [app, other]) {
        expect(await answerOf(instance, { operation, variables, token })).toEqual({
          codes: ['USER_ERASED'],
          isNothingTold: true,
        })
      }
    }
  })

  it.each([
    [
      'reportCommunicationAttempts',
      '{ attempts: [{ callerId: "", calleeId: "x", kind: CALL }] }',
      'outcomes',
    ],
    [
      'publishPresenceFor',
      '{ sessions: [{ userId: "", sessionId: "line", status: BUSY }] }',
      'results { outcome }',
    ],
    ['renewPresenceSessionsFor', '{ sessions: [{ userId: "", sessionId: "line" }] }', 'results { outcome }'],
    ['endPresenceSessionsFor', '{ sessions: [{ userId: "", sessionId: "line" }] }', 'outcomes'],
    ['assignPresenceClassOfService', '{ userIds: ["x"], className: "" }', 'outcome'],
    ['updatePresenceClassOfService', '{ name: "" }', 'outcome'],
    ['renewPresenceSession', '{ sessionId: "gone" }', 'renewed'],
  ])('gets it from %s also where nothing stored is needed', async (mutation, input, selection) => {
    const cy = newUser('cy')
    const token = await tokenOf(cy, EVERY_ROLE)
    await erase(cy)
    const query = `mutation { ${mutation}(input: ${input}) { ${selection} } }`
    const { errors } = await postGraphQL(app.url, { query, token })
    expect(errors.map(({ extensions }) => extensions?.code)).toEqual(['USER_ERASED'])
  })

  it.each(ALL_WAYS)('ends an open stream of presence over %s, and begins none', async (_, watch) => {
    const al = newUser('al')
    const asAl = await actsOf(al)
    await asAl.publish('BUSY')
    // Of the last one nothing is stored, before and after.
    for (const [userIds, isKnown] of [
      [[al], true],
      [undefined, true],
      [[newUser('nobody')], false],
    ] as const) {
      const cy = newUser('cy')
      if (isKnown) await asAl.decide(cy, 'ALLOWED')
      const token = await tokenOf(cy)
      const stream = await watch(other, { token, ...(userIds && { userIds }) })
      await stream.next()
      await erase(cy)
      expect(await stream.refusal()).toMatchObject({ code: 'USER_ERASED' })
      await othersAct(cy)
      const refused = await watch(app, { token, ...(userIds && { userIds }) })
      expect(await refused.refusal()).toMatchObject({ code: 'USER_ERASED' })
    }
  })

  it('ends an open popup, and what is asked of the id later is in none', async () => {
    const bob = newUser('bob')
    const client = await connect(other.webSocketUrl, await tokenOf(bob))
    onTestFinished(client.close)
    await ask(client, POPUP, {}, 'popup')
    await erase(bob)
    await othersAct(bob)
    expect(await client.next()).toMatchObject({
      id: 'popup',
      type: 'error',
      payload: [{ extensions: { code: 'USER_ERASED' } }],
    })
  })
})

describe('to others, an erased id', () => {
  it('is a user who never answers: asking, allowing and adding come to the same as for one of whom nothing is known', async () => {
    const [cy, wim] = [newUser('cy'), newUser('wim')]
    await (await actsOf(cy)).publish('BUSY')
    await erase(cy)
    const token = await tokenOf(wim)
    const told = async (user: string): Promise<string> => {
      const texts: string[] = []
      for (const operation of [
        'requestPresenceAccess',
        'decidePresenceAccess',
        'addPresenceContacts',
        'removePresenceContacts',
      ]) {
        const { document } = EXAMPLES[`Mutation.${operation}`]!
        const decision = operation === 'decidePresenceAccess' ? { decision: 'ALLOWED' } : {}
        const { text } = await postGraphQL(app.url, {
          query: document.replace('request { id }', 'request { triggers }'),
          variables: { input: { userIds: [user], ...decision } },
          token,
        })
        texts.push(text.replaceAll(user, 'somebody'))
      }
      return texts.join('')
    }
    expect(await told(cy)).toBe(await told(newUser('nobody')))
  })
})

describe('an erased service', () => {
  it('keeps no session alive: those of before end with their leases, and their users are shown until then', async () => {
    const [service, pia] = [newUser('service'), newUser('pia')] as [UserId, UserId]
    const token = await tokenOf(service, EVERY_ROLE)
    const { document } = EXAMPLES['Mutation.publishPresenceFor']!
    const variables = { input: { sessions: [{ userId: pia, sessionId: 'line', status: 'BUSY' }] } }
    await askGraphQL(app.url, { query: document, variables, token })
    await erase(service)
    const { errors } = await postGraphQL(app.url, { query: document, variables, token })
    expect(errors.map(({ extensions }) => extensions?.code)).toEqual(['USER_ERASED'])
    const { presencePrivacy } = await as(pia, '{ presencePrivacy { sessions { leaseEndsAt } } }')
    expect(presencePrivacy.sessions).toHaveLength(1)
  })
})

async function answerOf(
  instance: TestApp,
  {
    operation,
    variables,
    token,
  }: { readonly operation: string; readonly variables: Told; readonly token: string },
): Promise<{ readonly codes: readonly unknown[]; readonly isNothingTold: boolean }> {
  const { document: query } = EXAMPLES[operation]!
  if (!operation.startsWith('Subscription.')) {
    const { data, errors } = await postGraphQL<Told>(instance.url, { query, variables, token })
    const codes = [...new Set(errors.map(({ extensions }) => extensions?.code))]
    return { codes, isNothingTold: !holdsAnything(data) }
  }
  const client = await connect(instance.webSocketUrl, token)
  try {
    const { type, payload } = await ask(client, query, variables)
    const codes = (payload as { extensions?: { code?: string } }[]).map(({ extensions }) => extensions?.code)
    return { codes, isNothingTold: type === 'error' }
  } finally {
    await client.close()
  }
}

/** A nullable field is null, and the entity that the caller has named stands around it. */
function holdsAnything(data: unknown): boolean {
  if (data === null) return false
  if (Array.isArray(data)) return data.some(holdsAnything)
  return typeof data !== 'object' || Object.values(data).some(holdsAnything)
}
