import { WebSocket } from 'ws'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { asciiJson } from '../../../../src/server/graphql-transport-ws/ascii-json.ts'
import { ANSWER, RESULT, settled, startProtocol, subscribe, WAITS } from '../../../support/protocol-server.ts'
import type { RawClient } from '../../../support/web-socket-client.ts'

describe('the subprotocol', () => {
  test('is chosen from what the client offers', async () => {
    const { url } = await startProtocol()
    const socket = new WebSocket(url, ['graphql-ws', 'graphql-transport-ws'])
    await new Promise((resolve) => socket.once('open', resolve))
    expect(socket.protocol).toBe('graphql-transport-ws')
  })

  test('must be offered: without one the socket is closed with 4406, whatever comes over it', async () => {
    const { url } = await startProtocol()
    const socket = new WebSocket(url)
    socket.once('open', () => socket.send('{"type":"connection_init"}'))
    const closed = await new Promise((resolve) =>
      socket.once('close', (code, reason) => resolve([code, reason.toString()])),
    )
    expect(closed).toEqual([4406, 'Subprotocol not acceptable'])
  })
})

describe('connection_init', () => {
  test.each([[undefined], [null], [{}], [{ token: 'any' }]])(
    'is acknowledged, with payload %j',
    async (payload) => {
      const { open } = await startProtocol()
      const client = await open()
      client.send({ type: 'connection_init', payload })
      expect(await client.next()).toEqual({ type: 'connection_ack' })
    },
  )

  test('that is refused closes the socket', async () => {
    const { open } = await startProtocol()
    const client = await open()
    client.send({ type: 'connection_init', payload: { refuse: true } })
    expect(await client.closed).toEqual({ code: 4403, reason: 'Forbidden' })
  })

  test.each([
    ['after the acknowledgement', {}],
    ['before it', { later: true }],
  ])('closes the socket the second time, %s', async (_, payload) => {
    const { open } = await startProtocol({ admit: new Promise(() => undefined) })
    const client = await open()
    for (let times = 0; times < 2; times++) client.send({ type: 'connection_init', payload })
    expect(await client.closed).toEqual({ code: 4429, reason: 'Too many initialisation requests' })
  })

  test('that does not come within ten seconds closes the socket, and one that has come does not', async () => {
    const { open, connected } = await startProtocol()
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    const silent = await open()
    const lively = await connected()
    vi.advanceTimersByTime(9_999)
    silent.send({ type: 'ping' })
    expect(await silent.next()).toEqual({ type: 'pong' })
    vi.advanceTimersByTime(1)
    expect(await silent.closed).toEqual({ code: 4408, reason: 'Connection initialisation timeout' })
    expect(await settled(lively)).toEqual([])
  })

  test('whose client leaves while it is looked at harms nobody', async () => {
    let admit = (): void => undefined
    const { open, connected } = await startProtocol({ admit: new Promise((resolve) => (admit = resolve)) })
    const hasty = await open()
    hasty.send({ type: 'connection_init', payload: { later: true } })
    await hasty.close()
    admit()
    expect(await settled(await connected())).toEqual([])
  })
})

describe('an operation', () => {
  test.each([
    ['before connection_init', undefined],
    ['before the acknowledgement', { type: 'connection_init', payload: { later: true } }],
  ])('%s closes the socket', async (_, init) => {
    const { open } = await startProtocol({ admit: new Promise(() => undefined) })
    const client = await open()
    if (init !== undefined) client.send(init)
    subscribe(client, '1', ANSWER)
    expect(await client.closed).toEqual({ code: 4401, reason: 'Unauthorized' })
  })

  test('is answered and completed', async () => {
    const { connected } = await startProtocol()
    const client = await connected()
    subscribe(client, '1', ANSWER)
    expect(await settled(client)).toEqual([
      { id: '1', type: 'next', payload: RESULT },
      { id: '1', type: 'complete' },
    ])
  })

  test('that fails is not completed as well', async () => {
    const { connected } = await startProtocol()
    const client = await connected()
    subscribe(client, '1', { query: '{ fail }' })
    expect(await settled(client)).toEqual([{ id: '1', type: 'error', payload: [{ message: 'It fails.' }] }])
  })

  test('that is a fault of the service closes the socket, and its cause stays here', async () => {
    const { connected, failures } = await startProtocol()
    const client = await connected()
    subscribe(client, '1', { query: '{ crash }' })
    expect(await client.closed).toEqual({ code: 4500, reason: 'Internal server error' })
    expect(failures).toEqual([new Error('a fault')])
  })

  test('takes its time while others are answered, in whichever order they end', async () => {
    const { connected, nextPlayed } = await startProtocol()
    const client = await connected()
    for (const id of ['a', 'b', 'c']) subscribe(client, id, WAITS)
    const all = [await nextPlayed(), await nextPlayed(), await nextPlayed()]
    for (const { operation } of all.reverse()) {
      operation.next(asciiJson(RESULT))
      operation.complete()
    }
    expect((await settled(client)).map(({ id }) => id)).toEqual(['c', 'c', 'b', 'b', 'a', 'a'])
  })

  test('says nothing after its end', async () => {
    const { connected, nextPlayed } = await startProtocol()
    const client = await connected()
    subscribe(client, '1')
    const { operation } = await nextPlayed()
    operation.complete()
    operation.next(asciiJson(RESULT))
    operation.error(asciiJson([{ message: 'late' }]))
    operation.complete()
    expect(await settled(client)).toEqual([{ id: '1', type: 'complete' }])
  })
})

