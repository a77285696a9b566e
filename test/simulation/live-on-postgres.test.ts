import { expect, it, onTestFinished } from 'vitest'
import { inWords, takeMany } from './live-many.ts'
import { postgresEngines } from './postgres-engine.ts'

const again = process.env['SIMULATION_SEED']
const [from, count] = again === undefined ? [1, 200] : [Number(again), 1]

it(
  'no stream shows what it must not over PostgreSQL, its statements and its signals: 200 schedules',
  { timeout: 600_000 },
  async () => {
    const engines = await postgresEngines()
    onTestFinished(engines.close)
    const found = await takeMany({ from, count, engine: engines.next })
    expect(found === null ? '' : await inWords(found)).toBe('')
  },
)
