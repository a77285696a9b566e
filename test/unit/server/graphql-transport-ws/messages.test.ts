import { describe, expect, test } from 'vitest'
import { asciiJson } from '../../../../src/server/graphql-transport-ws/ascii-json.ts'
import { eventually } from '../../../support/eventually.ts'
import { ANSWER, RESULT, settled, startProtocol, subscribe } from '../../../support/protocol-server.ts'
import { openSocket, type RawClient } from '../../../support/web-socket-client.ts'

describe('ping', () => {
  test.each([
    ['none', undefined],
    ['an empty one', {}],
    ['text of many scripts', { text: 'пинг 鍵 🔑 é \u0000 " \ud83d' }],
  ])(
    'is answered by pong with the same payload, before connection_init and after: %s',
    async (_, payload) => {
      const { open } = await startProtocol()
      const client = await open()
      const pong = { type: 'pong', ...(payload && { payload }) }
      client.send({ type: 'ping', payload })
      expect(await client.next()).toEqual(pong)
      client.send({ type: 'connection_init' })
      client.send({ type: 'ping', payload })
      // Nothing is promised about which comes first.
      const both = [await client.next(), await client.next()]
      expect(both).toContainEqual(pong)
    },
  )

  // A frame's length stands in its header in one of three ways.
  test.each([0, 80, 81, 82, 200, 65_490, 65_491, 65_492, 65_493, 65_494, 65_495, 500_000])(
    'brings back a text of %i characters whole',
    async (length) => {
      const { connected } = await startProtocol()
      const client = await connected()
      const payload = { text: 'x'.repeat(length) }
      client.send({ type: 'ping', payload })
      expect(await client.next()).toEqual({ type: 'pong', payload })
    },
  )

  test('may come ten thousand times at once', async () => {
    const { connected } = await startProtocol()
    const client = await connected()
    for (let number = 0; number < 10_000; number++) client.send({ type: 'ping', payload: { number } })
    for (let number = 0; number < 10_000; number++)
      expect(await client.next()).toEqual({ type: 'pong', payload: { number } })
  })
})

test('pong needs no ping', async () => {
  const { open } = await startProtocol()
  const client = await open()
  client.send({ type: 'pong' })
  client.send({ type: 'pong', payload: { beats: 1 } })
  expect(await settled(client)).toEqual([])
})

