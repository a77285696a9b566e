/**
 * How much work the callers of one kind may begin and run on one instance. The unit of weight is the presence of one user, read: an operation
 * weighs as many units as it costs reads (see `graphql/operation-weight.ts`).
 */
export type Allowance = {
  /** Weight that one caller may begin a second. */
  readonly perSecond: number
  /** Weight that one caller may begin on top of that, after a rest. */
  readonly burst: number
  /** The most weight that one caller begins a second, also in a burst. The processors are free for others in between. */
  readonly peakPerSecond: number
  /** Weight of one caller that runs at once. An operation that is heavier runs alone. */
  readonly runningOfOne: number
  /** Weight of all callers of the kind that runs at once. */
  readonly runningOfAll: number
}

/**
 * How much work of one caller may wait: as much as their allowance begins in so many seconds. A page full of operations is only slowed down,
 * and no client gives up so soon.
 */
export const OWN_WAIT_SECONDS = 3

/** How long before its time a caller's next operation may begin. A page begins several operations at once. */
export const AHEAD_MS = 50

/** Operations of one caller that may wait. A client that comes back begins a handful. With very many streams it begins a few hundred. */
export const MAX_WAITING_OF_ONE = 1000

/** Bytes that the waiting operations of one caller hold. The largest has 1 MB. */
export const MAX_WAITING_BYTES_OF_ONE = 4 * 1_048_576

/** Operations of all callers of a kind that may wait: a gateway that comes back after a restart begins two for each of 10,000 users. */
export const MAX_WAITING_OF_ALL = 20_000

/** Bytes that the waiting operations of all callers of a kind hold. */
export const MAX_WAITING_BYTES_OF_ALL = 64 * 1_048_576

/**
 * After so long a waiting operation is refused. Its client still reads the refusal, and can come back when there is room. After a longer wait
 * the server would begin it for a client that has given up.
 */
export const MAX_WAIT_MS = 8000
