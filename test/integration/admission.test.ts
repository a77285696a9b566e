import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { postStream } from '../support/event-stream-client.ts'
import { postGraphQL } from '../support/post-graphql.ts'
import { startApp, tokenOf, type TestApp } from '../support/start-app.ts'
import { ask, connect } from '../support/web-socket-client.ts'

const USERS = Array.from({ length: 400 }, (_, user) => `user-${String(user)}`)
const LOOK = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on User { id presence { status } } } }`
const WATCH = `subscription ($u: [ID!]) { presenceUpdates(userIds: $u) { change } }`
const ASK = `mutation ($i: RequestPresenceAccessInput!) { requestPresenceAccess(input: $i) { results { outcome } } }`
const representationsOf = (users: readonly string[]) => ({
  r: users.map((id) => ({ __typename: 'User', id })),
})
/** What two of them weigh, a user may begin at once, and as much again waits. */
const SOME = representationsOf(USERS.slice(0, 100))
/** Too much to wait for what is left. */
const MORE = representationsOf(USERS)

let database: TestDatabase
let app: TestApp
beforeAll(async () => {
  database = await createTestDatabase()
  app = await startApp(database, { USER_WORK_PER_SECOND: '100', SERVICE_WORK_PER_SECOND: '2000' })
})
afterAll(() => app.stop())

type Answered = { readonly status: number }

/** Begins more than the user may, at once; settles when some of it has been refused, while some still waits. */
async function overdraw(token: string): Promise<{ readonly answers: Promise<readonly Answered[]> }> {
  const asked = Array.from({ length: 12 }, () =>
    postGraphQL(app.url, { query: LOOK, variables: SOME, token }),
  )
  await Promise.race(
    asked.map(async (answer) => {
      const { status } = await answer
      if (status !== 429) await Promise.all(asked)
    }),
  )
  return { answers: Promise.all(asked) }
}

describe('one caller’s own excess', () => {
  it('is refused over HTTP with 429, a code, and when to come back', async () => {
    const token = await tokenOf('greedy')
    const { answers } = await overdraw(token)
    const response = await fetch(app.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query: LOOK, variables: MORE }),
    })
    expect(response.status).toBe(429)
    const after = Number(response.headers.get('retry-after'))
    expect(after).toBeGreaterThan(0)
    expect(await response.json()).toMatchObject({
      data: null,
      errors: [{ extensions: { code: 'TOO_MANY_REQUESTS', retryAfterSeconds: after } }],
    })
    expect((await answers).filter(({ status }) => status === 200).length).toBeGreaterThan(1)
  })

  it('is refused over WebSocket by an error for that operation, and the socket stays', async () => {
    const token = await tokenOf('greedy-by-socket')
    const client = await connect(app.webSocketUrl, token)
    await overdraw(token)
    expect(await ask(client, WATCH, { u: USERS }, 'late')).toMatchObject({
      id: 'late',
      type: 'error',
      payload: [{ extensions: { code: 'TOO_MANY_REQUESTS' } }],
    })
    client.send({ type: 'ping' })
    expect(await client.next()).toEqual({ type: 'pong' })
    await client.close()
  })

  it('is refused over SSE by an event', async () => {
    const token = await tokenOf('greedy-by-stream')
    await overdraw(token)
    const stream = await postStream(app.url, {
      query: WATCH,
      variables: { u: USERS },
      token,
      headers: { accept: 'text/event-stream' },
    })
    expect(await stream.next()).toMatchObject({
      event: 'next',
      data: { errors: [{ extensions: { code: 'TOO_MANY_REQUESTS' } }] },
    })
    stream.cut()
  })

  it('takes nothing from others, and is over after a rest', async () => {
    const token = await tokenOf('greedy-for-a-while')
    await overdraw(token)
    const other = await postGraphQL(app.url, {
      query: LOOK,
      variables: representationsOf(USERS.slice(0, 5)),
      token: await tokenOf('modest'),
    })
    expect(other.status).toBe(200)
    await eventually('it is answered again', async () => {
      const { status } = await postGraphQL(app.url, {
        query: LOOK,
        variables: representationsOf(USERS.slice(0, 5)),
        token,
      })
      return status === 200
    })
  })

  it('counts nothing of what is refused: no request is stored, and no limit moves', async () => {
    const token = await tokenOf('greedy-asker')
    await overdraw(token)
    const refused = await postGraphQL(app.url, {
      query: ASK,
      variables: { i: { userIds: USERS.slice(0, 100) } },
      token,
    })
    expect(refused.errors[0]?.extensions?.code).toBe('TOO_MANY_REQUESTS')
    const rows = await database.query(
      `select 1 from presence_privacy.pairs where watcher_id = 'greedy-asker'
       union all select 1 from presence_privacy.users where id = 'greedy-asker'`,
    )
    expect(rows).toHaveLength(0)
  })

  it('is refused alike for a document that nobody has sent before', async () => {
    const token = await tokenOf('greedy-for-documents')
    await overdraw(token)
    const unknown = `${LOOK} # ${'x'.repeat(40_000)}`
    const { status, errors } = await postGraphQL(app.url, { query: unknown, variables: { r: [] }, token })
    expect({ status, code: errors[0]?.extensions?.code }).toEqual({ status: 429, code: 'TOO_MANY_REQUESTS' })
  })

  it('counts large bodies before they are parsed, and requests that hold no operation', async () => {
    const send = async (token: string, body: string) => {
      const response = await fetch(app.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body,
      })
      const { errors } = (await response.json()) as { errors: { extensions: { code: string } }[] }
      return { status: response.status, code: errors[0]?.extensions.code }
    }
    const bad = { status: 400, code: 'BAD_REQUEST' }
    const tooMany = { status: 429, code: 'TOO_MANY_REQUESTS' }
    const large = JSON.stringify({ many: Array.from({ length: 5000 }, () => 'x') })
    const token = await tokenOf('greedy-for-large-bodies')
    const sent = await Promise.all(Array.from({ length: 12 }, () => send(token, large)))
    expect(sent).toContainEqual(bad)
    expect(sent.filter(({ status }) => status === 429).length).toBeGreaterThan(6)

    for (const body of ['{}', 'no JSON', '{"extensions":{"persistedQuery":{}}}', '{"query":1}']) {
      const flood = await tokenOf(`greedy-for-${body.replaceAll(/\W/g, '')}`)
      const answers = await Promise.all(Array.from({ length: 100 }, () => send(flood, body)))
      expect(answers).toContainEqual(tooMany)
    }
  })

  it('counts large messages before they are parsed, and the socket waits and stays', async () => {
    const token = await tokenOf('greedy-for-large-messages')
    const client = await connect(app.webSocketUrl, token)
    const large = { type: 'ping', payload: { many: Array.from({ length: 5000 }, () => 'x') } }
    // The caller may begin what one of them weighs, and two more in six seconds.
    for (let message = 0; message < 3; message++) client.send(large)
    client.send({ type: 'ping', payload: { last: true } })
    const began = performance.now()
    for (let message = 0; message < 3; message++) expect(await client.next()).toMatchObject({ type: 'pong' })
    expect(await client.next()).toEqual({ type: 'pong', payload: { last: true } })
    expect(performance.now() - began).toBeGreaterThan(2000)
    await client.close()
  }, 30_000)

  it('counts messages that hold no operation', async () => {
    const client = await connect(app.webSocketUrl, await tokenOf('greedy-for-hashes'))
    const payload = { extensions: { persistedQuery: {} } }
    for (let message = 0; message < 100; message++)
      client.send({ type: 'subscribe', id: `m${String(message)}`, payload })
    const codes: unknown[] = []
    for (let message = 0; message < 100; message++) {
      const { payload: errors } = await client.next()
      codes.push((errors as { extensions: { code: string } }[])[0]?.extensions.code)
    }
    expect(codes).toContain('TOO_MANY_REQUESTS')
    await client.close()
  }, 60_000)

  it('of a service counts against an allowance of its own', async () => {
    const token = await tokenOf('greedy', { roles: ['service'] })
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => postGraphQL(app.url, { query: LOOK, variables: SOME, token })),
    )
    expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThan(3)
  })
})
