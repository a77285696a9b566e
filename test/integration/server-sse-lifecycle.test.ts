import { connect } from 'node:net'
import { beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { createLog } from '../../src/server/log.ts'
import { countingServer, type CountingServer } from '../support/counting-server.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { addressOf, getStream, postStream, type RawStream } from '../support/event-stream-client.ts'
import { askGraphQL } from '../support/post-graphql.ts'
import { startAppForTest, tokenOf } from '../support/start-app.ts'

const POPUP = 'subscription { incomingPresenceRequests { change requests { id } } }'
const OF_NOBODY = 'subscription { presenceUpdates(userIds: []) { change } }'
const ASK =
  'mutation ($user: ID!) { requestPresenceAccess(input: {userIds: [$user]}) { results { access } } }'
const COMPLETE = { event: 'complete', data: null }

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})

const ways = [
  ['POST', postStream],
  ['GET', getStream],
] as const

async function popup({ server, tokenOf: token }: CountingServer, open = postStream): Promise<RawStream> {
  const stream = await open(server.url, { query: POPUP, token: await token('alice') })
  onTestFinished(stream.cut)
  expect(await stream.next()).toMatchObject({ event: 'next' })
  return stream
}

describe('a stream whose client goes', () => {
  test.each(ways)('listens to nothing any more, though it waited for an event: by %s', async (_, open) => {
    const running = await countingServer(database)
    const gone = await popup(running, open)
    await popup(running, open)
    expect(running.listening()).toBe(2)
    gone.cut()
    await eventually('one listens', () => running.listening() === 1)
  })

  test('listens to nothing any more, nor do those that wait for their turn on its connection', async () => {
    const { server, listening, tokenOf: token } = await countingServer(database)
    const { hostname, port, pathname, search } = addressOf(server.url, { query: POPUP })
    const socket = connect(Number(port), hostname)
    const lines = [`GET ${pathname}${search} HTTP/1.1`, 'host: localhost', 'accept: text/event-stream']
    const request = [...lines, `authorization: Bearer ${await token('alice')}`, '', ''].join('\r\n')
    socket.write(request.repeat(3))
    await eventually('the first listens', () => listening() === 1)
    socket.destroy()
    await eventually('none listens', () => listening() === 0)
  })
})

test('a user has as many streams as they may have subscriptions, and gets a place back with each that ends', async () => {
  const app = await startAppForTest(database, { MAX_SUBSCRIPTIONS_PER_USER: '2' })
  const begin = async (user: string, query = POPUP) => {
    const stream = await postStream(app.url, { query, token: await tokenOf(user) })
    onTestFinished(stream.cut)
    return { stream, first: (await stream.next()).data as object }
  }
  const tooMany = { errors: [{ extensions: { code: 'TOO_MANY_SUBSCRIPTIONS' } }] }
  // What ends before it has begun takes none.
  for (let attempt = 0; attempt < 3; attempt += 1)
    expect((await begin('alice', OF_NOBODY)).first).toMatchObject({
      errors: [{ extensions: { code: 'BAD_USER_INPUT' } }],
    })
  const first = await begin('alice')
  await begin('alice')
  const surplus = await begin('alice')
  expect(surplus.first).toMatchObject(tooMany)
  expect(await surplus.stream.next()).toEqual(COMPLETE)
  expect((await begin('bob')).first).toHaveProperty('data')
  first.stream.cut()
  await eventually('a place is free', async () => 'data' in (await begin('alice')).first)
  expect((await begin('alice')).first).toMatchObject(tooMany)
})

describe('a stream whose client does not read', () => {
  test('is cut off when nothing of it has been taken for a while', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    onTestFinished(() => void vi.useRealTimers())
    const { server, listening, tokenOf: token } = await countingServer(database)
    for (let asker = 0; asker < 90; asker++) {
      const variables = { user: 'lazy' }
      await askGraphQL(server.url, { query: ASK, variables, token: await token(`asker-${String(asker)}`) })
    }
    // A snapshot of 9 MB: more than all that lies between the two takes, and nearly as much as a document and an answer may hold.
    const fields = Array.from({ length: 300 }, (_, index) => `a${String(index)}${'x'.repeat(300)}: id`)
    const query = `subscription { incomingPresenceRequests { requests { ${fields.join(' ')} } } }`
    const body = JSON.stringify({ query })
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
    onTestFinished(() => void socket.destroy())
    socket.pause()
    const head = [
      'POST /graphql HTTP/1.1',
      'host: localhost',
      'accept: text/event-stream',
      'content-type: application/json',
      `authorization: Bearer ${await token('lazy')}`,
      `content-length: ${String(body.length)}`,
    ]
    socket.write([...head, '', body].join('\r\n'))
    await eventually('it listens', () => listening() === 1)
    await eventually('it listens no more', () => {
      vi.advanceTimersByTime(12_000)
      return listening() === 0
    })
  })
})

describe('stopping', () => {
  test('completes all streams soon, and does not wait for their connections', async () => {
    const running = await countingServer(database)
    const streams = [await popup(running), await popup(running, getStream), await popup(running)]
    const began = performance.now()
    const stopped = running.server.stop()
    for (const stream of streams) {
      expect(await stream.next()).toEqual(COMPLETE)
      await stream.ended
    }
    await stopped
    expect(performance.now() - began).toBeLessThan(3000)
    expect(running.listening()).toBe(0)
  })

  test('completes them within half of a deadline that is shorter', async () => {
    const app = await startAppForTest(database, { SHUTDOWN_TIMEOUT_MS: '200' })
    const streams = await Promise.all(
      Array.from({ length: 10 }, async () =>
        postStream(app.url, { query: POPUP, token: await tokenOf('alice') }),
      ),
    )
    for (const stream of streams) await stream.next()
    const stopped = app.stop()
    for (const stream of streams) expect(await stream.next()).toEqual(COMPLETE)
    await stopped
  })
})

test('the log holds neither the address nor the token of a stream', async () => {
  const lines: string[] = []
  const log = createLog({ level: 'trace', readable: false, out: { write: (line) => void lines.push(line) } })
  const app = await startAppForTest(database, {}, log)
  const token = await tokenOf('very-secret-alice')
  const query = 'subscription VerySecretName { incomingPresenceRequests { change } }'
  const variables = { who: 'very-secret-bob' }
  for (const [, open] of ways) {
    const stream = await open(app.url, { query, variables, token })
    await stream.next()
    stream.cut()
    await stream.ended
  }
  await fetch(addressOf(app.url, { query: '{', variables }), { headers: { accept: 'text/event-stream' } })
  const tooLong = await getStream(app.url, { query: `${query} #${'very-secret'.repeat(2000)}`, token })
  await tooLong.ended
  await eventually('the streams are logged', () => {
    return lines.filter((line) => line.includes('event stream closed')).length === 2
  })
  expect(lines.join('')).not.toMatch(/secret|eyJ|query=|variables/i)
})
