/**
 * `npm run bench:read-growth [-- --largest] [-- --soak] [-- --kept=<folder>]`: what a read costs as there is more of everything, how soon the
 * service is ready, and what memory it holds. With --largest up to 10,000,000 pairs, which take minutes to be written; with --soak after
 * 10 minutes of W1. Writes bench/results/read-growth.json, the same to standard output. Linux only.
 */
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { startServer, tokensOf } from '../built-subgraph.ts'
import { startDatabase, type Database } from './database.ts'
import { costOf, type Cost, type Measurement } from './figures.ts'
import type { ForkedServer } from '../fork-server.ts'
import { measured } from './measured.ts'
import { sceneOf, userId, type Scene } from './scene.ts'
import { startLoad, type Load } from './start-load.ts'
import { W1, type Workload } from './workloads.ts'

const RESULT = new URL('../results/read-growth.json', import.meta.url)
const CONNECTIONS = 16
const ROUNDS = 5
const ROUND_MS = 700
const WARM_UP_MS = 2500
const PAIRS = [10_000, 100_000, 1_000_000]
const LARGEST = 10_000_000
const REPRESENTATIONS = [1, 2, 5, 10, 20, 50, 100, 200, 500]
const SOAK_MINUTES = 10

type Memory = { readonly heapUsed: number; readonly external: number; readonly rss: number }

const { values: options } = parseArgs({
  options: {
    largest: { type: 'boolean', default: false },
    soak: { type: 'boolean', default: false },
    kept: { type: 'string' },
  },
})
const loadBefore = loadavg()
const byPairs: Record<string, Cost> = {}
let grown = {}
for (const pairs of options.largest ? [...PAIRS, LARGEST] : PAIRS) {
  const scene = sceneOf(pairs)
  console.error(`${pairs} pairs`)
  await inScene(scene, async (database, load) => {
    const { server, readyMs } = await started(database)
    try {
      const atRest = await memoryOf(server)
      await load.open('one', server.url, CONNECTIONS)
      byPairs[pairs] = (await costs(load, database, [server], [W1]))[0] as Cost
      if (pairs === 1_000_000) grown = { readyMs, atRest, ...(await more(database, load, server)) }
    } finally {
      await server.stop()
    }
  })
}
const result = { run: { at: new Date().toISOString(), loadBefore, loadAfter: loadavg() }, byPairs, ...grown }
const json = JSON.stringify(result, null, 2)
await mkdir(new URL('.', RESULT), { recursive: true })
await writeFile(RESULT, `${json}\n`)
console.log(json)

/** By how many are asked for, by how many processes serve, and after a while. */
async function more(database: Database, load: Load, server: ForkedServer) {
  const workloads = REPRESENTATIONS.map((count): Workload => {
    return { name: `${count} users`, kind: 'entities', representations: count }
  })
  const ofEach = await costs(load, database, [server], workloads)
  const byRepresentations = Object.fromEntries(REPRESENTATIONS.map((count, place) => [count, ofEach[place]]))
  const soaked = options.soak ? await soak(load, server) : null
  const second = await startServer(database.url)
  try {
    await load.open('both', [server.url, second.url].join(' '), CONNECTIONS)
    const [twoProcesses] = await costs(load, database, [server, second], [W1], 'both')
    return { byRepresentations, soaked, twoProcesses }
  } finally {
    await second.stop()
  }
}

async function costs(
  load: Load,
  database: Database,
  servers: readonly ForkedServer[],
  workloads: readonly Workload[],
  name = 'one',
): Promise<readonly Cost[]> {
  const rounds = workloads.map((): Measurement[] => [])
  for (const workload of workloads)
    await load.run(name, { workload, turn: 0, ms: WARM_UP_MS / workloads.length + 300 })
  for (let round = 0; round < ROUNDS; round++) {
    for (const [place, workload] of workloads.entries()) {
      const run = () => load.run(name, { workload, turn: round + 1, ms: ROUND_MS })
      rounds[place]?.push(await measured(servers, database, run))
    }
  }
  return rounds.map(costOf)
}

/** From the start of the process to its first answer. */
async function started(
  database: Database,
): Promise<{ readonly server: ForkedServer; readonly readyMs: number }> {
  // What the disk had to be asked for is in memory from then on.
  await (await startServer(database.url)).stop()
  const began = performance.now()
  const server = await startServer(database.url)
  const { status } = await fetch(new URL('/health/ready', server.url))
  if (status !== 200) throw new Error('it is not ready')
  return { server, readyMs: performance.now() - began }
}

/** After each minute of W1. */
async function soak(load: Load, server: ForkedServer): Promise<readonly Memory[]> {
  const memory: Memory[] = []
  for (let minute = 0; minute < SOAK_MINUTES; minute++) {
    await load.run('one', { workload: W1, turn: minute, ms: 60_000 })
    memory.push(await memoryOf(server))
  }
  return memory
}

async function memoryOf({ child }: ForkedServer): Promise<Memory> {
  child.send('measure')
  const [memory] = (await once(child, 'message')) as [Memory]
  return memory
}

async function inScene(scene: Scene, work: (database: Database, load: Load) => Promise<void>): Promise<void> {
  const database = await startDatabase(scene, options.kept)
  const load = startLoad()
  try {
    const viewers = Array.from({ length: scene.viewers }, (_, viewer) => userId(viewer))
    await load.meet({ scene, tokens: Object.values(await tokensOf(viewers)) })
    await work(database, load)
  } finally {
    await load.stop()
    await database.stop()
  }
}
