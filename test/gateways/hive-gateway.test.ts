import { createClient as createSseClient } from 'graphql-sse'
import { createClient as createWebSocketClient } from 'graphql-ws'
import { describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { askAccess, respond } from './acts.ts'
import { composeByGuild } from './compose.ts'
import { claimBehind } from './gateway-claims.ts'
import { startHiveGateway } from './hive-gateway.js'
import { POPUP, type PopupResult } from './popup.ts'

describe('behind Hive Gateway', () => {
  claimBehind(
    (services) => startHiveGateway({ supergraph: composeByGuild(services).supergraph }),
    (graph) => {
      const transports = [
        ['SSE', { presentity: 'erin', subscribe: overSse }],
        ['graphql-transport-ws', { presentity: 'frank', subscribe: overWebSocket }],
      ] as const
      test.each(transports)(
        'over %s the popup opens with names from the other subgraph, and closes when another device answers',
        async (_transport, { presentity, subscribe }) => {
          const [popupOwner, alice, bob] = await Promise.all(
            [presentity, 'alice', 'bob'].map((id) => graph().as(id)),
          )
          await askAccess(alice!, { presentity })

          const popup = subscribe(graph().gateway.url, popupOwner!.token)
          const snapshot = await next(popup)
          expect(snapshot).toMatchObject({
            change: 'SNAPSHOT',
            requests: [{ requester: { id: 'alice', name: 'Alice Abel' } }],
          })

          await askAccess(bob!, { presentity })
          const added = await next(popup)
          expect(added).toMatchObject({
            change: 'ADDED',
            requests: [{ requester: { id: 'bob', name: 'Bob Brandt' } }],
          })

          const ids = [...snapshot.requests, ...added.requests].map(({ id }) => id)
          await respond(popupOwner!, { presented: ids, ticked: ids.slice(1) })
          const closed = await next(popup)
          expect(closed).toMatchObject({ change: 'RESOLVED', requests: [] })
          expect([...closed.closedIds].sort()).toEqual([...ids].sort())
          await popup.return?.()
        },
      )

      test('a popup whose token runs out ends with the code that asks for a fresh one', async () => {
        // The server allows clocks to differ by 5 s, so this token has about 2 s left.
        const token = await graph().presence.tokenOf('grace', { exp: Math.floor(Date.now() / 1000) - 3 })
        const popup = overSse(graph().gateway.url, token)
        expect(await next(popup)).toMatchObject({ change: 'SNAPSHOT' })
        const { value } = await popup.next()
        expect(value).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] })
        expect(await popup.next()).toMatchObject({ done: true })
      })
    },
  )
})

function overSse(url: string, token: string): AsyncIterator<PopupResult> {
  const client = createSseClient({ url, headers: { authorization: `Bearer ${token}` }, retryAttempts: 0 })
  return client.iterate({ query: POPUP }) as AsyncIterator<PopupResult>
}

function overWebSocket(url: string, token: string): AsyncIterator<PopupResult> {
  const client = createWebSocketClient({
    url: url.replace(/^http/, 'ws'),
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${token}` },
    retryAttempts: 0,
  })
  return client.iterate({ query: POPUP }) as AsyncIterator<PopupResult>
}

async function next(popup: AsyncIterator<PopupResult>) {
  const { value, done } = await popup.next()
  if (done === true || !value.data) throw new Error(`no event but ${JSON.stringify(value)}`)
  return value.data.incomingPresenceRequests
}
