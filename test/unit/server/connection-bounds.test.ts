import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import type { UserId } from '../../../src/domain/user-id.ts'
import { boundConnections } from '../../../src/server/connection-bounds.ts'
import { eventually } from '../../support/eventually.ts'
import { newUser } from '../../support/new-user.ts'

const user = newUser()
const lasting = { incomingBytes: () => 0 }

/** A server that accepts connections, of which `of` finds the one that a client has made. */
async function startBounded(options: {
  readonly maxAnonymous: number
  readonly maxOfUser?: number
  readonly descriptors?: number
}) {
  const server = createServer((socket) => {
    accepted.push(socket)
    socket.on('error', () => undefined)
    socket.resume()
  })
  const accepted: Socket[] = []
  const clients: Socket[] = []
  const bounds = boundConnections(server, { maxOfUser: 100, ...options })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  onTestFinished(() => {
    for (const socket of clients) socket.destroy()
    bounds.stop()
    server.close()
  })
  return {
    bounds,
    clientOf: (socket: Socket): Socket =>
      clients.find(({ localPort }) => localPort === socket.remotePort) ?? socket,
    /** Another connection, as the server has it. */
    async open(): Promise<Socket> {
      const count = accepted.length
      const client = connect({ port, host: '127.0.0.1' })
      client.on('error', () => undefined)
      clients.push(client)
      await eventually('it is accepted', () => accepted.length > count)
      return accepted[count]!
    },
  }
}

const areOpen = (sockets: readonly Socket[]): boolean[] => sockets.map(({ destroyed }) => !destroyed)

test('when connections without identity are too many, the oldest goes and the new one stays', async () => {
  const { bounds, open } = await startBounded({ maxAnonymous: 2 })
  const sockets = [await open(), await open(), await open(), await open()]
  expect(areOpen(sockets)).toEqual([false, false, true, true])
  expect(bounds.counts()).toEqual({ anonymous: 2, identified: 0 })
})

test('one that has shown a good token never goes for one that has not', async () => {
  const { bounds, open } = await startBounded({ maxAnonymous: 2 })
  const [request, idle, webSocket] = [await open(), await open(), await open()]
  bounds.identified(idle, user)
  const others = [await open()]
  bounds.identified(webSocket, user, { lasting })
  others.push(await open(), await open(), await open())
  expect(areOpen([request, idle, webSocket])).toEqual([false, true, true])
  expect(areOpen(others)).toEqual([false, false, true, true])
  expect(bounds.counts()).toEqual({ anonymous: 2, identified: 2 })
})

test('one that shows no good token any more counts as new, and as one without', async () => {
  const { bounds, open } = await startBounded({ maxAnonymous: 2 })
  const expired = await open()
  bounds.identified(expired, user)
  const other = await open()
  bounds.anonymous(expired)
  await open()
  expect(areOpen([expired, other])).toEqual([true, false])
  await open()
  expect(areOpen([expired])).toEqual([false])
})

test('one that was answered is as good as new', async () => {
  const { bounds, open } = await startBounded({ maxAnonymous: 2 })
  const [answered, silent] = [await open(), await open()]
  bounds.answered(answered)
  await open()
  expect(areOpen([answered, silent])).toEqual([true, false])
})

test('where identified ones are too many for the process, the one that is idle longest goes, and else the new one is served and may go', async () => {
  // Of 4 descriptors, two are reserved, one is for those without identity, and one is left.
  const { bounds, open } = await startBounded({ maxAnonymous: 1, descriptors: 4 })
  const first = await open()
  bounds.identified(first, user)
  const busy = await open()
  expect(bounds.identified(busy, user)).toBe(false)
  expect(bounds.counts()).toEqual({ anonymous: 1, identified: 1 })
  bounds.answered(first)
  expect(bounds.identified(busy, user)).toBe(true)
  expect(areOpen([first, busy])).toEqual([false, true])
  const last = await open()
  expect(bounds.identified(last, user, { lasting })).toBe(false)
  expect(areOpen([busy, last])).toEqual([true, true])
  await open()
  expect(areOpen([busy, last])).toEqual([true, false])
})

