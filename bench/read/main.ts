/**
 * `npm run bench:read [-- --quick] [-- --only=subgraph,limit] [-- --workloads=W1] [-- --profile=<folder>] [-- --kept=<folder>]
 * [-- --against=<folder>]`: what it costs to read presence, beside others that answer the same, in one run whose variants take turns. Figures are CPU time of node and
 * of PostgreSQL for each request, without the clients'. Writes bench/results/read.json, the same to standard output, and tables to
 * standard error. Linux only. docs/performance/read.md tells how to read it.
 */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { tokensOf } from '../built-subgraph.ts'
import { startDatabase } from './database.ts'
import { costOf, type Measurement } from './figures.ts'
import { openHandshakes } from './handshakes.ts'
import { measured } from './measured.ts'
import { spreadOf } from '../spread.ts'
import { sceneOf, userId } from './scene.ts'
import { startLoad } from './start-load.ts'
import { printTables } from './tables.ts'
import { targetsOf } from './targets.ts'
import { answers, isWhole, startVariant, VARIANTS, type Variant } from './variants.ts'
import { W1, W2, W3, type Workload } from './workloads.ts'

const RESULT = new URL('../results/read.json', import.meta.url)
const PAIRS = 2_000_000
const CONNECTIONS = 16
const CONNECTIONS_PACED = 64

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    workloads: { type: 'string' },
    profile: { type: 'string' },
    kept: { type: 'string' },
    against: { type: 'string' },
  },
})
const only = options.only?.split(',')
const chosen = options.workloads?.split(',')
const workloads = [W1, W2, W3].filter(({ name }) => chosen?.includes(name.slice(0, 2)) ?? true)
const extent = options.quick
  ? { rounds: 3, ms: 400, warmUpMs: 1000, compared: 40, handshakes: 100, pacedMs: 3000 }
  : { rounds: 9, ms: 1000, warmUpMs: 8000, compared: 200, handshakes: 300, pacedMs: 10_000 }
