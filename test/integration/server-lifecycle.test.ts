import { Agent, request } from 'node:http'
import pg from 'pg'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { createLog } from '../../src/server/log.ts'
import { countingServer } from '../support/counting-server.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { databaseUrl } from '../support/database-url.ts'
import { eventually } from '../support/eventually.ts'
import { postGraphQL } from '../support/post-graphql.ts'
import { startApp, startAppForTest, tokenOf } from '../support/start-app.ts'
import { ask, connect, type RawClient } from '../support/web-socket-client.ts'

const OWN = '{ presencePrivacy { user { id } incomingRequests { nodes { id } } } }'
const POPUP = 'subscription { incomingPresenceRequests { change requests { requester { id } } } }'
const ASK = 'mutation { requestPresenceAccess(input: {userIds: ["alice"]}) { results { access } } }'

let database: TestDatabase

beforeEach(async () => {
  database = await createTestDatabase()
})

/** The connections that the service itself holds, by name. */
async function connections(): Promise<Record<string, number>> {
  const rows = await database.query<{ name: string; count: number }>(
    `select application_name as name, count(*)::int as count from pg_stat_activity
     where datname = current_database() and application_name like 'presence-privacy%' group by 1`,
  )
  return Object.fromEntries(rows.map(({ name, count }) => [name, count]))
}

async function health(app: { at(path: string): string }, path = '/health/ready') {
  const response = await fetch(app.at(path))
  return { status: response.status, body: await response.json() }
}

describe('subscriptions', () => {
  async function popupsOfAlice() {
    const running = await countingServer(database)
    const client = await connect(running.server.url.replace(/^http/, 'ws'), await running.tokenOf('alice'))
    for (const id of ['one', 'two', 'three'])
      expect(await ask(client, POPUP, {}, id)).toMatchObject({ id, type: 'next' })
    expect(running.listening()).toBe(3)
    return { ...running, client }
  }

  test('that are unsubscribed listen to nothing any more', async () => {
    const { listening, client } = await popupsOfAlice()
    for (const id of ['one', 'two']) client.send({ id, type: 'complete' })
    await eventually('one listens', () => listening() === 1)
    client.send({ id: 'three', type: 'complete' })
    await eventually('none listens', () => listening() === 0)
    await client.close()
  })

  test.each([
    ['closed', (client: RawClient) => client.close()],
    [
      'cut',
      (client: RawClient) => {
        client.socket.terminate()
        return client.closed
      },
    ],
  ])('of a socket that is %s listen to nothing any more', async (_, end) => {
    const { listening, client } = await popupsOfAlice()
    await end(client)
    await eventually('none listens', () => listening() === 0)
  })

  test.each(['completed', 'closed', 'stopped'])(
    'of one id, begun and completed many times in one go, leave one, which listens until it is %s',
    async (end) => {
      const { server, listening, client } = await popupsOfAlice()
      for (const id of ['one', 'two', 'three']) client.send({ id, type: 'complete' })
      for (let times = 0; times < 100; times++) {
        client.send({ id: 'same', type: 'subscribe', payload: { query: POPUP } })
        if (times < 99) client.send({ id: 'same', type: 'complete' })
      }
      client.send({ type: 'ping' })
      await messageOf(client, 'pong')
      await eventually('one listens', () => listening() === 1)
      if (end === 'completed') client.send({ id: 'same', type: 'complete' })
      else if (end === 'closed') await client.close()
      else await server.stop()
      await eventually('none listens', () => listening() === 0)
    },
  )

  test('end when the server stops: no word completes them, so that clients come back for them elsewhere', async () => {
    const { server, listening, client } = await popupsOfAlice()
    const stopped = server.stop()
    await expect(client.next()).rejects.toThrow('closed')
    expect(await client.closed).toEqual({ code: 1001, reason: 'Going away' })
    await stopped
    expect(listening()).toBe(0)
  })
})

describe('an operation that its client has completed', () => {
  test('counts until it has ended', async () => {
    const app = await startAppForTest(database)
    const lock = await lockUsers(database)
    const client = await connect(app.webSocketUrl, await tokenOf('bob'))
    onTestFinished(client.close)
    const begin = (index: number) =>
      client.send({
        id: `m${index}`,
        type: 'subscribe',
        payload: { query: ASK.replace('alice', `u${index}`) },
      })
    for (let index = 0; index < 50; index++) begin(index)
    await eventually('one runs', async () => (await waiting(database)) > 0)
    // The first runs, and goes on without its client.
    client.send({ id: 'm0', type: 'complete' })
    begin(50)
    const { id, payload } = await client.next()
    expect(id).toBe('m50')
    expect(payload).toMatchObject([{ extensions: { code: 'TOO_MANY_OPERATIONS' } }])
    await lock.release()
  })

  test('ends before the next of its id begins, and its answer is not taken for that one', async () => {
    const app = await startAppForTest(database)
    const lock = await lockUsers(database)
    const client = await connect(app.webSocketUrl, await tokenOf('bob'))
    onTestFinished(client.close)
    const begin = (query: string) => client.send({ id: 'same', type: 'subscribe', payload: { query } })
    begin(ASK)
    await eventually('the mutation waits', async () => (await waiting(database)) > 0)
    client.send({ id: 'same', type: 'complete' })
    begin('{ dropped: __typename }')
    client.send({ id: 'same', type: 'complete' })
    begin('{ presencePrivacy { outgoingRequests { nodes { user { id } } } } }')
    client.send({ type: 'ping' })
    expect(await client.next()).toEqual({ type: 'pong' })
    await lock.release()
    expect(await client.next()).toEqual({
      id: 'same',
      type: 'next',
      payload: {
        data: { presencePrivacy: { outgoingRequests: { nodes: [{ user: { id: 'alice' } }] } } },
      },
    })
    expect(await client.next()).toEqual({ id: 'same', type: 'complete' })
  })
})

