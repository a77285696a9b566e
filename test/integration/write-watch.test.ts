import { expect, onTestFinished, test } from 'vitest'
import { PROVE_SERVER, ServerIdentity, type ServerRow } from '../../src/postgres/server-identity.ts'
import { watchWrites } from '../../src/postgres/write-watch.ts'
import { createTestDatabase } from '../support/database.ts'

async function watched(seen: (server: ServerRow) => ServerRow) {
  const { url, query } = await createTestDatabase()
  const [server] = await query<ServerRow>(PROVE_SERVER)
  const identity = new ServerIdentity()
  identity.admit(seen(server!))
  const problems: unknown[] = []
  const onProblem = (error: unknown) => problems.push(error)
  const writes = await watchWrites({ url, directUrl: url, pooler: 'none', tables: [], identity, onProblem })
  onTestFinished(writes.close)
  return { canWrite: writes.canWrite(), problems: problems.map((error) => String((error as Error).cause)) }
}

test('a server that takes writes, and is the one that was seen, is ready', async () => {
  expect(await watched((server) => server)).toEqual({ canWrite: true, problems: [] })
})

test.each([
  ['belongs to another cluster', (server: ServerRow) => ({ ...server, cluster: '1' })],
  ['is on an older timeline', (server: ServerRow) => ({ ...server, timeline: 'FFFFFFFF' })],
])('a server that takes writes but %s is not', async (why, seen) => {
  const { canWrite, problems } = await watched(seen)
  expect(canWrite).toBe(false)
  expect(problems).toEqual([expect.stringContaining(why)])
})
