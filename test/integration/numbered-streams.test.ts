import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { actsOverApi } from '../support/acts-over-api.ts'
import { createTestDatabase } from '../support/database.ts'
import { postStream } from '../support/event-stream-client.ts'
import { startApp, tokenOf, type TestApp } from '../support/start-app.ts'
import { connect } from '../support/web-socket-client.ts'

let app: TestApp
beforeAll(async () => {
  app = await startApp(await createTestDatabase(), { STREAM_SNAPSHOT_SECONDS: '1' })
})
afterAll(() => app.stop())

type Place = {
  readonly change: string
  readonly name: string
  readonly number: number
  readonly again: number
}

const PLACE = 'name: streamId change number: sequence again: sequence'
const SHARED = `subscription ($nonce: String, $ids: [ID!]) {
  presenceUpdates(userIds: $ids, nonce: $nonce) { ${PLACE} presences { user { id } presence { status note } } } }`
const SUBSCRIPTIONS = {
  'presence that streams share': SHARED,
  'presence for one viewer': SHARED.replace('user { id }', 'user { id canBeMessaged }'),
  popups: `subscription ($nonce: String) { incomingPresenceRequests(nonce: $nonce) { ${PLACE} } }`,
}

type Next = () => Promise<Place>
const placeIn = (payload: unknown): Place => {
  const { data, errors } = payload as { data?: Record<string, Place> | null; errors?: unknown }
  if (data == null) throw new Error(JSON.stringify(errors))
  return Object.values(data)[0]!
}

const TRANSPORTS: Readonly<
  Record<string, (query: string, variables: object, user: string) => Promise<Next>>
> = {
  async WebSocket(query, variables, user) {
    const client = await connect(app.webSocketUrl, await tokenOf(user))
    onTestFinished(client.close)
    client.send({ id: '1', type: 'subscribe', payload: { query, variables } })
    return async () => placeIn((await client.next()).payload)
  },
  async SSE(query, variables, user) {
    const stream = await postStream(app.url, {
      query,
      variables: { ...variables },
      token: await tokenOf(user),
    })
    onTestFinished(stream.cut)
    return async () => placeIn((await stream.next()).data)
  },
}

const CASES = Object.entries(SUBSCRIPTIONS).flatMap(([kind, query]) =>
  Object.entries(TRANSPORTS).map(([transport, open]) => ({ kind, query, transport, open })),
)

test.each(CASES)(
  '$kind over $transport: every event says its stream and its number from 1, and a snapshot comes by the clock',
  { timeout: 30_000 },
  async ({ query, open, kind, transport }) => {
    const [pia, wim] = [`pia of ${kind} ${transport}`, `wim of ${kind} ${transport}`]
    const acts = actsOverApi(app, await tokenOf(pia))
    const variables = kind === 'popups' ? {} : { ids: [pia, wim] }
    const streams = [
      await open(query, { ...variables, nonce: 'a' }, wim),
      await open(query, { ...variables, nonce: 'b' }, wim),
    ]
    await acts.decide(wim, 'ALLOWED')
    await acts.publish('BUSY', { note: 'with "quotes" and ümlauts' })
    const names = new Set<string>()
    for (const next of streams) {
      const places: Place[] = []
      while (places.filter(({ change }) => change === 'SNAPSHOT').length < 4) places.push(await next())
      expect(places.map(({ number }) => number)).toEqual(places.map((_, place) => place + 1))
      expect(places.map(({ again }) => again)).toEqual(places.map((_, place) => place + 1))
      expect(new Set(places.map(({ name }) => name)).size).toBe(1)
      names.add(places[0]!.name)
    }
    expect(names.size).toBe(2)
  },
)

test('a nonce of more than 255 characters is refused', async () => {
  const client = await connect(app.webSocketUrl, await tokenOf('wim'))
  onTestFinished(client.close)
  const variables = { ids: ['pia'], nonce: 'x'.repeat(256) }
  client.send({ id: '1', type: 'subscribe', payload: { query: SHARED, variables } })
  expect(await client.next()).toMatchObject({
    payload: { errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] },
  })
})
