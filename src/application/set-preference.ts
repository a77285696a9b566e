import type { InvitationHandling } from '../domain/invitation-handling.ts'
import type { ManualStatus } from '../domain/presence.ts'
import type { UserId } from '../domain/user-id.ts'
import { changePrivacy } from './change-privacy.ts'
import type { Preference } from './ports.ts'
import type { PrivacyStore } from './privacy-store.ts'

/** The choices to change; what is left out stays as it is. */
export type PreferenceChange = {
  readonly invitationHandling?: InvitationHandling
  readonly appearOffline?: boolean
  readonly manual?: ManualStatus | null
}

export type PreferenceSet =
  | { readonly locked: readonly ('invitationHandling' | 'appearOffline')[] }
  | { readonly refused: 'ENDS_IN_THE_PAST' }

/**
 * A user changes her own choices. What her class of service locks is left as it is and named, and the rest applies. What is open or
 * decided is never touched by it.
 */
export async function setPreference(
  store: PrivacyStore,
  { user, change }: { readonly user: UserId; readonly change: PreferenceChange },
): Promise<PreferenceSet> {
  const scope = { name: 'setPreference', by: user, kind: 'DECISION' as const, others: [] }
  return changePrivacy<PreferenceSet>(store, scope, (snapshot) => {
    const { preference, classOfService } = snapshot.user(user)
    if (change.manual?.endsAt != null && change.manual.endsAt <= snapshot.now) {
      return { result: { refused: 'ENDS_IN_THE_PAST' } }
    }
    const handlingLocked =
      change.invitationHandling !== undefined && classOfService.invitationHandling !== 'USER_DEFINED'
    const hidingLocked = change.appearOffline === true && !classOfService.appearOfflineAllowed
    const next: Preference = {
      invitationHandling: handlingLocked
        ? preference.invitationHandling
        : (change.invitationHandling ?? preference.invitationHandling),
      appearOffline: hidingLocked
        ? preference.appearOffline
        : (change.appearOffline ?? preference.appearOffline),
      manual: change.manual === undefined ? preference.manual : change.manual,
    }
    const locked = [
      ...(handlingLocked ? (['invitationHandling'] as const) : []),
      ...(hidingLocked ? (['appearOffline'] as const) : []),
    ]
    return { preference: next, result: { locked } }
  })
}
