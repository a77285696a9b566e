/** The instances that take clients over verify their tokens and read what their streams begin with. */
const LEAVING_PER_SECOND = 500

/**
 * Over how long the clients of an instance that stops are sent away, each at a moment of its own: those that leave together come back
 * together. Never longer than half of what the stop may take.
 */
export function leaveOverMs(clients: number, { withinMs }: { readonly withinMs: number }): number {
  return Math.min((clients / LEAVING_PER_SECOND) * 1000, withinMs / 2)
}
