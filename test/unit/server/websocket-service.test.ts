import { once } from 'node:events'
import { createServer } from 'node:http'
import { createConnection, type AddressInfo, type Socket } from 'node:net'
import { buildSchema } from 'graphql'
import { expect, onTestFinished, test } from 'vitest'
import { parseUserId } from '../../../src/domain/user-id.ts'
import type { IdentityFailure } from '../../../src/identity/identity.ts'
import type { Services } from '../../../src/graphql/context.ts'
import { createGate } from '../../../src/graphql/gate.ts'
import { boundConnections } from '../../../src/server/connection-bounds.ts'
import { createLog } from '../../../src/server/log.ts'
import { countOperations } from '../../../src/server/operation-counts.ts'
import { systemScheduler } from '../../../src/live/scheduler.ts'
import { createAdmissions } from '../../../src/server/admission/admissions.ts'
import { operationPipeline } from '../../../src/server/operation-pipeline.ts'
import { limitSubscriptions } from '../../../src/server/subscription-limit.ts'
import { serveWebSocket } from '../../../src/server/websocket.ts'
import { eventually } from '../../support/eventually.ts'
import { settled } from '../../support/protocol-server.ts'
import { connect, openSocket, type RawClient } from '../../support/web-socket-client.ts'

type Event = { readonly event?: string; readonly error?: Error }

type Options = {
  readonly faultOfVariables?: Parameters<typeof operationPipeline>[1]['faultOfVariables']
  readonly descriptors?: number
  readonly failure?: IdentityFailure
}

/** A server with one subscription, the source of which asks `nextEvent`; whoever connects is alice, who may have one socket. */
async function startServer(
  nextEvent: () => Promise<Event>,
  { faultOfVariables = () => undefined, descriptors = 1000, failure }: Options = {},
) {
  const source = { asked: 0, returned: 0 }
  const schema = buildSchema('type Query { a: Int } type Subscription { event: String }')
  schema.getSubscriptionType()!.getFields()['event']!.subscribe = () => ({
    [Symbol.asyncIterator]: () => ({
      async next() {
        source.asked += 1
        return { done: false, value: await nextEvent() }
      },
      return: () => {
        source.returned += 1
        return new Promise<never>(() => undefined)
      },
    }),
  })
  const server = createServer()
  const connections = boundConnections(server, { maxAnonymous: 10, maxOfUser: 10, descriptors })
  onTestFinished(connections.stop)
  const admissions = createAdmissions(
    { user: 10_000, service: 10_000, administrator: 10_000 },
    systemScheduler,
  )
  const { stop } = serveWebSocket(server, {
    schema,
    admissions,
    pipeline: operationPipeline(schema, {
      gate: createGate(schema, { introspection: false }),
      admissions,
      maxRepresentations: 1000,
      faultOfVariables,
      subscriptions: limitSubscriptions({ maxPerUser: 1, maxWeightPerUser: 40_000 }),
    }),
    services: { as: () => ({}) } as unknown as Services,
    subscriptions: limitSubscriptions({ maxPerUser: 1, maxWeightPerUser: 40_000 }),
    maxSocketsPerUser: 1,
    connections,
    counts: countOperations(),
    verifier: {
      verify: () =>
        Promise.resolve(
          failure ?? {
            userId: parseUserId('alice')!,
            roles: new Set<never>(),
            expiresAt: Date.now() + 60_000,
          },
        ),
    },
    introspection: false,
    log: createLog({ level: 'silent', readable: false }),
    origins: { listed: [], local: false },
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    await stop({ deadline: Promise.resolve(), withinMs: 0 })
    await new Promise((resolve) => server.close(resolve))
  })
  const { port } = server.address() as AddressInfo
  return { server, connections, source, port, url: `ws://127.0.0.1:${port}/graphql` }
}

async function startStreaming(nextEvent: () => Promise<Event>, options: Options = {}) {
  const { url, source } = await startServer(nextEvent, options)
  return { client: await connect(url, 'token'), source }
}

function subscribe(client: RawClient): void {
  client.send({ type: 'subscribe', id: '1', payload: { query: 'subscription { event }' } })
}

