import type { UserId } from '../domain/user-id.ts'
import type { FactsReader } from './ports.ts'
import { whatIsSeen, type DisclosurePolicy, type Seen } from './what-is-seen.ts'

/**
 * What one watcher sees of any number of users. All facts are read before anything is decided; throws `Unavailable` when they
 * cannot be, for all users alike.
 */
export async function viewPresence(
  { facts, policy }: { readonly facts: FactsReader; readonly policy: DisclosurePolicy },
  { watcher, presentities }: { readonly watcher: UserId; readonly presentities: readonly UserId[] },
): Promise<ReadonlyMap<UserId, Seen>> {
  const read = await facts.readSight({ watcher, presentities })
  return new Map(
    presentities.map((presentity) => [presentity, whatIsSeen(read, { presentity, watcher }, policy)]),
  )
}
