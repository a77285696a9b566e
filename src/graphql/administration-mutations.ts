import { acceptAllPending } from '../application/accept-all-pending.ts'
import { changeClass, createClass, type ClassFault } from '../application/administer-classes.ts'
import { assignClass, setPresenceServer } from '../application/administer-users.ts'
import type { ClassSettings } from '../domain/class-settings.ts'
import type { MutationResolvers, UpdatePresenceClassOfServiceInput } from '../generated/resolver-types.ts'
import { userNodesOf } from './administration.ts'
import { classNodeOf } from './class-node.ts'
import { badInput } from './errors.ts'
import { anyUser, anyUsers } from './input.ts'
import { requireAdministrator } from './require-role.ts'

export const MAX_ADMINISTERED = 1000

export const administrationMutations: Pick<
  MutationResolvers,
  | 'createPresenceClassOfService'
  | 'updatePresenceClassOfService'
  | 'assignPresenceClassOfService'
  | 'setPresenceServer'
  | 'setPresenceSiteSettings'
  | 'acceptAllPendingRequestsOfUser'
> = {
  createPresenceClassOfService: async (_mutation, { input }, context) => {
    const actor = requireAdministrator(context)
    const settings = settingsIn(input)
    const created = await createClass(context.services.administration, { actor, name: input.name, settings })
    if ('fault' in created) throw refusal(created)
    return 'refused' in created
      ? { outcome: created.refused, classOfService: null }
      : { outcome: 'CREATED', classOfService: classNodeOf(created.classOfService) }
  },

  updatePresenceClassOfService: async (_mutation, { input }, context) => {
    const actor = requireAdministrator(context)
    const { name, newName } = input
    const changed = await changeClass(context.services.administration, {
      actor,
      name,
      ...(newName != null && { newName }),
      settings: settingsIn(input),
    })
    if ('fault' in changed) throw refusal(changed)
    if ('refused' in changed) await context.services.proveCaller()
    return 'refused' in changed
      ? { outcome: changed.refused, classOfService: null }
      : { outcome: 'UPDATED', classOfService: classNodeOf(changed.classOfService) }
  },

  assignPresenceClassOfService: async (_mutation, { input }, context) => {
    const actor = requireAdministrator(context)
    const users = anyUsers('userIds', input.userIds, { most: MAX_ADMINISTERED })
    const { className } = input
    const assigned = await assignClass(context.services.administration, { actor, users, className })
    if (assigned === 'CLASS_NOT_FOUND') await context.services.proveCaller()
    return assigned === 'CLASS_NOT_FOUND'
      ? { outcome: assigned, users: [] }
      : { outcome: 'ASSIGNED', users: await userNodesOf(context, users) }
  },

  setPresenceServer: async (_mutation, { input }, context) => {
    const actor = requireAdministrator(context)
    const users = anyUsers('userIds', input.userIds, { most: MAX_ADMINISTERED })
    const server = input.server === 'SITE_DEFAULT' ? 'NONE_KNOWN' : input.server
    await setPresenceServer(context.services.administration, { actor, users, server })
    return { users: await userNodesOf(context, users) }
  },

  setPresenceSiteSettings: async (_mutation, { input }, context) => {
    const actor = requireAdministrator(context)
    const { administration } = context.services
    const { presenceServer } = input
    if (presenceServer != null) await administration.setSite({ actor, presenceServer })
    return { site: await administration.site() }
  },

  acceptAllPendingRequestsOfUser: async (_mutation, { input }, context) => {
    const { id: actor } = requireAdministrator(context)
    const presentity = anyUser('userId', input.userId)
    const { accepted, hasMore } = await acceptAllPending(context.services, { presentity, actor })
    return { acceptedCount: accepted, hasMore }
  },
}

/** The settings that were given; null is the same as left out. */
function settingsIn(
  input: Omit<UpdatePresenceClassOfServiceInput, 'name' | 'newName'>,
): Partial<ClassSettings> {
  const { invitationHandling, pendingShown, appearOfflineAllowed, maxContacts } = input
  const { requestsPerMinute, requestsPerDay, requestLifetimeSeconds, requestCooldownSeconds } = input
  return {
    ...(invitationHandling != null && { invitationHandling }),
    ...(pendingShown != null && { pendingShown }),
    ...(appearOfflineAllowed != null && { appearOfflineAllowed }),
    ...(maxContacts != null && { maxContacts }),
    ...(requestsPerMinute != null && { requestsPerMinute }),
    ...(requestsPerDay != null && { requestsPerDay }),
    ...(requestLifetimeSeconds != null && { requestLifetimeSeconds }),
    ...(requestCooldownSeconds != null && { requestCooldownSeconds }),
  }
}

function refusal({ fault }: ClassFault): Error {
  if ('name' in fault) {
    return badInput(
      fault.name,
      'A name is 1 to 100 characters, without control characters or spaces around. Nothing was applied.',
    )
  }
  const { setting, least, most } = fault
  return badInput(setting, `It is ${String(least)} to ${String(most)}. Nothing was applied.`)
}
