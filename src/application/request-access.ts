import type { Trigger } from '../domain/request.ts'
import type { UserId } from '../domain/user-id.ts'
import { addContacts, withContacts } from './add-contacts.ts'
import { askSeveral } from './ask-several.ts'
import { changePrivacy } from './change-privacy.ts'
import type { AskedAccess, ContactOutcome, PrivacyStore } from './privacy-store.ts'

export type RequestAccess = {
  readonly watcher: UserId
  /** Distinct, and not the watcher himself. */
  readonly presentities: readonly UserId[]
  readonly trigger: Trigger
  readonly addToContacts: boolean
}

export type RequestedAccess = AskedAccess & { readonly contact: ContactOutcome | null }

/** A watcher asks for access to the presence of several users, and adds them to his contact list if he likes: the one succeeds without the other. */
export async function requestAccess(
  store: PrivacyStore,
  { watcher, presentities, trigger, addToContacts }: RequestAccess,
): Promise<readonly RequestedAccess[]> {
  return changePrivacy(
    store,
    { name: 'requestAccess', by: watcher, kind: 'REQUEST' as const, others: presentities },
    (snapshot) => {
      const contacts = addContacts(snapshot, { watcher, presentities: addToContacts ? presentities : [] })
      const { results, pairs, requestCounts } = askSeveral(snapshot, { watcher, presentities, trigger })
      return {
        pairs: withContacts(snapshot, watcher, contacts, pairs),
        requestCounts,
        result: results.map((asked) => ({ ...asked, contact: contacts.get(asked.presentity) ?? null })),
      }
    },
  )
}
