import { findClass } from '../application/administer-classes.ts'
import type { UserSettings } from '../application/administration.ts'
import { DEFAULT_CLASS_NAME } from '../domain/class-settings.ts'
import type { UserId } from '../domain/user-id.ts'
import type {
  PresenceClassOfServiceAdministrationResolvers,
  PresencePrivacyAdministrationResolvers,
} from '../generated/resolver-types.ts'
import { classNodeOf } from './class-node.ts'
import type { GraphQLContext } from './context.ts'
import { anyUser } from './input.ts'
import type { AdministrationParent } from './parents.ts'
import { requireRole } from './require-role.ts'

/** The administrators' part of the graph. Throws FORBIDDEN for everybody else. */
export function administrationFor(context: GraphQLContext): AdministrationParent {
  requireRole(context, 'administrator')
  let assigned: Promise<ReadonlyMap<string, number>> | undefined
  return { assignedUsers: () => (assigned ??= context.services.administration.assignedUsers()) }
}

export const administration: PresencePrivacyAdministrationResolvers = {
  classesOfService: async ({ assignedUsers }, _args, { services }) =>
    (await services.administration.classes()).map((of) => ({ of, assignedUsers })),

  classOfService: async ({ assignedUsers }, { name }, { services }) => {
    const of = await findClass(services.administration, name)
    if (of === null) await services.proveCaller()
    return of && { of, assignedUsers }
  },

  user: async (_administration, { id }, context) => {
    const user = anyUser('id', id)
    const [node] = await userNodesOf(context, [user])
    if (node === undefined) throw new Error('the settings of a user were not read')
    return node
  },

  site: (_administration, _args, { services }) => services.administration.site(),
}

export const classAdministration: PresenceClassOfServiceAdministrationResolvers = {
  classOfService: ({ of }) => classNodeOf(of),
  isDefault: ({ of }) => of.name === DEFAULT_CLASS_NAME,
  assignedUsers: async ({ of, assignedUsers }) => (await assignedUsers()).get(of.name) ?? null,
}

/** What is set for users, in their order. */
export async function userNodesOf({ services }: GraphQLContext, users: readonly UserId[]) {
  const settings = await services.administration.settingsOf(users)
  return users.flatMap((user) => {
    const found = settings.get(user)
    return found === undefined ? [] : [userNodeOf(user, found)]
  })
}

function userNodeOf(id: UserId, { classOfService, presenceServer }: UserSettings) {
  return {
    user: { id },
    classOfService: classNodeOf(classOfService),
    presenceServer: presenceServer.own === 'NONE_KNOWN' ? ('SITE_DEFAULT' as const) : presenceServer.own,
    effectivePresenceServer: presenceServer.effective,
  }
}
