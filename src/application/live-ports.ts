import type { UserId } from '../domain/user-id.ts'
import type { Facts, PairOf, PresentityFacts } from './ports.ts'

/**
 * Stands for a state of what decides: as long as it is equal, so is that. It is raised in the transaction of every change that is
 * not one of sessions alone, and never comes back; whoever has no row has `NO_REVISION`.
 */
export type Revision = string
export const NO_REVISION: Revision = '0'

/** Facts together with the revisions that they belong to, read at one moment. */
export type RevisedFacts = Facts & {
  /** Nothing is shown to a watcher who was erased, whatever others have done about that id since. */
  readonly watcherErased: boolean
  readonly revisions: {
    /** Of all classes of service and of the site, in one. */
    readonly settings: Revision
    readonly watcher: Revision
    /** Of every presentity that has one. */
    readonly presentities: ReadonlyMap<UserId, Revision>
  }
}

/** What of a presentity is the same for all watchers. */
export type WatchedPresentity = Omit<PresentityFacts, 'pair'> & { readonly revision: Revision }

/** What a stream that begins reads. */
export type StreamBeginnings = Pick<LiveFacts, 'factsOfPairs' | 'contactFacts'>

/** What streams read. Always from the primary and never from anything that lags behind it; throws `Unavailable`. */
export interface LiveFacts {
  /** One moment's presentities, and which of these watchers are no longer at the revision that is given for them. */
  look(look: { presentities: readonly UserId[]; watchers: ReadonlyMap<UserId, Revision> }): Promise<{
    readonly now: number
    readonly settings: Revision
    readonly presentities: ReadonlyMap<UserId, WatchedPresentity>
    readonly moved: readonly UserId[]
  }>
  /** As `FactsReader` does, with revisions. */
  factsOfPairs(pairs: readonly PairOf[]): Promise<ReadonlyMap<UserId, RevisedFacts>>
  contactFacts(look: { watcher: UserId }): Promise<RevisedFacts>
}
