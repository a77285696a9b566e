import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Unavailable } from '../../src/application/ports.ts'
import { createTestDatabase } from '../support/database.ts'
import { FORMS } from './forms.ts'
import { FrozenDatabase } from './frozen-database.ts'
import { inRandomState, QUESTIONS } from './in-random-state.ts'

/** Few enough for every run; `npm run mutate -- statements` takes more, and says what these forms tell. */
const STATES = 12

describe('of any rows there can be, by statements alone', () => {
  const differences = new Map<string, { seed: number; found: unknown; expected: unknown }>()
  let frozen: FrozenDatabase
  beforeAll(async () => {
    frozen = await FrozenDatabase.open((await createTestDatabase()).url)
    // All forms of one state before the next state: storing one takes longer than all that is asked of it.
    for (let seed = 1; seed <= STATES; seed += 1) {
      await inRandomState(frozen, { seed }, async (hold) => {
        for (const form of FORMS) {
          for (const question of QUESTIONS) {
            if (differences.has(form.claim)) break
            const { found, expected } = await hold(form, question)
            if (!isEqual(found, expected)) differences.set(form.claim, { seed, found, expected })
          }
        }
      })
    }
  }, 120_000)
  afterAll(() => frozen.close())

  it.each(FORMS)('$claim', ({ claim }) => {
    const difference = differences.get(claim)
    expect(difference?.found, `seed ${String(difference?.seed)}`).toEqual(difference?.expected)
  })
})

describe('on a standby, whose rows may be of the past', () => {
  let frozen: FrozenDatabase
  beforeAll(async () => {
    frozen = await FrozenDatabase.open((await createTestDatabase()).url)
  })
  afterAll(() => frozen.close())

  it.each(FORMS.filter(({ refusesStandby }) => refusesStandby))('nothing is said of $claim', async (form) => {
    for (let seed = 1; seed <= 3; seed += 1) {
      await inRandomState(frozen, { seed, standby: true }, async (hold) => {
        await expect(hold(form)).rejects.toBeInstanceOf(Unavailable)
      })
    }
  })
})

function isEqual(found: unknown, expected: unknown): boolean {
  try {
    expect(found).toEqual(expected)
    return true
  } catch {
    return false
  }
}
