import {
  decideChanges,
  presenceSessions,
  type ChangeSessions,
} from '../../src/application/change-sessions.ts'
import type { PresenceSessions } from '../../src/application/ports.ts'
import { liveSessions } from '../../src/domain/presence.ts'
import type { UserId } from '../../src/domain/user-id.ts'
import type { MemoryTables } from './memory-tables.ts'
import { POLICY } from './policy.ts'

/** The devices of users, in memory. */
export function memorySessions(
  tables: MemoryTables,
  signal: (users: readonly UserId[]) => void,
): PresenceSessions {
  const change: ChangeSessions = async (items, { makesUsers, change }) => {
    await Promise.resolve()
    const now = tables.clock.now()
    const users = items
      .map(({ user }) => user)
      .filter((user) => (makesUsers || tables.sessions.has(user)) && !tables.erased.has(user))
    const stored = new Map(users.map((user) => [user, { sessions: tables.sessions.get(user) ?? [], now }]))
    const { outcomes, changed, news } = decideChanges(items, stored, change)
    for (const [user, sessions] of changed) {
      tables.sessions.set(user, sessions)
      if (!tables.revisions.users.has(user)) tables.revisions.raise([user])
    }
    if (news.length > 0) signal(news)
    return outcomes
  }

  return {
    ...presenceSessions(change, POLICY.policy),

    async sessionsOf(users) {
      await Promise.resolve()
      const now = tables.clock.now()
      return new Map(
        users
          .map((user) => [user, liveSessions(tables.sessions.get(user) ?? [], now)] as const)
          .filter(([, sessions]) => sessions.length > 0),
      )
    },
  }
}
