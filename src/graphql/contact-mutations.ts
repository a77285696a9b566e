import { addContactsAndAsk, removeContacts } from '../application/manage-contacts.ts'
import type { MutationResolvers } from '../generated/resolver-types.ts'
import { otherUsers } from './input.ts'
import { ownPrivacy } from './presence-privacy.ts'
import { accessResultOf } from './request-nodes.ts'

/** As many as a contact list can hold. */
const MAX_CONTACTS = 500

export const contactMutations: Pick<MutationResolvers, 'addPresenceContacts' | 'removePresenceContacts'> = {
  addPresenceContacts: async (_mutation, { input }, context) => {
    const { userId: watcher } = context.viewer()
    const presentities = otherUsers('userIds', input.userIds, { viewer: watcher, most: MAX_CONTACTS })
    const added = await addContactsAndAsk(context.services.store, { watcher, presentities })
    return {
      results: added.map(({ presentity, outcome, asked }) => ({
        user: { id: presentity },
        outcome,
        asked: asked && accessResultOf({ ...asked, contact: outcome }),
      })),
      presencePrivacy: ownPrivacy(context),
    }
  },

  removePresenceContacts: async (_mutation, { input }, context) => {
    const { userId: watcher } = context.viewer()
    const presentities = otherUsers('userIds', input.userIds, { viewer: watcher, most: MAX_CONTACTS })
    const removed = await removeContacts(context.services.store, { watcher, presentities })
    return {
      results: removed.map(({ presentity, outcome }) => ({ user: { id: presentity }, outcome })),
      presencePrivacy: ownPrivacy(context),
    }
  },
}
