import type { Administration } from '../application/administration.ts'
import type { PersonalRecords, Trail } from '../application/account-ports.ts'
import type { AdministrativeActs } from '../application/administrative-acts.ts'
import type { FactsReader, PresenceSessions, PrivacyLists, Signals } from '../application/ports.ts'
import type { PrivacyStore } from '../application/privacy-store.ts'
import { viewContacts } from '../application/view-contacts.ts'
import { viewPresence } from '../application/view-presence.ts'
import type { DisclosurePolicy } from '../application/what-is-seen.ts'
import type { UserId } from '../domain/user-id.ts'
import type { Contact } from '../domain/contact-list.ts'
import type { PresenceHub } from '../live/presence-hub.ts'
import { isIdentityFailure, type Identity, type IdentityFailure } from '../identity/identity.ts'
import { unauthenticated } from './errors.ts'
import { createLooks, type Looks } from './looks.ts'

/** What the schema works on: the adapters that the composition root has chosen. */
export type Services = Ports & {
  /** The ports as a caller uses them: all of them fail with `UserErased` once the caller was erased, whatever others have done since. */
  readonly as: (caller: UserId) => Ports
  /** Of these the one that nearly all operations need, and most need no other. */
  readonly factsAs: (caller: UserId) => FactsReader
  readonly signals: Signals
  readonly hub: PresenceHub
  readonly policy: DisclosurePolicy
}

export type Ports = {
  readonly facts: FactsReader
  readonly store: PrivacyStore
  readonly lists: PrivacyLists
  readonly sessions: PresenceSessions
  readonly administration: Administration
  readonly acts: AdministrativeActs
  readonly trail: Trail
  readonly records: PersonalRecords
  /** For operations that may need nothing that is stored: throws `UserErased` if the caller was erased. */
  readonly proveCaller: () => Promise<void>
}

/** What one operation, or one event of a subscription, works with. */
export type GraphQLContext = {
  readonly services: Services
  /** Who is asking. Throws UNAUTHENTICATED when nobody is. */
  readonly viewer: () => Identity
  /** What the viewer sees of users. */
  readonly looks: Looks
  /** Counts entities that are asked for; how many of this execution those are by now. */
  readonly countEntities: (more: number) => number
  /** The same of representations that represent nobody. */
  readonly countFaults: (more: number) => number
  /** The same of values that lists of the answer are going to hold. */
  readonly countValues: (more: number) => number
  /** The viewer's whole contact list. What he sees of each is remembered, so that looking at one again reads nothing more. */
  readonly seeContacts: () => Promise<readonly Contact[]>
}

/**
 * A context for one execution. It remembers what it has read, so it must not outlive that: a second event of a subscription that
 * used it again would show what was true at the first.
 */
export function createContext(all: Services, caller: Identity | IdentityFailure): GraphQLContext {
  const viewer = (): Identity => {
    if (isIdentityFailure(caller)) throw unauthenticated(caller)
    return caller
  }
  let services = isIdentityFailure(caller) ? all : undefined
  const seeing = () => ({ facts: all.factsAs(viewer().userId), policy: all.policy })
  const looks = createLooks((presentities) =>
    viewPresence(seeing(), { watcher: viewer().userId, presentities }),
  )
  return {
    // Made when it is asked for: it takes longer than everything else here.
    get services() {
      return (services ??= { ...all, ...all.as(viewer().userId) })
    },
    viewer,
    looks,
    ...createCounts(),
    async seeContacts() {
      const contacts = await viewContacts(seeing(), viewer().userId)
      for (const { user, seen } of contacts) looks.remember(user, seen)
      return contacts
    },
  }
}

/** The same for executing once more what has not been answered: nothing is counted yet, and nothing is read twice. */
export function contextForAnotherTry(context: GraphQLContext): GraphQLContext {
  context.looks.tellAgain()
  return { ...context, ...createCounts() }
}

function createCounts(): Pick<GraphQLContext, 'countEntities' | 'countFaults' | 'countValues'> {
  let entities = 0
  let faults = 0
  let values = 0
  return {
    countEntities: (more) => (entities += more),
    countFaults: (more) => (faults += more),
    countValues: (more) => (values += more),
  }
}
