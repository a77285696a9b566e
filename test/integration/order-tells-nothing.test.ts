import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase } from '../support/database.ts'
import { actingPair, PIA_GOES, type ActingPair, type ActOfPair } from '../support/pia-goes.ts'
import { askGraphQL } from '../support/post-graphql.ts'
import { startApp, type TestApp } from '../support/start-app.ts'
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

const STORIES: Readonly<
  Record<
    string,
    { readonly frames: number; readonly act: (pair: ActingPair, cause: Cause) => Promise<unknown> }
  >
> = {
  'Wim changes status while Pia acts': {
    frames: 3,
    // Both ways round, so that their signals meet. A decision takes some milliseconds longer than a status: few beside the delays.
    act: ({ wim }, cause) => Promise.all([soon(cause), soon(() => wim.publish('BUSY'))]),
  },
  'Pia asks Wim after acting': {
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

/** One socket of Wim's: A shows Pia and Wim, B shows Wim, and the popup is Wim's. */
async function open({ pia, wim }: ActingPair): Promise<RawClient> {
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
function inShort({ id, payload }: { id?: string; payload?: unknown }, { pia }: ActingPair): string {
  const { data } = payload as { data: Readonly<Record<string, Told>> }
  const [{ change, presences = [] }] = Object.values(data) as [Told]
  const statuses = presences.map(
    ({ user, presence }) => `${user.id === pia.id ? 'pia' : 'wim'} ${presence.status}`,
  )
  return [id, ...(statuses.length === 0 ? [change] : statuses.sort())].join(' ')
}

async function framesOf(cause: ActOfPair, story: string): Promise<string> {
  const pair = await actingPair(app)
  await Promise.all([pair.pia.publish('AVAILABLE'), pair.wim.publish('AVAILABLE')])
  await pair.pia.decide(pair.wim.id, 'ALLOWED')
  const client = await open(pair)
  const { act, frames } = STORIES[story]!
  await act(pair, () => cause(pair))
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
async function distribution(cause: ActOfPair, story: string): Promise<Counts> {
  const found = new Map<string, number>()
  for (let tried = 0; tried < TRIES; tried += AT_ONCE) {
    const orders = await Promise.all(Array.from({ length: AT_ONCE }, () => framesOf(cause, story)))
    for (const order of orders) found.set(order, (found.get(order) ?? 0) + 1)
  }
  return found
}

/** Whatever the cause: A began before B, and what is heard of first is told first. */
const ORDERS: Readonly<Record<string, readonly string[]>> = {
  'Wim changes status while Pia acts': [
    'A pia OFFLINE, A wim BUSY, B wim BUSY',
    'A wim BUSY, B wim BUSY, A pia OFFLINE',
    'A pia OFFLINE wim BUSY, B wim BUSY',
  ],
  'Pia asks Wim after acting': ['A pia OFFLINE, popup ADDED'],
}

test.each(Object.keys(STORIES))(
  'neither the order of frames on one socket nor how often each comes tells a decision from a departure: %s',
  { timeout: 120_000 },
  async (story) => {
    const distributions = new Map<string, Counts>()
    for (const [cause, act] of Object.entries(PIA_GOES)) {
      const found = await distribution(act, story)
      const others = [...found].filter(([order]) => !ORDERS[story]!.includes(order))
      expect(others, cause).toEqual([])
      distributions.set(cause, found)
    }
    const counts = JSON.stringify([...distributions].map(([cause, found]) => [cause, [...found]]))
    expect(areUnlike([...distributions.values()]), counts).toBe(false)
  },
)
