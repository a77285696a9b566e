import type { Administration } from '../../src/application/administration.ts'
import type { Hint } from '../../src/application/ports.ts'
import {
  classAssigned,
  classChanged,
  classCreated,
  presenceServerSet,
  siteChanged,
} from '../../src/domain/administrative-act.ts'
import { classWith, DEFAULT_CLASS_NAME, settingsOf } from '../../src/domain/class-settings.ts'
import { effectivePresenceServer } from '../../src/domain/presence-server.ts'
import type { UserId } from '../../src/domain/user-id.ts'
import { writeAct } from './memory-administrative-acts.ts'
import { sessionsInAnotherClass } from '../../src/domain/sessions.ts'
import { requireClass, userOf, userRow, type MemoryTables } from './memory-tables.ts'

/** What administrators set, in memory. */
export function memoryAdministration(tables: MemoryTables, signal: (hint: Hint) => void): Administration {
  const settingsChanged = (): void => {
    tables.revisions.raiseSettings()
    signal('SETTINGS')
  }
  const usersChanged = (users: readonly UserId[]): void => {
    tables.revisions.raise(users)
    signal({ users })
  }
  return {
    async classes() {
      await Promise.resolve()
      return [...tables.classes.values()].sort((a, b) =>
        Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)),
      )
    },

    async findClass(name) {
      await Promise.resolve()
      return tables.classes.get(name) ?? null
    },

    async assignedUsers() {
      await Promise.resolve()
      const counts = new Map([...tables.classes.keys()].map((name) => [name, 0]))
      for (const { className } of tables.users.values())
        counts.set(className, (counts.get(className) ?? 0) + 1)
      counts.delete(DEFAULT_CLASS_NAME)
      return counts
    },

    async createClass({ actor, name, settings, maxClasses }) {
      await Promise.resolve()
      if (tables.classes.size >= maxClasses) return { refused: 'TOO_MANY_CLASSES' }
      if (tables.classes.has(name)) return { refused: 'NAME_TAKEN' }
      const classOfService = classWith(name, settings)
      writeAct(tables, { actor, act: classCreated(classOfService), users: [] })
      tables.classes.set(name, classOfService)
      return { classOfService }
    },

    async changeClass({ actor, name, newName = name, settings }) {
      await Promise.resolve()
      const before = tables.classes.get(name)
      if (before === undefined) return { refused: 'NOT_FOUND' }
      if (newName !== name && tables.classes.has(newName)) return { refused: 'NAME_TAKEN' }
      const classOfService = classWith(newName, { ...settingsOf(before), ...settings })
      writeAct(tables, { actor, act: classChanged(before, classOfService), users: [] })
      const forbids = before.appearOfflineAllowed && settings.appearOfflineAllowed === false
      const forbiddenAt = forbids ? tables.clock.now() : tables.forbiddenAt.get(name)
      tables.forbiddenAt.delete(name)
      if (forbiddenAt !== undefined) tables.forbiddenAt.set(newName, forbiddenAt)
      tables.classes.delete(name)
      tables.classes.set(newName, classOfService)
      for (const [id, row] of tables.users) {
        if (row.className === name) tables.users.set(id, { ...row, className: newName })
      }
      settingsChanged()
      return { classOfService }
    },

    async settingsOf(users) {
      await Promise.resolve()
      return new Map(
        users.map((user) => {
          const { className, presenceServer: own } = userRow(tables, user)
          const effective = effectivePresenceServer({ own, ofSite: tables.site.presenceServer })
          return [
            user,
            { classOfService: requireClass(tables, className), presenceServer: { own, effective } },
          ]
        }),
      )
    },

    async assignClass({ actor, users, className, onProgress }) {
      await Promise.resolve()
      if (!tables.classes.has(className)) return 'CLASS_NOT_FOUND'
      const assigned = writeAct(tables, { actor, act: classAssigned(className), users }) as UserId[]
      for (const user of assigned) putIntoClass(tables, user, className)
      usersChanged(assigned)
      onProgress?.(users.length)
      return { assigned: assigned.length }
    },

    async setPresenceServer({ actor, users, server, onProgress }) {
      await Promise.resolve()
      const set = writeAct(tables, { actor, act: presenceServerSet(server), users }) as UserId[]
      for (const user of set) tables.users.set(user, { ...userRow(tables, user), presenceServer: server })
      usersChanged(set)
      onProgress?.(users.length)
      return { set: set.length }
    },

    async site() {
      await Promise.resolve()
      return { ...tables.site }
    },

    async setSite({ actor, presenceServer }) {
      await Promise.resolve()
      writeAct(tables, { actor, act: siteChanged(tables.site, { presenceServer }), users: [] })
      tables.site.presenceServer = presenceServer
      settingsChanged()
    },
  }
}

function putIntoClass(tables: MemoryTables, user: UserId, className: string): void {
  const { preference, classOfService, appearOfflineForbiddenAt } = userOf(tables, user)
  const sessions = tables.sessions.get(user)
  if (sessions !== undefined && preference.appearOffline && className !== classOfService.name) {
    const left = { appearOfflineAllowed: classOfService.appearOfflineAllowed, appearOfflineForbiddenAt }
    tables.sessions.set(user, sessionsInAnotherClass(sessions, left, tables.clock.now()))
  }
  tables.users.set(user, { ...userRow(tables, user), className })
}
