import type { DisclosurePolicy } from '../../src/application/what-is-seen.ts'

const policy: DisclosurePolicy = {
  blockingHidesBothWays: true,
  ageing: { idleAfterMs: 300_000, awayAfterMs: 900_000 },
}

/** What a deployment decides where it leaves every setting as it is. */
export const POLICY = { policy }

/** Between two snapshots by the clock, where a test expects none: some 30 years. */
export const NEVER_MS = 1e12

/** Nothing is waited for, and no snapshot comes by the clock. */
export const ALWAYS_ITS_TURN = { inTurn: () => undefined, snapshotEveryMs: NEVER_MS } as const