describe('a frame that is no message closes the socket with 4400 and says why', () => {
  const subscribing = (payload: unknown, id: unknown = '1') =>
    JSON.stringify({ type: 'subscribe', id, payload })
  test.each([
    ['no JSON', 'hello', 'Message is not JSON'],
    ['nothing', '', 'Message is not JSON'],
    ['null', 'null', 'Message is not an object'],
    ['a list', '[]', 'Message is not an object'],
    ['a text', '"ping"', 'Message is not an object'],
    ['no type', '{}', 'Message is of no type that a client sends'],
    ['a type that is no text', '{"type":1}', 'Message is of no type that a client sends'],
    ['an unknown type', '{"type":"start","id":"1"}', 'Message is of no type that a client sends'],
    [
      'what a server sends',
      '{"type":"next","id":"1","payload":{}}',
      'Message is of no type that a client sends',
    ],
    ['a type of objects', '{"type":"__proto__"}', 'Message is of no type that a client sends'],
    [
      'connection_init with a text',
      '{"type":"connection_init","payload":"x"}',
      '"payload" of connection_init is not an object',
    ],
    ['ping with a list', '{"type":"ping","payload":[]}', '"payload" of ping is not an object'],
    ['pong with a number', '{"type":"pong","payload":0}', '"payload" of pong is not an object'],
    [
      'subscribe without an id',
      '{"type":"subscribe","payload":{"query":"{ a }"}}',
      '"id" of subscribe is not a text, or empty',
    ],
    ['subscribe with an empty id', subscribing(ANSWER, ''), '"id" of subscribe is not a text, or empty'],
    [
      'subscribe with a number for an id',
      subscribing(ANSWER, 1),
      '"id" of subscribe is not a text, or empty',
    ],
    [
      'subscribe without a payload',
      '{"type":"subscribe","id":"1"}',
      '"payload" of subscribe is not an object',
    ],
    ['subscribe without a query', subscribing({}), '"query" of subscribe is not a text'],
    [
      'an operation name that is no text',
      subscribing({ ...ANSWER, operationName: 1 }),
      '"operationName" of subscribe is not a text',
    ],
    [
      'variables in a list',
      subscribing({ ...ANSWER, variables: [] }),
      '"variables" of subscribe is not an object',
    ],
    [
      'extensions in a text',
      subscribing({ ...ANSWER, extensions: 'x' }),
      '"extensions" of subscribe is not an object',
    ],
    ['complete without an id', '{"type":"complete"}', '"id" of complete is not a text, or empty'],
    [
      'complete of an id that is too long',
      JSON.stringify({ type: 'complete', id: 'x'.repeat(1001) }),
      '"id" of complete has more than 1000 characters',
    ],
    [
      'subscribe with an id that is too long',
      subscribing(ANSWER, 'x'.repeat(1001)),
      '"id" of subscribe has more than 1000 characters',
    ],
  ])('%s', async (_, message, reason) => {
    const { connected } = await startProtocol()
    const client = await connected()
    client.send(message)
    expect(await client.closed).toEqual({ code: 4400, reason })
  })

  test('a binary frame, though a message is in it', async () => {
    const { connected } = await startProtocol()
    const client = await connected()
    client.socket.send(Buffer.from('{"type":"ping"}'))
    expect(await client.closed).toEqual({ code: 4400, reason: 'Message is binary, not text' })
  })

  test('and is not followed by anything, nor is what comes after it done', async () => {
    const { connected, played } = await startProtocol()
    const client = await connected()
    client.send('hello')
    subscribe(client, '1')
    await client.closed
    await expect(client.next()).rejects.toThrow('closed')
    expect(played).toEqual([])
  })

  test('null may stand for what is left out', async () => {
    const { connected } = await startProtocol()
    const client = await connected()
    subscribe(client, '1', { ...ANSWER, operationName: null, variables: null, extensions: null })
    client.send({ type: 'ping', payload: null })
    expect(await client.next()).toMatchObject({ id: '1', type: 'next' })
    expect(await client.next()).toMatchObject({ id: '1', type: 'complete' })
    expect(await client.next()).toEqual({ type: 'pong' })
  })
})

describe('on the wire', () => {
  test.each([
    [
      'text that is no UTF-8',
      (client: RawClient) => client.socket.send(Buffer.from([0xc3]), { binary: false }),
      1007,
    ],
    ['a message over the limit', (client: RawClient) => client.send('x'.repeat(1001)), 1009],
  ])('%s closes the socket', async (_, send, code) => {
    const { connected } = await startProtocol({ maxMessageBytes: 1000 })
    const client = await connected()
    send(client)
    expect((await client.closed).code).toBe(code)
  })

  test('a message may come in fragments, cut within a character, with control frames between', async () => {
    const { connected } = await startProtocol()
    const { socket, ...client } = await connected()
    const bytes = Buffer.from(JSON.stringify({ type: 'ping', payload: { text: 'ключ' } }))
    for (let at = 0; at < bytes.length; at++) {
      const fin = at === bytes.length - 1
      socket.send(bytes.subarray(at, at + 1), { binary: false, fin })
      if (at % 10 === 0) socket.ping()
    }
    expect(await client.next()).toEqual({ type: 'pong', payload: { text: 'ключ' } })
  })

  test('an operation of another socket is another one, though it has the same id', async () => {
    const { url, connected, nextPlayed } = await startProtocol()
    const [one, other] = [await connected(), await openSocket(url)]
    other.send({ type: 'connection_init' })
    await other.next()
    subscribe(one, '1')
    const ofOne = await nextPlayed()
    subscribe(other, '1')
    const ofOther = await nextPlayed()
    await one.close()
    ofOther.operation.next(asciiJson(RESULT))
    expect(await settled(other)).toEqual([{ id: '1', type: 'next', payload: RESULT }])
    await eventually('the one has stopped', () => ofOne.stopped === 1)
    expect(ofOther.stopped).toBe(0)
  })
})
