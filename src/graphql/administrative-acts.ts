import { auditActs, usersOfAct, type StoredAct } from '../application/administrative-acts.ts'
import { shownToken } from '../domain/trail.ts'
import type { PresencePrivacyAuditResolvers } from '../generated/resolver-types.ts'
import { connectionOf, requireFirst } from './connection.ts'
import { badInput } from './errors.ts'
import { anyUser } from './input.ts'
import { cursorOf, SEALED_ID, trailPage } from './trail-connection.ts'

/** What administrators did, as auditors read it. */
export const administrativeActs: Pick<
  PresencePrivacyAuditResolvers,
  'administrativeActs' | 'usersOfAdministrativeAct'
> = {
  administrativeActs: async (_audit, args, { services }) => {
    const { actorId, userId, since = null, until = null } = args
    const { first, after } = trailPage(args)
    const found = await auditActs(services.acts, {
      actor: actorId == null ? null : anyUser('actorId', actorId),
      user: userId == null ? null : anyUser('userId', userId),
      ...{ since, until, first, after },
    })
    return connectionOf(found, {
      hasPreviousPage: after !== null,
      node: actNodeOf,
      cursor: ({ at, id }) => cursorOf({ at, id, part: 0 }),
    })
  },

  usersOfAdministrativeAct: async (_audit, { actId, first, after }, { services }) => {
    if (!SEALED_ID.test(actId)) throw badInput('actId', 'Pass the id of an act, unchanged.')
    const page = { act: actId, first: requireFirst(first), after: after == null ? null : userIn(after) }
    const { items, hasNextPage } = await usersOfAct(services.acts, page)
    const last = items.at(-1)
    return {
      userIds: items.map(shownToken),
      hasNextPage,
      endCursor: last === undefined ? null : Buffer.from(last).toString('base64url'),
    }
  },
}

function actNodeOf({ id, at, actor, kind, className, settings, userCount, users }: StoredAct) {
  return {
    ...{ id, at, act: kind, className, settings, userCount },
    actorId: shownToken(actor.id),
    userIds: users.map(shownToken),
  }
}

/** An id, or the token of somebody who was erased: neither holds NUL, which the database would refuse. */
function userIn(cursor: string): string {
  const user = Buffer.from(cursor, 'base64url').toString()
  if (user !== '' && !user.includes('\u0000')) return user
  throw badInput('after', 'Pass the endCursor of a page of this list, unchanged.')
}
