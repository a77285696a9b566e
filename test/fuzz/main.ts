/**
 * `npm run fuzz -- <seconds> [--seed <number>] [--only <index>[,<index>…]] [--skip <number>]`: throws generated requests and frames at the built
 * server, over loopback. Prints its seed first; the same seed makes the same inputs. It fails where the server ends, a turn of its event loop takes more
 * than 50 ms again when its input comes alone, memory does not return, a code is not listed in README.md, or an error is logged.
 * FUZZ_DATABASE_URL names a database to use; without one, an embedded one is started.
 */
import { randomInt } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { createSchema } from '../../src/graphql/schema.ts'
import { undocumented } from './documented.ts'
import { inputsOf, type Input } from './inputs.ts'
import { seedOf } from './random.ts'
import { send } from './send.ts'
import { startFuzzedServer, type FuzzedServer } from './server.ts'

const PEERS = 8
const MOST_INPUTS = 1_000_000
/** So many inputs fill what the server remembers, before its memory is looked at for the first time. */
const WARM_UP = 400
const MEMORY_MAY_GROW = 96 * 1_048_576
const REPEATS = 3

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seed: { type: 'string' }, only: { type: 'string' }, skip: { type: 'string', default: '0' } },
})
const seconds = Number(positionals[0] ?? 60)
const seed = values.seed === undefined ? randomInt(2 ** 31) : Number(values.seed)
if (!(seconds > 0) || !Number.isInteger(seed))
  throw new Error('usage: npm run fuzz -- <seconds> [--seed <number>]')
console.log(`seed ${seed}`)

const inputOf = inputsOf(createSchema({ maxRepresentations: 1000 }))
const faults: string[] = []
const server = await startFuzzedServer()
try {
  if (values.only === undefined) await fuzz(server)
  else for (const index of values.only.split(',').map(Number)) await repeatAlone(index)
} finally {
  await sleep(200)
  await server.stop()
}
const ended = server.ended()
if (ended !== '0' && ended !== 'SIGTERM') faults.push(`the server ended with ${ended ?? 'nothing'}`)
for (const line of new Set(server.errorLines)) faults.push(`logged: ${line}`)
for (const fault of faults.slice(0, 50)) console.error(`FAULT (seed ${seed}): ${fault}`)
process.exitCode = faults.length === 0 ? 0 : 1

async function fuzz({ takeLongTurns, memory }: FuzzedServer): Promise<void> {
  const until = performance.now() + seconds * 1000
  let next = Number(values.skip)
  let memoryAtFirst: number | undefined
  /** Inputs that were under way when a turn was long, and in how many of them. */
  const suspects = new Map<number, number>()
  const underWay = new Set<number>()
  let recent: { readonly index: number; readonly at: number }[] = []

  const notice = (): void => {
    const now = performance.now()
    const turn = Math.max(0, ...takeLongTurns())
    // What it took to tell of the turn is a few milliseconds.
    recent = recent.filter(({ at }) => now - at < turn + 50)
    if (turn === 0) return
    for (const index of [...underWay, ...recent.map((past) => past.index)])
      suspects.set(index, (suspects.get(index) ?? 0) + 1)
  }

  const peer = async (): Promise<void> => {
    while (performance.now() < until && next < MOST_INPUTS && server.ended() === undefined) {
      const index = next++
      underWay.add(index)
      await tell(index)
      underWay.delete(index)
      recent.push({ index, at: performance.now() })
      if (index === WARM_UP + Number(values.skip)) memoryAtFirst = await memory()
      if (index % 100 === 0) await askHealth(server)
    }
  }
  const noticing = setInterval(notice, 20)
  await Promise.all(Array.from({ length: PEERS }, peer))
  await sleep(500)
  clearInterval(noticing)
  console.log(`${next} inputs, ${suspects.size} of them under way in a turn that was long`)
  const repeatUntil = performance.now() + seconds * 1000
  let repeated = 0
  for (const [index] of [...suspects].sort(([, one], [, other]) => other - one)) {
    if (server.ended() !== undefined || performance.now() > repeatUntil) break
    await repeatAlone(index)
    repeated += 1
  }
  if (suspects.size > 0) console.log(`${repeated} of them repeated alone, those of most such turns first`)
  if (memoryAtFirst === undefined || server.ended() !== undefined) return
  await sleep(1000)
  const grown = (await memory()) - memoryAtFirst
  console.log(
    `memory ${Math.round(memoryAtFirst / 1_048_576)} MB, then ${Math.round(grown / 1_048_576)} MB more`,
  )
  if (grown > MEMORY_MAY_GROW) faults.push(`memory has grown by ${Math.round(grown / 1_048_576)} MB`)
}

async function tell(index: number): Promise<void> {
  const input = inputOf(seedOf(seed, index))
  for (const what of undocumented(await send(input, server, index)))
    faults.push(`${what}, for ${described(index, input)}`)
}

/** A turn that is long again with nothing beside it, mostly, is the input's. */
async function repeatAlone(index: number): Promise<void> {
  const turns: number[] = []
  for (let count = 0; count < REPEATS; count++) {
    server.takeLongTurns()
    await tell(index)
    await sleep(50)
    turns.push(Math.max(0, ...server.takeLongTurns()))
  }
  if (values.only !== undefined) console.log(described(index, inputOf(seedOf(seed, index))), turns)
  if (turns.filter((turn) => turn > 0).length > REPEATS / 2)
    faults.push(`turns of ${turns.join(', ')} ms, for ${described(index, inputOf(seedOf(seed, index)))}`)
}

async function askHealth({ host, port }: FuzzedServer): Promise<void> {
  try {
    const { status } = await fetch(`http://${host}:${port}/health/live`, {
      signal: AbortSignal.timeout(5000),
    })
    if (status !== 200) faults.push(`health says ${status}`)
  } catch (error) {
    faults.push(`health does not answer: ${String(error)}`)
  }
}

function described(index: number, { transport, sender, what }: Input): string {
  return `input ${index} (--only ${index}) over ${transport} by ${sender}: ${JSON.stringify(what.slice(0, 200))}`
}
