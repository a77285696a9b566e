import type { UserId } from '../domain/user-id.ts'
import type { ChangedPair } from './change-privacy.ts'
import type { ContactOutcome, Snapshot } from './privacy-store.ts'

/** Gives out the places that are left in a watcher's contact list, in the order in which they are asked for. */
export function addContacts(
  snapshot: Snapshot,
  { watcher, presentities }: { readonly watcher: UserId; readonly presentities: readonly UserId[] },
): ReadonlyMap<UserId, ContactOutcome> {
  let room = snapshot.user(watcher).classOfService.maxContacts - snapshot.contactCount
  return new Map(
    presentities.map((presentity) => {
      if (snapshot.pair({ presentity, watcher }).contactSince !== null) return [presentity, 'ALREADY_CONTACT']
      if (room <= 0) return [presentity, 'CONTACT_LIST_FULL']
      room -= 1
      return [presentity, 'ADDED']
    }),
  )
}

/** The pairs with those whom `outcomes` calls added in the contact list; whoever was asked at the same time is among `asked`. */
export function withContacts(
  snapshot: Snapshot,
  watcher: UserId,
  outcomes: ReadonlyMap<UserId, ContactOutcome>,
  asked: readonly ChangedPair[],
): readonly ChangedPair[] {
  const pairs = new Map(asked.map((changed) => [changed.presentity, changed]))
  for (const [presentity, outcome] of outcomes) {
    if (outcome !== 'ADDED') continue
    const of = { presentity, watcher }
    const { pair, cause } = pairs.get(presentity) ?? { pair: snapshot.pair(of), cause: null }
    pairs.set(presentity, { ...of, pair: { ...pair, contactSince: snapshot.now }, cause })
  }
  return [...pairs.values()]
}
