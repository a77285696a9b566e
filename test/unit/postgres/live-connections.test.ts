import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { Unavailable } from '../../../src/application/ports.ts'
import { connectionOptions } from '../../../src/postgres/connection-options.ts'
import { liveConnections } from '../../../src/postgres/live-connections.ts'

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

/** `AuthenticationOk`, `ReadyForQuery`, and `CommandComplete` with it. */
const WELCOME = Buffer.from('R\0\0\0\b\0\0\0\0Z\0\0\0\x05I', 'latin1')
const DONE = Buffer.from('C\0\0\0\rSELECT 0\0Z\0\0\0\x05I', 'latin1')

/** Speaks as much of PostgreSQL's protocol as it takes to answer so many statements with no row; then it cuts the connection. */
async function serverThatBreaksAfter(statements: number): Promise<string> {
  const server = createServer((socket) => {
    let heard = 0
    socket.on('error', () => socket.destroy())
    socket.on('data', () => {
      heard += 1
      if (heard > statements + 1) socket.destroy()
      else socket.write(heard === 1 ? WELCOME : DONE)
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  closing.push(() => new Promise((resolve) => server.close(resolve)))
  return `postgres://user@127.0.0.1:${String((server.address() as AddressInfo).port)}/database`
}

// The run fails by an uncaught exception where nobody listens to the error of the client.
it.each([
  ['while it is being opened', 0],
  ['while it carries a statement', 1],
])('a connection that breaks %s fails that statement, and nothing else', async (_, statements) => {
  const live = liveConnections({
    connection: connectionOptions({
      url: await serverThatBreaksAfter(statements),
      applicationName: 'test',
      connectTimeoutMs: 1000,
      timeouts: { statementTimeoutMs: 1000, lockTimeoutMs: 1000 },
    }),
    onIdleError: () => undefined,
  })
  closing.push(live.close)
  await expect(live.query('/* test */ select', [])).rejects.toThrow(Unavailable)
})
