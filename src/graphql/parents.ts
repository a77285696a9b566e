import type { OwnPresence } from '../application/own-presence.ts'
import type { Contact } from '../domain/contact-list.ts'
import type { UserId } from '../domain/user-id.ts'

/** What the fields of `PresencePrivacy` are resolved from. */
export type PresencePrivacyParent = {
  readonly user: UserId
  /** Read once, when the first field asks for it. */
  readonly own: () => Promise<OwnPresence>
  /** The whole list, read once for all pages of it. */
  readonly contacts: () => Promise<readonly Contact[]>
}
