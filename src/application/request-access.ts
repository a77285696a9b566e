import { randomUUID } from 'node:crypto'
import { ask } from '../domain/ask.ts'
import { effectiveHandling } from '../domain/invitation-handling.ts'
import type { OutgoingRequest, Trigger } from '../domain/request.ts'
import type { UserId } from '../domain/user-id.ts'
import type { Access } from '../domain/watchers-view.ts'
import { changePrivacy, type ChangedPair } from './change-privacy.ts'
import type { ContactOutcome, PairOf, PrivacyStore, Snapshot } from './ports.ts'

export type RequestAccess = {
  readonly watcher: UserId
  /** Distinct, and not the watcher himself. */
  readonly presentities: readonly UserId[]
  readonly trigger: Trigger
  readonly addToContacts: boolean
}

/** What the watcher is told; the same for everyone who had told him the same before. */
export type AskedAccess = {
  readonly presentity: UserId
  readonly access: Access
  /** His open request, while the answer is PENDING. */
  readonly request: OutgoingRequest | null
  readonly contact: ContactOutcome | null
}

/** A watcher asks for access to the presence of several users. */
export async function requestAccess(
  store: PrivacyStore,
  asked: RequestAccess,
): Promise<readonly AskedAccess[]> {
  const { watcher, presentities, trigger, addToContacts } = asked
  return changePrivacy(store, { name: 'requestAccess', by: watcher, others: presentities }, (snapshot) => {
    const contacts = addToContacts ? roomForContacts(snapshot, watcher) : null
    const pairs: ChangedPair[] = []
    const result = presentities.map((presentity) => {
      const of = { presentity, watcher }
      const contact = contacts?.add(of) ?? null
      const { pair, answer, request } = askFor(snapshot, of, trigger)
      pairs.push({ ...of, pair: contact === 'ADDED' ? { ...pair, contactSince: snapshot.now } : pair })
      return { presentity, access: answer, request, contact }
    })
    return { pairs, result }
  })
}

/** One request, with all that the two users' classes and servers say of it at this moment. */
export function askFor(snapshot: Snapshot, of: PairOf, trigger: Trigger): ReturnType<typeof ask> {
  const presentity = snapshot.user(of.presentity)
  return ask(snapshot.pair(of), {
    now: snapshot.now,
    trigger,
    handling: effectiveHandling({
      own: presentity.preference.invitationHandling,
      ofClass: presentity.classOfService.invitationHandling,
    }),
    pendingShown: presentity.presenceServer === 'OCS_2007' && presentity.classOfService.pendingShown,
    endsAt: snapshot.now + snapshot.user(of.watcher).classOfService.requestLifetimeMs,
    ids: { incoming: randomUUID(), outgoing: randomUUID() },
  })
}

/** Gives out the places that are left in a watcher's contact list, in the order in which they are asked for. */
export function roomForContacts(
  snapshot: Snapshot,
  watcher: UserId,
): { add: (of: PairOf) => ContactOutcome } {
  let room = snapshot.user(watcher).classOfService.maxContacts - snapshot.contactCount
  return {
    add(of) {
      if (snapshot.pair(of).contactSince !== null) return 'ALREADY_CONTACT'
      if (room <= 0) return 'CONTACT_LIST_FULL'
      room -= 1
      return 'ADDED'
    },
  }
}
