import type {
  Facts,
  FactsReader,
  PresenceSessions,
  Publication,
  Published,
  SessionOf,
  Signals,
} from '../../src/application/ports.ts'
import { admitSessions } from '../../src/domain/admit-sessions.ts'
import { NO_PAIR } from '../../src/domain/pair.ts'
import type { PresenceSession } from '../../src/domain/presence.ts'
import type { UserId } from '../../src/domain/user-id.ts'
import { administrators } from './administrators.ts'
import { memoryAdministration } from './memory-administration.ts'
import { memoryLeftovers } from './memory-leftovers.ts'
import { memoryLists } from './memory-lists.ts'
import { memoryPersonalRecords } from './memory-personal-records.ts'
import { memoryPrivacyStore } from './memory-privacy-store.ts'
import {
  liveSessions,
  memoryTables,
  pairKey,
  userOf,
  virtualClock,
  type MemoryTables,
  type VirtualClock,
} from './memory-tables.ts'
import { memoryTrail } from './memory-trail.ts'
import type { Storage } from './storage.ts'

export type MemoryStorage = Storage & { readonly clock: VirtualClock }

/** All ports in memory, for simulations: with a clock of its own that stands still until it is told otherwise. */
export function memoryStorage(): MemoryStorage {
  const clock = virtualClock()
  const tables = memoryTables(clock)
  const { signals, signal } = memorySignals()
  const administration = memoryAdministration(tables)
  return {
    clock,
    facts: memoryFactsReader(tables),
    privacy: memoryPrivacyStore(tables, signal),
    lists: memoryLists(tables),
    trail: memoryTrail(tables),
    records: memoryPersonalRecords(tables, signal),
    sessions: memorySessions(tables),
    signals,
    leftovers: memoryLeftovers(tables),
    async passTime(ms) {
      await Promise.resolve()
      clock.advance(ms)
    },
    administration,
    ...administrators(administration),
    close: () => Promise.resolve(),
  }
}

function memoryFactsReader(tables: MemoryTables): FactsReader {
  const factsOf = (watcher: UserId, presentities: readonly UserId[]): Facts => ({
    now: tables.clock.now(),
    watcherClass: userOf(tables, watcher).classOfService,
    presentities: new Map(
      presentities.map((presentity) => {
        const { edge, view, contactSince, watcherBlocksFrom } =
          tables.pairs.get(pairKey({ presentity, watcher })) ?? NO_PAIR
        const pair = { edge, view, contactSince, watcherBlocksFrom }
        return [
          presentity,
          { user: userOf(tables, presentity), pair, sessions: liveSessions(tables, presentity) },
        ]
      }),
    ),
  })
  const storedFacts = (watcher: UserId, presentities: readonly UserId[]): Facts =>
    factsOf(
      watcher,
      [...new Set(presentities)].filter((id) => tables.users.has(id) || tables.sessions.has(id)),
    )
  return {
    async readFacts({ watcher, presentities }) {
      await Promise.resolve()
      return storedFacts(watcher, presentities)
    },

    async readFactsOfPairs(pairs) {
      await Promise.resolve()
      const lookedAtBy = (watcher: UserId): UserId[] =>
        pairs.filter((pair) => pair.watcher === watcher).map(({ presentity }) => presentity)
      return new Map(pairs.map(({ watcher }) => [watcher, storedFacts(watcher, lookedAtBy(watcher))]))
    },

    async readContactFacts({ watcher }) {
      await Promise.resolve()
      const contacts = [...tables.pairs.values()].filter(
        (row) => row.watcher === watcher && row.contactSince !== null,
      )
      return factsOf(
        watcher,
        contacts.map(({ presentity }) => presentity),
      )
    },
  }
}

function memorySessions(tables: MemoryTables): PresenceSessions {
  const publishOne = ({ user, session, leaseMs }: Publication): PresenceSession => {
    const live = new Map(liveSessions(tables, user).map((each) => [each.id, each]))
    const mayAppearOffline = live.get(session.id)?.mayAppearOffline ?? session.mayAppearOffline
    const now = tables.clock.now()
    const published = { ...session, mayAppearOffline, publishedAt: now, leaseEndsAt: now + leaseMs }
    tables.sessions.set(user, live.set(session.id, published))
    return published
  }
  const publishSeveral = (publications: readonly Publication[]): readonly Published[] => {
    const live = [...new Set(publications.map(({ user }) => user))].flatMap((user) =>
      liveSessions(tables, user).map(({ id }) => ({ user, id })),
    )
    const admitted = admitSessions(
      publications.map(({ user, session, maxSessions }) => ({ user, id: session.id, maxSessions })),
      live,
    )
    publications.filter(({ user }, place) => admitted[place] && !tables.erased.has(user)).forEach(publishOne)
    // Of two publications of one session, both are answered with the later one.
    return publications.map(({ user, session }, place) =>
      tables.erased.has(user)
        ? { refused: 'USER_ERASED' }
        : admitted[place]
          ? { session: tables.sessions.get(user)!.get(session.id)! }
          : { refused: 'TOO_MANY_SESSIONS' },
    )
  }
  const endOne = ({ user, id }: SessionOf): boolean => {
    const lived = liveSessions(tables, user).some((session) => session.id === id)
    tables.sessions.get(user)?.delete(id)
    return lived
  }
  return {
    async sessionsOf(users) {
      await Promise.resolve()
      return new Map(
        users
          .map((user) => [user, liveSessions(tables, user)] as const)
          .filter(([, sessions]) => sessions.length > 0),
      )
    },

    async publish(publication) {
      await Promise.resolve()
      const [published] = publishSeveral([publication])
      return published!
    },

    async publishSeveral(publications) {
      await Promise.resolve()
      return publishSeveral(publications)
    },

    async end(session) {
      await Promise.resolve()
      return endOne(session)
    },

    async endSeveral(sessions) {
      await Promise.resolve()
      return sessions.map(endOne)
    },
  }
}

/** Heard before the change that signals returns: nothing is lost here, and nothing late. */
function memorySignals(): { signals: Signals; signal: (users: readonly UserId[]) => void } {
  const listeners = new Map<UserId, Set<() => void>>()
  return {
    signal(users) {
      for (const user of users) for (const listener of [...(listeners.get(user) ?? [])]) listener()
    },
    signals: {
      subscribe(user, listener) {
        const ofUser = listeners.get(user) ?? new Set()
        listeners.set(user, ofUser.add(listener))
        return () => {
          ofUser.delete(listener)
          if (ofUser.size === 0 && listeners.get(user) === ofUser) listeners.delete(user)
        }
      },
    },
  }
}
