import { kindOf } from './storage-error.ts'

/** Two transactions that met seldom meet again; a fault that looks like a conflict must not go on for ever. */
const MOST_TRIES = 4
const FIRST_PAUSE_MS = 5

/**
 * Runs a transaction again that the server has undone whole because it met another one: a deadlock, or a serialisation failure. So `work` must
 * have no effect outside of its transaction. After four tries it fails with what it failed with last.
 */
export async function repeatOnConflict<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work()
    } catch (error) {
      if (tries === MOST_TRIES || !isConflict(error)) throw error
      // Jitter: the other transaction pauses, too.
      const pauseMs = FIRST_PAUSE_MS * 2 ** tries * Math.random()
      await new Promise((resolve) => setTimeout(resolve, pauseMs))
    }
  }
}

function isConflict(error: unknown): boolean {
  return error instanceof Error && kindOf(error.cause) === 'CONFLICT'
}
