import type { PersonalRecords, StoredTrailRecord } from '../../src/application/account-ports.ts'
import { actAboutUsers } from '../../src/domain/administrative-act.ts'
import { NO_EDGE } from '../../src/domain/edge.ts'
import { trailRecord } from '../../src/domain/trail.ts'
import { compareBytes, type UserId } from '../../src/domain/user-id.ts'
import { renameInActs, writeAct } from './memory-administrative-acts.ts'
import type { MemoryTables } from './memory-tables.ts'
import { writeTrail } from './memory-trail.ts'

/** All that is stored of one person, from memory. */
export function memoryPersonalRecords(
  tables: MemoryTables,
  signal: (users: readonly UserId[]) => void,
): PersonalRecords {
  return {
    async viewsOf({ watcher, after, limit }) {
      await Promise.resolve()
      const views = [...tables.pairs.values()]
        .filter((row) => row.watcher === watcher)
        .filter(({ presentity }) => after === null || compareBytes(presentity, after) > 0)
        .sort((a, b) => compareBytes(a.presentity, b.presentity))
        .map(({ presentity, view, contactSince }) => ({ presentity, view, contactSince }))
      return { now: tables.clock.now(), views: views.slice(0, limit) }
    },

    async requestsOf({ watcher, after, limit }) {
      await Promise.resolve()
      const requests = [...tables.outgoing.values()]
        .filter((row) => row.watcher === watcher && (after === null || row.request.id > after))
        .sort((a, b) => (a.request.id < b.request.id ? -1 : 1))
        .map(({ presentity, request }) => ({ presentity, request }))
      return { now: tables.clock.now(), requests: requests.slice(0, limit) }
    },

    async answersOf({ presentity, after, limit }) {
      await Promise.resolve()
      return [...tables.answers]
        .filter(([, answer]) => answer.presentity === presentity)
        .map(([key, { result, answeredAt }]) => ({
          clientKey: key.slice(presentity.length + 1),
          result,
          answeredAt,
        }))
        .filter(({ clientKey }) => !clientKey.includes('/') && (after === null || clientKey > after))
        .sort((a, b) => (a.clientKey < b.clientKey ? -1 : 1))
        .slice(0, limit)
    },

    async erase({ user, actor, token }) {
      await Promise.resolve()
      const nameOf = (id: string): string => (id === user ? token : id)
      const by = { ...actor, id: nameOf(actor.id) as UserId }
      const renamed = tables.trail.map((record): StoredTrailRecord => ({
        ...record,
        presentity: nameOf(record.presentity),
        watcher: nameOf(record.watcher),
        actor: { ...record.actor, id: record.actor.id && nameOf(record.actor.id) },
      }))
      tables.trail.splice(0, Infinity, ...renamed)
      renameInActs(tables, nameOf)
      writeAct(tables, { actor: by, act: actAboutUsers('ERASED'), users: [token] })
      tables.erased.add(user)
      const concerned = new Set([user])
      for (const [key, { presentity, watcher, edge }] of tables.pairs) {
        if (presentity !== user && watcher !== user) continue
        concerned.add(presentity).add(watcher)
        tables.pairs.delete(key)
        const now = tables.clock.now()
        const record = trailRecord({ before: edge, after: NO_EDGE, cause: 'ERASED', actor: by, now })
        const of = { presentity: nameOf(presentity), watcher: nameOf(watcher) }
        if (record !== null) writeTrail(tables, { ...record, ...of })
      }
      for (const rows of [tables.incoming, tables.outgoing]) {
        for (const [id, row] of rows) if (row.presentity === user || row.watcher === user) rows.delete(id)
      }
      for (const [key, answer] of tables.answers) {
        const { result } = answer
        const contacts = result.contacts.filter((contact) => contact.user !== user)
        if (answer.presentity === user) tables.answers.delete(key)
        else tables.answers.set(key, { ...answer, result: { ...result, contacts } })
      }
      tables.sessions.delete(user)
      tables.users.delete(user)
      tables.revisions.users.delete(user)
      signal([...concerned])
    },
  }
}
