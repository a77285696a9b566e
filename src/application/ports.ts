import type { ClassOfService } from '../domain/class-of-service.ts'
import type { PresenceServer } from '../domain/disclosure.ts'
import type { Edge } from '../domain/edge.ts'
import type { InvitationHandling } from '../domain/invitation-handling.ts'
import type { StoredEdge } from '../domain/listed-edge.ts'
import type { Pair } from '../domain/pair.ts'
import type { ManualStatus, PresenceSession } from '../domain/presence.ts'
import type { IncomingItem, OutgoingRequest } from '../domain/request.ts'
import type { Publication, Renewal } from '../domain/sessions.ts'
import type { UserId } from '../domain/user-id.ts'
import type { SightFacts } from './sight-facts.ts'

/** The two users of a decision, always together and by name: a swapped direction is the worst bug this product can have. */
export type PairOf = { readonly presentity: UserId; readonly watcher: UserId }

/** What one user has chosen; all that is stored of a user except by pairs and sessions. */
export type Preference = {
  readonly invitationHandling: InvitationHandling
  readonly appearOffline: boolean
  readonly manual: ManualStatus | null
}

/** One row per user. A user of whom nothing is stored is a silent user of the default class. */
export type User = {
  readonly preference: Preference
  /** The effective one: her own, or the site's. */
  readonly presenceServer: PresenceServer
  readonly classOfService: ClassOfService
  /** When that class came to forbid to appear offline; null while it allows it, and if that was never recorded. */
  readonly appearOfflineForbiddenAt: number | null
}

/** The part of a pair that decides what the watcher is shown. */
export type PairFacts = Pick<Pair, 'edge' | 'view' | 'contactSince' | 'watcherBlocksFrom'>

/** All that decides what one watcher sees of one presentity. */
export type PresentityFacts = {
  readonly user: User
  readonly pair: PairFacts
  readonly sessions: readonly PresenceSession[]
}

/** Facts of many presentities, all as they were at one moment: `now`, epoch milliseconds of the database's clock. */
export type Facts = {
  readonly now: number
  /** The watcher's own class of service. */
  readonly watcherClass: ClassOfService
  /** Every presentity of whom anything is stored; the others are silent. */
  readonly presentities: ReadonlyMap<UserId, PresentityFacts>
}

/**
 * Reads what decides, for one watcher and any number of presentities at once; where the sessions come from is the adapter's
 * matter. Throws `Unavailable` when anything cannot be read: there are no partial facts.
 */
export interface FactsReader {
  /** For looks at others, which are most of what is ever asked for: with the same work for each of the presentities. */
  readSight(look: { watcher: UserId; presentities: readonly UserId[] }): Promise<SightFacts>
  /** The same of everybody in the watcher's contact list, and of nobody else. */
  readContactSight(look: { watcher: UserId }): Promise<SightFacts>
  readFacts(look: { watcher: UserId; presentities: readonly UserId[] }): Promise<Facts>
  /** The same of any pairs, all at one moment: what each watcher looks at, by watcher. */
  readFactsOfPairs(pairs: readonly PairOf[]): Promise<ReadonlyMap<UserId, Facts>>
}

/**
 * The devices of users. A session belongs to one user and lives until its lease ends. Whatever may change what is seen of a user by
 * more than time signals her; a session that only lives on signals nobody.
 */
export interface PresenceSessions {
  sessionsOf(users: readonly UserId[]): Promise<ReadonlyMap<UserId, readonly PresenceSession[]>>
  /** What a live session says from now on, and until when it lives; null if there is none. It stays as hidden as it began. */
  renew(renewal: SessionRenewal): Promise<PresenceSession | null>
  /** The same of several, at once or not at all; of two of one session the later one counts. */
  renewSeveral(renewals: readonly SessionRenewal[]): Promise<readonly (PresenceSession | null)[]>
  /** Begins a session; refused when the user has `maxSessions` others of its kind that live, or was erased. */
  publish(publication: SessionPublication): Promise<Published>
  /** The same of several, at once or not at all; each is refused alone, and of two of one session the later one counts. */
  publishSeveral(publications: readonly SessionPublication[]): Promise<readonly Published[]>
  /** Whether there was such a session to end. */
  end(session: SessionOf): Promise<boolean>
  /** The same of several, at once or not at all. */
  endSeveral(sessions: readonly SessionOf[]): Promise<readonly boolean[]>
}

export type SessionOf = { readonly user: UserId; readonly id: string }
export type Published =
  { readonly session: PresenceSession } | { readonly refused: 'TOO_MANY_SESSIONS' | 'USER_ERASED' }

export type SessionRenewal = { readonly user: UserId } & Renewal
export type SessionPublication = { readonly user: UserId } & Publication

