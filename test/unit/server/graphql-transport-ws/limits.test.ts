import { once } from 'node:events'
import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { eventually } from '../../../support/eventually.ts'
import { settled, startProtocol, subscribe } from '../../../support/protocol-server.ts'
import type { RawClient } from '../../../support/web-socket-client.ts'

/** JSON that nests so deep. */
function nested(levels: number): string {
  return '['.repeat(levels) + ']'.repeat(levels)
}

describe('before the acknowledgement', () => {
  test.each([
    ['16 KB', [16 * 1024], undefined],
    ['one byte more than 16 KB', [16 * 1024 + 1], 1009],
    ['more than 16 KB in fragments', Array<number>(9).fill(2000), 1009],
    ['16 fragments', Array<number>(16).fill(20), undefined],
    ['17 fragments', Array<number>(17).fill(20), 1008],
    ['many fragments that are empty', [20, ...Array<number>(16).fill(0)], 1008],
  ])('a message of %s', async (_, sizes, code) => {
    const { open } = await startProtocol()
    const client = await open()
    const total = sizes.reduce((sum, size) => sum + size, 0)
    const text = `{"type":"ping"${' '.repeat(total - 15)}}`
    let at = 0
    sizes.forEach((size, index) => {
      client.socket.send(text.slice(at, (at += size)), { fin: index === sizes.length - 1 })
    })
    if (code === undefined) expect(await client.next()).toEqual({ type: 'pong' })
    else expect((await client.closed).code).toBe(code)
  })

  test('messages may be larger once it has come', async () => {
    const { connected } = await startProtocol()
    const client = await connected()
    const payload = { text: 'x'.repeat(900_000) }
    client.send({ type: 'ping', payload })
    expect(await client.next()).toEqual({ type: 'pong', payload })
  })

  test.each([
    ['pings of the protocol', (client: RawClient) => client.send({ type: 'ping' })],
    ['pongs of the protocol', (client: RawClient) => client.send({ type: 'pong' })],
    ['pings of WebSocket', ({ socket }: RawClient) => socket.ping()],
    ['pongs of WebSocket', ({ socket }: RawClient) => socket.pong()],
  ])('at most 20 messages come: %s', async (_, send) => {
    const { open } = await startProtocol()
    const client = await open()
    for (let count = 0; count < 19; count++) send(client)
    client.send({ type: 'connection_init' })
    await eventually('it is acknowledged', () => client.texts.some((text) => text.includes('connection_ack')))
    send(client)
    client.send({ type: 'pong' })
    expect(await settled(client)).toBeInstanceOf(Array)

    const other = await open()
    for (let count = 0; count < 21; count++) send(other)
    expect(await other.closed).toEqual({
      code: 1008,
      reason: 'Too many messages before the acknowledgement',
    })
  })
})

test('a ping of WebSocket is answered with its payload', async () => {
  const { open } = await startProtocol()
  const { socket } = await open()
  for (const payload of [Buffer.alloc(0), Buffer.from([0, 127, 128, 255]), Buffer.alloc(125, 0xee)]) {
    const pong = once(socket, 'pong')
    socket.ping(payload)
    expect(await pong).toEqual([payload])
  }
})

describe('JSON that nests too deep closes the socket, whatever it is in', () => {
  const messages = {
    ping: (levels: number) => `{"type":"ping","payload":{"a":${nested(levels)}}}`,
    pong: (levels: number) => `{"type":"pong","payload":{"a":${nested(levels)}}}`,
    connection_init: (levels: number) => `{"type":"connection_init","payload":{"a":${nested(levels)}}}`,
    variables: (levels: number) =>
      `{"type":"subscribe","id":"1","payload":{"query":"{ answer }","variables":{"a":${nested(levels)}}}}`,
    extensions: (levels: number) =>
      `{"type":"subscribe","id":"1","payload":{"query":"{ answer }","extensions":{"a":${nested(levels)}}}}`,
    'an unknown member': (levels: number) => `{"type":"ping","a":${nested(levels)}}`,
  }

  test.each(Object.entries(messages))('%s, before the acknowledgement and after', async (_, message) => {
    const { open, connected } = await startProtocol()
    for (const client of [await open(), await connected()]) {
      client.send(message(5000))
      expect(await client.closed).toEqual({ code: 4400, reason: 'JSON nests at most 64 levels deep here.' })
    }
    const large = await connected()
    large.send(message(200_000))
    expect((await large.closed).code).toBe(4400)
    const fine = await open()
    if (!message(1).includes('connection_init')) {
      fine.send({ type: 'connection_init' })
      await fine.next()
    }
    fine.send(message(50))
    fine.send({ type: 'ping', payload: { last: true } })
    await eventually('it goes on', () => fine.texts.some((text) => text.includes('last')))
  })
})

