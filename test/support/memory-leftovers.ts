import type { Leftovers } from '../../src/application/ports.ts'
import { liveSessions } from '../../src/domain/presence.ts'
import { incomingAt, outgoingAt } from '../../src/domain/request.ts'
import type { UserId } from '../../src/domain/user-id.ts'
import type { MemoryTables } from './memory-tables.ts'

/** What time has left behind in memory. */
export function memoryLeftovers(tables: MemoryTables, signal: (users: readonly UserId[]) => void): Leftovers {
  const isPast = (endsAt: number | null) => endsAt !== null && endsAt <= tables.clock.now()
  return {
    async endedPairs(limit) {
      await Promise.resolve()
      return [...tables.pairs.values()]
        .filter(({ edge, view }) => (isPast(edge.endsAt) && edge.state !== 'BLOCKED') || isPast(view.endsAt))
        .slice(0, limit)
        .map(({ presentity, watcher }) => ({ presentity, watcher }))
    },

    async expireReplaced(limit) {
      await Promise.resolve()
      const now = tables.clock.now()
      const items = [...tables.incoming].filter(([, { item }]) => incomingAt(item, now) !== item)
      for (const [id, row] of items.slice(0, limit)) {
        tables.incoming.set(id, { ...row, item: incomingAt(row.item, now) })
      }
      const requests = [...tables.outgoing].filter(([, { request }]) => outgoingAt(request, now) !== request)
      for (const [id, row] of requests.slice(0, limit)) {
        tables.outgoing.set(id, { ...row, request: outgoingAt(row.request, now) })
      }
      return Math.min(limit, Math.max(items.length, requests.length))
    },

    async reapSessions(limit) {
      await Promise.resolve()
      const now = tables.clock.now()
      const ended = [...tables.sessions]
        .filter(([, sessions]) => sessions.length > 0 && liveSessions(sessions, now).length === 0)
        .slice(0, limit)
      for (const [user] of ended) tables.sessions.set(user, [])
      if (ended.length > 0) signal(ended.map(([user]) => user))
      return ended.length
    },

    async forget({ kept, limit }) {
      await Promise.resolve()
      const now = tables.clock.now()
      const isOld = ({ askedAt, endsAt }: { askedAt: number; endsAt: number | null }) =>
        askedAt <= now - kept.requestsMs && (endsAt === null || endsAt <= now - kept.requestsMs)
      const forgetting = [
        forgetSome(tables.incoming, limit, ({ item }) => item.state !== 'OPEN' && isOld(item)),
        forgetSome(tables.outgoing, limit, ({ request }) => request.state !== 'OPEN' && isOld(request)),
        forgetSome(tables.answers, limit, ({ answeredAt }) => answeredAt <= now - kept.answersMs),
      ]
      return Math.max(...forgetting)
    },
  }
}

function forgetSome<Row>(rows: Map<string, Row>, limit: number, isOld: (row: Row) => boolean): number {
  const old = [...rows].filter(([, row]) => isOld(row)).slice(0, limit)
  for (const [key] of old) rows.delete(key)
  return old.length
}
