/**
 * `npm run build && npx tsx bench/live/socket-memory.ts [sockets]`: what one idle WebSocket costs the server. The server runs in a process
 * of its own, with an embedded PostgreSQL in a temporary folder; the clients are in this one. Prints bytes per socket: connected and
 * acknowledged, then with one parked subscription each. What is left at the end is mostly verified tokens, which are kept for a while.
 */
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { AUDIENCE, claimsOf, ISSUER, issuerKey, sign } from '../../test/support/token-issuer.ts'
import { ask, connect, type RawClient } from '../../test/support/web-socket-client.ts'

const SERVER = fileURLToPath(new URL('../measured-server.js', import.meta.url))
/** What a process holds once its garbage is gone, in bytes. */
type MemoryHeld = {
  readonly heapUsed: number
  /** Buffers, outside of the heap. */
  readonly external: number
  readonly rss: number
}

const POPUP = 'subscription { incomingPresenceRequests { change requests { id } closedIds } }'
/** What is made once, by whichever socket comes first, is not a socket's. */
const WARM_UP_SOCKETS = 200
const AT_ONCE = 50

const sockets = Number(process.argv[2] ?? 2000)
const key = issuerKey()
const dataDir = await mkdtemp(join(tmpdir(), 'socket-memory-'))
const server = fork(SERVER, {
  execArgv: ['--expose-gc'],
  env: {
    ...process.env,
    DATA_DIR: dataDir,
    PORT: '0',
    JWT_PUBLIC_KEY: key.publicPem,
    JWT_ISSUER: ISSUER,
    JWT_AUDIENCE: AUDIENCE,
  },
})
try {
  const url = (await answerOf<{ url: string }>(server)).url.replace(/^http/, 'ws')
  const warmUp = await connected(url, WARM_UP_SOCKETS, 'warm')
  await subscribed(warmUp)
  await closed(warmUp)

  const before = await memoryOf(server)
  const clients = await connected(url, sockets, 'user')
  const idle = await memoryOf(server)
  await subscribed(clients)
  const parked = await memoryOf(server)
  await closed(clients)
  const after = await memoryOf(server)
  console.log(`${sockets} sockets, bytes for each`)
  console.table({
    'connected and acknowledged': perSocket(before, idle),
    'with one parked subscription': perSocket(before, parked),
    'left when all are closed': perSocket(before, after),
  })
} finally {
  server.disconnect()
  await once(server, 'exit')
  await rm(dataDir, { recursive: true, force: true })
}

async function connected(url: string, count: number, name: string): Promise<readonly RawClient[]> {
  return inTurns(count, async (index) => {
    const exp = Math.floor(Date.now() / 1000) + 3600
    return connect(url, await sign(key, claimsOf(`${name}${index}`, { exp })))
  })
}

async function subscribed(clients: readonly RawClient[]): Promise<void> {
  await inTurns(clients.length, async (index) => {
    const { type } = await ask(clients[index] as RawClient, POPUP)
    if (type !== 'next') throw new Error(`no first event but ${type}`)
  })
}

async function closed(clients: readonly RawClient[]): Promise<void> {
  await Promise.all(clients.map((client) => client.close()))
}

async function inTurns<Result>(
  count: number,
  work: (index: number) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = []
  for (let from = 0; from < count; from += AT_ONCE) {
    const size = Math.min(AT_ONCE, count - from)
    results.push(...(await Promise.all(Array.from({ length: size }, (_, index) => work(from + index)))))
  }
  return results
}

async function memoryOf(process: ChildProcess): Promise<MemoryHeld> {
  process.send('measure')
  return answerOf<MemoryHeld>(process)
}

async function answerOf<Answer>(process: ChildProcess): Promise<Answer> {
  const [answer] = (await once(process, 'message')) as [Answer]
  return answer
}

function perSocket(before: MemoryHeld, now: MemoryHeld): Record<keyof MemoryHeld, number> {
  const each = (measure: keyof MemoryHeld) => Math.round((now[measure] - before[measure]) / sockets)
  return { heapUsed: each('heapUsed'), external: each('external'), rss: each('rss') }
}
