/** The instances to which clients move verify their tokens, and read the first events of their streams. */
const LEAVING_PER_SECOND = 500

/**
 * How long it takes to send away all clients of an instance that stops. Each leaves at a moment of its own, because clients that leave together
 * come back together. At most half of the time that the stop may take.
 */
export function leaveOverMs(clients: number, { withinMs }: { readonly withinMs: number }): number {
  return Math.min((clients / LEAVING_PER_SECOND) * 1000, withinMs / 2)
}
