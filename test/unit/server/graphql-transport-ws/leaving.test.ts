import { once } from 'node:events'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { asciiJson } from '../../../../src/server/graphql-transport-ws/ascii-json.ts'
import { eventually } from '../../../support/eventually.ts'
import { RESULT, settled, startProtocol, subscribe, WAITS } from '../../../support/protocol-server.ts'

describe('a server that stops', () => {
  test('ends streams without a word, waits for what else runs, and then takes leave', async () => {
    const { connected, nextPlayed, stop } = await startProtocol()
    const client = await connected()
    subscribe(client, 'stream')
    const stream = await nextPlayed()
    subscribe(client, 'waits', WAITS)
    const { operation } = await nextPlayed()
    const stopped = stop()
    await eventually('the stream has ended', () => stream.stopped === 1)
    expect(await settled(client)).toEqual([])
    // What comes now is the service's to refuse; a stream that it begins all the same does not last.
    subscribe(client, 'late')
    expect((await nextPlayed()).operation.connection.isDraining()).toBe(true)
    expect(await settled(client)).toEqual([])
    operation.next(asciiJson(RESULT))
    operation.complete()
    expect(await client.next()).toEqual({ id: 'waits', type: 'next', payload: RESULT })
    expect(await client.next()).toEqual({ id: 'waits', type: 'complete' })
    expect(await client.closed).toEqual({ code: 1001, reason: 'Going away' })
    await stopped
  })

  test('cuts off at its deadline what has not ended', async () => {
    const { connected, nextPlayed, stop } = await startProtocol()
    const client = await connected()
    subscribe(client, 'waits', WAITS)
    await nextPlayed()
    await stop({ deadline: Promise.resolve() })
    expect((await client.closed).code).toBe(1006)
  })

  test('closes its sockets one after another, 500 a second, and in half of the time that it is given', async () => {
    const random = vi.spyOn(Math, 'random')
    onTestFinished(() => {
      random.mockRestore()
    })
    for (const { withinMs, halfwayMs } of [
      { withinMs: 60_000, halfwayMs: 5 },
      { withinMs: 8, halfwayMs: 2 },
    ]) {
      const { connected, stop } = await startProtocol()
      const clients = [
        await connected(),
        await connected(),
        await connected(),
        await connected(),
        await connected(),
      ]
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
      onTestFinished(() => void vi.useRealTimers())
      random.mockReturnValueOnce(0).mockReturnValueOnce(0.49).mockReturnValueOnce(0.49)
      random.mockReturnValueOnce(0.99).mockReturnValueOnce(0.99)
      const left: number[] = []
      clients.forEach(({ closed }, index) => void closed.then(() => left.push(index)))
      const stopped = stop({ withinMs })
      vi.advanceTimersByTime(halfwayMs)
      await Promise.all(clients.slice(0, 3).map(({ closed }) => closed))
      expect(left).toHaveLength(3)
      expect(await settled(clients[3]!)).toEqual([])
      vi.advanceTimersByTime(halfwayMs)
      await stopped
      vi.useRealTimers()
      expect(await clients[4]!.closed).toEqual({ code: 1001, reason: 'Going away' })
    }
  })
})

describe('peers', () => {
  test('are pinged every 12 s, not all in one moment, and whoever has not answered by the next is cut off', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    onTestFinished(() => void vi.useRealTimers())
    const { open, sockets } = await startProtocol()
    const clients = [await open(), await open(), await open()]
    const silent = await open()
    silent.socket.pause()
    const pings = clients.map(({ socket }) => once(socket, 'ping'))
    const writes = sockets.map((socket) => vi.spyOn(socket, 'write'))
    const busiest = []
    for (let second = 0; second < 12; second++) {
      const before = writes.reduce((sum, { mock }) => sum + mock.calls.length, 0)
      vi.advanceTimersByTime(1000)
      busiest.push(writes.reduce((sum, { mock }) => sum + mock.calls.length, 0) - before)
    }
    expect(Math.max(...busiest)).toBe(1)
    expect(busiest.reduce((sum, count) => sum + count, 0)).toBe(4)
    await Promise.all(pings)
    for (const client of clients) expect(await settled(client)).toEqual([])
    vi.advanceTimersByTime(12_000)
    silent.socket.resume()
    expect((await silent.closed).code).toBe(1006)
    for (const client of clients) expect(await settled(client)).toEqual([])
  })
})
