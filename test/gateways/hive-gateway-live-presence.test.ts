import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { WebSocket } from 'ws'
import { eventStreamClient } from '../../client/event-stream-client.ts'
import {
  applyPresenceUpdate,
  CONTACT_LIST,
  ON_SCREEN,
  type PresenceUpdate,
  type ShownPresences,
} from '../../client/presence-updates.ts'
import { webSocketClient } from '../../client/web-socket-client.ts'
import { eventually } from '../support/eventually.ts'
import { epochSeconds } from '../support/token-issuer.ts'
import { addContact, decide, look, publish } from './acts.ts'
import { composeByGuild } from './compose.ts'
import { startHiveGateway } from './hive-gateway.js'
import { startGraph, type Graph } from './start-graph.ts'

type User = { readonly id: string; readonly name: string }
type Page = { shown: ShownPresences<User>; readonly updates: PresenceUpdate<User>[]; error?: unknown }

const TRANSPORTS = { WebSocket: webSocketClient, SSE: eventStreamClient }

/** Its clients on a WebSocket need it to subscribe here over WebSocket: their token does not come through otherwise. */
const WAYS = [
  { subscriptionsOver: 'ws', transports: ['WebSocket', 'SSE'] },
  { subscriptionsOver: 'sse-get', transports: ['SSE'] },
  { subscriptionsOver: 'sse-post', transports: ['SSE'] },
] as const

