import { expect, onTestFinished, test } from 'vitest'
import type { Services } from '../../src/graphql/context.ts'
import { createTokenVerifier } from '../../src/identity/token-verifier.ts'
import { createLog } from '../../src/server/log.ts'
import { startServer } from '../../src/server/start-server.ts'
import { postStream } from '../support/event-stream-client.ts'
import { postGraphQL } from '../support/post-graphql.ts'
import { claimsOf, issuerKey, sign, trustIn } from '../support/token-issuer.ts'
import { ask, connect } from '../support/web-socket-client.ts'
import { NEVER_MS, POLICY } from '../support/policy.ts'

const SECRET = 'relation presence_privacy.users of alice, postgres://root:hunter2@db/x'
const SEE_BOB =
  '{ _entities(representations: [{__typename: "User", id: "bob"}]) { ... on User { id presence { status } } } }'
const POPUP = 'subscription { incomingPresenceRequests { change } }'

/** A server with a bug behind every port. */
async function brokenServer(introspection = false) {
  const broken = () => Promise.reject(new TypeError(SECRET))
  const services = {
    facts: { readFacts: broken },
    lists: { waiting: broken, asked: broken, popup: broken },
    signals: { subscribe: () => () => undefined },
    hub: { inTurn: () => undefined, snapshotEveryMs: NEVER_MS },
    as: () => ({}),
    factsAs: () => ({ readSight: broken }),
    ...POLICY,
  } as unknown as Services
  const key = issuerKey()
  const lines: string[] = []
  const server = await startServer({
    host: '127.0.0.1',
    port: 0,
    origins: { listed: [], local: false },
    services,
    verifier: createTokenVerifier(trustIn(key)),
    maxRepresentations: 10,
    maxSubscriptionsPerUser: 10,
    maxSubscriptionWeightPerUser: 40_000,
    maxSocketsPerUser: 100,
    maxConnectionsPerUser: 200,
    maxAnonymousConnections: 1000,
    workPerSecond: { user: 15_000, service: 30_000, administrator: 40_000 },
    introspection,
    graphiql: false,
    readiness() {
      throw new Error('hunter2')
    },
    shutdownDelayMs: 0,
    shutdownTimeoutMs: 1000,
    log: createLog({ level: 'info', readable: false, out: { write: (line) => void lines.push(line) } }),
  })
  onTestFinished(server.stop)
  return { url: server.url, token: await sign(key, claimsOf('alice')), logged: () => lines.join('') }
}

test('a fault of ours is told over HTTP by a code and the id under which the log explains it, and by nothing else', async () => {
  const { url, token, logged } = await brokenServer()
  const { data, errors, text } = await postGraphQL(url, { query: SEE_BOB, token })
  expect(data).toEqual({ _entities: [{ id: 'bob', presence: null }] })
  expect(errors).toEqual([
    {
      message: 'Something went wrong.',
      locations: expect.any(Array) as unknown[],
      path: ['_entities', 0, 'presence'],
      extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: expect.any(String) as string },
    },
  ])
  expect(text).not.toMatch(/presence_privacy|hunter2|TypeError|\.ts/)
  const requestId = String(errors[0]?.extensions?.['requestId'])
  const line = logged()
    .split('\n')
    .find((candidate) => candidate.includes('operation failed'))
  expect(JSON.parse(line ?? '{}')).toMatchObject({
    requestId,
    level: 50,
    err: { type: 'TypeError', stack: expect.stringContaining('at ') as string },
  })
  expect(line).not.toContain('hunter2')
})

test('a fault of ours ends a subscription with the same code', async () => {
  const { url, token, logged } = await brokenServer()
  const client = await connect(url.replace(/^http/, 'ws'), token)
  onTestFinished(client.close)
  const { type, payload } = await ask(client, POPUP)
  expect(type).toBe('error')
  expect(payload).toMatchObject([
    { message: 'Something went wrong.', extensions: { code: 'INTERNAL_SERVER_ERROR' } },
  ])
  expect(logged()).toContain('operation failed')
})

test('a fault of ours ends a subscription over SSE with the same code, and the id under which the log explains it', async () => {
  const { url, token, logged } = await brokenServer()
  const stream = await postStream(url, { query: POPUP, token, headers: { 'x-request-id': 'stream-4711' } })
  const { event, data } = await stream.next()
  expect(event).toBe('next')
  expect(data).toEqual({
    errors: [
      {
        message: 'Something went wrong.',
        extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: 'stream-4711' },
      },
    ],
  })
  expect(await stream.next()).toEqual({ event: 'complete', data: null })
  await stream.ended
  expect(logged()).toMatch(/"requestId":"stream-4711".*"operation failed"/)
})

test('health that cannot be told is an error, not an answer', async () => {
  const { url } = await brokenServer()
  const response = await fetch(new URL('/health/ready', url))
  expect(response.status).toBe(500)
  expect(await response.text()).not.toMatch(/presence_privacy|hunter2/)
})

test('names of the schema are suggested to those only who may read it', async () => {
  for (const introspection of [true, false]) {
    const { url, token } = await brokenServer(introspection)
    const { text } = await postGraphQL(url, { query: '{ presencePrivac { user { id } } }', token })
    expect(text).toContain('GRAPHQL_VALIDATION_FAILED')
    expect(text.includes('presencePrivacy')).toBe(introspection)
  }
})
