import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase } from '../support/database.ts'
import { FORMS } from './forms.ts'
import { FrozenDatabase } from './frozen-database.ts'
import { inRandomState, isAsked, questionOf, WAYS, type Way } from './in-random-state.ts'
import { PLAN_COUNT, planFor } from './plans.ts'

/** Few enough for every run; `npm run mutate -- statements` takes more, and says what these forms tell. */
const STATES = 12
/** A form refuses whatever the rows are, by whichever plan. */
const STATES_OF_REFUSALS = PLAN_COUNT

type Difference = { readonly of: string; readonly found: unknown; readonly expected: unknown }

/** Of a form, asked in a way: the first state in which it said something else. */
const differences = new Map<string, Difference>()
let frozen: FrozenDatabase
beforeAll(async () => {
  frozen = await FrozenDatabase.open((await createTestDatabase()).url)
  // All forms of one state before the next state: storing one takes longer than all that is asked of it.
  for (let seed = 1; seed <= STATES; seed += 1) {
    await inRandomState(frozen, seed, async (hold) => {
      for (const form of FORMS) {
        for (const way of WAYS.filter((each) => isAsked(form, each))) {
          if (typeof way !== 'number' && seed > STATES_OF_REFUSALS) continue
          const key = keyOf(form.claim, way)
          if (differences.has(key)) continue
          const { found, expected } = await hold(form, way)
          if (!isEqual(found, expected)) differences.set(key, { of: nameOf(seed, way), found, expected })
        }
      }
    })
  }
}, 120_000)
afterAll(() => frozen.close())

describe('of any rows there can be, by statements alone', () => {
  it.each(FORMS)('$claim', ({ claim }) => {
    for (const way of WAYS) {
      if (typeof way === 'number') expectNoDifference(keyOf(claim, way))
    }
  })
})

describe.each([
  ['on a standby, whose rows may be of the past', 'ON_A_STANDBY'],
  ['to a caller who was erased', 'BY_SOMEBODY_ERASED'],
] as const)('%s', (_, way) => {
  it.each(FORMS.filter((form) => isAsked(form, way)))('nothing is said of $claim', ({ claim }) => {
    expectNoDifference(keyOf(claim, way))
  })
})

function expectNoDifference(key: string): void {
  const difference = differences.get(key)
  expect(difference?.found, difference?.of).toEqual(difference?.expected)
}

function nameOf(seed: number, way: Way): string {
  return `seed ${String(seed)}, ${planFor({ seed, question: questionOf(way) }).plan}`
}

function keyOf(claim: string, way: Way): string {
  return `${claim}, ${String(way)}`
}

function isEqual(found: unknown, expected: unknown): boolean {
  try {
    expect(found).toEqual(expected)
    return true
  } catch {
    return false
  }
}
