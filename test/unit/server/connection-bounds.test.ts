import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { expect, onTestFinished, test, vi } from 'vitest'
import { boundConnections } from '../../../src/server/connection-bounds.ts'
import { eventually } from '../../support/eventually.ts'

/** A server that accepts connections, of which `of` finds the one that a client has made. */
async function startBounded(options: { readonly maxAnonymous: number; readonly descriptors?: number }) {
  const server = createServer((socket) => {
    accepted.push(socket)
    socket.on('error', () => undefined)
    socket.resume()
  })
  const accepted: Socket[] = []
  const clients: Socket[] = []
  const bounds = boundConnections(server, options)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  onTestFinished(() => {
    for (const socket of clients) socket.destroy()
    bounds.stop()
    server.close()
  })
  return {
    bounds,
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
  bounds.identified(idle)
  const others = [await open()]
  bounds.identified(webSocket, { lasting: true })
  others.push(await open(), await open(), await open())
  expect(areOpen([request, idle, webSocket])).toEqual([false, true, true])
  expect(areOpen(others)).toEqual([false, false, true, true])
  expect(bounds.counts()).toEqual({ anonymous: 2, identified: 2 })
})

test('one that shows no good token any more counts as new, and as one without', async () => {
  const { bounds, open } = await startBounded({ maxAnonymous: 2 })
  const expired = await open()
  bounds.identified(expired)
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
  bounds.identified(first)
  const busy = await open()
  expect(bounds.identified(busy)).toBe(false)
  expect(bounds.counts()).toEqual({ anonymous: 1, identified: 1 })
  bounds.answered(first)
  expect(bounds.identified(busy)).toBe(true)
  expect(areOpen([first, busy])).toEqual([false, true])
  const last = await open()
  expect(bounds.identified(last, { lasting: true })).toBe(false)
  expect(areOpen([busy, last])).toEqual([true, true])
  await open()
  expect(areOpen([busy, last])).toEqual([true, false])
})

test('one that shows nothing in 30 s goes, whatever comes over it meanwhile', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] })
  onTestFinished(() => void vi.useRealTimers())
  const { bounds, open } = await startBounded({ maxAnonymous: 10 })
  const [silent, answered, identified] = [await open(), await open(), await open()]
  vi.advanceTimersByTime(29_000)
  bounds.answered(answered)
  bounds.identified(identified)
  const late = await open()
  expect(areOpen([silent, answered, identified, late])).toEqual([true, true, true, true])
  vi.advanceTimersByTime(2_000)
  expect(areOpen([silent, answered, identified, late])).toEqual([false, true, true, true])
  vi.advanceTimersByTime(30_000)
  expect(areOpen([silent, answered, identified, late])).toEqual([false, false, true, false])
})

test('what has closed counts no more', async () => {
  const { bounds, open } = await startBounded({ maxAnonymous: 10 })
  const sockets = [await open(), await open(), await open()]
  bounds.identified(sockets[1]!)
  bounds.identified(sockets[2]!, { lasting: true })
  for (const socket of sockets) socket.destroy()
  await eventually('they are forgotten', () => {
    const { anonymous, identified } = bounds.counts()
    return anonymous + identified === 0
  })
})
