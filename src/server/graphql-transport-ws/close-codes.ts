/** Why a socket is closed: the code, and the reason in words. */
export type Closing = readonly [code: number, reason: string]

/** What closes a socket by the protocol. graphql-ws clients take 4400, 4401, 4406, 4409, 4429 and 4500 for final, and come back otherwise. */
export const CLOSING = {
  unauthorized: [4401, 'Unauthorized'],
  forbidden: [4403, 'Forbidden'],
  subprotocolNotAcceptable: [4406, 'Subprotocol not acceptable'],
  initialisationTimeout: [4408, 'Connection initialisation timeout'],
  tooManyInitialisations: [4429, 'Too many initialisation requests'],
  slowConsumer: [4503, 'Slow consumer'],
  full: [1013, 'This instance has no room for more sockets'],
  tooManySockets: [1013, 'Too many sockets of this user'],
  tooManyMessages: [1008, 'Too many messages before the acknowledgement'],
  messageTimeout: [1008, 'A message did not come to its end in time'],
  internalError: [4500, 'Internal server error'],
  goingAway: [1001, 'Going away'],
} as const satisfies Record<string, Closing>

/** What is left of a control frame beside the code. */
const MAX_REASON_BYTES = 123

/** A reason quotes the client; ws throws for one that does not fit into its frame. */
export function fittingReason(reason: string): string {
  const { read } = new TextEncoder().encodeInto(reason, new Uint8Array(MAX_REASON_BYTES))
  return reason.slice(0, read)
}
