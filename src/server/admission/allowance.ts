/**
 * What the callers of one kind may do at once, on one instance. Weights are in users looked at: an operation weighs what it costs to look at
 * so many users (see `graphql/operation-weight.ts`).
 */
export type Allowance = {
  /** Weight that one caller may begin a second. */
  readonly perSecond: number
  /** Weight that one caller may begin on top of that, after a rest. */
  readonly burst: number
  /** Even then they begin no more a second than this, so that others find the processors free in between. */
  readonly peakPerSecond: number
  /** Weight of one caller that runs at once. An operation that is heavier runs alone. */
  readonly runningOfOne: number
  /** Weight of all callers of the kind that runs at once. */
  readonly runningOfAll: number
}

/**
 * How much of one caller may wait: what their allowance begins in so many seconds. Long enough that whoever comes with a page full of
 * operations is only slowed down, and shorter than the patience of any client.
 */
export const OWN_WAIT_SECONDS = 3

/** So much of a caller's next work may begin ahead of its time: a page begins several operations at once. */
export const AHEAD_MS = 50

/** Operations of one caller that may wait. A client that comes back begins a handful, and one with very many streams a few hundred. */
export const MAX_WAITING_OF_ONE = 1000

/** Bytes that the waiting operations of one caller hold. The largest has 1 MB. */
export const MAX_WAITING_BYTES_OF_ONE = 4 * 1_048_576

/** Operations of all callers of a kind that may wait: a gateway that comes back after a restart begins two for each of 10,000 users. */
export const MAX_WAITING_OF_ALL = 20_000

/** Bytes that the waiting operations of all callers of a kind hold. */
export const MAX_WAITING_BYTES_OF_ALL = 64 * 1_048_576

/**
 * After so long an operation that waits is refused. Whoever reads so soon can come back when there is room; one that has waited for longer would
 * be begun for a client that has given up.
 */
export const MAX_WAIT_MS = 8000
