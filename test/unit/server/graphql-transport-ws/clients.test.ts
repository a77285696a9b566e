import { createClient, type Client, type ClientOptions } from 'graphql-ws'
import { WebSocket } from 'ws'
import { describe, expect, onTestFinished, test } from 'vitest'
import { asciiJson } from '../../../../src/server/graphql-transport-ws/ascii-json.ts'
import { eventually } from '../../../support/eventually.ts'
import { ANSWER, RESULT, startProtocol, STREAM } from '../../../support/protocol-server.ts'

function clientOf(url: string, options: Partial<ClientOptions> = {}): Client {
  const client = createClient({
    url,
    webSocketImpl: WebSocket,
    retryWait: () => Promise.resolve(),
    onNonLazyError: () => undefined,
    ...options,
  })
  onTestFinished(async () => client.dispose())
  return client
}

function withoutQuery(name: string, value: unknown): unknown {
  return name === 'query' ? undefined : value
}

describe('a client of graphql-ws', () => {
  test('gets its answers, several at once over one socket', async () => {
    const { url, sockets } = await startProtocol()
    const client = clientOf(url)
    const answers = Array.from({ length: 20 }, async () => {
      const results = []
      for await (const result of client.iterate(ANSWER)) results.push(result)
      return results
    })
    expect(await Promise.all(answers)).toEqual(Array.from({ length: 20 }, () => [RESULT]))
    expect(sockets).toHaveLength(1)
  })

  test('gets the errors of what fails', async () => {
    const { url } = await startProtocol()
    await expect(clientOf(url).iterate({ query: '{ fail }' }).next()).rejects.toEqual([
      expect.objectContaining({ message: 'It fails.' }),
    ])
  })

  test('reads a stream until the server completes it', async () => {
    const { url, nextPlayed } = await startProtocol()
    const events = clientOf(url).iterate(STREAM)
    const first = events.next()
    const { operation } = await nextPlayed()
    for (const note of ['one', 'zwölf', '🔑']) operation.next(asciiJson({ data: { note } }))
    operation.complete()
    expect([await first, await events.next(), await events.next(), await events.next()]).toEqual([
      { done: false, value: { data: { note: 'one' } } },
      { done: false, value: { data: { note: 'zwölf' } } },
      { done: false, value: { data: { note: '🔑' } } },
      { done: true, value: undefined },
    ])
  })

  test('ends a stream, and the source hears of it', async () => {
    const { url, nextPlayed } = await startProtocol()
    const events = clientOf(url).iterate(STREAM)
    const first = events.next()
    const stream = await nextPlayed()
    stream.operation.next(asciiJson(RESULT))
    await first
    await events.return?.()
    await eventually('the source has stopped', () => stream.stopped === 1)
  })

  test('that keeps its socket alive is answered', async () => {
    const { url } = await startProtocol()
    const pongs: unknown[] = []
    const client = clientOf(url, {
      lazy: false,
      keepAlive: 5,
      on: { pong: (received, payload) => received && pongs.push(payload) },
    })
    await eventually('it was answered three times', () => pongs.length >= 3)
    await client.dispose()
  })

  test('is told what it did wrong, and does not try again', async () => {
    const { url, sockets } = await startProtocol()
    const client = clientOf(url, { retryAttempts: 3, jsonMessageReplacer: withoutQuery })
    await expect(client.iterate(ANSWER).next()).rejects.toMatchObject({
      code: 4400,
      reason: '"query" of subscribe is not a text',
    })
    expect(sockets).toHaveLength(1)
  })

  test('comes back when the server goes away', async () => {
    const [leaving, staying] = [await startProtocol(), await startProtocol()]
    const urls = [leaving.url, staying.url]
    const closed: unknown[] = []
    const client = clientOf('', {
      url: () => urls.shift() ?? '',
      lazyCloseTimeout: 60_000,
      on: { closed: (event) => closed.push((event as { code: number }).code) },
    })
    expect((await client.iterate(ANSWER).next()).value).toEqual(RESULT)
    await leaving.stop()
    await eventually('the client has seen it', () => closed.length === 1)
    expect(closed).toEqual([1001])
    expect((await client.iterate(ANSWER).next()).value).toEqual(RESULT)
  })
})
