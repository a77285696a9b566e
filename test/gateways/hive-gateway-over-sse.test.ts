import { createClient } from 'graphql-sse'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { askAccess, respond } from './acts.ts'
import { composeByGuild } from './compose.ts'
import { startHiveGateway } from './hive-gateway.js'
import { POPUP, type PopupResult } from './popup.ts'
import { startGraph, type Graph } from './start-graph.ts'

describe.each(['sse-get', 'sse-post'] as const)(
  'Hive Gateway that subscribes here by %s',
  (subscriptionsOver) => {
    let graph: Graph
    beforeAll(async () => {
      graph = await startGraph((services) =>
        startHiveGateway({ supergraph: composeByGuild(services).supergraph, subscriptionsOver }),
      )
    }, 60_000)
    afterAll(() => graph.stop())

    function popupFor(token: string): AsyncIterator<PopupResult> {
      const client = createClient({
        url: graph.gateway.url,
        headers: { authorization: `Bearer ${token}` },
        retryAttempts: 0,
      })
      onTestFinished(() => client.dispose())
      return client.iterate({ query: POPUP }) as AsyncIterator<PopupResult>
    }

    test('opens the popup with names from the other subgraph, and closes it when another device answers', async () => {
      const [erin, alice] = await Promise.all(['erin', 'alice'].map((id) => graph.as(id)))
      const popup = popupFor(erin!.token)
      expect(await next(popup)).toMatchObject({ change: 'SNAPSHOT', requests: [] })
      await askAccess(alice!, { presentity: 'erin' })
      const { change, requests } = await next(popup)
      expect({ change, requests }).toMatchObject({
        change: 'ADDED',
        requests: [{ requester: { id: 'alice', name: 'Alice Abel' } }],
      })
      const ids = requests.map(({ id }) => id)
      await respond(erin!, { presented: ids, ticked: ids })
      expect(await next(popup)).toMatchObject({ change: 'RESOLVED', closedIds: ids })
    })

    test.each([
      ['no good token', -60, 0],
      ['a token that runs out', -3, 1],
    ])(
      'hands on the code that asks for a fresh token, and comes to an end: %s',
      async (_, expiresIn, events) => {
        const exp = Math.floor(Date.now() / 1000) + expiresIn
        const popup = popupFor(await graph.presence.tokenOf('grace', { exp }))
        for (let event = 0; event < events; event++)
          expect(await next(popup)).toMatchObject({ change: 'SNAPSHOT' })
        const { value } = (await popup.next()) as { value: PopupResult }
        expect(value).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] })
        expect(await popup.next()).toMatchObject({ done: true })
      },
    )

    test('ends the popup when this subgraph stops, and opens it again afterwards', async () => {
      const dave = await graph.as('dave')
      const popup = popupFor(dave.token)
      expect(await next(popup)).toMatchObject({ change: 'SNAPSHOT' })
      const stopped = graph.stopPresence()
      expect(await popup.next()).toMatchObject({ done: true })
      await stopped
      await graph.restartPresence()
      expect(await next(popupFor(dave.token))).toMatchObject({ change: 'SNAPSHOT' })
    }, 60_000)
  },
)

async function next(popup: AsyncIterator<PopupResult>) {
  const { value, done } = await popup.next()
  if (done === true || !value.data) throw new Error(`no event but ${JSON.stringify(value)}`)
  return value.data.incomingPresenceRequests
}