test('a source is asked for no more while its client does not read, and goes on when it does', async () => {
  const { client, source } = await startStreaming(() => Promise.resolve({ event: 'x'.repeat(100_000) }))
  client.socket.pause()
  subscribe(client)
  let before = -1
  await eventually('nothing more is asked for', async () => {
    const still = source.asked > 0 && source.asked === before
    before = source.asked
    await new Promise((resolve) => setTimeout(resolve, 50))
    return still
  })
  client.socket.resume()
  await eventually('more is asked for', () => source.asked > before)
  client.send({ type: 'complete', id: '1' })
  await eventually('the source is let go of', () => source.returned === 1)
})

test('a source that fails ends its subscription with an error that says nothing of what failed', async () => {
  const { client, source } = await startStreaming(() => Promise.reject(new Error('secret')))
  subscribe(client)
  expect(await client.next()).toMatchObject({
    id: '1',
    type: 'error',
    payload: [{ message: 'Something went wrong.', extensions: { code: 'INTERNAL_SERVER_ERROR' } }],
  })
  expect(source.returned).toBe(1)
  // The place that it took is free again.
  subscribe(client)
  expect(await client.next()).toMatchObject({ payload: [{ extensions: { code: 'INTERNAL_SERVER_ERROR' } }] })
  expect(await settled(client)).toEqual([])
})

test('a fault of ours in one operation ends that operation, and no other of its socket', async () => {
  const never = new Promise<never>(() => undefined)
  const { client, source } = await startStreaming(() => never, {
    faultOfVariables: ({ operationName }) => {
      if (operationName === 'Broken') throw new Error('secret')
      return undefined
    },
  })
  subscribe(client)
  await eventually('the stream waits', () => source.asked === 1)
  const broken = { query: 'subscription Broken { event }', operationName: 'Broken' }
  client.send({ type: 'subscribe', id: '2', payload: broken })
  expect(await client.next()).toMatchObject({
    id: '2',
    type: 'error',
    payload: [{ message: 'Something went wrong.', extensions: { code: 'INTERNAL_SERVER_ERROR' } }],
  })
  client.send({ type: 'ping' })
  expect(await client.next()).toMatchObject({ type: 'pong' })
  expect(source.returned).toBe(0)
})

/** Clients of graphql-ws give up on 4401; they come back on the others, with a token that they ask for anew. */
test.each([
  ['missing', 4401],
  ['malformed', 4401],
  ['rejected', 4401],
  ['no-user', 4401],
  ['expired', 4403],
  ['keys-unavailable', 1013],
] as const)('a socket whose token is %s is closed with %i', async (reason, code) => {
  const { url } = await startServer(() => Promise.reject(new Error()), { failure: { reason } })
  const refused = await openSocket(url)
  refused.send({ type: 'connection_init', payload: { authorization: 'Bearer token' } })
  expect((await refused.closed).code).toBe(code)
})

test('a socket that there is no room for takes none of its user’s places', async () => {
  // Room for one connection with an identity, and for one without.
  const { server, connections, port, url } = await startServer(() => Promise.reject(new Error()), {
    descriptors: 4,
  })
  const accepted = once(server, 'connection') as Promise<[Socket]>
  const other = createConnection(port, '127.0.0.1')
  const [socketOfOther] = await accepted
  expect(
    connections.identified(socketOfOther, parseUserId('bob')!, { lasting: { incomingBytes: () => 0 } }),
  ).toBe(true)

  const refused = await openSocket(url)
  refused.send({ type: 'connection_init', payload: { authorization: 'Bearer token' } })
  expect((await refused.closed).reason).toBe('This instance has no room for more sockets')

  other.destroy()
  await eventually('there is room', () => connections.counts().identified === 0)
  await (await connect(url, 'token')).close()
})

test('a refused upgrade ends its connection, though the peer never closes it', async () => {
  const { server, port } = await startServer(() => Promise.reject(new Error()))
  const accepted = once(server, 'connection') as Promise<[Socket]>
  const peer = createConnection({ port, host: '127.0.0.1', allowHalfOpen: true })
  onTestFinished(() => void peer.destroy())
  const [socket] = await accepted
  let text = ''
  peer.on('data', (chunk) => (text += chunk.toString()))
  peer.on('error', () => undefined)
  peer.write('GET /elsewhere HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
  await eventually('it is refused', () => text.startsWith('HTTP/1.1 404 '))
  await eventually('its connection has ended', () => socket.destroyed)
})
