import type { Administration } from '../../src/application/administration.ts'
import type { PersonalRecords, Trail } from '../../src/application/account-ports.ts'
import type { AdministrativeActs } from '../../src/application/administrative-acts.ts'
import type { LiveFacts } from '../../src/application/live-ports.ts'
import type {
  FactsReader,
  Leftovers,
  PresenceSessions,
  PrivacyLists,
  Signals,
} from '../../src/application/ports.ts'
import type { PrivacyStore } from '../../src/application/privacy-store.ts'
import type { ClassOfService } from '../../src/domain/class-of-service.ts'
import type { PresenceServer } from '../../src/domain/disclosure.ts'
import type { UserId } from '../../src/domain/user-id.ts'
import type { Ports } from '../../src/graphql/context.ts'

/** All ports over one storage, and what the world around it does: administrators set things up, and time passes. */
export type Storage = {
  readonly facts: FactsReader
  readonly live: LiveFacts
  readonly privacy: PrivacyStore
  readonly lists: PrivacyLists
  readonly sessions: PresenceSessions
  readonly administration: Administration
  readonly signals: Signals
  readonly leftovers: Leftovers
  readonly acts: AdministrativeActs
  readonly trail: Trail
  readonly records: PersonalRecords
  /** The ports as a caller uses them. */
  readonly as: (caller: UserId) => Ports
  readonly factsAs: (caller: UserId) => FactsReader
  readonly proveCaller: () => Promise<void>
  /** Everything stored becomes so much older. */
  readonly passTime: (ms: number) => Promise<void>
  /** Adds a class of service, or changes the one of that name. */
  readonly setClass: (classOfService: ClassOfService) => Promise<void>
  readonly setUser: (user: UserId, set: AdministratorsSetting) => Promise<void>
  readonly close: () => Promise<void>
}

/** What administrators set for one user; what is left out stays. */
export type AdministratorsSetting = {
  /** By name. */
  readonly classOfService?: string
  readonly presenceServer?: PresenceServer
}

/** The class of everybody for whom nothing else is set, as a new database has it. */
export const DEFAULT_CLASS: ClassOfService = Object.freeze({
  name: 'default',
  invitationHandling: 'USER_DEFINED',
  pendingShown: true,
  appearOfflineAllowed: true,
  maxContacts: 500,
  requestLifetimeMs: 14 * 24 * 3_600_000,
  requestLimits: { perMinute: 100, perDay: 1000 },
  requestCooldownMs: 60_000,
})
