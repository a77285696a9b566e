import type { DisclosurePolicy } from '../../src/application/what-is-seen.ts'

const policy: DisclosurePolicy = {
  blockingHidesBothWays: true,
  ageing: { idleAfterMs: 300_000, awayAfterMs: 900_000 },
}

/** What a deployment decides where it leaves every setting as it is. */
export const POLICY = { policy }
