import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { postStream } from '../support/event-stream-client.ts'
import { postGraphQL } from '../support/post-graphql.ts'
import { startAppForTest, tokenOf, type TestApp } from '../support/start-app.ts'
import { ask, connect } from '../support/web-socket-client.ts'

const page = readFileSync(new URL('../../docs/operating.md', import.meta.url), 'utf8')
const ASK =
  'mutation Secret($user: ID!) { secret: requestPresenceAccess(input: {userIds: [$user]}) { results { access } } }'
const POPUP =
  'subscription Secret { ...Waiting } fragment Waiting on Subscription { secret: incomingPresenceRequests { change } }'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})

const metered = (env: Record<string, string> = {}) => startAppForTest(database, { METRICS_PORT: '0', ...env })

async function metricsOf({ metricsUrl = 'none' }: TestApp): Promise<string> {
  const response = await fetch(metricsUrl)
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toContain('text/plain; version=0.0.4')
  return response.text()
}

/** The value of one line; undefined if there is none. */
async function valueOf(app: TestApp, sample: string): Promise<number | undefined> {
  const line = (await metricsOf(app))
    .split('\n')
    .find((text) => text.startsWith(`presence_privacy_${sample} `))
  return line === undefined ? undefined : Number(line.split(' ').at(-1))
}

