import type { Administration } from '../../src/application/administration.ts'
import { classWith, DEFAULT_CLASS_NAME, settingsOf } from '../../src/domain/class-settings.ts'
import { effectivePresenceServer } from '../../src/domain/presence-server.ts'
import { requireClass, userRow, type MemoryTables } from './memory-tables.ts'

/** What administrators set, in memory. */
export function memoryAdministration(tables: MemoryTables): Administration {
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

    async createClass({ name, settings, maxClasses }) {
      await Promise.resolve()
      if (tables.classes.size >= maxClasses) return { refused: 'TOO_MANY_CLASSES' }
      if (tables.classes.has(name)) return { refused: 'NAME_TAKEN' }
      const classOfService = classWith(name, settings)
      tables.classes.set(name, classOfService)
      return { classOfService }
    },

    async changeClass({ name, newName = name, settings }) {
      await Promise.resolve()
      const before = tables.classes.get(name)
      if (before === undefined) return { refused: 'NOT_FOUND' }
      if (newName !== name && tables.classes.has(newName)) return { refused: 'NAME_TAKEN' }
      const classOfService = classWith(newName, { ...settingsOf(before), ...settings })
      tables.classes.delete(name)
      tables.classes.set(newName, classOfService)
      for (const [id, row] of tables.users) {
        if (row.className === name) tables.users.set(id, { ...row, className: newName })
      }
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

    async assignClass({ users, className, onProgress }) {
      await Promise.resolve()
      if (!tables.classes.has(className)) return 'CLASS_NOT_FOUND'
      for (const user of users) tables.users.set(user, { ...userRow(tables, user), className })
      onProgress?.(users.length)
      return 'ASSIGNED'
    },

    async setPresenceServer({ users, server, onProgress }) {
      await Promise.resolve()
      for (const user of users) tables.users.set(user, { ...userRow(tables, user), presenceServer: server })
      onProgress?.(users.length)
    },

    async site() {
      await Promise.resolve()
      return { ...tables.site }
    },

    async setSite({ presenceServer }) {
      await Promise.resolve()
      tables.site.presenceServer = presenceServer
    },
  }
}
