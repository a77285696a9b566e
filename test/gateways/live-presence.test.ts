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
import { actsOverApi } from '../support/acts-over-api.ts'
import { createTestDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { startSubgraph, type RunningSubgraph } from '../support/start-subgraph.ts'
import { tcpBalancer, type TcpBalancer } from '../support/tcp-balancer.ts'
import { tcpProxy } from '../support/tcp-proxy.ts'
import { claimsOf, epochSeconds, issuerKey, sign } from '../support/token-issuer.ts'
import { apolloFrontend, plainFrontend, urqlFrontend, type Frontend } from './frontends.js'

const FRONTENDS = { 'Apollo Client': apolloFrontend, urql: urqlFrontend, 'nothing else': plainFrontend }
const TRANSPORTS = { WebSocket: webSocketClient, SSE: eventStreamClient }
/** A token is believed for 5 s after its end, for clocks differ. */
const CLOCK_TOLERANCE_SECONDS = 5

/** A page that shows Pia and Ann beside the contact list, which holds Ann. */
type Page = {
  readonly name: string
  readonly watcher: string
  readonly onScreen: Shown
  readonly contacts: Shown
  readonly connections: string[]
  readonly tokens: () => number
  readonly frontend: Frontend
}

/** What one stream has put on the page, and in which steps. */
type Shown = { users: ShownPresences<{ id: string }>; readonly updates: PresenceUpdate[]; error?: unknown }

describe('a page with the client that the documentation hands out, on two instances', () => {
  const key = issuerKey()
  const instances: RunningSubgraph[] = []
  const pages: Page[] = []
  let database: { url: string }
  let balancer: TcpBalancer
  beforeAll(async () => {
    database = await createTestDatabase()
    instances.push(...(await Promise.all([start(), start()])))
    balancer = await tcpBalancer(() => instances.map(({ url }) => url))
  }, 60_000)
  afterAll(async () => {
    for (const { frontend } of pages) await frontend.dispose()
    await balancer.close()
    for (const instance of instances) await instance.stop()
  }, 60_000)

  const start = () => startSubgraph({ databaseUrl: database.url, key })

  const as = async (user: string) =>
    actsOverApi({ url: balancer.url('http') }, await sign(key, claimsOf(user)))

  /** One page of each kind, each of a user of its own whom Pia and Ann have not allowed yet. */
  const openPages = async (label: string, claims: () => Record<string, unknown> = () => ({})) => {
    const opened: Page[] = []
    for (const [library, frontendOn] of Object.entries(FRONTENDS)) {
      for (const [transport, clientOf] of Object.entries(TRANSPORTS)) {
        const name = `${library} over ${transport}`
        const watcher = `${label}: ${name}`
        await (await as(watcher)).addContacts('ann')
        const connections: string[] = []
        let tokens = 0
        const freshToken = () => {
          tokens += 1
          return sign(key, claimsOf(watcher, claims()))
        }
        const subscriptions = clientOf({
          url: balancer.url(clientOf === webSocketClient ? 'ws' : 'http'),
          freshToken,
          webSocketImpl: WebSocket,
          onConnection: (connection, { query }) => {
            if (query.includes('OnScreen')) connections.push(connection)
          },
        })
        const frontend = frontendOn({ gatewayUrl: balancer.url('http'), subscriptions, freshToken })
        const onScreen = show(frontend, ON_SCREEN, { userIds: ['pia', 'ann'] })
        const contacts = show(frontend, CONTACT_LIST, {})
        opened.push({ name, watcher, onScreen, contacts, connections, tokens: () => tokens, frontend })
      }
    }
    pages.push(...opened)
    return opened
  }

  test('shows who allows it, and no longer who blocks it: offline once, and nothing of what follows', async () => {
    const [pia, ann] = [await as('pia'), await as('ann')]
    await pia.publish('BUSY')
    await ann.publish('AVAILABLE')
    const opened = await openPages('allowed')
    await allShow(opened, { onScreen: { pia: 'OFFLINE', ann: 'OFFLINE' }, contacts: { ann: 'OFFLINE' } })

    for (const { watcher } of opened) {
      await pia.decide(watcher, 'ALLOWED')
      await ann.decide(watcher, 'ALLOWED')
    }
    await allShow(opened, { onScreen: { pia: 'BUSY', ann: 'AVAILABLE' }, contacts: { ann: 'AVAILABLE' } })

    for (const { watcher } of opened) await pia.decide(watcher, 'BLOCKED')
    await allShow(opened, { onScreen: { pia: 'OFFLINE' } })
    await pia.publish('AWAY')
    await ann.publish('BUSY')
    await allShow(opened, { onScreen: { pia: 'OFFLINE', ann: 'BUSY' }, contacts: { ann: 'BUSY' } })
    for (const { onScreen, name } of opened) {
      expect(statusesOf(onScreen, 'pia'), name).toEqual(['OFFLINE', 'BUSY', 'OFFLINE'])
    }
  }, 60_000)

  test.each([
    ['is killed', (instance: RunningSubgraph) => instance.kill()],
    ['stops', (instance: RunningSubgraph) => instance.stop()],
  ])(
    'comes back with a fresh snapshot when its instance %s',
    async (how, end) => {
      const [pia, ann] = [await as('pia'), await as('ann')]
      await pia.publish('BUSY')
      await ann.publish('BUSY')
      const opened = await openPages(how)
      for (const { watcher } of opened) {
        await pia.decide(watcher, 'ALLOWED')
        await ann.decide(watcher, 'ALLOWED')
      }
      await allShow(opened, { onScreen: { pia: 'BUSY', ann: 'BUSY' }, contacts: { ann: 'BUSY' } })

      const [ended] = instances.splice(0, 1)
      await end(ended!)
      // From here on the one that is left serves everybody.
      for (const { watcher } of opened) await pia.decide(watcher, 'BLOCKED')
      await ann.publish('AWAY')
      await allShow(opened, { onScreen: { pia: 'OFFLINE', ann: 'AWAY' }, contacts: { ann: 'AWAY' } })
      const moved = opened.filter(({ connections }) => connections.includes('LOST'))
      expect(moved.length).toBeGreaterThan(0)
      for (const { connections, onScreen, name } of moved) {
        expect(connections, name).toEqual(['LIVE', 'LOST', 'LIVE'])
        expect(snapshotsOf(onScreen), name).toBe(2)
      }
      instances.push(await start())
    },
    90_000,
  )

  test('gets a fresh token when its own runs out, again and again, and goes on', async () => {
    const [pia, ann] = [await as('pia'), await as('ann')]
    await pia.publish('AVAILABLE')
    const opened = await openPages('expiring', () => ({ exp: epochSeconds() - CLOCK_TOLERANCE_SECONDS + 4 }))
    for (const { watcher } of opened) {
      await pia.decide(watcher, 'ALLOWED')
      await ann.decide(watcher, 'ALLOWED')
    }
    await eventually(
      'every stream has come back twice',
      () => opened.every(({ onScreen, contacts }) => snapshotsOf(onScreen) > 2 && snapshotsOf(contacts) > 2),
      { withinMs: 60_000 },
    )
    await pia.publish('BUSY')
    await ann.publish('DO_NOT_DISTURB')
    await allShow(opened, { onScreen: { pia: 'BUSY', ann: 'DO_NOT_DISTURB' } })
    for (const { tokens, name } of opened) expect(tokens(), name).toBeGreaterThan(2)
    for (const { frontend } of opened) await frontend.dispose()
  }, 90_000)

  test('finds out that nothing comes through any more, and comes back', async () => {
    const pia = await as('pia')
    await pia.publish('BUSY')
    const silent = await tcpProxy(instances[0]!.url)
    onTestFinished(silent.close)
    const clients = Object.entries(TRANSPORTS).map(([transport, clientOf]) => {
      const watcher = `cut off: ${transport}`
      const freshToken = () => sign(key, claimsOf(watcher))
      const url = clientOf === webSocketClient ? silent.url.replace(/^http/, 'ws') : silent.url
      const client = clientOf({ url, freshToken, webSocketImpl: WebSocket })
      const frontend = plainFrontend({ gatewayUrl: silent.url, subscriptions: client, freshToken })
      onTestFinished(frontend.dispose)
      return { watcher, shown: show(frontend, ON_SCREEN, { userIds: ['pia'] }) }
    })
    for (const { watcher } of clients) await pia.decide(watcher, 'ALLOWED')
    const allSee = (status: string) =>
      eventually(
        `both see ${status}`,
        () => clients.every(({ shown }) => shown.users.get('pia')?.presence.status === status),
        { withinMs: 60_000 },
      )
    await allSee('BUSY')
    silent.goSilent()
    await pia.publish('AWAY')
    await allSee('AWAY')
    for (const { shown } of clients) expect(snapshotsOf(shown)).toBe(2)
  }, 90_000)
})

function show(frontend: Frontend, query: string, variables: Record<string, unknown>): Shown {
  const shown: Shown = { users: new Map(), updates: [] }
  frontend.subscribe(
    query,
    variables,
    (data) => {
      const { presenceUpdates } = data as { presenceUpdates: PresenceUpdate }
      shown.updates.push(presenceUpdates)
      shown.users = applyPresenceUpdate(shown.users, presenceUpdates)
    },
    (error) => (shown.error = error),
  )
  return shown
}

type Statuses = Readonly<Record<string, string>>

async function allShow(
  pages: readonly Page[],
  expected: { readonly onScreen: Statuses; readonly contacts?: Statuses },
): Promise<void> {
  const misses = () =>
    pages.flatMap(({ name, onScreen, contacts }) =>
      [
        { shown: onScreen, wanted: expected.onScreen },
        { shown: contacts, wanted: expected.contacts ?? {} },
      ]
        .filter(({ shown, wanted }) =>
          Object.entries(wanted).some(([id, status]) => shown.users.get(id)?.presence.status !== status),
        )
        .map(({ shown }) => ({ name, users: [...shown.users], error: shown.error })),
    )
  await eventually('all pages show it', () => misses().length === 0, { withinMs: 30_000 }).catch(() => {
    expect(misses()).toEqual([])
  })
}

/** As what the page has shown a user, one after another. */
function statusesOf({ updates }: Shown, id: string): string[] {
  return updates.flatMap(({ presences }) =>
    presences.filter(({ user }) => user?.id === id).map(({ presence }) => presence.status),
  )
}

function snapshotsOf({ updates }: Shown): number {
  return updates.filter(({ change }) => change === 'SNAPSHOT').length
}
