import { expect, it } from 'vitest'
import { inWords, takeMany } from './live-many.ts'

const again = process.env['SIMULATION_SEED']
const [from, count] = again === undefined ? [1, 10_000] : [Number(again), 1]

it(
  'no stream shows what it must not, whatever is late, lost or fails: 10,000 schedules',
  { timeout: 600_000 },
  async () => {
    const found = await takeMany({ from, count })
    expect(found === null ? '' : await inWords(found)).toBe('')
  },
)
