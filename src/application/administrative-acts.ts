import type { AdministrativeAct, AdministrativeActKind, Administrator } from '../domain/administrative-act.ts'
import type { UserId } from '../domain/user-id.ts'
import type { TrailPlace } from './account-ports.ts'
import type { Page } from './ports.ts'

/** An act as it is stored. Its id is random to whoever reads it, and stays. Whoever was erased is there under a token: see `erasedToken`. */
export type StoredAct = AdministrativeAct & {
  readonly id: string
  /** Epoch milliseconds of the database's clock. */
  readonly at: number
  readonly actor: { readonly kind: 'ADMINISTRATOR'; readonly id: string }
  /** How many users it was about. */
  readonly userCount: number
  /** The first of them, in the order of the bytes of their ids: see `USERS_OF_A_LISTED_ACT`. */
  readonly users: readonly string[]
}

/** With each act that is listed; the rest of them can be asked for. */
export const USERS_OF_A_LISTED_ACT = 20

/** Null is any; `until` itself is left out. */
export type ActsFilter = {
  readonly actor: UserId | null
  readonly user: UserId | null
  readonly since: number | null
  readonly until: number | null
}

/**
 * What administrators did. What changes anything is recorded with it, by the port that changes it; this records what changes nothing, and
 * reads all of it.
 */
export interface AdministrativeActs {
  /**
   * Records an act that only looks. With `unlessWithinMs`, not if the same is recorded of the same actor and user and is no older. Who
   * was erased is not recorded as one of `users`, and as an actor throws `UserErased`.
   */
  record(done: {
    actor: Administrator
    kind: Extract<AdministrativeActKind, 'EXPORTED' | 'SIGHT_EXPLAINED'>
    users: readonly UserId[]
    unlessWithinMs: number | null
  }): Promise<void>
  /** The latest first, after `after`. */
  audit(look: ActsFilter & { after: TrailPlace; limit: number }): Promise<readonly StoredAct[]>
  /** In the order of their bytes; nobody, if there is no such act. */
  usersOf(look: { act: string; after: string | null; limit: number }): Promise<readonly string[]>
  /**
   * Forgets at most `limit` acts, and users of them, that are older than `olderThanMs`, and says how many; many instances may do so at
   * once.
   */
  forget(what: { olderThanMs: number; limit: number }): Promise<number>
}

/** What administrators did, for auditors, the latest first. Throws `Unavailable`. */
export async function auditActs(
  acts: AdministrativeActs,
  { first, ...look }: ActsFilter & { readonly first: number; readonly after: TrailPlace },
): Promise<Page<StoredAct>> {
  const found = await acts.audit({ ...look, limit: first + 1 })
  return { items: found.slice(0, first), hasNextPage: found.length > first }
}

/** Everybody whom one act was about. Throws `Unavailable`. */
export async function usersOfAct(
  acts: AdministrativeActs,
  { first, ...look }: { readonly act: string; readonly first: number; readonly after: string | null },
): Promise<Page<string>> {
  const found = await acts.usersOf({ ...look, limit: first + 1 })
  return { items: found.slice(0, first), hasNextPage: found.length > first }
}
