import { postgresAdapters } from '../../src/postgres/adapters.ts'
import { POLICY } from '../support/policy.ts'
import { Chance } from './chance.ts'
import type { Form, World } from './form.ts'
import type { FrozenDatabase } from './frozen-database.ts'
import { randomState } from './random-state.ts'
import { rowsOf, storeState } from './stored-rows.ts'

/** Asks a form, and undoes what it has written. The same state and question again for the same seed and number. */
export type Hold = (
  form: Form,
  question?: number,
) => Promise<{ readonly found: unknown; readonly expected: unknown }>

export const QUESTIONS = [1, 2, 3]

/** Stores one random state, lets `work` ask of it whatever it likes, and undoes it all. */
export async function inRandomState(
  frozen: FrozenDatabase,
  { seed, standby = false }: { readonly seed: number; readonly standby?: boolean },
  work: (hold: Hold) => Promise<void>,
): Promise<void> {
  const { client } = frozen
  const state = randomState(new Chance(seed))
  const world: World = {
    ports: postgresAdapters(frozen.database, POLICY.policy),
    rows: (name) => rowsOf(client, name),
  }
  await frozen.at(state, async () => {
    await storeState(client, state)
    await work((form, question = 1) =>
      frozen.undone(async () => {
        // So a transaction begins on a standby, and cannot be made anything else.
        if (standby) await client.query('set transaction read only')
        return form.hold(world, state, new Chance(seed + question * 1_000_000))
      }),
    )
  })
}
