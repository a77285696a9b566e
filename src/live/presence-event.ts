import type { Presence } from '../domain/presence.ts'
import type { UserId } from '../domain/user-id.ts'

/** What a user is shown as. One object for all who are shown the same, so that work on it can be shared. */
export type Shown = { readonly user: UserId; readonly presence: Presence }

/** What a stream tells. */
export type PresenceEvent =
  /** Everybody whom the stream is about. What was told before no longer counts. */
  | { readonly change: 'SNAPSHOT'; readonly presences: readonly Shown[] }
  /** Those who are shown in another way than before. */
  | { readonly change: 'CHANGED'; readonly presences: readonly Shown[] }
  /** Whom the watcher has added to his contact list. */
  | { readonly change: 'ADDED'; readonly presences: readonly Shown[] }
  /** Whom he has removed from it. */
  | { readonly change: 'REMOVED'; readonly userIds: readonly UserId[] }

/** Where a stream's events go. */
export type PresenceSink = {
  /** Whether an event would go on its way at once. While not, nothing is queued: the latest is decided when it is ready again. */
  readonly isReady: () => boolean
  readonly deliver: (event: PresenceEvent) => void
  /** The stream has ended, by no act of its watcher's. Nothing more comes. */
  readonly fail: (error: unknown) => void
}

/** A stream was closed because whoever reads it does not keep up. */
export class SlowConsumer extends Error {
  constructor() {
    super('the stream was not read for too long')
    this.name = 'SlowConsumer'
  }
}
