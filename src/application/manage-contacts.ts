import type { Actor } from '../domain/trail.ts'
import type { UserId } from '../domain/user-id.ts'
import { withdraw } from '../domain/withdraw.ts'
import { addContacts, withContacts } from './add-contacts.ts'
import { askSeveral } from './ask-several.ts'
import { changePrivacy, type ChangedPair } from './change-privacy.ts'
import type { AskedAccess, ContactOutcome, PrivacyStore } from './privacy-store.ts'

export type OwnContacts = {
  readonly watcher: UserId
  /** Distinct, and not the watcher himself. */
  readonly presentities: readonly UserId[]
}

export type AddContacts = OwnContacts & {
  /** Who has it done, where that is not the watcher. */
  readonly actor?: Actor
}

export type AddedContact = {
  readonly presentity: UserId
  readonly outcome: ContactOutcome
  /** What came of asking; null where the list had no room, and nothing was asked. */
  readonly asked: AskedAccess | null
}

export type RemovedContact = {
  readonly presentity: UserId
  readonly outcome: 'REMOVED' | 'NOT_A_CONTACT'
}

/**
 * A user adds contacts, in the order given and as far as there is room, and asks for access to those who are on his list then. The one
 * succeeds though the other is limited.
 */
export async function addContactsAndAsk(
  store: PrivacyStore,
  { watcher, actor, presentities }: AddContacts,
): Promise<readonly AddedContact[]> {
  const scope = {
    name: 'addContacts',
    by: watcher,
    kind: 'REQUEST' as const,
    ...(actor && { actor }),
    others: presentities,
  }
  return changePrivacy(store, scope, (snapshot) => {
    const contacts = addContacts(snapshot, { watcher, presentities })
    const listed = presentities.filter((user) => contacts.get(user) !== 'CONTACT_LIST_FULL')
    const trigger = 'CONTACT_ADDED'
    const { results, pairs, requestCounts } = askSeveral(snapshot, { watcher, presentities: listed, trigger })
    const asked = new Map(results.map((result) => [result.presentity, result]))
    return {
      pairs: withContacts(snapshot, watcher, contacts, pairs),
      requestCounts,
      result: [...contacts].map(([presentity, outcome]) => ({
        presentity,
        outcome,
        asked: asked.get(presentity) ?? null,
      })),
    }
  })
}

/**
 * A user takes contacts off his list, and with them the requests of his that wait, whyever he made them. What they have decided about
 * him stays; whether they had refused him makes no difference to him.
 */
export async function removeContacts(
  store: PrivacyStore,
  { watcher, presentities }: OwnContacts,
): Promise<readonly RemovedContact[]> {
  const scope = { name: 'removeContacts', by: watcher, kind: 'REQUEST' as const, others: presentities }
  return changePrivacy(store, scope, (snapshot) => {
    const pairs: ChangedPair[] = []
    const result = presentities.map((presentity): RemovedContact => {
      const of = { presentity, watcher }
      const before = snapshot.pair(of)
      if (before.contactSince === null) return { presentity, outcome: 'NOT_A_CONTACT' }
      const pair = { ...withdraw(before, snapshot.now), contactSince: null }
      pairs.push({ ...of, pair, cause: 'CONTACT_REMOVED' })
      return { presentity, outcome: 'REMOVED' }
    })
    return { pairs, result }
  })
}