describe('where identified ones are too many for the process', () => {
  /** Room for five of them: one of a modest user, idle for longest, and four of a greedy one. */
  async function fill({ maxOfUser, busy }: { readonly maxOfUser: number; readonly busy: boolean }) {
    const { bounds, open } = await startBounded({ maxAnonymous: 2, maxOfUser, descriptors: 14 })
    const greedyUser = newUser()
    const begin = async (user: UserId): Promise<Socket> => {
      const socket = await open()
      bounds.identified(socket, user)
      return socket
    }
    const modest = await begin(newUser())
    bounds.answered(modest)
    const greedy: Socket[] = []
    for (let count = 0; count < 4; count++) greedy.push(await begin(greedyUser))
    if (!busy) greedy.forEach(bounds.answered)
    expect(bounds.counts()).toEqual({ anonymous: 0, identified: 5 })
    return { bounds, modest, greedy, begin, greedyUser }
  }

  test('one of the user who holds most goes, the one that is idle longest', async () => {
    const { modest, greedy, begin, greedyUser } = await fill({ maxOfUser: 100, busy: false })
    const newcomers = [await begin(newUser()), await begin(newUser())]
    expect(areOpen([modest, ...greedy, ...newcomers])).toEqual([true, false, false, true, true, true, true])
    const own = await begin(greedyUser)
    expect(areOpen([modest, ...greedy, ...newcomers, own])).toEqual([
      ...[true, false, false, false, true],
      ...[true, true, true],
    ])
  })

  test('busy ones go only of a user who holds more than a user may then', async () => {
    const { bounds, modest, greedy, begin } = await fill({ maxOfUser: 2, busy: true })
    const newcomers = [await begin(newUser()), await begin(newUser())]
    expect(areOpen([modest, ...greedy])).toEqual([true, false, false, true, true])
    newcomers.push(await begin(newUser()))
    expect(areOpen([modest, ...greedy])).toEqual([false, false, false, true, true])
    newcomers.push(await begin(newUser()))
    expect(areOpen([...greedy.slice(2), ...newcomers])).toEqual([true, true, true, true, true, true])
    expect(bounds.counts()).toEqual({ anonymous: 1, identified: 5 })
  })

  test('nobody takes the place of a user who holds fewer', async () => {
    const { bounds, modest, greedy, begin, greedyUser } = await fill({ maxOfUser: 100, busy: true })
    const another = await begin(greedyUser)
    expect(areOpen([modest, ...greedy, another])).toEqual([true, true, true, true, true, true])
    expect(bounds.counts()).toEqual({ anonymous: 1, identified: 5 })
  })

  test('one that has become busy since the others were counted stays', async () => {
    const { bounds, greedy, begin, greedyUser } = await fill({ maxOfUser: 100, busy: false })
    await begin(newUser())
    bounds.identified(greedy[1]!, greedyUser)
    await begin(newUser())
    expect(areOpen(greedy)).toEqual([false, true, false, true])
  })
})

test('one that shows nothing in 30 s goes, whatever comes over it meanwhile', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] })
  onTestFinished(() => void vi.useRealTimers())
  const { bounds, open } = await startBounded({ maxAnonymous: 10 })
  const [silent, answered, identified] = [await open(), await open(), await open()]
  vi.advanceTimersByTime(29_000)
  bounds.answered(answered)
  bounds.identified(identified, user)
  const late = await open()
  expect(areOpen([silent, answered, identified, late])).toEqual([true, true, true, true])
  vi.advanceTimersByTime(2_000)
  expect(areOpen([silent, answered, identified, late])).toEqual([false, true, true, true])
  vi.advanceTimersByTime(30_000)
  expect(areOpen([silent, answered, identified, late])).toEqual([false, false, true, false])
})

test('a closed connection counts no more', async () => {
  const { bounds, open } = await startBounded({ maxAnonymous: 10 })
  const sockets = [await open(), await open(), await open()]
  bounds.identified(sockets[1]!, user)
  bounds.identified(sockets[2]!, user, { lasting })
  for (const socket of sockets) socket.destroy()
  await eventually('they are forgotten', () => {
    const { anonymous, identified } = bounds.counts()
    return anonymous + identified === 0
  })
})

