import {
  decideChanges,
  presenceSessions,
  type ChangeSessions,
} from '../../src/application/change-sessions.ts'
import type { PresenceSessions } from '../../src/application/ports.ts'
import { liveSessions } from '../../src/domain/presence.ts'
import type { UserId } from '../../src/domain/user-id.ts'
import { userOf, userRow, type MemoryTables } from './memory-tables.ts'
import { POLICY } from './policy.ts'

/** The devices of users, in memory. */
export function memorySessions(
  tables: MemoryTables,
  signal: (users: readonly UserId[]) => void,
): PresenceSessions {
  const change: ChangeSessions = async (items, { begins, change }) => {
    await Promise.resolve()
    const now = tables.clock.now()
    const users = items
      .map(({ user }) => user)
      .filter((user) => (begins || tables.sessions.has(user)) && !tables.erased.has(user))
    if (begins) for (const user of users) tables.users.set(user, userRow(tables, user))
    const stored = new Map(
      users.map((user) => [
        user,
        {
          sessions: tables.sessions.get(user) ?? [],
          now,
          appearOfflineAllowed: begins && userOf(tables, user).classOfService.appearOfflineAllowed,
        },
      ]),
    )
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
