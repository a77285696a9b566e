import type { AnswerOutcome } from '../domain/answer.ts'
import type { Pair } from '../domain/pair.ts'
import type { RequestCounts } from '../domain/request-limits.ts'
import type { IncomingItem, OutgoingRequest } from '../domain/request.ts'
import type { Actor, TrailRecord } from '../domain/trail.ts'
import type { UserId } from '../domain/user-id.ts'
import type { Access } from '../domain/watchers-view.ts'
import type { PairOf, Preference, User } from './ports.ts'

/** What a change of who may see whom may look at, all of it locked until the change is written. */
export type ChangeScope = {
  /** The name that the change's statements carry. */
  readonly name: string
  /** Whose change it is. */
  readonly by: UserId
  /** Who has it made, where that is somebody else: an administrator or a service. Left out, it is `by`. */
  readonly actor?: Actor
  /**
   * What a change holds besides `by` until it is written: a request the other users, whose settings it goes by; a decision nothing of
   * theirs but the pairs, else each of them could feel that somebody decides about him.
   */
  readonly kind: 'REQUEST' | 'DECISION'
  /** The users at the other end of the pairs that change. */
  readonly others: readonly UserId[]
  /**
   * Whether they were found in what is stored, rather than named by whoever acts. Of these nothing is made anew if they have been erased
   * since; who is named is a user of whom nothing is known, erased or not.
   */
  readonly othersFound?: boolean
  /** Incoming items of `by` that the change looks at by id. */
  readonly incoming?: readonly string[]
  /** Outgoing requests of `by` that the change looks at by id. */
  readonly outgoing?: readonly string[]
  /** The key of an answer that may have been given before. */
  readonly clientKey?: string
}

/** The locked state that a change decides on. `now` was read after the locks were held. */
export type Snapshot = {
  readonly now: number
  user(id: UserId): User
  /** Of `by` and one of `others`, in either direction. */
  pair(of: PairOf): Pair
  readonly incoming: ReadonlyMap<string, { watcher: UserId; item: IncomingItem }>
  readonly outgoing: ReadonlyMap<string, { presentity: UserId; request: OutgoingRequest }>
  /** How many contacts `by` has. */
  readonly contactCount: number
  /** What `by` has asked for so far. */
  readonly requestCounts: RequestCounts
  readonly storedAnswer: StoredAnswer | null
}

/** An answer that was given under a client key: what it said, to tell a repeat from another answer, and what came of it. */
export type StoredAnswer = { readonly fingerprint: string; readonly result: AnswerResult }

export type AnswerResult = {
  readonly outcomes: readonly ({ readonly id: string } & AnswerOutcome)[]
  readonly contacts: readonly {
    readonly user: UserId
    readonly outcome: ContactOutcome
    /** What came of asking whoever was added. Answers that were stored before requests had outcomes do not say. */
    readonly asked?: AskedAccess | null
  }[]
  readonly alwaysAcceptRefused: 'LOCKED_BY_CLASS_OF_SERVICE' | null
}

/** What the watcher is told; the same for everyone who had told him the same before. */
export type AskedAccess = {
  readonly presentity: UserId
  /** LIMITED: he has asked for too much; COOLING_DOWN: a request of his to this user has ended too short a while ago. Nothing was asked then. */
  readonly outcome: 'ASKED' | 'LIMITED' | 'COOLING_DOWN'
  /** His access as he is told of it. */
  readonly access: Access
  /** His open request, while his access is PENDING. */
  readonly request: OutgoingRequest | null
  /** When he may ask again, if nothing was asked. */
  readonly retryAt: number | null
}

export type ContactOutcome = 'ADDED' | 'ALREADY_CONTACT' | 'CONTACT_LIST_FULL'

/** All that one change writes, at once or not at all. */
export type Writes = {
  readonly pairs: readonly (PairOf & { readonly pair: Pair })[]
  /** Items written apart from their pair, because a later one has taken their place there. */
  readonly incoming: readonly (PairOf & { readonly item: IncomingItem })[]
  readonly preference: Preference | null
  readonly requestCounts: RequestCounts | null
  readonly answer: (StoredAnswer & { readonly clientKey: string }) | null
  readonly trail: readonly (PairOf & TrailRecord)[]
  /** Users whose popups or streams must look again. */
  readonly signal: readonly UserId[]
}

/** The permissions, and everything that changes them. */
export interface PrivacyStore {
  /**
   * Locks what its kind asks for, raises the revisions of the users whose rows it locks, reads, lets `decide` decide, writes, signals
   * and commits. `decide` may run again when the database asks for it, so it must be pure. Throws `UserErased` when `by` was erased.
   */
  change<Result>(
    scope: ChangeScope,
    decide: (snapshot: Snapshot) => { readonly writes: Writes; readonly result: Result },
  ): Promise<Result>
  /**
   * Stores what was said under a key of `by`, if nothing was before; whether what is stored there is the same. Kept as long as an answer.
   * Throws `UserErased` when `by` was erased.
   */
  claimKey(claim: { by: UserId; clientKey: string; fingerprint: string }): Promise<boolean>
  /** The other end of items and requests of one user, by id; ids that are not his are left out. */
  watchersOf(incoming: { presentity: UserId; ids: readonly string[] }): Promise<readonly UserId[]>
  presentitiesOf(outgoing: { watcher: UserId; ids: readonly string[] }): Promise<readonly UserId[]>
}
