import {
  NO_REVISION,
  type LiveFacts,
  type RevisedFacts,
  type Revision,
} from '../../src/application/live-ports.ts'
import type { Facts, FactsReader, PairOf } from '../../src/application/ports.ts'
import { NO_PAIR } from '../../src/domain/pair.ts'
import { liveSessions } from '../../src/domain/presence.ts'
import type { UserId } from '../../src/domain/user-id.ts'
import { pairKey, userOf, type MemoryTables } from './memory-tables.ts'

/** Facts as they are at one moment; a reader of them pauses once, as one that asks a database does. */
function readers(tables: MemoryTables) {
  const factsOf = (watcher: UserId, presentities: readonly UserId[], now = tables.clock.now()): Facts => ({
    now,
    watcherClass: userOf(tables, watcher).classOfService,
    presentities: new Map(
      presentities.map((presentity) => {
        const { edge, view, contactSince, watcherBlocksFrom } =
          tables.pairs.get(pairKey({ presentity, watcher })) ?? NO_PAIR
        const pair = { edge, view, contactSince, watcherBlocksFrom }
        return [
          presentity,
          {
            user: userOf(tables, presentity),
            pair,
            sessions: liveSessions(tables.sessions.get(presentity) ?? [], now),
          },
        ]
      }),
    ),
  })
  const storedFacts = (watcher: UserId, presentities: readonly UserId[]): Facts =>
    factsOf(
      watcher,
      [...new Set(presentities)].filter((id) => tables.users.has(id) || tables.sessions.has(id)),
    )
  const factsOfPairs = (pairs: readonly PairOf[]): ReadonlyMap<UserId, Facts> => {
    const lookedAtBy = new Map<UserId, UserId[]>()
    for (const { watcher, presentity } of pairs) {
      const presentities = lookedAtBy.get(watcher)
      if (presentities === undefined) lookedAtBy.set(watcher, [presentity])
      else presentities.push(presentity)
    }
    return new Map(
      [...lookedAtBy].map(([watcher, presentities]) => [watcher, storedFacts(watcher, presentities)]),
    )
  }
  const contactFacts = (watcher: UserId): Facts => {
    const contacts = [...tables.pairs.values()].filter(
      (row) => row.watcher === watcher && row.contactSince !== null,
    )
    return factsOf(
      watcher,
      contacts.map(({ presentity }) => presentity),
    )
  }
  return { storedFacts, factsOfPairs, contactFacts }
}

export function memoryFactsReader(tables: MemoryTables): FactsReader {
  const { storedFacts, factsOfPairs, contactFacts } = readers(tables)
  return {
    async readFacts({ watcher, presentities }) {
      await Promise.resolve()
      return storedFacts(watcher, presentities)
    },

    async readFactsOfPairs(pairs) {
      await Promise.resolve()
      return factsOfPairs(pairs)
    },

    async readSight({ watcher, presentities }) {
      await Promise.resolve()
      return storedFacts(watcher, presentities)
    },

    async readContactSight({ watcher }) {
      await Promise.resolve()
      return contactFacts(watcher)
    },
  }
}

export function memoryLiveFacts(tables: MemoryTables): LiveFacts {
  const { storedFacts, factsOfPairs, contactFacts } = readers(tables)
  const { users, settings } = tables.revisions
  const revisionOf = (user: UserId): Revision => users.get(user) ?? NO_REVISION
  const revised = (watcher: UserId, facts: Facts): RevisedFacts => ({
    ...facts,
    watcherErased: tables.erased.has(watcher),
    revisions: {
      settings: settings(),
      watcher: revisionOf(watcher),
      presentities: new Map([...facts.presentities.keys()].map((id) => [id, revisionOf(id)])),
    },
  })
  return {
    async look({ presentities, watchers }) {
      await Promise.resolve()
      const { now, presentities: found } = storedFacts('' as UserId, presentities)
      return {
        now,
        settings: settings(),
        presentities: new Map(
          [...found].map(([id, { user, sessions }]) => [id, { revision: revisionOf(id), user, sessions }]),
        ),
        moved: [...watchers].flatMap(([id, revision]) =>
          revisionOf(id) === revision && !tables.erased.has(id) ? [] : [id],
        ),
      }
    },

    async factsOfPairs(pairs) {
      await Promise.resolve()
      return new Map([...factsOfPairs(pairs)].map(([watcher, facts]) => [watcher, revised(watcher, facts)]))
    },

    async contactFacts({ watcher }) {
      await Promise.resolve()
      return revised(watcher, contactFacts(watcher))
    },
  }
}