describe('a peer that does not take what it is sent', () => {
  test.each([
    [
      'pongs of the protocol',
      (client: RawClient) => client.send({ type: 'ping', payload: { text: 'x'.repeat(100_000) } }),
    ],
    ['pongs of WebSocket', ({ socket }: RawClient) => socket.ping('x'.repeat(125))],
    ['errors', (client: RawClient) => subscribe(client, 'x'.repeat(1000), { query: '{ fail }' })],
    ['results', (client: RawClient) => subscribe(client, 'x'.repeat(1000), { query: '{ answer }' })],
  ])('is not read any more, and goes on when it takes them: %s', async (_, send) => {
    const { connected, sockets } = await startProtocol()
    const client = await connected()
    const [socket] = sockets as Socket[]
    client.socket.pause()
    const { _socket: wire } = client.socket as unknown as { _socket: Socket }
    // Until what is sent waits on this side and none of it is taken: then the other one has not read for long.
    let read: number
    do {
      while (client.socket.bufferedAmount < 1_000_000) {
        // In one packet instead of a hundred.
        wire.cork()
        for (let count = 0; count < 100; count++) send(client)
        wire.uncork()
        await sleep(1)
      }
      read = socket!.bytesRead
      await sleep(100)
    } while (socket!.bytesRead !== read)
    expect(socket!.writableLength).toBeLessThan(400_000)
    expect(socket!.isPaused()).toBe(true)
    client.socket.resume()
    client.send({ type: 'ping', payload: { last: true } })
    await eventually('all is answered', () => client.texts.at(-1)?.includes('last') === true, {
      withinMs: 25_000,
    })
    expect(socket!.isPaused()).toBe(false)
    expect(socket!.writableLength).toBe(0)
  })
})

test('a burst of small messages leaves turns of the event loop to others', async () => {
  const { connected } = await startProtocol()
  const client = await connected()
  let turns = 0
  const count = (): void => {
    turns += 1
    if (turns < 100_000) setImmediate(count)
  }
  for (let number = 0; number < 2000; number++) client.send({ type: 'pong' })
  setImmediate(count)
  await settled(client)
  expect(turns).toBeGreaterThanOrEqual(2000 / 16)
})

test('frames after a wrong one harm nobody', async () => {
  const { connected } = await startProtocol()
  const [client, other] = [await connected(), await connected()]
  const { _socket: wire } = client.socket as unknown as { _socket: { write(bytes: Buffer): void } }
  const message = (bytes: number[]): number[] => [0x81, 0x80 + bytes.length, 0, 0, 0, 0, ...bytes]
  const small = message([...Buffer.from('{"type":"pong"}')])
  // While the first packet keeps it busy, one comes that is wrong, and another one behind that.
  for (const packet of [Array.from({ length: 500 }, () => small).flat(), message([0xc3]), small]) {
    wire.write(Buffer.from(packet))
    await sleep(2)
  }
  expect((await client.closed).code).toBe(1007)
  expect(await settled(other)).toEqual([])
})

describe('a message in fragments that does not come to its end', () => {
  const TOO_LATE = { code: 1008, reason: 'A message did not come to its end in time' }
  async function startProbing() {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] })
    onTestFinished(() => void vi.useRealTimers())
    const { connected } = await startProtocol()
    const client = await connected()
    return {
      client,
      /** So many seconds, in each of which pings are answered. */
      async pass(seconds: number): Promise<void> {
        for (let second = 0; second < seconds; second++) {
          vi.advanceTimersByTime(1000)
          await new Promise((resolve) => setTimeout(resolve, 5))
        }
      },
    }
  }

  test.each([
    ['a fragment', ({ socket }: RawClient) => socket.send('{"type":', { fin: false })],
    ['an empty fragment', ({ socket }: RawClient) => socket.send('', { fin: false })],
  ])('closes its socket, though the peer answers every ping: %s', async (_, begin) => {
    const { client, pass } = await startProbing()
    begin(client)
    await pass(30)
    expect(client.socket.readyState).toBe(client.socket.OPEN)
    client.socket.send('', { fin: false })
    await pass(20)
    expect(await client.closed).toEqual(TOO_LATE)
  })

  test('is told from messages that come one after another, each in fragments', async () => {
    const { client, pass } = await startProbing()
    const { socket } = client
    for (let round = 0; round < 6; round++) {
      socket.send('{"type":', { fin: false })
      await pass(13)
      socket.send('"ping"}', { fin: true })
      expect(await client.next()).toEqual({ type: 'pong' })
    }
  })
})

test('bytes of a message that has not come to its end are told, in fragments and in one frame', async () => {
  const { connected, played } = await startProtocol()
  const client = await connected()
  subscribe(client, '1')
  await eventually('it begins', () => played.length === 1)
  const { incoming } = played[0]!.operation.connection
  expect(incoming.incomingBytes()).toBe(0)
  client.socket.send('{"type":"ping","payload":{"text":"', { fin: false })
  client.socket.send('x'.repeat(100_000), { fin: false })
  await eventually('they have come', () => incoming.incomingBytes() === 100_034)
  const { _socket: wire } = client.socket as unknown as { _socket: Socket }
  wire.write(Buffer.from([0x80, 0xfe, 0xea, 0x60, 0, 0, 0, 0]))
  wire.write(Buffer.alloc(50_000, 0x20))
  await eventually('they have come', () => incoming.incomingBytes() === 150_034)
  wire.write(Buffer.concat([Buffer.alloc(10_000 - 3, 0x20), Buffer.from('"}}')]))
  expect(await client.next()).toMatchObject({ type: 'pong' })
  expect(incoming.incomingBytes()).toBe(0)
})

test('bytes of a message that waits to be parsed are told until its turn comes', async () => {
  let letGo = (): void => undefined
  const turn = new Promise<void>((resolve) => (letGo = resolve))
  const { connected, played } = await startProtocol({
    turnToParse: ({ characters }) => (characters > 50_000 ? turn : undefined),
  })
  const client = await connected()
  subscribe(client, '1')
  await eventually('it begins', () => played.length === 1)
  const { incoming } = played[0]!.operation.connection
  const message = { type: 'ping', payload: { text: 'x'.repeat(100_000) } }
  client.send(message)
  await eventually('it waits', () => incoming.incomingBytes() === JSON.stringify(message).length)
  letGo()
  expect(await client.next()).toMatchObject({ type: 'pong' })
  expect(incoming.incomingBytes()).toBe(0)
})