const execArgv = options.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${options.profile}`]

const began = performance.now()
const loadBefore = loadavg()
const scene = sceneOf(PAIRS)
const running: Variant[] = []
const skipped: string[] = []
const rounds = new Map<string, Map<string, Measurement[]>>()
say(`filling the tables with ${scene.users} users and ${scene.pairs} pairs`)
const database = await startDatabase(scene, options.kept)
const load = startLoad()
try {
  const viewers = Array.from({ length: scene.viewers }, (_, viewer) => userId(viewer))
  await load.meet({ scene, tokens: Object.values(await tokensOf(viewers)) })
  for (const name of VARIANTS) {
    if (only !== undefined && !only.includes(name)) continue
    if (name === 'before' && options.against === undefined) continue
    say(`starting ${name}`)
    const variant = await startVariant(name, {
      databaseUrl: database.url,
      execArgv,
      against: options.against,
    })
    if (variant === null) {
      skipped.push(name)
      say(`SKIPPED: ${name} does not run on this platform, and its targets are not measured`)
      continue
    }
    running.push(variant)
    await load.open(name, variant.url, CONNECTIONS)
  }

  for (const workload of workloads) await compare(workload)
  for (const workload of workloads)
    for (const { name } of whoAnswers(workload))
      await load.run(name, { workload, turn: 0, ms: extent.warmUpMs })

  for (let round = 0; round < extent.rounds; round++) {
    say(`round ${round + 1} of ${extent.rounds}`)
    for (const workload of workloads) {
      // Whoever comes first in one round comes last in another.
      const all = whoAnswers(workload)
      const inTurn = [...all.slice(round % all.length), ...all.slice(0, round % all.length)]
      for (const variant of inTurn) record(workload.name, variant, await measure(variant, workload, round))
    }
  }
  // Before the changes of W4, whose traces PostgreSQL tidies up for a while.
  const paced = (chosen?.includes('W1') ?? true) ? await pace() : null
  if (chosen?.includes('W4') ?? true) await measureHandshakes()
  const costs = Object.fromEntries(
    [...rounds].map(([workload, variants]) => [
      workload,
      Object.fromEntries([...variants].map(([name, each]) => [name, costOf(each)])),
    ]),
  )
  const targets = targetsOf(rounds, paced)
  const result = {
    run: {
      at: new Date().toISOString(),
      quick: options.quick,
      rounds: extent.rounds,
      seconds: Math.round((performance.now() - began) / 1000),
      node: process.version,
      commit: execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim(),
      loadBefore,
      loadAfter: loadavg(),
      skipped,
    },
    scene,
    targets,
    costs,
    paced,
  }
  const json = JSON.stringify(result, null, 2)
  await mkdir(new URL('.', RESULT), { recursive: true })
  await writeFile(RESULT, `${json}\n`)
  printTables(costs, paced, targets)
  console.log(json)
} finally {
  await Promise.all(running.map((variant) => variant.stop()))
  await load.stop()
  await database.stop()
}

/** Fails unless all variants answer the same requests with the same values. */
async function compare(workload: Workload): Promise<void> {
  const asked = { workload, turn: -1, count: extent.compared }
  const [first, ...others] = whoAnswers(workload)
  if (first === undefined) throw new Error('there is nothing to measure')
  const expected = await load.answers(first.name, asked)
  for (const { name } of others) assert.deepEqual(await load.answers(name, asked), expected, name)
  say(`${workload.name}: ${others.length + 1} variants agree on ${expected.length} answers`)
}

function whoAnswers(workload: Workload): readonly Variant[] {
  return running.filter(({ name }) => answers(name, workload))
}

async function measure(variant: Variant, workload: Workload, round: number): Promise<Measurement> {
  return measured([variant], database, () =>
    load.run(variant.name, { workload, turn: round + 1, ms: extent.ms }),
  )
}

/** Whoever asks has never asked this one before, whichever variant it is. */
async function measureHandshakes(): Promise<void> {
  const variants = running.filter(({ name }) => isWhole(name))
  const handshakes = await openHandshakes(database, load, scene)
  try {
    let turn = 0
    for (let round = 0; round < extent.rounds + 1; round++) {
      say(round === 0 ? 'W4: warming up' : `W4: round ${round} of ${extent.rounds}`)
      for (const variant of round % 2 === 0 ? variants : variants.toReversed()) {
        turn += 1
        const costs = await handshakes.measure(variant, {
          turn,
          count: extent.handshakes,
          measured: (run) => measured([variant], database, run),
        })
        if (round > 0) for (const [name, cost] of Object.entries(costs)) record(name, variant, cost)
      }
    }
  } finally {
    await handshakes.close()
  }
}

/** The service alone, at half of what it has served when it was asked as fast as it answers. */
async function pace() {
  const one = running.find(({ name }) => name === 'subgraph')
  if (one === undefined) return null
  const highest = costOf(rounds.get(W1.name)?.get('subgraph') ?? []).perSecond
  const name = 'paced'
  await load.open(name, one.url, CONNECTIONS_PACED)
  const perSecond = highest / 2
  say(`W1 at a pace of ${perSecond.toFixed(0)} a second`)
  const paced = { workload: W1, turn: 0, perSecond }
  // It has stood still while others were measured.
  await load.paced(name, { ...paced, turn: -1, ms: extent.pacedMs / 5 })
  const { latenciesMs, latenessMs } = await load.paced(name, { ...paced, ms: extent.pacedMs })
  await load.close(name)
  return { perSecond, latency: spreadOf(latenciesMs), lateness: spreadOf(latenessMs) }
}

function record(workload: string, { name }: Variant, measurement: Measurement): void {
  const variants = rounds.get(workload) ?? new Map<string, Measurement[]>()
  rounds.set(workload, variants.set(name, [...(variants.get(name) ?? []), measurement]))
}

function say(line: string): void {
  console.error(`${((performance.now() - began) / 1000).toFixed(0).padStart(4)} s  ${line}`)
}
