/**
 * `npm run bench:timing [-- --samples=10000] [-- --only="read one,read several"] [-- --seed=1] [-- --planted-us=20] [-- --keep-times=<file>]`:
 * whether the time that an answer takes tells what the answer does not. Writes bench/results/timing.json, the same to standard output, and
 * tables to standard error. Exit code 0: nothing was found; 2: the run is void; 3: something was found; 1: it broke. docs/timing.md tells how
 * to read it.
 */
import { execFileSync } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { decidingMeanwhile } from './decisions.ts'
import { openExchange } from './exchange.ts'
import { takeSamples } from './measure.ts'
import { readScenarios } from './reads.ts'
import { askingAgain, askingFirst } from './requests.ts'
import type { Scenario } from './scenario.ts'
import { openStage } from './stage.ts'
import { tableOf } from './tables.ts'
import { judge, LIMITS, type Judged, type Verdict } from './verdict.ts'

const RESULT = new URL('../results/timing.json', import.meta.url)
const EXIT_CODES: Readonly<Record<Verdict, number>> = { ok: 0, void: 2, failed: 3 }
const WARM_UP = 500
/** Where fewer samples are taken, fewer turns warm up. */
const WARM_UP_OF_FEW = 50

const { values: options } = parseArgs({
  options: {
    samples: { type: 'string', default: '10000' },
    only: { type: 'string' },
    seed: { type: 'string', default: '1' },
    'planted-us': { type: 'string', default: '20' },
    'keep-times': { type: 'string' },
  },
})
const [samples, seed, plantedUs] = [options.samples, options.seed, options['planted-us']].map(Number) as [
  number,
  number,
  number,
]
const only = options.only?.split(',')

const began = performance.now()
const loadBefore = loadavg()
say('setting up')
const stage = await openStage({ seed, plantedUs })
const judged: Judged[] = []
const kept: Record<string, Record<string, readonly number[]>> = {}
try {
  const scenarios = await scenariosOf()
  const exchanges = { exchange: await openExchange(stage.url), beside: await openExchange(stage.url) }
  for (const scenario of scenarios) {
    if (only?.includes(scenario.name) === false) continue
    say(scenario.name)
    await stage.settle()
    const { mostSamples = Infinity } = scenario
    const times = await takeSamples(exchanges, scenario, {
      samples: Math.min(samples, mostSamples),
      warmUp: mostSamples === Infinity ? WARM_UP : WARM_UP_OF_FEW,
      random: stage.random,
    })
    judged.push(judge(scenario, times))
    kept[scenario.name] = Object.fromEntries(times)
  }
  for (const each of Object.values(exchanges)) each.close()
} finally {
  await stage.close()
}

const verdict =
  (['void', 'failed', 'ok'] as const).find((each) => judged.some((of) => of.verdict === each)) ?? 'void'
const result = {
  run: {
    at: new Date().toISOString(),
    verdict,
    samples,
    seed,
    plantedUs,
    limits: LIMITS,
    seconds: Math.round((performance.now() - began) / 1000),
    folder: stage.folder,
    node: process.version,
    commit: execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim(),
    loadBefore,
    loadAfter: loadavg(),
  },
  scenarios: judged,
}
const json = JSON.stringify(result, null, 2)
await mkdir(new URL('.', RESULT), { recursive: true })
await writeFile(RESULT, `${json}\n`)
if (options['keep-times'] !== undefined) await writeFile(options['keep-times'], JSON.stringify(kept))
for (const of of judged) console.error(tableOf(of))
console.error(`${verdict}\n`)
console.log(json)
process.exitCode = EXIT_CODES[verdict]

async function scenariosOf(): Promise<readonly Scenario[]> {
  const wanted = (prefix: string): boolean => only?.some((name) => name.startsWith(prefix)) ?? true
  return [
    ...(wanted('read') ? await readScenarios(stage) : []),
    ...(wanted('ask again') ? await askingAgain(stage) : []),
    ...(wanted('decide') ? await decidingMeanwhile(stage) : []),
    ...(wanted('ask for') ? [await askingFirst(stage, WARM_UP + samples)] : []),
  ]
}

function say(line: string): void {
  console.error(`${((performance.now() - began) / 1000).toFixed(0).padStart(4)} s  ${line}`)
}
