/** By how much of itself a lease may be longer than was asked for. Devices that begin together must not end together. */
export const LEASE_SPREAD = 0.1

/** The lease that is handed out: never shorter than asked. `chance` is at least 0 and below 1. */
export function leaseHandedOut(askedMs: number, chance: number): number {
  return Math.round(askedMs * (1 + LEASE_SPREAD * chance))
}

/** When to renew a lease, once a device has it: about half-way, and not when all the others do. */
export function renewAfter(askedMs: number, chance: number): number {
  return askedMs * (0.4 + 0.2 * chance)
}
