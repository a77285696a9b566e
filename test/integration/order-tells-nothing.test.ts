import { afterAll, beforeAll, expect, test } from 'vitest'
import { actsOverApi } from '../support/acts-over-api.ts'
import { createTestDatabase } from '../support/database.ts'
import { askGraphQL } from '../support/post-graphql.ts'
import { startApp, tokenOf, type TestApp } from '../support/start-app.ts'
import { areUnlike, type Counts } from '../support/unlike.ts'
import { connect, type RawClient } from '../support/web-socket-client.ts'

/** How often each cause is tried. Where streams are put off one by one, 5 to 9 of 25 come in another order. */
const TRIES = 40
/** So many watchers at once, each on a socket of their own. */
const AT_ONCE = 5

let app: TestApp
beforeAll(async () => {
  app = await startApp(await createTestDatabase())
})
afterAll(() => app.stop())

type Acts = ReturnType<typeof actsOverApi> & { readonly id: string; readonly token: string }
type Pair = { readonly pia: Acts; readonly wim: Acts }

/** All that makes Pia, who is shown to Wim, Offline to him: she leaves, and she decides. */
const CAUSES: Readonly<Record<string, (pair: Pair) => Promise<unknown>>> = {
  'her session ends': ({ pia }) => pia.disconnect(),
  'she blocks him': ({ pia, wim }) => pia.decide(wim.id, 'BLOCKED'),
  'she deletes her decision': ({ pia, wim }) => pia.forget(wim.id),
  'she appears offline': ({ pia }) => pia.appearOffline(true),
}

const STORIES: Readonly<
  Record<string, { readonly frames: number; readonly act: (pair: Pair, cause: Cause) => Promise<unknown> }>
> = {
  'Wim changes his status while she acts': {
    frames: 3,
    // Both ways round, so that their signals meet. A decision takes some milliseconds longer than a status: few beside the delays.
    act: ({ wim }, cause) => Promise.all([soon(cause), soon(() => wim.publish('BUSY'))]),
  },
  'she asks Wim after she has acted': {
    frames: 2,
    act: async ({ pia, wim }, cause) => {
      await cause()
      await askGraphQL(app.url, { query: ASK, variables: { input: { userIds: [wim.id] } }, token: pia.token })
    },
  },
}
type Cause = () => Promise<unknown>

async function soon(act: () => Promise<unknown>): Promise<unknown> {
  await new Promise((resolve) => setTimeout(resolve, Math.random() * 25))
  return act()
}

const ASK =
  'mutation ($input: RequestPresenceAccessInput!) { requestPresenceAccess(input: $input) { results { outcome } } }'
const UPDATES = `subscription ($userIds: [ID!]) {
  presenceUpdates(userIds: $userIds) { change presences { user { id } presence { status } } } }`
const POPUP = 'subscription { incomingPresenceRequests { change } }'

let users = 0
async function newUser(name: string): Promise<Acts> {
  users += 1
  const id = `${name} ${users}`
  const token = await tokenOf(id)
  return { ...actsOverApi(app, token), id, token }
}

/** One socket of Wim's: A shows Pia and him, B shows him, and there is his popup. */
async function open({ pia, wim }: Pair): Promise<RawClient> {
  const client = await connect(app.webSocketUrl, wim.token)
  const subscribe = (id: string, query: string, variables: object = {}) => {
    client.send({ id, type: 'subscribe', payload: { query, variables } })
    return client.next()
  }
  await subscribe('A', UPDATES, { userIds: [pia.id, wim.id] })
  await subscribe('B', UPDATES, { userIds: [wim.id] })
  await subscribe('popup', POPUP)
  return client
}

type Told = {
  readonly change: string
  readonly presences?: readonly {
    readonly user: { readonly id: string }
    readonly presence: { readonly status: string }
  }[]
}

/** What a message says, in short: `A wim BUSY`. */
function inShort({ id, payload }: { id?: string; payload?: unknown }, { pia }: Pair): string {
  const { data } = payload as { data: Readonly<Record<string, Told>> }
  const [{ change, presences = [] }] = Object.values(data) as [Told]
  const statuses = presences.map(
    ({ user, presence }) => `${user.id === pia.id ? 'pia' : 'wim'} ${presence.status}`,
  )
  return [id, ...(statuses.length === 0 ? [change] : statuses.sort())].join(' ')
}

async function framesOf(cause: string, story: string): Promise<string> {
  const pair = { pia: await newUser('pia'), wim: await newUser('wim') }
  await Promise.all([pair.pia.publish('AVAILABLE'), pair.wim.publish('AVAILABLE')])
  await pair.pia.decide(pair.wim.id, 'ALLOWED')
  const client = await open(pair)
  const { act, frames } = STORIES[story]!
  await act(pair, () => CAUSES[cause]!(pair))
  const came: string[] = []
  // Pia and Wim may be told of in one frame.
  for (let told = 0; told < frames;) {
    const frame = inShort(await client.next(), pair)
    told += frame.includes('pia OFFLINE wim BUSY') ? 2 : 1
    came.push(frame)
  }
  client.send({ type: 'ping' })
  expect((await client.next()).type, 'nothing more came').toBe('pong')
  await client.close()
  return came.join(', ')
}

/** How often which frames came in which order. */
async function distribution(cause: string, story: string): Promise<Counts> {
  const found = new Map<string, number>()
  for (let tried = 0; tried < TRIES; tried += AT_ONCE) {
    const orders = await Promise.all(Array.from({ length: AT_ONCE }, () => framesOf(cause, story)))
    for (const order of orders) found.set(order, (found.get(order) ?? 0) + 1)
  }
  return found
}

/** Whatever the cause: A began before B, and what is heard of first is told first. */
const ORDERS: Readonly<Record<string, readonly string[]>> = {
  'Wim changes his status while she acts': [
    'A pia OFFLINE, A wim BUSY, B wim BUSY',
    'A wim BUSY, B wim BUSY, A pia OFFLINE',
    'A pia OFFLINE wim BUSY, B wim BUSY',
  ],
  'she asks Wim after she has acted': ['A pia OFFLINE, popup ADDED'],
}

test.each(Object.keys(STORIES))(
  'neither the order of frames on one socket nor how often each comes tells a decision from a departure: %s',
  { timeout: 120_000 },
  async (story) => {
    const distributions = new Map<string, Counts>()
    for (const cause of Object.keys(CAUSES)) {
      const found = await distribution(cause, story)
      const others = [...found].filter(([order]) => !ORDERS[story]!.includes(order))
      expect(others, cause).toEqual([])
      distributions.set(cause, found)
    }
    const counts = JSON.stringify([...distributions].map(([cause, found]) => [cause, [...found]]))
    expect(areUnlike([...distributions.values()]), counts).toBe(false)
  },
)
