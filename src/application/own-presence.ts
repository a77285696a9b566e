import type { ClassOfService } from '../domain/class-of-service.ts'
import type { PresenceServer } from '../domain/disclosure.ts'
import { effectiveHandling, type InvitationHandling } from '../domain/invitation-handling.ts'
import {
  appearsOffline,
  manualInForce,
  type ManualStatus,
  type Presence,
  type PresenceSession,
} from '../domain/presence.ts'
import type { UserId } from '../domain/user-id.ts'
import type { Facts, FactsReader, Preference, User } from './ports.ts'
import { presenceSourceOf, whatIsSeen, type DisclosurePolicy } from './what-is-seen.ts'

/** What a user sees of herself. */
export type OwnPresence = {
  readonly presence: Presence
  readonly appearsOffline: boolean
  readonly sessions: readonly PresenceSession[]
  readonly preference: Preference
  readonly effectiveHandling: InvitationHandling
  readonly handlingLocked: boolean
  readonly appearOfflineLocked: boolean
  /** What locks them. */
  readonly classOfService: ClassOfService
  /** The status set by hand, while it is in force. */
  readonly manual: ManualStatus | null
}

/** A user's own presence, sessions and choices, and what her class of service locks of these. Throws `Unavailable`. */
export async function viewOwnPresence(
  { facts, policy }: { readonly facts: FactsReader; readonly policy: DisclosurePolicy },
  user: UserId,
): Promise<OwnPresence> {
  const read = await facts.readFacts({ watcher: user, presentities: [user] })
  const own = ownFacts(read, user)
  const { preference, classOfService } = own.user
  return {
    presence: whatIsSeen(read, { presentity: user, watcher: user }, policy).presence,
    appearsOffline: appearsOffline(presenceSourceOf(own, policy), read.now),
    sessions: own.sessions,
    preference,
    effectiveHandling: effectiveHandling({
      own: preference.invitationHandling,
      ofClass: classOfService.invitationHandling,
    }),
    handlingLocked: classOfService.invitationHandling !== 'USER_DEFINED',
    appearOfflineLocked: !classOfService.appearOfflineAllowed,
    classOfService,
    manual: manualInForce(preference, read.now),
  }
}

/** A user's own facts; one of whom nothing is stored has the default choices, and no edge for which a presence server would count. */
export function ownFacts(
  facts: Facts,
  user: UserId,
): { readonly user: User; readonly sessions: readonly PresenceSession[] } {
  return facts.presentities.get(user) ?? { user: silentUser(facts.watcherClass, 'NONE_KNOWN'), sessions: [] }
}

export function silentUser(classOfService: ClassOfService, presenceServer: PresenceServer): User {
  return {
    preference: { invitationHandling: 'PROMPT', appearOffline: false, manual: null },
    presenceServer,
    classOfService,
    appearOfflineForbiddenAt: null,
  }
}