describe('an id', () => {
  test.each([
    ['that is in use', 'same', 'Subscriber for same already exists'],
    ['that is too long to be quoted', 'é'.repeat(200), /^Subscriber for é{54}$/],
    ['that is cut at a character of four bytes', '😀'.repeat(200), /^Subscriber for (😀){27}$/u],
  ])('%s cannot be taken again: the socket is closed', async (_, id, reason) => {
    const { connected, nextPlayed } = await startProtocol()
    const client = await connected()
    subscribe(client, id)
    const stream = await nextPlayed()
    subscribe(client, id)
    const closed = await client.closed
    expect(closed.code).toBe(4409)
    expect(closed.reason).toMatch(reason)
    expect(stream.stopped).toBe(1)
  })

  test.each([
    ['its client completed', (client: RawClient) => client.send({ type: 'complete', id: '1' })],
    ['was completed by the server', () => undefined],
  ])('is free again when the operation %s', async (_, end) => {
    const { connected, nextPlayed } = await startProtocol()
    const client = await connected()
    for (let times = 0; times < 3; times++) {
      subscribe(client, '1')
      const { operation } = await nextPlayed()
      end(client)
      await settled(client)
      operation.complete()
      await settled(client)
    }
    subscribe(client, '1', ANSWER)
    expect(await settled(client)).toEqual([
      { id: '1', type: 'next', payload: RESULT },
      { id: '1', type: 'complete' },
    ])
  })

  test('whose operation runs on though it was completed serves the next when that has ended, and only that', async () => {
    const { connected, nextPlayed, played } = await startProtocol()
    const client = await connected()
    subscribe(client, '1', WAITS)
    const first = await nextPlayed()
    client.send({ type: 'complete', id: '1' })
    subscribe(client, '1', { query: '{ dropped }' })
    client.send({ type: 'complete', id: '1' })
    subscribe(client, '1', ANSWER)
    expect(await settled(client)).toEqual([])
    first.operation.next(asciiJson({ data: 'of the first' }))
    first.operation.complete()
    expect(await settled(client)).toEqual([
      { id: '1', type: 'next', payload: RESULT },
      { id: '1', type: 'complete' },
    ])
    expect(played).toHaveLength(1)
  })

  test('for which one waits already cannot be taken again', async () => {
    const { connected, nextPlayed } = await startProtocol()
    const client = await connected()
    subscribe(client, '1', WAITS)
    await nextPlayed()
    client.send({ type: 'complete', id: '1' })
    subscribe(client, '1', ANSWER)
    subscribe(client, '1', ANSWER)
    expect((await client.closed).code).toBe(4409)
  })

  test.each([
    ['of 1,000 characters', 'x'.repeat(1000)],
    ['of many scripts', 'ключ 鍵 🔑 é'],
    ['of half a character', '\ud83d'],
    ['of what JSON escapes', '"\\\n\u0000\u007f\u2028'],
    ['of an object', '__proto__'],
    ['of a number', '0'],
  ])('may be a text %s', async (_, id) => {
    const { connected } = await startProtocol()
    const client = await connected()
    subscribe(client, id, ANSWER)
    expect(await client.next()).toEqual({ id, type: 'next', payload: RESULT })
    expect(await client.next()).toEqual({ id, type: 'complete' })
  })
})

describe('complete', () => {
  test('ends a stream at once, and nothing of it is heard any more', async () => {
    const { connected, nextPlayed } = await startProtocol()
    const client = await connected()
    subscribe(client, '1')
    const stream = await nextPlayed()
    stream.operation.next(asciiJson({ data: 1 }))
    client.send({ type: 'complete', id: '1' })
    expect(await settled(client)).toEqual([{ id: '1', type: 'next', payload: { data: 1 } }])
    expect(stream.stopped).toBe(1)
    stream.operation.next(asciiJson({ data: 2 }))
    stream.operation.complete()
    expect(await settled(client)).toEqual([])
    expect(stream.stopped).toBe(1)
  })

  test('of both sides at once is no error', async () => {
    const { connected, nextPlayed } = await startProtocol()
    const client = await connected()
    subscribe(client, '1')
    const { operation } = await nextPlayed()
    client.send({ type: 'complete', id: '1' })
    operation.complete()
    client.send({ type: 'complete', id: '1' })
    expect((await settled(client)).length).toBeLessThanOrEqual(1)
    subscribe(client, '1', ANSWER)
    expect(await settled(client)).toHaveLength(2)
  })

  test('of an id that nothing has is no error', async () => {
    const { connected } = await startProtocol()
    const client = await connected()
    client.send({ type: 'complete', id: 'none' })
    expect(await settled(client)).toEqual([])
  })
})
