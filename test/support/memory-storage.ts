import { hintListeners } from '../../src/application/hint-listeners.ts'
import type { Hint, Signals } from '../../src/application/ports.ts'
import type { UserId } from '../../src/domain/user-id.ts'
import { administrators } from './administrators.ts'
import { memoryAdministrativeActs } from './memory-administrative-acts.ts'
import { memoryAdministration } from './memory-administration.ts'
import { memoryPortsOf } from './memory-callers.ts'
import { memoryFactsReader, memoryLiveFacts } from './memory-facts.ts'
import { memoryLeftovers } from './memory-leftovers.ts'
import { memoryLists } from './memory-lists.ts'
import { memoryPersonalRecords } from './memory-personal-records.ts'
import { memoryPrivacyStore } from './memory-privacy-store.ts'
import { memorySessions } from './memory-sessions.ts'
import { memoryTables, virtualClock, type VirtualClock } from './memory-tables.ts'
import { memoryTrail } from './memory-trail.ts'
import type { Storage } from './storage.ts'

export type MemoryStorage = Storage & { readonly clock: VirtualClock }

/** All ports in memory, for simulations: with a clock of its own that stands still until it is told otherwise. */
export function memoryStorage(): MemoryStorage {
  const clock = virtualClock()
  const tables = memoryTables(clock)
  const { signals, signal: hint } = memorySignals()
  const signal = (users: readonly UserId[]): void => hint({ users })
  const signalSessionsOf = (users: readonly UserId[]): void => hint({ users, sessionsOnly: true })
  const administration = memoryAdministration(tables, hint)
  const ports = {
    administration,
    facts: memoryFactsReader(tables),
    store: memoryPrivacyStore(tables, signal),
    lists: memoryLists(tables),
    acts: memoryAdministrativeActs(tables),
    trail: memoryTrail(tables),
    records: memoryPersonalRecords(tables, signal),
    sessions: memorySessions(tables, signalSessionsOf),
  }
  return {
    clock,
    ...ports,
    privacy: ports.store,
    live: memoryLiveFacts(tables),
    as: (caller) => memoryPortsOf(tables, caller, ports),
    factsAs: (caller) => memoryPortsOf(tables, caller, ports).facts,
    proveCaller: () => Promise.resolve(),
    signals,
    leftovers: memoryLeftovers(tables, signalSessionsOf),
    async passTime(ms) {
      await Promise.resolve()
      clock.advance(ms)
    },
    ...administrators(administration),
    close: () => Promise.resolve(),
  }
}

/** Heard before the change that signals returns: nothing is lost here, and nothing late. */
function memorySignals(): { signals: Signals; signal: (hint: Hint) => void } {
  const { deliver, ...listeners } = hintListeners()
  return { signals: { ...listeners, arrivedUntil: () => performance.now() }, signal: deliver }
}
