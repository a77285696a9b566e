import type { Contact } from '../domain/contact-list.ts'
import type { UserId } from '../domain/user-id.ts'
import type { FactsReader } from './ports.ts'
import { whatIsSeen, type DisclosurePolicy } from './what-is-seen.ts'

/**
 * A user's whole contact list, as he sees each of them: some 500 at most, so that it is filtered and ordered by what is seen, and by
 * nothing that is stored. Throws `Unavailable` when it cannot be read; then nothing of it is.
 */
export async function viewContacts(
  { facts, policy }: { readonly facts: FactsReader; readonly policy: DisclosurePolicy },
  watcher: UserId,
): Promise<readonly Contact[]> {
  const read = await facts.readContactSight({ watcher })
  return [...read.presentities].map(([user, { pair }]) => {
    if (pair.contactSince === null) throw new Error('somebody who is no contact was read as one')
    return { user, seen: whatIsSeen(read, { presentity: user, watcher }, policy), addedAt: pair.contactSince }
  })
}
