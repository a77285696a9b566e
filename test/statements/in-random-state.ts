import { Unavailable } from '../../src/application/ports.ts'
import type { UserId } from '../../src/domain/user-id.ts'
import { postgresAdapters } from '../../src/postgres/adapters.ts'
import { POLICY } from '../support/policy.ts'
import { Chance } from './chance.ts'
import type { Form } from './form.ts'
import type { FrozenDatabase } from './frozen-database.ts'
import { isErased } from './model.ts'
import { planBy, planFor } from './plans.ts'
import { randomState } from './random-state.ts'
import { EVERYBODY, type State } from './state.ts'
import { rowsOf, storeState } from './stored-rows.ts'

/**
 * How a form is asked. A number stands for one of three questions, each asked for a caller who was not erased. The other two ask the first question where
 * the form must refuse: on a standby, and for a caller who was erased.
 */
export const WAYS = [1, 2, 3, 'ON_A_STANDBY', 'BY_SOMEBODY_ERASED'] as const
export type Way = (typeof WAYS)[number]

/** Asks a form, and undoes what it has written. The same seed and way give the same state, question and kind of plan. */
export type Hold = (form: Form, way: Way) => Promise<{ readonly found: unknown; readonly expected: unknown }>

/** The ways in which a form refuses to say anything. */
export function isAsked(form: Form, way: Way): boolean {
  if (way === 'ON_A_STANDBY') return form.refusesStandby
  if (way === 'BY_SOMEBODY_ERASED') return !form.isOfService
  return true
}

/** The number of the question that is asked in a way. */
export function questionOf(way: Way): number {
  return typeof way === 'number' ? way : 1
}

/** Stores one random state, runs `work`, which asks forms of it, and undoes it all. */
export async function inRandomState(
  frozen: FrozenDatabase,
  seed: number,
  work: (hold: Hold) => Promise<void>,
): Promise<void> {
  const { client } = frozen
  const state = randomState(new Chance(seed))
  const adapters = postgresAdapters(frozen.database, POLICY.policy)
  await frozen.at(state, async () => {
    await storeState(client, state)
    await work((form, way) =>
      frozen.undone(async () => {
        const question = questionOf(way)
        const chance = new Chance(seed + question * 1_000_000)
        const caller = callerIn(state, way, chance)
        const ports = caller === null ? adapters : { ...adapters, ...adapters.as(caller) }
        await planBy(client, planFor({ seed, question }).settings)
        // So a transaction begins on a standby, and cannot be made anything else.
        if (way === 'ON_A_STANDBY') await client.query('set transaction read only')
        const held = await form
          .hold({ ports, rows: (name) => rowsOf(client, name) }, state, chance)
          .catch((error: unknown) => {
            if (error instanceof Unavailable) return { found: 'UNAVAILABLE', expected: 'AN_ANSWER' }
            throw error
          })
        if (way === 'ON_A_STANDBY') return { ...held, expected: 'UNAVAILABLE' }
        if (way === 'BY_SOMEBODY_ERASED') return { ...held, expected: 'USER_ERASED' }
        return held
      }),
    )
  })
}

/** Null is the service itself, which no erasure concerns. */
function callerIn(state: State, way: Way, chance: Chance): UserId | null {
  if (way === 'BY_SOMEBODY_ERASED') return chance.one(state.erased) as UserId
  return chance.one([null, ...EVERYBODY.filter((id) => !isErased(state, id))]) as UserId | null
}
