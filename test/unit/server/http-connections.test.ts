import { once } from 'node:events'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { expect, onTestFinished, test, vi } from 'vitest'
import { createHttp } from '../../../src/server/http.ts'
import { boundHttpConnections } from '../../../src/server/http-connections.ts'
import { createLog } from '../../../src/server/log.ts'
import { eventually } from '../../support/eventually.ts'
import { newUser } from '../../support/new-user.ts'

async function startHttp() {
  const stopping = { now: false }
  const http = await createHttp({
    origins: { listed: [], local: false },
    log: createLog({ level: 'silent', readable: false }),
    isStopping: () => stopping.now,
  })
  const bounds = boundHttpConnections(http, { maxAnonymous: 10, maxOfUser: 10 })
  http.get('/', (_request, reply) => reply.send('{}'))
  await http.listen({ host: '127.0.0.1', port: 0 })
  const accepted = once(http.server, 'connection') as Promise<[Socket]>
  const client = connect((http.server.address() as AddressInfo).port, '127.0.0.1')
  client.on('error', () => undefined)
  const [socket] = await accepted
  onTestFinished(async () => {
    client.destroy()
    bounds.stop()
    await http.close()
  })
  return {
    stopping,
    bounds,
    socket,
    /** The head of the response to one more request. */
    async head(request = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'): Promise<string> {
      let text = ''
      const read = (chunk: Buffer): void => void (text += chunk.toString())
      client.on('data', read)
      client.write(request)
      await eventually('it is answered', () => text.includes('\r\n\r\n'))
      client.off('data', read)
      return text.split('\r\n\r\n')[0]!
    },
  }
}

test('a client is told how long its connection may be idle, with identity or without', async () => {
  const { bounds, socket, head } = await startHttp()
  expect(await head()).toMatch(/^keep-alive: timeout=20$/im)
  bounds.identified(socket, newUser())
  const identified = await head()
  expect(identified).toMatch(/^keep-alive: timeout=72$/im)
  expect(identified).not.toContain('timeout=20')
  bounds.anonymous(socket)
  expect(await head()).toMatch(/^keep-alive: timeout=20$/im)
})

test('a connection without identity stays open for as long as its client was told', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] })
  onTestFinished(() => void vi.useRealTimers())
  const { socket, head } = await startHttp()
  for (let request = 0; request < 3; request++) {
    await head()
    vi.advanceTimersByTime(20_000)
    expect(socket.destroyed).toBe(false)
  }
  vi.advanceTimersByTime(12_000)
  expect(socket.destroyed).toBe(true)
})

test('a response that ends its connection promises no time', async () => {
  const { stopping, head } = await startHttp()
  stopping.now = true
  const closing = await head()
  expect(closing).toMatch(/^connection: close$/im)
  expect(closing).not.toMatch(/^keep-alive:/im)
})

test('an expectation that nobody knows ends its connection', async () => {
  const { socket, head } = await startHttp()
  expect(await head('GET / HTTP/1.1\r\nHost: x\r\nExpect: x\r\n\r\n')).toMatch(/^connection: close$/im)
  await eventually('it has ended', () => socket.destroyed)
})
