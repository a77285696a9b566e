import type { Trail } from './account-ports.ts'
import type { AdministrativeActs } from './administrative-acts.ts'

/** Over in well under a second, so that a stop need not wait. */
const BATCH = 1000

export type ForgetTrail = {
  readonly trail: Pick<Trail, 'forget'>
  readonly acts: Pick<AdministrativeActs, 'forget'>
  readonly keptMs: number
}

/**
 * Forgets what was recorded longer ago than `keptMs`, of decisions and of administrators. Safe with many instances at once. Returns
 * how much it was. Throws `Unavailable`.
 */
export async function forgetTrail(
  { trail, acts, keptMs }: ForgetTrail,
  stopped: AbortSignal,
): Promise<number> {
  let forgotten = 0
  for (const records of [trail, acts]) {
    while (!stopped.aborted) {
      const count = await records.forget({ olderThanMs: keptMs, limit: BATCH })
      forgotten += count
      if (count < BATCH) break
    }
  }
  return forgotten
}
