/**
 * What it costs to publish presence: CPU time of the server and of all of PostgreSQL, per operation, from /proc. Linux only.
 *
 *   npx tsx bench/live/publish-cost.ts [operations of each kind] [at once]
 *
 * PostgreSQL is durable here, as in production: every operation is on disk when it is answered.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbeddedPostgres } from '../../src/embedded-postgres/start-embedded-postgres.ts'
import { startSubgraph } from '../../test/support/start-subgraph.ts'
import { postmasterIn, processorTimeOf, processorTimeOfCluster } from '../processor-time.ts'

const [asked = 4000, atOnce = 16] = process.argv.slice(2).map(Number)
const USERS = 200
/** A user may have one more. */
const DEVICES = 19

const RENEW =
  'mutation ($input: RenewPresenceSessionInput!) { renewPresenceSession(input: $input) { renewed } }'
const PUBLISH =
  'mutation ($input: PublishPresenceInput!) { publishPresence(input: $input) { session { leaseEndsAt } } }'

type Operation = {
  readonly name: string
  readonly query: string
  /** So many of it are possible in one run. */
  readonly most?: number
  readonly input: (turn: number) => Record<string, unknown>
}

const PUBLISH_AGAIN: Operation = {
  name: 'publish the same again',
  query: PUBLISH,
  input: () => ({ sessionId: 'desk', status: 'AVAILABLE' }),
}

const OPERATIONS: readonly Operation[] = [
  PUBLISH_AGAIN,
  {
    name: 'renew',
    query: RENEW,
    input: () => ({ sessionId: 'desk', inactiveForSeconds: 0 }),
  },
  {
    name: 'publish another status',
    query: PUBLISH,
    input: (turn) => ({
      sessionId: 'desk',
      status: Math.floor(turn / USERS) % 2 === 0 ? 'BUSY' : 'AVAILABLE',
    }),
  },
  {
    name: 'begin',
    query: PUBLISH,
    most: USERS * DEVICES,
    input: (turn) => ({
      sessionId: `device-${Math.floor(turn / USERS)}`,
      status: 'AVAILABLE',
    }),
  },
]

const dataFolder = await mkdtemp(join(tmpdir(), 'presence-privacy-bench-'))
const postgres = await startEmbeddedPostgres({ dataFolder })
const server = await startSubgraph({
  databaseUrl: postgres.url,
  env: { DATABASE_POOL_SIZE: '10' },
})
const agent = new Agent({ keepAlive: true, maxSockets: atOnce })
try {
  const postmaster = await postmasterIn(dataFolder)
  const users = await Promise.all(Array.from({ length: USERS }, (_, user) => server.tokenOf(`user-${user}`)))
  await run(PUBLISH_AGAIN, 1000)
  for (const operation of OPERATIONS) {
    const before = await cpuMicroseconds()
    const started = performance.now()
    const operations = Math.min(asked, operation.most ?? asked)
    await run(operation, operations)
    const after = await cpuMicroseconds()
    const each = (microseconds: number): string => `${(microseconds / operations).toFixed(0).padStart(5)} us`
    console.log(
      `${operation.name.padEnd(24)} node ${each(after.node - before.node)}  postgres ${each(after.postgres - before.postgres)}  together ${each(after.node + after.postgres - before.node - before.postgres)}  ${(operations / ((performance.now() - started) / 1000)).toFixed(0)}/s`,
    )
  }

  async function run({ query, input }: Operation, count: number): Promise<void> {
    let turn = 0
    const worker = async (): Promise<void> => {
      for (let own = turn++; own < count; own = turn++) {
        await post({ query, variables: { input: input(own) } }, users[own % USERS] ?? '')
      }
    }
    await Promise.all(Array.from({ length: atOnce }, worker))
  }

  async function cpuMicroseconds(): Promise<{ node: number; postgres: number }> {
    return { node: await processorTimeOf(server.pid), postgres: await processorTimeOfCluster(postmaster) }
  }
} finally {
  agent.destroy()
  await server.stop()
  await postgres.stop()
  await rm(dataFolder, { recursive: true, force: true })
}

function post(body: object, token: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = request(
      server.url,
      {
        agent,
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      },
      (response) => {
        let text = ''
        response.setEncoding('utf8')
        response.on('data', (part: string) => (text += part))
        response.on('end', () => {
          if (text.includes('"errors"') || text.includes('false')) reject(new Error(text))
          else resolve()
        })
      },
    )
    sent.on('error', reject)
    sent.end(JSON.stringify(body))
  })
}
