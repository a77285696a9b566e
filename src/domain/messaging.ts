import type { EdgeState } from './edge.ts'
import type { Presence } from './presence.ts'

/** What the sender of an instant message is told of it. */
export type SenderOutcome = 'DELIVERED' | 'NOT_DELIVERED'

/** All that decides about instant messages from a watcher, their sender, to a presentity; each as it is at one moment. */
export type MessagingFacts = {
  /** The two are one user. */
  readonly self: boolean
  /** What the presentity has decided about the watcher. */
  readonly edge: EdgeState
  /** The presentity as the watcher is shown her. */
  readonly shown: Presence
}

export type Messaging = {
  /** Whether the presentity lets the watcher send her instant messages. For the service that carries them, and never for the watcher. */
  readonly permitted: boolean
  /** For the watcher: it tells him nothing that he is not shown anyway. */
  readonly senderOutcome: SenderOutcome
}

/** Whoever only waits may not write, even while he is shown the presence: docs/privacy-rules.md holds the same table in prose. */
const PERMITTED_BY_EDGE = {
  NONE: false,
  PENDING: false,
  ALLOWED: true,
  BLOCKED: false,
} as const satisfies Record<EdgeState, boolean>

/**
 * Whether an instant message may pass, and what its sender is told. Where the presentity is shown to him Offline, for whatever
 * reason, he is told the same; where she is not, what she has decided shows in what he has been told of his access.
 */
export function decideMessaging({ self, edge, shown }: MessagingFacts): Messaging {
  const permitted = !self && PERMITTED_BY_EDGE[edge]
  return {
    permitted,
    senderOutcome: permitted && shown.status !== 'OFFLINE' ? 'DELIVERED' : 'NOT_DELIVERED',
  }
}
