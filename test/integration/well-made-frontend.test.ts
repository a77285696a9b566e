import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase } from '../support/database.ts'
import { postGraphQL } from '../support/post-graphql.ts'
import { startApp, tokenOf, type TestApp } from '../support/start-app.ts'
import { connect, type RawClient } from '../support/web-socket-client.ts'

const TABS = 5
/** Of the stream of what is on screen, one a second. */
const REPLACEMENTS = 6
const DIRECTORY = Array.from({ length: 2000 }, (_, user) => `user-${String(user)}`)

const WATCH = `subscription ($u: [ID!]) {
  presenceUpdates(userIds: $u) { change presences { user { id } presence { status activity note } } removedIds }
}`
const CONTACTS = `subscription {
  presenceUpdates { change presences { user { id } presence { status activity note } } removedIds }
}`
const POPUP = `subscription { incomingPresenceRequests { change requests { id triggers } closedIds } }`
const PAGE = `query ($r: [_Any!]!) {
  _entities(representations: $r) { ... on User { id presence { status activity note } presenceAccess canBeMessaged } }
}`
const PUBLISH = `mutation ($i: PublishPresenceInput!) { publishPresence(input: $i) { renewAfterSeconds } }`
const RENEW = `mutation ($i: RenewPresenceSessionInput!) { renewPresenceSession(input: $i) { renewed } }`

let app: TestApp
beforeAll(async () => {
  // With the settings that a deployment has which sets none.
  app = await startApp(await createTestDatabase())
})
afterAll(() => app.stop())

/** Asks as the gateway does on behalf of the user; what is refused, or answered with any error, fails the test. */
async function ask(token: string, query: string, variables: Record<string, unknown> = {}): Promise<void> {
  const { status, errors } = await postGraphQL(app.url, { query, variables, token })
  expect({ status, errors }).toEqual({ status: 200, errors: [] })
}

const seconds = (count: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, count * 1000))

/** The next message about an operation that says something of it. */
async function hear(client: RawClient, id: string): Promise<void> {
  for (;;) {
    const message = await client.next()
    if (message.type === 'error') throw new Error(JSON.stringify(message))
    if (message.id === id && message.type === 'next') return
  }
}

/** One tab: contacts, a popup, a session of its own, a stream of what is on screen, and pages of the directory that it scrolls through. */
async function useTab(token: string, tab: number): Promise<void> {
  const client = await connect(app.webSocketUrl, token)
  const begin = async (id: string, query: string, variables: object = {}): Promise<void> => {
    client.send({ id, type: 'subscribe', payload: { query, variables } })
    await hear(client, id)
  }
  await begin('contacts', CONTACTS)
  await begin('popup', POPUP)
  const sessionId = `tab-${String(tab)}`
  await ask(token, PUBLISH, { i: { sessionId, status: 'AVAILABLE', leaseSeconds: 60 } })
  for (let replaced = 0; replaced < REPLACEMENTS; replaced++) {
    const began = performance.now()
    const from = (replaced * 250) % 1500
    await begin(`screen-${String(replaced)}`, WATCH, { u: DIRECTORY.slice(from, from + 500) })
    if (replaced > 0) client.send({ id: `screen-${String(replaced - 1)}`, type: 'complete' })
    for (let page = 0; page < 5; page++) {
      const rows = DIRECTORY.slice(from + page * 50, from + page * 50 + 50)
      await ask(token, PAGE, { r: rows.map((id) => ({ __typename: 'User', id })) })
    }
    await ask(token, RENEW, { i: { sessionId, leaseSeconds: 60 } })
    await seconds(Math.max(0, 1 - (performance.now() - began) / 1000))
  }
  await client.close()
}

test('a page that scrolls a directory of 2,000 and replaces a stream of 500 each second is never refused, in five tabs', async () => {
  const token = await tokenOf('alice')
  await Promise.all(Array.from({ length: TABS }, (_, tab) => useTab(token, tab)))
}, 60_000)

test('a gateway that comes back after a restart begins the streams of all users, and nobody is refused', async () => {
  const users = Array.from({ length: 150 }, (_, user) => `returning-${String(user)}`)
  const clients = await Promise.all(users.map(async (user) => connect(app.webSocketUrl, await tokenOf(user))))
  await Promise.all(
    clients.map(async (client) => {
      client.send({ id: 'contacts', type: 'subscribe', payload: { query: CONTACTS } })
      client.send({ id: 'popup', type: 'subscribe', payload: { query: POPUP } })
      client.send({
        id: 'screen',
        type: 'subscribe',
        payload: { query: WATCH, variables: { u: DIRECTORY.slice(0, 100) } },
      })
      const heard = [await client.next(), await client.next(), await client.next()]
      expect(heard.map(({ type }) => type)).toEqual(['next', 'next', 'next'])
    }),
  )
  await Promise.all(clients.map((client) => client.close()))
}, 60_000)
