import { Agent, request } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import { createTestDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { startSubgraph, type RunningSubgraph } from '../support/start-subgraph.ts'
import { issuerKey } from '../support/token-issuer.ts'

const OWN = '{ presencePrivacy { appearsOffline } }'
const PROBE_EVERY_MS = 200

type Response = { readonly status: number; readonly connection: string | undefined }

function send(
  { url }: { readonly url: string },
  { path = '/graphql', body, token, agent }: { path?: string; body?: string; token?: string; agent?: Agent },
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const sent = request(
      new URL(path, url),
      {
        ...(agent && { agent }),
        method: body === undefined ? 'GET' : 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token ?? ''}` },
      },
      (response) => {
        response.on('error', reject)
        response.resume().on('end', () => {
          resolve({ status: response.statusCode ?? 0, connection: response.headers.connection })
        })
      },
    )
    sent.on('error', reject)
    sent.end(body)
  })
}

/** As balancers do: it probes each instance, sends to those that were ready last, and keeps its connections. */
function balancer(instances: readonly RunningSubgraph[]) {
  const agent = new Agent({ keepAlive: true, maxSockets: 8 })
  const ready = new Map(instances.map((instance) => [instance, true]))
  const probing = setInterval(() => {
    for (const instance of instances) {
      send(instance, { path: '/health/ready' }).then(
        ({ status }) => ready.set(instance, status === 200),
        () => ready.set(instance, false),
      )
    }
  }, PROBE_EVERY_MS)
  let turn = 0
  return {
    ask(token: string): Promise<Response> {
      const able = instances.filter((instance) => ready.get(instance))
      turn += 1
      return send(able[turn % able.length]!, { body: JSON.stringify({ query: OWN }), token, agent })
    },
    sendsTo: (instance: RunningSubgraph) => ready.get(instance) === true,
    close() {
      clearInterval(probing)
      agent.destroy()
    },
  }
}

test('a rolling stop fails no request: the instance is not ready at once, serves on, and only then lets nobody in', async () => {
  const { url } = await createTestDatabase()
  const key = issuerKey()
  const env = { SHUTDOWN_DELAY_MS: '2000' }
  const [leaving, staying] = await Promise.all([
    startSubgraph({ databaseUrl: url, key, env }),
    startSubgraph({ databaseUrl: url, key, env }),
  ])
  onTestFinished(staying.kill)
  onTestFinished(leaving.kill)
  const token = await leaving.tokenOf('alice')
  const front = balancer([leaving, staying])
  onTestFinished(front.close)

  let load = true
  const outcomes: (Response | Error)[] = []
  const clients = Array.from({ length: 4 }, async () => {
    while (load) {
      outcomes.push(await front.ask(token).catch((error: unknown) => error as Error))
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  })
  await eventually('requests are answered', () => outcomes.length > 20)
  const began = performance.now()
  const stopped = leaving.stop()
  await eventually(
    'it is not ready',
    async () => (await send(leaving, { path: '/health/ready' })).status === 503,
  )
  expect(performance.now() - began).toBeLessThan(1000)
  // A connection that is made now is served, and told to be the last.
  expect(await send(leaving, { body: JSON.stringify({ query: OWN }), token })).toEqual({
    status: 200,
    connection: 'close',
  })
  await eventually('the balancer has noticed', () => !front.sendsTo(leaving))
  await stopped
  expect(performance.now() - began).toBeGreaterThan(2000)
  load = false
  await Promise.all(clients)
  expect(outcomes.filter((outcome) => outcome instanceof Error || outcome.status !== 200)).toEqual([])
})

test('a second signal ends it at once', async () => {
  const { url } = await createTestDatabase()
  const subgraph = await startSubgraph({ databaseUrl: url, env: { SHUTDOWN_DELAY_MS: '60000' } })
  onTestFinished(subgraph.kill)
  process.kill(subgraph.pid, 'SIGTERM')
  await eventually('it stops', async () => (await send(subgraph, { path: '/health/ready' })).status === 503)
  const began = performance.now()
  process.kill(subgraph.pid, 'SIGTERM')
  await subgraph.ended
  expect(performance.now() - began).toBeLessThan(1000)
})
