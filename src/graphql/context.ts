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
  /** The ports for one caller. All of them fail with `UserErased` once the caller was erased, whatever others have done since. */
  readonly as: (caller: UserId) => Ports
  /** The port for facts alone. Nearly all operations need it, and most need no other. */
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
  /** The caller. Throws UNAUTHENTICATED where there is none. */
  readonly viewer: () => Identity
  /** What the viewer sees of users. */
  readonly looks: Looks
  /** Counts entities that are asked for. Returns their number in this execution. */
  readonly countEntities: (more: number) => number
  /** The same of representations that represent nobody. */
  readonly countFaults: (more: number) => number
  /** The same of values that lists of the answer are going to hold. */
  readonly countValues: (more: number) => number
  /** The viewer's whole contact list. The context remembers what the viewer sees of each contact, and does not read it again. */
  readonly seeContacts: () => Promise<readonly Contact[]>
  /** A context for executing the same operation again, where nothing has been answered. It counts anew, and reads nothing twice. */
  readonly forAnotherTry: () => GraphQLContext
}

/**
 * A context for one execution. It remembers what it has read, so it must not outlive that: a second event of a subscription that
 * used it again would show what was true at the first.
 */
export function createContext(services: Services, caller: Identity | IdentityFailure): GraphQLContext {
  return new OperationContext(services, caller)
}

/**
 * Every operation makes a context. It is a class, because node takes a microsecond and more for a spread or for a getter in a literal. It has
 * no `#` fields, because Apollo Server clones it and a clone has none of them.
 */
class OperationContext implements GraphQLContext {
  readonly looks: Looks
  private readonly ofAll: Services
  private readonly caller: Identity | IdentityFailure
  private ofCaller: Services | undefined
  private entities = 0
  private faults = 0
  private values = 0

  constructor(all: Services, caller: Identity | IdentityFailure, looks?: Looks) {
    this.ofAll = all
    this.caller = caller
    this.looks = looks ?? this.createLooks()
  }

  /** Made at the first use: nearly all operations need `factsAs` alone. */
  get services(): Services {
    return (this.ofCaller ??= isIdentityFailure(this.caller)
      ? this.ofAll
      : { ...this.ofAll, ...this.ofAll.as(this.caller.userId) })
  }

  readonly viewer = (): Identity => {
    if (isIdentityFailure(this.caller)) throw unauthenticated(this.caller)
    return this.caller
  }

  readonly seeContacts = async (): Promise<readonly Contact[]> => {
    const { userId } = this.viewer()
    const contacts = await viewContacts(this.seeing(userId), userId)
    for (const { user, seen } of contacts) this.looks.remember(user, seen)
    return contacts
  }

  countEntities(more: number): number {
    return (this.entities += more)
  }

  countFaults(more: number): number {
    return (this.faults += more)
  }

  countValues(more: number): number {
    return (this.values += more)
  }

  forAnotherTry(): OperationContext {
    this.looks.tellAgain()
    return new OperationContext(this.ofAll, this.caller, this.looks)
  }

  private createLooks(): Looks {
    return createLooks((presentities) => {
      const watcher = this.viewer().userId
      return viewPresence(this.seeing(watcher), { watcher, presentities })
    })
  }

  private seeing(watcher: UserId): { readonly facts: FactsReader; readonly policy: DisclosurePolicy } {
    return { facts: this.ofAll.factsAs(watcher), policy: this.ofAll.policy }
  }
}
