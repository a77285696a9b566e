import type { Administration } from '../../src/application/administration.ts'
import type { Administrator } from '../../src/domain/administrative-act.ts'
import { settingsOf, type ClassSettings } from '../../src/domain/class-settings.ts'
import { newUser } from './new-user.ts'
import type { Storage } from './storage.ts'

/** An administrator, where it does not matter who. */
export const ROOT: Administrator = { kind: 'ADMINISTRATOR', id: newUser('root') }

/** Every setting other than a new class has it. */
export const OTHER_SETTINGS: ClassSettings = {
  invitationHandling: 'AUTO_ACCEPT',
  pendingShown: false,
  appearOfflineAllowed: false,
  maxContacts: 7,
  requestsPerMinute: 8,
  requestsPerDay: 9,
  requestLifetimeSeconds: 600,
  requestCooldownSeconds: 11,
}

/** Administrators as tests need them: what they set is set, whatever was there before. */
export function administrators(administration: Administration): Pick<Storage, 'setClass' | 'setUser'> {
  return {
    async setClass(classOfService) {
      const { name } = classOfService
      const settings = settingsOf(classOfService)
      const changed = await administration.changeClass({ actor: ROOT, name, settings })
      if ('classOfService' in changed) return
      const created = await administration.createClass({
        ...{ actor: ROOT, name, settings },
        maxClasses: Infinity,
      })
      if ('refused' in created) throw new Error(`the class "${name}" is ${created.refused}`)
    },

    async setUser(user, { classOfService, presenceServer }) {
      const before = (await administration.settingsOf([user])).get(user)
      if (before === undefined) throw new Error(`nothing is known of ${user}`)
      const className = classOfService ?? before.classOfService.name
      const assigned = await administration.assignClass({ actor: ROOT, users: [user], className })
      if (assigned === 'CLASS_NOT_FOUND') throw new Error(`there is no class "${className}"`)
      const server = presenceServer ?? before.presenceServer.own
      await administration.setPresenceServer({ actor: ROOT, users: [user], server })
    },
  }
}
