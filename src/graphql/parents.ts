import type { OwnPresence } from '../application/own-presence.ts'
import type { UserId } from '../domain/user-id.ts'

/** What the fields of `PresencePrivacy` are resolved from. */
export type PresencePrivacyParent = {
  readonly user: UserId
  /** Read once, when the first field asks for it. */
  readonly own: () => Promise<OwnPresence>
}
