import { addContactsAndAsk, removeContacts, type OwnContacts } from '../../src/application/manage-contacts.ts'
import { decideAccess, deleteDecisions, type DecideAccess } from '../../src/application/manage-decisions.ts'
import type { AskedRequest } from '../../src/application/ports.ts'
import type { AskedAccess, ContactOutcome } from '../../src/application/privacy-store.ts'
import { publishPresence } from '../../src/application/publish-presence.ts'
import { requestAccess, type RequestAccess } from '../../src/application/request-access.ts'
import { respondToRequests } from '../../src/application/respond-to-requests.ts'
import { setPreference } from '../../src/application/set-preference.ts'
import { viewContacts } from '../../src/application/view-contacts.ts'
import { viewPresence } from '../../src/application/view-presence.ts'
import type { Seen } from '../../src/application/what-is-seen.ts'
import { withdrawRequest } from '../../src/application/withdraw-request.ts'
import type { InvitationHandling } from '../../src/domain/invitation-handling.ts'
import type { Presence } from '../../src/domain/presence.ts'
import type { IncomingItem } from '../../src/domain/request.ts'
import type { UserId } from '../../src/domain/user-id.ts'
import type { Storage } from './storage.ts'
import { POLICY } from './policy.ts'

export type Answered = AskedAccess & { readonly contact?: ContactOutcome | null }
export type Added = {
  readonly user: UserId
  readonly outcome: ContactOutcome
  readonly asked?: AskedAccess | null
}
export type Waiting = { readonly watcher: UserId; readonly item: Pick<IncomingItem, 'id' | 'triggers'> }
export type Popup = { readonly requests: readonly Waiting[]; readonly notices: readonly Waiting[] }
export type PopupResponse = {
  readonly presentity: UserId
  readonly presented: readonly string[]
  readonly ticked: readonly string[]
  readonly addTickedToContacts: boolean
  readonly alwaysAccept: boolean
}
export type Said = Presence & { readonly status: Exclude<Presence['status'], 'OFFLINE'> }

/** Everything of others that a watcher can read, read together. */
export type Observation = {
  readonly seen: ReadonlyMap<UserId, Seen>
  readonly contacts: readonly { readonly user: UserId; readonly seen: Seen; readonly addedAt: number }[]
  readonly asked: readonly AskedRequest[]
  readonly popup: Popup
}

/** What users do and read, each for himself; by whichever way they come in. */
export type TwinDeeds = {
  ask(deed: RequestAccess): Promise<readonly Answered[]>
  withdraw(deed: { watcher: UserId; request: string }): Promise<string>
  addContacts(deed: OwnContacts): Promise<readonly Added[]>
  removeContacts(deed: OwnContacts): Promise<readonly string[]>
  /** Returns what the presentity is told that she has decided, by watcher. */
  decide(deed: DecideAccess): Promise<ReadonlyMap<UserId, unknown>>
  deleteDecisions(deed: { presentity: UserId; watchers: readonly UserId[] }): Promise<unknown>
  popup(presentity: UserId): Promise<Popup>
  respond(deed: PopupResponse): Promise<readonly Added[]>
  choose(
    user: UserId,
    choice: { invitationHandling?: InvitationHandling; appearOffline?: boolean },
  ): Promise<unknown>
  publish(user: UserId, said: Said): Promise<unknown>
  disconnect(user: UserId): Promise<unknown>
  observe(watcher: UserId, users: readonly UserId[]): Promise<Observation>
}

/** The longest that the API allows; a device that is connected renews its session whenever time passes. */
export const LEASE_MS = 3_600_000
export const SESSION = 'desk'

/** Deeds done by the use cases themselves. */
export function deedsByUseCase(storage: Storage): TwinDeeds {
  const { privacy, lists, sessions } = storage
  const popupOf = async (presentity: UserId) => lists.popup({ presentity, limit: 500, known: [] })
  return {
    ask: (deed) => requestAccess(privacy, deed),
    withdraw: async (deed) => (await withdrawRequest(privacy, deed)).outcome,
    addContacts: async (deed) =>
      (await addContactsAndAsk(privacy, deed)).map(({ presentity, ...added }) => ({
        user: presentity,
        ...added,
      })),
    removeContacts: async (deed) => (await removeContacts(privacy, deed)).map(({ outcome }) => outcome),
    async decide(deed) {
      const decided = await decideAccess(privacy, deed)
      if ('refused' in decided) throw new Error(decided.refused)
      // Two who were let in one after the other differ by that moment, and go on doing so when both are allowed once more.
      return new Map(decided.decided.map(({ watcher, edge }) => [watcher, { ...edge, since: null }]))
    },
    deleteDecisions: (deed) => deleteDecisions(privacy, deed),
    popup: popupOf,
    async respond(deed) {
      const responded = await respondToRequests(privacy, { ...deed, clientKey: null })
      if ('refused' in responded) throw new Error(responded.refused.fault)
      return responded.answered.contacts
    },
    choose: (user, change) => setPreference(privacy, { user, change }),
    publish: (user, { status, activity, note }) =>
      publishPresence(storage, { user, session: SESSION, status, activity, note, leaseMs: LEASE_MS }),
    disconnect: (user) => sessions.end({ user, id: SESSION }),
    async observe(watcher, presentities) {
      const asked = await lists.asked({ watcher, page: { first: 500, after: null } })
      return {
        seen: await viewPresence({ ...storage, ...POLICY }, { watcher, presentities }),
        contacts: await viewContacts({ ...storage, ...POLICY }, watcher),
        asked: asked.items,
        popup: await popupOf(watcher),
      }
    },
  }
}
