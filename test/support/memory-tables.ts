import type { StoredTrailRecord } from '../../src/application/account-ports.ts'
import type { StoredAct } from '../../src/application/administrative-acts.ts'
import type { Revision } from '../../src/application/live-ports.ts'
import type { PairFacts, PairOf, Preference, User } from '../../src/application/ports.ts'
import type { StoredAnswer } from '../../src/application/privacy-store.ts'
import type { ClassOfService } from '../../src/domain/class-of-service.ts'
import type { PresenceServer } from '../../src/domain/disclosure.ts'
import { effectivePresenceServer } from '../../src/domain/presence-server.ts'
import { NO_REQUESTS, type RequestCounts } from '../../src/domain/request-limits.ts'
import type { IncomingItem, OutgoingRequest } from '../../src/domain/request.ts'
import type { Sessions } from '../../src/domain/sessions.ts'
import type { UserId } from '../../src/domain/user-id.ts'
import { DEFAULT_CLASS } from './storage.ts'

/** A clock that only moves when it is told to. Whole milliseconds. */
export type VirtualClock = { readonly now: () => number; readonly advance: (ms: number) => void }

export function virtualClock(startsAt = Date.UTC(2026, 0, 5, 8)): VirtualClock {
  let now = startsAt
  return {
    now: () => now,
    advance(ms) {
      if (!Number.isInteger(ms) || ms < 0) throw new Error(`time passes in whole milliseconds, not by ${ms}`)
      now += ms
    },
  }
}

export type UserRow = {
  preference: Preference
  /** NONE_KNOWN leaves it to the site. */
  presenceServer: PresenceServer
  className: string
  requestCounts: RequestCounts
}
export type PairRow = PairOf & PairFacts & { incomingId: string | null; outgoingId: string | null }

/** The rows that PostgreSQL has, in maps. */
export type MemoryTables = {
  readonly clock: VirtualClock
  readonly classes: Map<string, ClassOfService>
  /** When the class of that name last came to forbid to appear offline. */
  readonly forbiddenAt: Map<string, number>
  readonly site: { presenceServer: PresenceServer }
  readonly users: Map<UserId, UserRow>
  readonly pairs: Map<string, PairRow>
  readonly incoming: Map<string, PairOf & { item: IncomingItem }>
  readonly outgoing: Map<string, PairOf & { request: OutgoingRequest }>
  readonly answers: Map<string, StoredAnswer & { presentity: UserId; answeredAt: number }>
  readonly sessions: Map<UserId, Sessions>
  readonly trail: StoredTrailRecord[]
  /** `users` are all of them. */
  readonly acts: StoredAct[]
  readonly erased: Set<UserId>
  readonly revisions: MemoryRevisions
}

/** Of every user who has a row, and of what holds for many. */
export type MemoryRevisions = {
  readonly users: Map<UserId, Revision>
  readonly settings: () => Revision
  readonly raise: (users: readonly UserId[]) => void
  readonly raiseSettings: () => void
}

export function memoryTables(clock: VirtualClock): MemoryTables {
  return {
    clock,
    classes: new Map([[DEFAULT_CLASS.name, DEFAULT_CLASS]]),
    forbiddenAt: new Map(),
    site: { presenceServer: 'NONE_KNOWN' },
    users: new Map(),
    pairs: new Map(),
    incoming: new Map(),
    outgoing: new Map(),
    answers: new Map(),
    sessions: new Map(),
    trail: [],
    acts: [],
    erased: new Set(),
    revisions: memoryRevisions(),
  }
}

function memoryRevisions(): MemoryRevisions {
  const users = new Map<UserId, Revision>()
  let raised = 0
  let settings = 0
  return {
    users,
    settings: () => String(settings),
    raise(ids) {
      for (const id of ids) users.set(id, String((raised += 1)))
    },
    raiseSettings() {
      settings += 1
    },
  }
}

const SILENT: UserRow = {
  preference: { invitationHandling: 'PROMPT', appearOffline: false, manual: null },
  presenceServer: 'NONE_KNOWN',
  className: DEFAULT_CLASS.name,
  requestCounts: NO_REQUESTS,
}

/** The row of a user, or the one that she would get. */
export function userRow(tables: MemoryTables, id: UserId): UserRow {
  return tables.users.get(id) ?? SILENT
}

export function userOf(tables: MemoryTables, id: UserId): User {
  const { preference, presenceServer: own, className } = userRow(tables, id)
  const presenceServer = effectivePresenceServer({ own, ofSite: tables.site.presenceServer })
  const classOfService = requireClass(tables, className)
  return {
    preference,
    presenceServer,
    classOfService,
    appearOfflineForbiddenAt: classOfService.appearOfflineAllowed
      ? null
      : (tables.forbiddenAt.get(className) ?? null),
  }
}

export function requireClass(tables: MemoryTables, name: string): ClassOfService {
  const found = tables.classes.get(name)
  if (found === undefined) throw new Error(`no class of service "${name}"`)
  return found
}

/** Ids hold no control characters, so the two cannot run into each other. */
export function pairKey({ presentity, watcher }: PairOf): string {
  return `${watcher}\u0000${presentity}`
}
