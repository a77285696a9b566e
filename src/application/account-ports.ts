import type { Administrator } from '../domain/administrative-act.ts'
import type { TrailRecord } from '../domain/trail.ts'
import type { UserId } from '../domain/user-id.ts'
import type { View } from '../domain/watchers-view.ts'
import type { AskedRequest } from './ports.ts'
import type { AnswerResult } from './privacy-store.ts'

/** A record of the trail as it is stored. Its id is random to whoever reads it, and stays. Whoever was erased is there under a token: see `erasedToken`. */
export type StoredTrailRecord = TrailRecord & {
  readonly id: string
  readonly presentity: string
  readonly watcher: string
}

/** Where a look into the trail begins, that record included; null is the latest. */
export type TrailPlace = { readonly at: number; readonly id: string } | null

/** Every change of an edge, the latest first. */
export interface Trail {
  /** Of a presentity's own edges, what reaches her; about one watcher, or about all. */
  ofPresentity(look: {
    presentity: UserId
    watcher: UserId | null
    from: TrailPlace
    limit: number
  }): Promise<readonly StoredTrailRecord[]>
  /** For auditors: everything that fits. `until` itself is left out. */
  audit(look: {
    presentity: UserId | null
    watcher: UserId | null
    since: number | null
    until: number | null
    from: TrailPlace
    limit: number
  }): Promise<readonly StoredTrailRecord[]>
  /** Forgets at most `limit` records that are older than `olderThanMs`, and says how many; many instances may do so at once. */
  forget(what: { olderThanMs: number; limit: number }): Promise<number>
}

/** What a watcher has of one presentity himself: what he has been told, and whether she is a contact. */
export type OwnView = {
  readonly presentity: UserId
  readonly view: View
  readonly contactSince: number | null
}

/** All that is stored of one person, for those who may have it handed out or forgotten. */
export interface PersonalRecords {
  /** In the order of the bytes of the presentities' ids. */
  viewsOf(list: {
    watcher: UserId
    after: UserId | null
    limit: number
  }): Promise<{ readonly now: number; readonly views: readonly OwnView[] }>
  /** Every request he ever made that is still stored, in the order of their ids. */
  requestsOf(list: {
    watcher: UserId
    after: string | null
    limit: number
  }): Promise<{ readonly now: number; readonly requests: readonly AskedRequest[] }>
  /** The answers that carried a client key, in the order of the bytes of these. */
  answersOf(list: { presentity: UserId; after: string | null; limit: number }): Promise<readonly OwnAnswer[]>
  /**
   * Removes all rows of a user, in both directions, and puts `token` in her place in the trail and among the acts of administrators, of which
   * this is one; all or nothing. From then on whatever
   * she does throws `UserErased`, and others meet in her a user of whom nothing is known. Everybody concerned is signalled.
   */
  erase(erasure: { user: UserId; actor: Administrator; token: string }): Promise<void>
}

export type OwnAnswer = {
  readonly clientKey: string
  readonly result: AnswerResult
  readonly answeredAt: number
}
