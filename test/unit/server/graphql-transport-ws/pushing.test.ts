import { describe, expect, test, vi } from 'vitest'
import { asciiJson } from '../../../../src/server/graphql-transport-ws/ascii-json.ts'
import { CLOSING } from '../../../../src/server/graphql-transport-ws/close-codes.ts'
import { eventually } from '../../../support/eventually.ts'
import {
  settled,
  startProtocol,
  subscribe,
  type ProtocolUnderTest,
} from '../../../support/protocol-server.ts'

const KIB = 1024

/** A stream of one client, with every write to its socket recorded. */
async function pushing(protocol: ProtocolUnderTest) {
  const client = await protocol.connected()
  subscribe(client, 'é1')
  const stream = await protocol.nextPlayed()
  const socket = protocol.sockets[protocol.sockets.length - 1]!
  const writes = vi.spyOn(socket, 'write')
  return { client, stream, sink: stream.operation, socket, writes }
}

/** A payload of some `bytes`. */
function sized(bytes: number) {
  return asciiJson({ data: 'x'.repeat(bytes - 11) })
}

describe('a source that pushes', () => {
  test('hands over payloads as they are, and the client reads them in order', async () => {
    const { client, sink } = await pushing(await startProtocol())
    for (const note of ['plain', 'ключ', '鍵 🔑', '"\\\n']) sink.next(asciiJson({ data: { note } }))
    sink.complete()
    expect(await settled(client)).toEqual([
      ...['plain', 'ключ', '鍵 🔑', '"\\\n'].map((note) => ({
        id: 'é1',
        type: 'next',
        payload: { data: { note } },
      })),
      { id: 'é1', type: 'complete' },
    ])
  })

  test('sends what it pushes in one turn in one write, and one payload to many clients in one each', async () => {
    const protocol = await startProtocol()
    const all = [await pushing(protocol), await pushing(protocol), await pushing(protocol)]
    const payload = asciiJson({ data: { note: 'shared' } })
    for (const { sink } of all) for (let times = 0; times < 5; times++) sink.next(payload)
    for (const { client } of all)
      for (let times = 0; times < 5; times++)
        expect(await client.next()).toMatchObject({ payload: { data: { note: 'shared' } } })
    for (const { writes } of all) expect(writes).toHaveBeenCalledTimes(1)
  })

  test('hears once that its client has gone, or wants no more', async () => {
    const protocol = await startProtocol()
    const [gone, done] = [await pushing(protocol), await pushing(protocol)]
    gone.client.socket.terminate()
    done.client.send({ type: 'complete', id: 'é1' })
    await eventually('both have stopped', () => gone.stream.stopped + done.stream.stopped === 2)
    await done.client.close()
    expect([gone.stream.stopped, done.stream.stopped]).toEqual([1, 1])
  })

  test('may close the socket of its client, and what it said before still arrives', async () => {
    const { client, sink, stream } = await pushing(await startProtocol())
    sink.next(asciiJson({ data: 'last words' }))
    sink.close(CLOSING.forbidden)
    expect(stream.stopped).toBe(1)
    sink.next(asciiJson({ data: 'too late' }))
    expect(await client.next()).toMatchObject({ payload: { data: 'last words' } })
    expect(await client.closed).toEqual({ code: 4403, reason: 'Forbidden' })
    await expect(client.next()).rejects.toThrow('closed')
  })
})

describe('a client that reads slowly', () => {
  test('is not ready from 64 KiB on, and is ready again when it has read', async () => {
    const { client, sink } = await pushing(await startProtocol())
    client.socket.pause()
    await eventually('the network takes no more', () => {
      sink.next(sized(60 * KIB))
      return !sink.isReady()
    })
    let resumed = 0
    sink.onDrain(() => (resumed += 1))
    sink.onDrain(() => (resumed += 1))
    await new Promise((resolve) => setImmediate(resolve))
    expect(resumed).toBe(0)
    client.socket.resume()
    await eventually('both have been called back', () => resumed === 2)
    expect(sink.isReady()).toBe(true)
  })

  test('is called back although it was ready all the time', async () => {
    const { sink } = await pushing(await startProtocol())
    expect(sink.isReady()).toBe(true)
    await new Promise<void>((resolve) => sink.onDrain(resolve))
  })

  test('is cut off when more than 8 MiB wait for it', async () => {
    const { client, sink, stream, socket } = await pushing(await startProtocol())
    client.socket.pause()
    let most = 0
    await eventually('it is cut off', () => {
      sink.next(sized(1024 * KIB))
      most = Math.max(most, socket.writableLength)
      return socket.destroyed
    })
    expect(most).toBeGreaterThan(8 * KIB * KIB)
    expect(most).toBeLessThan(10 * KIB * KIB)
    await eventually('its source has stopped', () => stream.stopped === 1)
  })
})
