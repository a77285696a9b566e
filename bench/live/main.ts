/**
 * `npm run bench:live [-- --quick] [-- --only=subgraph,bare] [-- --profile=<folder>] [-- --against=<folder>]`: what live presence costs,
 * beside others that do the same or less, in one run whose variants take turns. Figures are CPU time of all processes of a variant, without its clients. Writes
 * bench/results/live.json, the same to standard output, and tables to standard error. Linux only. docs/performance/live.md tells how to read it.
 */
import { execFileSync } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { spreadOf } from '../spread.ts'
import { figuresOf, nameOf, WORKLOADS, type Measurement } from './figures.ts'
import { measureIdleSockets } from './idle-sockets.ts'
import { liveScene } from './scene.ts'
import { startLoad } from './start-load.ts'
import { printTables } from './tables.ts'
import { targetsOf } from './targets.ts'
import { startBare } from './variants/bare.ts'
import { startEjabberd } from './variants/ejabberd.ts'
import { startStock } from './variants/stock.ts'
import { startSubgraph, type RunningSubgraph } from './variants/subgraph.ts'
import { VARIANTS, type RunningVariant, type StartVariant, type VariantName } from './variants/variant.ts'

const RESULT = new URL('../results/live.json', import.meta.url)

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    profile: { type: 'string' },
    against: { type: 'string' },
  },
})
const only = options.only?.split(',')
const extent = options.quick
  ? { rounds: 2, ms: 300, warmUpMs: 150, revocations: 40, idleSockets: 500, reconnecting: 250 }
  : { rounds: 5, ms: 1000, warmUpMs: 400, revocations: 250, idleSockets: 2000, reconnecting: 1000 }
const execArgv = options.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${options.profile}`]

const starters: Record<VariantName, StartVariant> = {
  subgraph: (scene) => startSubgraph(scene, { instances: 1, execArgv }),
  before: (scene) =>
    options.against === undefined
      ? Promise.resolve(null)
      : startSubgraph(scene, { instances: 1, execArgv, against: options.against }),
  'subgraph of two': (scene) => startSubgraph(scene, { instances: 2 }),
  stock: startStock,
  ejabberd: startEjabberd,
  bare: startBare,
}

const began = performance.now()
const loadBefore = loadavg()
const scene = liveScene()
const load = startLoad()
const running: RunningVariant[] = []
const skipped: string[] = []
try {
  for (const name of VARIANTS) {
    if (only !== undefined && !only.includes(name)) continue
    if (name === 'before' && options.against === undefined) continue
    say(`starting ${name}`)
    const variant = await starters[name](scene)
    if (variant === null) {
      skipped.push(name)
      say(
        `SKIPPED: ${name} is not installed. Install Debian's package of this name for its figures and the targets that need them.`,
      )
      continue
    }
    running.push(variant)
    await load.open(name, variant.address, scene)
    await load.check(name)
  }

  for (const variant of running)
    for (const workload of WORKLOADS) await load.run(variant.name, { ...workload, ms: extent.warmUpMs })
  const measured = new Map(running.map(({ name }) => [name, new Map<string, Measurement[]>()]))
  const deliveriesMs: number[] = []
  for (let round = 0; round < extent.rounds; round++) {
    say(`round ${round + 1} of ${extent.rounds}`)
    // Whoever comes first in one round comes last in another.
    const inTurn = [...running.slice(round % running.length), ...running.slice(0, round % running.length)]
    for (const workload of WORKLOADS) {
      for (const variant of inTurn) {
        const name = nameOf(workload)
        const rounds = measured.get(variant.name)
        rounds?.set(name, [...(rounds.get(name) ?? []), await measure(variant, workload)])
      }
    }
    const one = subgraph('subgraph')
    if (one !== undefined)
      deliveriesMs.push(
        ...(await load.deliveryLatencies(one.name, { databaseUrl: one.database.url, ms: extent.ms })),
      )
  }

  const two = subgraph('subgraph of two')
  say('revocations')
  const { revocationsMs, notifiesMs, commitsMs } =
    two?.address.protocol === 'graphql'
      ? await load.revocations(two.name, {
          urls: [two.urls[0] ?? '', two.urls[1] ?? ''],
          tokens: two.address.tokens,
          databaseUrl: two.database.url,
          times: extent.revocations,
        })
      : { revocationsMs: [], notifiesMs: [], commitsMs: [] }
  for (const { name } of running) await load.check(name)
  await stopAll()

  say('idle sockets')
  const idle = await measureIdleSockets(load, {
    sockets: extent.idleSockets,
    reconnecting: extent.reconnecting,
  })
  const figures = {
    variants: new Map([...measured].map(([name, rounds]) => [name, figuresOf(rounds)])),
    deliveryAlone: spreadOf(deliveriesMs),
    revocation: spreadOf(revocationsMs),
    notify: spreadOf(notifiesMs),
    commit: spreadOf(commitsMs),
    idle,
  }
  const targets = targetsOf(figures)
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
    targets,
    ...figures,
    variants: Object.fromEntries(figures.variants),
  }
  const json = JSON.stringify(result, null, 2)
  await mkdir(new URL('.', RESULT), { recursive: true })
  await writeFile(RESULT, `${json}\n`)
  printTables(figures, targets)
  console.log(json)
} finally {
  await stopAll()
  await load.stop()
}

async function measure(variant: RunningVariant, workload: (typeof WORKLOADS)[number]): Promise<Measurement> {
  const before = await variant.processorTime()
  const started = performance.now()
  const run = await load.run(variant.name, { ...workload, ms: extent.ms })
  const ms = performance.now() - started
  return { ...run, ms, processorUs: (await variant.processorTime()) - before }
}

function subgraph(name: VariantName): RunningSubgraph | undefined {
  return running.find((variant): variant is RunningSubgraph => variant.name === name)
}

async function stopAll(): Promise<void> {
  await Promise.all(running.splice(0).map((variant) => variant.stop()))
}

function say(line: string): void {
  console.error(`${((performance.now() - began) / 1000).toFixed(0).padStart(4)} s  ${line}`)
}
