import type { Administration } from '../../src/application/administration.ts'
import { settingsOf } from '../../src/domain/class-settings.ts'
import type { Storage } from './storage.ts'

/** Administrators as tests need them: what they set is set, whatever was there before. */
export function administrators(administration: Administration): Pick<Storage, 'setClass' | 'setUser'> {
  return {
    async setClass(classOfService) {
      const { name } = classOfService
      const settings = settingsOf(classOfService)
      const changed = await administration.changeClass({ name, settings })
      if ('classOfService' in changed) return
      const created = await administration.createClass({ name, settings, maxClasses: Infinity })
      if ('refused' in created) throw new Error(`the class "${name}" is ${created.refused}`)
    },

    async setUser(user, { classOfService, presenceServer }) {
      const before = (await administration.settingsOf([user])).get(user)
      if (before === undefined) throw new Error(`nothing is known of ${user}`)
      const className = classOfService ?? before.classOfService.name
      const outcome = await administration.assignClass({ users: [user], className })
      if (outcome !== 'ASSIGNED') throw new Error(`the class "${className}" is ${outcome}`)
      const server = presenceServer ?? before.presenceServer.own
      await administration.setPresenceServer({ users: [user], server })
    },
  }
}
