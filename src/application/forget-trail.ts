import type { Trail } from './account-ports.ts'

/** Over in well under a second, so that a stop need not wait. */
const BATCH = 1000

/** Forgets what was recorded longer ago than `keptMs`. Safe with many instances at once. Returns how much it was. Throws `Unavailable`. */
export async function forgetTrail(
  { trail, keptMs }: { readonly trail: Trail; readonly keptMs: number },
  stopped: AbortSignal,
): Promise<number> {
  let forgotten = 0
  while (!stopped.aborted) {
    const count = await trail.forget({ olderThanMs: keptMs, limit: BATCH })
    forgotten += count
    if (count < BATCH) break
  }
  return forgotten
}