describe('stopping', () => {
  test('begins nothing on a socket on which something still runs, and says so', async () => {
    const app = await startApp(database)
    const lock = await lockUsers(database)
    const client = await connect(app.webSocketUrl, await tokenOf('bob'))
    client.send({ id: 'mutation', type: 'subscribe', payload: { query: ASK } })
    await eventually('the mutation waits', async () => (await waiting(database)) > 0)
    const stopped = app.stop()
    await eventually('nothing begins', async () => {
      const { id, type, payload } = await ask(client, '{ __typename }', {}, 'late')
      if (type !== 'error') return (await client.next()).type !== 'complete'
      expect({ id, payload }).toMatchObject({
        id: 'late',
        payload: [{ extensions: { code: 'SHUTTING_DOWN' } }],
      })
      return true
    })
    await lock.release()
    expect(await client.next()).toMatchObject({ id: 'mutation', type: 'next', payload: { data: {} } })
    expect(await client.next()).toEqual({ id: 'mutation', type: 'complete' })
    expect(await client.closed).toEqual({ code: 1001, reason: 'Going away' })
    await stopped
  })

  test('leaves no connection to the database, whoever was connected', async () => {
    const app = await startApp(database)
    const client = await connect(app.webSocketUrl, await tokenOf('alice'))
    await ask(client, POPUP)
    await postGraphQL(app.url, { query: OWN, token: await tokenOf('bob') })
    const open = await connections()
    expect(open).toMatchObject({ 'presence-privacy signals': 1 })
    expect(open['presence-privacy']).toBeGreaterThan(0)
    await app.stop()
    await eventually('no connection is left', async () => Object.keys(await connections()).length === 0)
  })

  test('does not wait for idle connections that are kept alive', async () => {
    const app = await startApp(database)
    const agent = new Agent({ keepAlive: true })
    onTestFinished(() => agent.destroy())
    await new Promise<void>((resolve, reject) => {
      request(app.at('/health/live'), { agent }, (response) => response.resume().on('end', resolve))
        .on('error', reject)
        .end()
    })
    const began = performance.now()
    await app.stop()
    expect(performance.now() - began).toBeLessThan(2000)
  })

  test('waits for a mutation that is under way, and its answer arrives', async () => {
    const app = await startApp(database)
    // A lock that the mutation has to wait for.
    const lock = await lockUsers(database)
    const answer = postGraphQL(app.url, { query: ASK, token: await tokenOf('bob') })
    await eventually('the mutation waits', async () => (await waiting(database)) > 0)
    const stopped = app.stop()
    await eventually('nobody is let in', () =>
      fetch(app.at('/health/live')).then(
        () => false,
        () => true,
      ),
    )
    await lock.release()
    expect((await answer).data).toEqual({ requestPresenceAccess: { results: [{ access: 'PENDING' }] } })
    await stopped
  })

  test('ends by force what does not end in time', async () => {
    const app = await startApp(database, {
      SHUTDOWN_TIMEOUT_MS: '300',
      DATABASE_LOCK_TIMEOUT_MS: '20000',
      DATABASE_STATEMENT_TIMEOUT_MS: '20000',
    })
    const lock = await lockUsers(database)
    const answer = postGraphQL(app.url, { query: ASK, token: await tokenOf('bob') }).catch(() => 'cut')
    await eventually('the mutation waits', async () => (await waiting(database)) > 0)
    const stopped = app.stop()
    expect(await answer).toBe('cut')
    await lock.release()
    await stopped
  })
})

