import { createClient as createWebSocketClient } from 'graphql-ws'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { askAccess, look, respond } from './acts.ts'
import { startApolloGateway } from './apollo-gateway.ts'
import { composeByApollo } from './compose.ts'
import { apolloFrontend, plainFrontend, urqlFrontend, type Endpoints, type Frontend } from './frontends.js'
import { webSocketClient } from '../../client/web-socket-client.ts'
import { DIRECT_POPUP, type PopupEvent } from './popup.ts'
import { startGraph, type Graph } from './start-graph.ts'

describe('a frontend that asks @apollo/gateway and connects to this subgraph for its popups', () => {
  let graph: Graph
  const inUse: Frontend[] = []
  beforeAll(async () => {
    graph = await startGraph((services) =>
      startApolloGateway({ supergraph: composeByApollo(services).supergraph }),
    )
  }, 60_000)
  afterAll(async () => {
    for (const frontend of inUse) await frontend.dispose()
    await graph.stop()
  })

  const frontends = [
    ['Apollo Client', { presentity: 'bob', frontendOn: apolloFrontend }],
    ['urql', { presentity: 'carol', frontendOn: urqlFrontend }],
    ['graphql-ws alone', { presentity: 'dave', frontendOn: plainFrontend }],
  ] as const

  test.each(frontends)(
    '%s shows the popup, sees it close, and shows what may be seen now',
    async (_client, { presentity, frontendOn }) => {
      const [popupOwner, alice] = await Promise.all([graph.as(presentity), graph.as('alice')])
      const popup = popupOf(use(frontendOn(endpointsFor(popupOwner.token))))
      expect(await popup.next()).toMatchObject({ change: 'SNAPSHOT', requests: [] })

      await askAccess(alice, { presentity })
      const added = await popup.next()
      expect(added).toMatchObject({ change: 'ADDED', requests: [{ requester: { id: 'alice' } }] })

      const ids = added.requests.map(({ id }) => id)
      await respond(popupOwner, { presented: ids, ticked: ids })
      expect(await popup.next()).toMatchObject({ change: 'RESOLVED', closedIds: ids })
      popup.close()

      const seen = await use(frontendOn(endpointsFor(alice.token))).look([presentity])
      expect(seen).toMatchObject([{ id: presentity, presenceAccess: 'ALLOWED' }])
      expect(seen).toEqual(await look(alice, [presentity]))
    },
  )

  test('a socket without a token is closed with the code on which clients do not try again', async () => {
    const client = createWebSocketClient({ url: graph.presence.webSocketUrl, webSocketImpl: WebSocket })
    const refusal: unknown = await client
      .iterate({ query: DIRECT_POPUP })
      .next()
      .catch((closed: unknown) => closed)
    await client.dispose()
    expect((refusal as { code?: number }).code).toBe(4401)
  })

  function endpointsFor(token: string): Endpoints {
    const freshToken = () => token
    const url = graph.presence.webSocketUrl
    return {
      gatewayUrl: graph.gateway.url,
      subscriptions: webSocketClient({ url, freshToken, webSocketImpl: WebSocket }),
      freshToken,
    }
  }

  function use(frontend: Frontend): Frontend {
    inUse.push(frontend)
    return frontend
  }
})

/** What comes before the test asks for it is kept. */
function popupOf(frontend: Frontend): { next(): Promise<PopupEvent>; close(): void } {
  let come: ReadableStreamDefaultController<PopupEvent>
  const events = new ReadableStream<PopupEvent>({ start: (controller) => void (come = controller) })
  const reader = events.getReader()
  const close = frontend.subscribe(
    DIRECT_POPUP,
    {},
    (data) => come.enqueue((data as { incomingPresenceRequests: PopupEvent }).incomingPresenceRequests),
    (error) => come.error(new Error(JSON.stringify(error), { cause: error })),
  )
  return {
    close,
    async next() {
      const { value } = await reader.read()
      if (value === undefined) throw new Error('the stream ended')
      return value
    },
  }
}
