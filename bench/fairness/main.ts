/**
 * `npm run bench:fairness [-- --rounds=5] [-- --seconds=3] [-- --only=<part of a name>,…]`: what others feel of one who does their
 * worst: 50 streams, five who read and five who publish every 250 ms, and probes, calm and beside one attacker after another, in rounds of
 * one run. Writes bench/results/fairness.json, the same to standard output, and a table to standard error. Linux only.
 * docs/performance/fairness.md tells how to read it.
 */
import { execFileSync } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { epochSeconds } from '../../test/support/token-issuer.ts'
import { startServer, tokenOf, tokensOf } from '../built-subgraph.ts'
import { startTasks } from '../child-tasks.ts'
import { startDatabase } from '../live/variants/subgraph.ts'
import { storeScene, storeSessions } from '../live/store-scene.ts'
import { createClasses } from './create-classes.ts'
import { figuresOf, printTable, type Measurement } from './figures.ts'
import { ATTACKS, type Attackers } from './load/attackers.ts'
import type { Others } from './load/others.ts'
import { OPERATOR, operator } from './operator.ts'
import {
  ADMINISTRATOR,
  ATTACKER,
  BYSTANDERS,
  PUBLISHERS,
  READERS,
  readBy,
  SERVICE,
  WATCHERS,
} from './scene.ts'

const RESULT = new URL('../results/fairness.json', import.meta.url)
/** What an attacker has begun is over before anything is measured, and what they leave behind after it. */
const SETTLE_MS = 700
const FRESH_TOKENS = 20_000

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '2.5' },
    only: { type: 'string' },
  },
})
const only = options.only?.split(',')
const attackers = [...ATTACKS, OPERATOR].filter(
  (name) => name === 'none' || (only?.some((part) => name.includes(part)) ?? true),
)
const began = performance.now()
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
const database = await startDatabase()
const server = await startServer(database.url, { usualAllowances: true })
const others = startTasks(new URL('load/others.ts', import.meta.url)) as Others
const attacking = startTasks(new URL('load/attackers.ts', import.meta.url)) as Attackers
const measured = new Map<string, Measurement[]>()
try {
  say('filling the tables')
  await fill()
  await others.open(server.url, await tokensOf([...WATCHERS, ...PUBLISHERS, ...READERS]))
  const exp = epochSeconds() + 3600
  const withRoles = (user: string, ...roles: string[]) => tokenOf(user, { exp, roles })
  await attacking.meet({
    url: server.url,
    tokens: {
      [SERVICE]: await withRoles(SERVICE, 'service'),
      [ADMINISTRATOR]: await withRoles(ADMINISTRATOR, 'administrator', 'auditor'),
    },
    fresh: await freshTokens(),
  })
  await pause(3000)
  for (let round = 0; round < Number(options.rounds); round++) {
    // Whoever comes first in one round comes last in another.
    const first = (round * 5) % attackers.length
    for (const name of [...attackers.slice(first), ...attackers.slice(0, first)]) {
      say(`round ${String(round + 1)}: ${name}`)
      measured.set(name, [
        ...(measured.get(name) ?? []),
        await measure(name, `${ATTACKER}-${String(round)}-${name}`),
      ])
    }
  }
  const calm = measured.get('none') ?? []
  const figures = [...ATTACKS, OPERATOR].flatMap((name) => {
    const rounds = measured.get(name)
    return rounds === undefined ? [] : [figuresOf(name, rounds, calm)]
  })
  const result = {
    run: {
      at: new Date().toISOString(),
      rounds: Number(options.rounds),
      seconds: Math.round((performance.now() - began) / 1000),
      node: process.version,
      commit: execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim(),
      load: loadavg(),
    },
    figures,
  }
  printTable(figures)
  const json = JSON.stringify(result, null, 2)
  await mkdir(new URL('.', RESULT), { recursive: true })
  await writeFile(RESULT, `${json}\n`)
  console.log(json)
} finally {
  await attacking.stop()
  await others.stop()
  await server.stop()
  await database.stop()
}

async function measure(name: string, attacker: string): Promise<Measurement> {
  const tool = name === OPERATOR ? operator(database.url) : undefined
  if (tool === undefined) await attacking.begin(name, await tokenOf(attacker, { exp: epochSeconds() + 3600 }))
  await pause(SETTLE_MS)
  await others.felt()
  let peakMb = 0
  const until = performance.now() + Number(options.seconds) * 1000
  while (performance.now() < until) {
    peakMb = Math.max(peakMb, await memoryOf(server.pid))
    await pause(250)
  }
  const felt = await others.felt()
  const outcomes = tool === undefined ? await attacking.end() : await tool.stop()
  await pause(SETTLE_MS)
  return { ...felt, outcomes, peakMb }
}

async function memoryOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${String(pid)}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024
}

async function fill(): Promise<void> {
  await storeScene(database.url, {
    users: [...WATCHERS, ...PUBLISHERS, ...READERS, ATTACKER, SERVICE, ADMINISTRATOR, ...BYSTANDERS],
    contacts: {
      ...Object.fromEntries(WATCHERS.map((watcher) => [watcher, PUBLISHERS])),
      ...Object.fromEntries(READERS.map((reader, place) => [reader, readBy(place)])),
      [ATTACKER]: BYSTANDERS.slice(1000, 1500),
    },
    denied: '',
  })
  await storeSessions(database.url, BYSTANDERS)
  const token = await tokenOf(ADMINISTRATOR, { exp: epochSeconds() + 3600, roles: ['administrator'] })
  await createClasses(server.url, token)
}

async function freshTokens(): Promise<readonly string[]> {
  if (!attackers.some((name) => name.includes('fresh token'))) return []
  const exp = epochSeconds() + 3600
  return Promise.all(
    Array.from({ length: FRESH_TOKENS }, (_, jti) => tokenOf(ATTACKER, { exp, jti: String(jti) })),
  )
}

function say(line: string): void {
  console.error(`${((performance.now() - began) / 1000).toFixed(0).padStart(4)} s  ${line}`)
}
