/** The first return comes within so long, and each further one within twice as long as the one before. */
const FIRST_WITHIN_MS = 2000
const WITHIN_AT_MOST_MS = 30_000

/**
 * How long a client waits before it comes back for the `retries`-th time (0 is the first): anything from nothing to a span that grows.
 * All clients of an instance that is gone come back in the same moment otherwise.
 */
export function fullJitterMs(retries: number): number {
  return Math.random() * Math.min(WITHIN_AT_MOST_MS, FIRST_WITHIN_MS * 2 ** retries)
}

export async function fullJitter(retries: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, fullJitterMs(retries)))
}
