import type { OwnPresence } from '../application/own-presence.ts'
import type { Contact } from '../domain/contact-list.ts'
import type { ClassOfService } from '../domain/class-of-service.ts'
import type { UserId } from '../domain/user-id.ts'

/** What the fields of `PresencePrivacy` are resolved from. */
export type PresencePrivacyParent = {
  readonly user: UserId
  /** Read once, when the first field asks for it. */
  readonly own: () => Promise<OwnPresence>
  /** The whole list, read once for all pages of it. */
  readonly contacts: () => Promise<readonly Contact[]>
}

/** What the fields of `PresencePrivacyAdministration` are resolved from. */
export type AdministrationParent = {
  /** By the names of classes; read once, when the first of them is asked for it. */
  readonly assignedUsers: () => Promise<ReadonlyMap<string, number>>
}

/** What the fields of `PresenceClassOfServiceAdministration` are resolved from. */
export type ClassAdministrationParent = AdministrationParent & { readonly of: ClassOfService }

/** What the fields of `PresenceMessaging` are resolved from: nothing of it is known before it is asked for. */
export type MessagingParent = Readonly<Record<string, never>>

/** What the fields of `PresencePrivacyAudit` are resolved from: nothing of it is known before it is asked for. */
export type AuditParent = Readonly<Record<string, never>>