describe.each(WAYS)(
  'Hive Gateway that subscribes here by $subscriptionsOver',
  ({ subscriptionsOver, transports }) => {
    let graph: Graph
    beforeAll(async () => {
      graph = await startGraph((services) =>
        startHiveGateway({ supergraph: composeByGuild(services).supergraph, subscriptionsOver }),
      )
    }, 60_000)
    afterAll(() => graph.stop())

    /** A page of a user's, behind the gateway, which shows names. */
    const open = (
      transport: keyof typeof TRANSPORTS,
      query: string,
      {
        watcher,
        userIds,
        claims,
        token,
        freshToken = () => token ?? graph.presence.tokenOf(watcher, claims?.()),
      }: {
        watcher: string
        userIds?: string[]
        claims?: () => Record<string, unknown>
        token?: string
        freshToken?: () => string | Promise<string>
      },
    ): Page => {
      const { url } = graph.gateway
      const client = TRANSPORTS[transport]({
        url: transport === 'WebSocket' ? url.replace(/^http/, 'ws') : url,
        freshToken,
        webSocketImpl: WebSocket,
      })
      onTestFinished(() => client.dispose())
      const page: Page = { shown: new Map(), updates: [] }
      client.subscribe<{ presenceUpdates: PresenceUpdate<User> }>(
        { query: query.replace(/user \{\s*id/, '$& name'), variables: { userIds } },
        {
          next({ data, errors }) {
            if (data == null) throw new Error(JSON.stringify(errors))
            page.updates.push(data.presenceUpdates)
            page.shown = applyPresenceUpdate(page.shown, data.presenceUpdates)
          },
          error: (error) => (page.error = error),
          complete: () => undefined,
        },
      )
      return page
    }

    const shows = (page: Page, expected: Readonly<Record<string, string>>) =>
      eventually(
        `the page shows ${JSON.stringify(expected)}`,
        () => {
          if (page.error !== undefined) throw new Error(JSON.stringify(page.error))
          const shown = [...page.shown.values()].map(({ user, presence }) => [user.name, presence.status])
          return JSON.stringify(Object.fromEntries(shown.sort())) === JSON.stringify(expected)
        },
        { withinMs: 20_000 },
      )

    test.each(transports)(
      'over %s presence comes with names from the other subgraph as it changes, and what is taken back is gone',
      async (transport) => {
        const watcher = `shown over ${transport}`
        const [bob, carol, viewer] = await Promise.all(['bob', 'carol', watcher].map((id) => graph.as(id)))
        await publish(bob!, { status: 'BUSY' })
        await publish(carol!, { status: 'AVAILABLE' })
        await addContact(viewer!, { presentity: 'carol' })
        const onScreen = open(transport, ON_SCREEN, { watcher, userIds: ['bob', 'dave'] })
        const contacts = open(transport, CONTACT_LIST, { watcher })
        await shows(onScreen, { 'Bob Brandt': 'OFFLINE', 'Dave Dietz': 'OFFLINE' })
        await shows(contacts, { 'Carol Costa': 'OFFLINE' })

        await decide(bob!, { watcher, decision: 'ALLOWED' })
        await decide(carol!, { watcher, decision: 'ALLOWED' })
        await shows(onScreen, { 'Bob Brandt': 'BUSY', 'Dave Dietz': 'OFFLINE' })
        await shows(contacts, { 'Carol Costa': 'AVAILABLE' })

        await decide(bob!, { watcher, decision: 'BLOCKED' })
        await shows(onScreen, { 'Bob Brandt': 'OFFLINE', 'Dave Dietz': 'OFFLINE' })
        await publish(bob!, { status: 'AWAY' })
        await addContact(viewer!, { presentity: 'dave' })
        await shows(contacts, { 'Carol Costa': 'AVAILABLE', 'Dave Dietz': 'OFFLINE' })
        expect(onScreen.updates.map(({ change }) => change)).toEqual(['SNAPSHOT', 'CHANGED', 'CHANGED'])
      },
      60_000,
    )

    test.each(transports)(
      'over %s a page outlives its tokens',
      async (transport) => {
        const watcher = `expiring over ${transport}`
        const bob = await graph.as('bob')
        await publish(bob, { status: 'BUSY' })
        await decide(bob, { watcher, decision: 'ALLOWED' })
        // This server allows clocks to differ by 5 s.
        const page = open(transport, ON_SCREEN, {
          watcher,
          userIds: ['bob'],
          claims: () => ({ exp: epochSeconds() - 2 }),
        })
        const snapshots = () => page.updates.filter(({ change }) => change === 'SNAPSHOT').length
        await eventually('it has come back twice', () => snapshots() > 2, { withinMs: 40_000 })
        await publish(bob, { status: 'AWAY' })
        await shows(page, { 'Bob Brandt': 'AWAY' })
      },
      60_000,
    )

    test.each(transports)(
      'over %s a page whose tokens were never good is told so after the second, and nothing more is tried',
      async (transport) => {
        // Until the gateway has answered one request, it has no schema for sockets.
        await look(await graph.as('erin'), ['bob'])
        let tokens = 0
        const page = open(transport, ON_SCREEN, {
          watcher: `never good over ${transport}`,
          userIds: ['bob'],
          freshToken: () => `no good: ${(tokens += 1)}`,
        })
        await eventually('the page has an error', () => page.error !== undefined, { withinMs: 30_000 })
        expect(page.updates).toEqual([])
        expect(tokens).toBeLessThanOrEqual(3)
        const tried = tokens
        await new Promise((resolve) => setTimeout(resolve, 3000))
        expect(tokens).toBe(tried)
      },
      60_000,
    )

    test.each(transports)(
      'over %s two tabs with one token are both exact, though the second begins later',
      async (transport) => {
        const watcher = `two tabs over ${transport}`
        const bob = await graph.as('bob')
        await publish(bob, { status: 'BUSY' })
        await decide(bob, { watcher, decision: 'ALLOWED' })
        const token = await graph.presence.tokenOf(watcher)
        const first = open(transport, ON_SCREEN, { watcher, userIds: ['bob'], token })
        await shows(first, { 'Bob Brandt': 'BUSY' })
        const second = open(transport, ON_SCREEN, { watcher, userIds: ['bob'], token })
        await shows(second, { 'Bob Brandt': 'BUSY' })
        await publish(bob, { status: 'AWAY' })
        for (const page of [first, second]) {
          await shows(page, { 'Bob Brandt': 'AWAY' })
          expect(page.updates.map(({ change }) => change)).toEqual(['SNAPSHOT', 'CHANGED'])
        }
      },
      60_000,
    )

    test('a page comes back when this subgraph stops and starts again', async () => {
      const watcher = 'patient'
      const bob = await graph.as('bob')
      await publish(bob, { status: 'BUSY' })
      await decide(bob, { watcher, decision: 'ALLOWED' })
      const pages = transports.map((transport) => open(transport, ON_SCREEN, { watcher, userIds: ['bob'] }))
      for (const page of pages) await shows(page, { 'Bob Brandt': 'BUSY' })
      await graph.restartPresence()
      await publish(bob, { status: 'AWAY' })
      for (const page of pages) await shows(page, { 'Bob Brandt': 'AWAY' })
    }, 90_000)
  },
)

test('Hive Gateway that subscribes here by SSE hands on no token of a client on a WebSocket: he is told so, and shown nothing', async () => {
  const graph = await startGraph((services) =>
    startHiveGateway({
      supergraph: composeByGuild(services).supergraph,
      subscriptionsOver: 'sse-get',
    }),
  )
  onTestFinished(graph.stop)
  // Until it has answered one request, it has no schema for sockets.
  await look(await graph.as('erin'), ['bob'])
  const client = webSocketClient({
    url: graph.gateway.url.replace(/^http/, 'ws'),
    freshToken: () => graph.presence.tokenOf('erin'),
    webSocketImpl: WebSocket,
  })
  onTestFinished(() => client.dispose())
  const results = client.iterate({ query: ON_SCREEN, variables: { userIds: ['bob'] } })
  await expect(results.next()).rejects.toMatchObject([
    { extensions: { code: 'UNAUTHENTICATED', reason: 'missing' } },
  ])
}, 60_000)
