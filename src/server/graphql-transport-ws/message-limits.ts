import type { WebSocket } from 'ws'

/** Of a message before the acknowledgement, in all its fragments. A token fits: headers have no more room for one either. */
const MAX_BYTES_BEFORE_ACK = 16 * 1024
const MAX_FRAGMENTS_BEFORE_ACK = 16
/** A message that comes in many small packets waits as so many buffers. */
const MAX_CHUNKS_BEFORE_ACK = 256

const MAX_FRAGMENTS = 1024
const MAX_CHUNKS = 4096

/** How long a peer may take to answer a close frame, and to read what was sent before it. */
const CLOSE_TIMEOUT_MS = 10_000

/** What ws is told to admit of each socket, as its options name it. */
export const SOCKET_LIMITS = {
  maxPayload: MAX_BYTES_BEFORE_ACK,
  maxFragments: MAX_FRAGMENTS_BEFORE_ACK,
  maxBufferedChunks: MAX_CHUNKS_BEFORE_ACK,
  closeTimeout: CLOSE_TIMEOUT_MS,
} as const

type Receiver = { _maxPayload: number; _maxFragments: number; _maxBufferedChunks: number }

/**
 * Raises the limits of one socket once its client is known. ws has options for all sockets of a server alike and keeps them in its
 * receiver; if a release of ws renames them there, the small limits stay, and the conformance suite tells.
 */
export function admitLargeMessages(
  webSocket: WebSocket,
  { maxMessageBytes }: { readonly maxMessageBytes: number },
): void {
  const { _receiver: receiver } = webSocket as unknown as { readonly _receiver: Receiver | null }
  if (receiver === null) return
  receiver._maxPayload = maxMessageBytes
  receiver._maxFragments = MAX_FRAGMENTS
  receiver._maxBufferedChunks = MAX_CHUNKS
}