describe('metrics', () => {
  test('are those that the page about operating lists, with those labels', async () => {
    const app = await metered()
    const stream = await postStream(app.url, { query: POPUP, token: await tokenOf('alice') })
    onTestFinished(stream.cut)
    await stream.next()
    await postGraphQL(app.url, { query: '{' })
    const text = await metricsOf(app)
    const exposed = new Map(
      [...text.matchAll(/^# TYPE (\w+) /gm)].map(([, name = '']) => [name, new Set<string>()]),
    )
    for (const [, name = '', labels = ''] of text.matchAll(/^(\w+)\{([^}]*)\}/gm)) {
      for (const [, label = ''] of labels.matchAll(/(\w+)="/g)) exposed.get(name)?.add(label)
    }
    const rows = [...page.matchAll(/^\| `(presence_privacy_\w+)` +\|([^|]*)\|/gm)]
    const documented = rows.map(([, name = '', labels = '']) => [
      name,
      [...labels.matchAll(/\w+/g)].map(([label]) => label).sort(),
    ])
    const own = [...exposed].filter(([name]) => !/^(process|nodejs)_/.test(name))
    expect(own.map(([name, labels]) => [name, [...labels].sort()]).sort()).toEqual(documented.sort())
    for (const [, name = ''] of page.matchAll(/`((?:nodejs|process)_\w+[a-z])`/g))
      expect([...exposed.keys()]).toContain(name)
  })

  test('count what runs, what is open and what is refused, and name nobody', async () => {
    const app = await metered()
    const token = await tokenOf('secret-alice')
    await postGraphQL(app.url, { query: ASK, variables: { user: 'secret-bob' }, token })
    await postGraphQL(app.url, { query: 'query Secret { secret: __typename }', token })
    await postGraphQL(app.url, { query: '{ presencePrivacy { user { id } } }' })
    await postGraphQL(app.url, { query: '{ secretField }', token })
    await postGraphQL(app.url, { query: POPUP, token })
    const [one, two] = [
      await postStream(app.url, { query: POPUP, token }),
      await postStream(app.url, { query: POPUP, token }),
    ]
    onTestFinished(two.cut)
    for (const stream of [one, two]) await stream.next()
    const refused = await postStream(app.url, { query: POPUP })
    await refused.ended

    expect(await valueOf(app, 'operations_total{transport="http",type="mutation"}')).toBe(1)
    expect(await valueOf(app, 'operations_total{transport="http",type="query"}')).toBe(1)
    expect(await valueOf(app, 'operations_total{transport="http",type="subscription"}')).toBeUndefined()
    expect(await valueOf(app, 'operations_total{transport="sse",type="subscription"}')).toBe(2)
    for (const [transport, code] of [
      ['http', 'UNAUTHENTICATED'],
      ['http', 'GRAPHQL_VALIDATION_FAILED'],
      ['http', 'SUBSCRIPTION_NEEDS_STREAM'],
      ['sse', 'UNAUTHENTICATED'],
    ]) {
      expect(await valueOf(app, `errors_total{transport="${transport}",code="${code}"}`)).toBe(1)
    }
    const open = 'subscriptions{transport="sse",field="incomingPresenceRequests"}'
    expect(await valueOf(app, open)).toBe(2)
    one.cut()
    await eventually('one is open', async () => (await valueOf(app, open)) === 1)
    expect(await metricsOf(app)).not.toMatch(/secret/i)
  })

  test('count what comes over a socket, too', async () => {
    const app = await metered()
    const client = await connect(app.webSocketUrl, await tokenOf('secret-alice'))
    onTestFinished(client.close)
    expect(await ask(client, POPUP, {}, 'popup')).toMatchObject({ type: 'next' })
    expect(await ask(client, '{ secretField }', {}, 'refused')).toMatchObject({ type: 'error' })
    expect(await ask(client, '{ secret: __typename }', {}, 'query')).toMatchObject({ type: 'next' })
    expect(await valueOf(app, 'operations_total{transport="websocket",type="subscription"}')).toBe(1)
    expect(await valueOf(app, 'operations_total{transport="websocket",type="query"}')).toBe(1)
    expect(await valueOf(app, 'errors_total{transport="websocket",code="GRAPHQL_VALIDATION_FAILED"}')).toBe(1)
    const open = 'subscriptions{transport="websocket",field="incomingPresenceRequests"}'
    expect(await valueOf(app, open)).toBe(1)
    client.send({ id: 'popup', type: 'complete' })
    await eventually('none is open', async () => (await valueOf(app, open)) === 0)
    expect(await metricsOf(app)).not.toMatch(/secret/i)
    expect(await valueOf(app, 'websockets')).toBe(1)
    await client.close()
    await eventually('the socket is closed', async () => (await valueOf(app, 'websockets')) === 0)
  })

  test('tell of the database, the signals and the sweeps', async () => {
    const app = await metered({ SWEEP_INTERVAL_SECONDS: '1' })
    expect(await valueOf(app, 'signals_listening')).toBe(1)
    expect(await valueOf(app, 'database_waiting')).toBe(0)
    await postGraphQL(app.url, { query: ASK, variables: { user: 'dora' }, token: await tokenOf('carl') })
    await eventually('the signal is heard', async () => ((await valueOf(app, 'signals_total')) ?? 0) > 0)
    expect(await valueOf(app, 'database_connections{state="idle"}')).toBeGreaterThan(0)
    await eventually(
      'it has swept',
      async () => ((await valueOf(app, 'sweeps_total{outcome="done"}')) ?? 0) > 0,
    )
    expect(await valueOf(app, 'sweeps_total{outcome="failed"}')).toBe(0)
    expect(await valueOf(app, 'signals_reconnections_total')).toBe(0)
    await database.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and application_name = 'presence-privacy signals'`,
    )
    await eventually(
      'the connection is made anew',
      async () => (await valueOf(app, 'signals_reconnections_total')) === 1,
    )
    expect(await valueOf(app, 'signals_listening')).toBe(1)
  })

  test('are served nowhere unless somebody asks for it, and never where presence is', async () => {
    expect((await startAppForTest(database)).metricsUrl).toBeUndefined()
    const app = await metered()
    expect((await fetch(app.at('/metrics'))).status).toBe(404)
    expect((await fetch(new URL('/graphql', app.metricsUrl))).status).toBe(404)
    expect((await fetch(app.metricsUrl ?? '', { method: 'POST' })).status).toBe(404)
  })

  test('on a port that is taken are a fault of the settings', async () => {
    const app = await metered()
    const { port } = new URL(app.metricsUrl ?? '')
    await expect(metered({ METRICS_PORT: port })).rejects.toMatchObject({
      exitCode: 78,
      message: expect.stringContaining('Set METRICS_PORT to another one') as string,
    })
  })
})