describe('what waits for its peer', () => {
  const MB = 1_048_576
  const beginTime = (): void => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] })
    onTestFinished(() => void vi.useRealTimers())
  }

  test('a response that is taken too slowly ends its connection, and one that is read goes on', async () => {
    beginTime()
    const { bounds, open, clientOf } = await startBounded({ maxAnonymous: 10 })
    const [trickling, reading] = [await open(), await open()]
    bounds.identified(trickling, newUser())
    bounds.identified(reading, newUser())
    clientOf(trickling).pause()
    trickling.write(Buffer.alloc(12 * MB))
    clientOf(reading).resume()
    for (let second = 0; second < 33; second++) {
      clientOf(trickling).read(1)
      reading.write(Buffer.alloc(14 * MB))
      // Whenever it is looked at, something waits for either of them.
      expect(reading.writableLength).toBeGreaterThan(0)
      vi.advanceTimersByTime(1000)
      await eventually('it has been taken', () => reading.writableLength === 0)
    }
    expect(areOpen([trickling, reading])).toEqual([false, true])
  })

  test('of one user no more than 16 MB waits over all connections: those that hold most go', async () => {
    beginTime()
    const { bounds, open, clientOf } = await startBounded({ maxAnonymous: 10 })
    const [heavy, light, webSocket, others] = [await open(), await open(), await open(), await open()]
    const user = newUser()
    for (const [socket, of] of [
      [heavy, user],
      [light, user],
      [others, newUser()],
    ] as const)
      bounds.identified(socket, of)
    bounds.identified(webSocket, user, { lasting })
    for (const [socket, bytes] of [
      [heavy, 15 * MB],
      [light, 11 * MB],
      [webSocket, 10 * MB],
      [others, 15 * MB],
    ] as const) {
      clientOf(socket).pause()
      socket.write(Buffer.alloc(bytes))
    }
    vi.advanceTimersByTime(1000)
    expect(areOpen([heavy, light, webSocket, others])).toEqual([false, false, true, true])
  })

  test('requests that come in count for their user, until they are answered', async () => {
    beginTime()
    const { bounds, open, clientOf } = await startBounded({ maxAnonymous: 10 })
    const [answered, coming] = [await open(), await open()]
    const user = newUser()
    for (const socket of [answered, coming]) {
      bounds.identified(socket, user)
      clientOf(socket).write(Buffer.alloc(9 * MB))
      await eventually('it has come', () => socket.bytesRead === 9 * MB)
    }
    bounds.answered(answered)
    vi.advanceTimersByTime(1000)
    expect(areOpen([answered, coming])).toEqual([true, true])
    bounds.identified(answered, user)
    clientOf(answered).write(Buffer.alloc(8 * MB))
    await eventually('it has come', () => answered.bytesRead === 17 * MB)
    vi.advanceTimersByTime(1000)
    expect(areOpen([answered, coming])).toEqual([true, false])
  })

  test('what was answered long ago does not count again after a request without a good token', async () => {
    beginTime()
    const { bounds, open, clientOf } = await startBounded({ maxAnonymous: 10 })
    const gateway = await open()
    const take = async (bytes: number): Promise<void> => {
      const { bytesRead } = gateway
      clientOf(gateway).write(Buffer.alloc(bytes))
      await eventually('it has come', () => gateway.bytesRead === bytesRead + bytes)
    }
    const user = newUser()
    for (let request = 0; request < 17; request++) {
      bounds.identified(gateway, user)
      await take(MB)
      bounds.answered(gateway)
    }
    await take(100)
    bounds.anonymous(gateway)
    bounds.answered(gateway)
    await take(100)
    bounds.identified(gateway, user)
    vi.advanceTimersByTime(1000)
    expect(areOpen([gateway])).toEqual([true])
    await take(17 * MB)
    vi.advanceTimersByTime(1000)
    expect(areOpen([gateway])).toEqual([false])
  })

  test('messages of WebSockets that have not come to their end count for their user', async () => {
    beginTime()
    const { bounds, open } = await startBounded({ maxAnonymous: 10 })
    const user = newUser()
    const sockets = [await open(), await open(), await open()]
    for (const [index, socket] of sockets.entries())
      bounds.identified(socket, user, { lasting: { incomingBytes: () => (index + 1) * 4 * MB } })
    vi.advanceTimersByTime(1000)
    expect(areOpen(sockets)).toEqual([true, true, false])
  })
})