/** A place in a list ordered by time and id. */
export type Position = { readonly at: number; readonly id: string }
export type PageRequest = { readonly first: number; readonly after: Position | null }
export type Page<Item> = { readonly items: readonly Item[]; readonly hasNextPage: boolean }

export type WaitingItem = {
  readonly watcher: UserId
  readonly item: IncomingItem & { readonly state: 'OPEN' }
}
export type AskedRequest = { readonly presentity: UserId; readonly request: OutgoingRequest }

/** What a presentity has decided about one watcher, and the request of his that waits for her. */
export type EdgeOf = {
  readonly watcher: UserId
  readonly edge: Edge
  readonly request: (IncomingItem & { readonly state: 'OPEN' }) | null
}

/** The lists of one user's own. Ended and expired entries are not in them, but where it is said. */
export interface PrivacyLists {
  /**
   * What a presentity has decided about others, as it is stored: ends by time are for the caller to settle, by `now`. In the order of
   * the bytes of the watchers' ids, from those on that follow `after` and begin with `prefix`; at most `limit`.
   */
  edges(list: {
    presentity: UserId
    stored: readonly StoredEdge[]
    prefix: string
    after: UserId | null
    limit: number
  }): Promise<{ readonly now: number; readonly edges: readonly EdgeOf[] }>
  waiting(list: {
    presentity: UserId
    kind: IncomingItem['kind']
    page: PageRequest
  }): Promise<Page<WaitingItem>>
  asked(list: { watcher: UserId; page: PageRequest }): Promise<Page<AskedRequest>>
  /** Everything that waits for a user, at most `limit` of each kind, and what became of the items in `known`. */
  popup(look: { presentity: UserId; limit: number; known: readonly string[] }): Promise<Popup>
}

export type Popup = {
  readonly now: number
  readonly requests: readonly WaitingItem[]
  readonly notices: readonly WaitingItem[]
  /** The items of `known` that no longer wait, as they are now. */
  readonly closed: readonly IncomingItem[]
}

/**
 * What time has left behind. Reads decide by the clock, so whether and when any of it is tidied up changes nothing that anybody can
 * see. Many instances may do it at once.
 */
export interface Leftovers {
  /** At most `limit` pairs of which something has ended by time, and is stored as it was before; the longest ended among them. */
  endedPairs(limit: number): Promise<readonly PairOf[]>
  /** Stores as EXPIRED what of the items and requests that others have replaced at their pair is past its end; how many of a kind. */
  expireReplaced(limit: number): Promise<number>
  /** Removes the sessions of at most `limit` users all of whose sessions have ended, and signals these; how many users. */
  reapSessions(limit: number): Promise<number>
  /** Forgets at most `limit` of each kind of what has been over for so long; how many of a kind. */
  forget(what: {
    readonly kept: { readonly requestsMs: number; readonly answersMs: number }
    readonly limit: number
  }): Promise<number>
}

/**
 * Says that something about a user may have changed. A hint that can be lost, doubled or late: who hears it reads again and
 * decides again.
 */
export interface Signals {
  /**
   * Hears of a user whatever is not of her sessions alone. `listener` also runs after any time in which signals may have been lost.
   * Returns how to stop.
   */
  subscribe(user: UserId, listener: () => void): () => void
  /** Hears every signal there is. Returns how to stop. */
  subscribeToAll(listener: (hint: Hint) => void): () => void
  /** Up to when signals have arrived for certain, by the clock of `performance.now()`. */
  arrivedUntil(): number
}

/**
 * What may have changed: something about users, of their sessions alone or of anything; settings that hold for many (a class of
 * service, the site); or anything at all, as signals may have been lost.
 */
export type Hint =
  { readonly users: readonly UserId[]; readonly sessionsOnly?: boolean } | 'SETTINGS' | 'ANYTHING'

/** What decides could not be read, or a change not be written. Nothing was done, or the same may safely be asked again. */
export class Unavailable extends Error {
  constructor(cause: unknown) {
    super('the store cannot be reached', { cause })
    this.name = 'Unavailable'
  }
}

/**
 * The store is not as it has to be: migrations, rights or settings are missing. Nothing was done. Repeating helps only after its operator has acted.
 */
export class Misconfigured extends Error {
  constructor(cause: unknown) {
    super('the store is not set up as it has to be', { cause })
    this.name = 'Misconfigured'
  }
}

/** A statement of ours that cannot work. Nothing was done, and repeating never helps. */
export class StorageFault extends Error {
  constructor(cause: unknown) {
    super('a statement cannot work', { cause })
    this.name = 'StorageFault'
  }
}

/** Who acts here was erased. What has happened since under the same id belongs to nobody. */
export class UserErased extends Error {
  /** Whose change it would have been, where somebody else acts for them; left out, it is the caller who was erased. */
  readonly user: UserId | undefined

  constructor(user?: UserId) {
    super('the user was erased')
    this.name = 'UserErased'
    this.user = user
  }
}
