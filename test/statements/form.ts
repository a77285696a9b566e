import type { postgresAdapters } from '../../src/postgres/adapters.ts'
import type { Chance } from './chance.ts'
import type { State } from './state.ts'
import type { Stored } from './stored-rows.ts'

export type World = {
  readonly ports: ReturnType<typeof postgresAdapters>
  /** What a table holds by now, within what is being asked. */
  readonly rows: <Name extends Stored>(name: Name) => Promise<State[Name]>
}

/** One way in which the product asks PostgreSQL, and what must come of it. */
export type Form = {
  readonly claim: string
  readonly refusesStandby: boolean
  /** Asked by the service itself, never for a caller. */
  readonly isOfService: boolean
  /** Asks in one of many ways, and says what it found and what it should have found. */
  readonly hold: (
    world: World,
    state: State,
    chance: Chance,
  ) => Promise<{ found: unknown; expected: unknown }>
}

/** A form of which the expectation needs nothing but the state and the question. */
export function form<Question>(
  claim: string,
  of: {
    readonly question: (state: State, chance: Chance) => Question
    readonly ask: (world: World, question: Question, state: State) => Promise<unknown>
    readonly expected: (state: State, question: Question) => unknown
    readonly refusesStandby?: boolean
    readonly isOfService?: boolean
  },
): Form {
  return {
    claim,
    refusesStandby: of.refusesStandby ?? true,
    isOfService: of.isOfService ?? false,
    async hold(world, state, chance) {
      const question = of.question(state, chance)
      // What is thrown is found, too: an error that should have been none, or another one.
      const found = await of.ask(world, question, state).catch((error: unknown) => {
        if (error instanceof Error && error.name === 'UserErased') return 'USER_ERASED'
        throw error
      })
      return { found, expected: of.expected(state, question) }
    },
  }
}