describe('health', () => {
  test('says ready while the database takes writes and signals arrive', async () => {
    const app = await startAppForTest(database)
    expect(await health(app)).toEqual({ status: 200, body: { status: 'ready' } })
    expect(await health(app, '/health/live')).toEqual({ status: 200, body: { status: 'live' } })
  })

  test('says what is missing when the database is read-only, and stays alive', async () => {
    const app = await startAppForTest(database)
    const name = new URL(database.url).pathname.slice(1)
    await database.query(`alter database ${name} set default_transaction_read_only = on`)
    await cutConnections(database)
    await eventually('the instance is not ready', async () => {
      const { status, body } = await health(app)
      return (
        status === 503 &&
        JSON.stringify(body) === '{"status":"not ready","database":"unavailable","signals":"ok"}'
      )
    })
    expect((await health(app, '/health/live')).status).toBe(200)
  })

  test('says so when neither is there, and comes back by itself', async () => {
    const app = await startAppForTest(database)
    const back = await closeDatabase(database)
    await eventually('both are missing', async () => {
      const { body } = await health(app)
      return (
        JSON.stringify(body) === '{"status":"not ready","database":"unavailable","signals":"unavailable"}'
      )
    })
    await back()
    await eventually('it is ready again', async () => (await health(app)).status === 200)
  })
})

describe('while the database is away', () => {
  test('operations say so with one code over each transport, a stream stays open, and all come back', async () => {
    const app = await startAppForTest(database)
    const token = await tokenOf('alice')
    const client = await connect(app.webSocketUrl, token)
    onTestFinished(client.close)
    await ask(client, POPUP, {}, 'popup')
    const back = await closeDatabase(database)
    const { errors, text } = await postGraphQL(app.url, { query: OWN, token })
    expect(errors).toMatchObject([{ extensions: { code: 'PRESENCE_UNAVAILABLE' } }])
    expect(text).not.toMatch(/select|presence_privacy|connect|terminat/i)
    expect(await ask(client, OWN, {}, 'query')).toMatchObject({
      id: 'query',
      payload: { errors: [{ extensions: { code: 'PRESENCE_UNAVAILABLE' } }] },
    })
    expect(await client.next()).toEqual({ id: 'query', type: 'complete' })
    await back()
    await eventually('requests are taken again', async () => {
      const { data } = await postGraphQL(app.url, { query: ASK, token: await tokenOf('bob') })
      return data !== null
    })
    expect(await client.next()).toMatchObject({
      id: 'popup',
      payload: {
        data: { incomingPresenceRequests: { change: 'ADDED', requests: [{ requester: { id: 'bob' } }] } },
      },
    })
  })

  test('the log tells what happened and under which request, and holds no user, token, address or statement', async () => {
    const lines: string[] = []
    const log = createLog({
      level: 'trace',
      readable: false,
      out: { write: (line) => void lines.push(line) },
    })
    const app = await startAppForTest(database, {}, log)
    const token = await tokenOf('very-secret-alice')
    const client = await connect(app.webSocketUrl, token)
    await ask(client, POPUP)
    const ask50 =
      'mutation { requestPresenceAccess(input: {userIds: ["very-secret-bob"]}) { results { access } } }'
    await postGraphQL(app.url, { query: ask50, token })
    await fetch(app.at(`/graphql?token=${token}&user=very-secret-carol`))
    const back = await closeDatabase(database)
    const trace = 'a'.repeat(32)
    await fetch(app.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${token}`,
        'x-request-id': 'request-4711',
        traceparent: `00-${trace}-${'b'.repeat(16)}-01`,
      },
      body: JSON.stringify({ query: OWN }),
    })
    await client.close()
    await back()
    await eventually('it has recovered', async () => (await health(app)).status === 200)
    const all = lines.join('')
    expect(all).not.toMatch(/very-secret|eyJ|postgres:\/\/|select |insert |\bfrom presence/i)
    const failure = lines
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .find(({ msg }) => msg === 'operation failed')
    expect(failure).toMatchObject({
      requestId: 'request-4711',
      traceId: trace,
      err: { type: 'Unavailable', cause: {} },
    })
  })
})

async function messageOf(client: RawClient, type: string): Promise<void> {
  while ((await client.next()).type !== type) continue
}

async function lockUsers({ url }: TestDatabase): Promise<{ release(): Promise<void> }> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query('begin; lock table presence_privacy.users in access exclusive mode')
  return { release: () => client.end() }
}

async function waiting({ query }: TestDatabase): Promise<number> {
  const [row] = await query<{ count: number }>(
    `select count(*)::int as count from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
  )
  return row?.count ?? 0
}

async function cutConnections({ query }: TestDatabase): Promise<void> {
  await query(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and application_name like 'presence-privacy%'`,
  )
}

/** Nobody gets in, and who is in is thrown out, until the returned function is called. */
async function closeDatabase(testDatabase: TestDatabase): Promise<() => Promise<void>> {
  const name = new URL(testDatabase.url).pathname.slice(1)
  const admin = new pg.Client({ connectionString: databaseUrl(testDatabase.url, 'postgres') })
  await admin.connect()
  await admin.query(`alter database ${name} allow_connections false`)
  await admin.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = $1 and application_name like 'presence-privacy%'`,
    [name],
  )
  return async () => {
    await admin.query(`alter database ${name} allow_connections true`)
    await admin.end()
  }
}
