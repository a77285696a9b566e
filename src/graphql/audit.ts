import { auditTrail } from '../application/read-trail.ts'
import type { PresencePrivacyAuditResolvers } from '../generated/resolver-types.ts'
import type { GraphQLContext } from './context.ts'
import { administrativeActs } from './administrative-acts.ts'
import { anyUser } from './input.ts'
import type { AuditParent } from './parents.ts'
import { requireRole } from './require-role.ts'
import { auditConnection, trailPage } from './trail-connection.ts'

/** The auditors' part of the graph. Throws FORBIDDEN for everybody else. */
export function auditFor(context: GraphQLContext): AuditParent {
  requireRole(context, 'auditor')
  return {}
}

export const audit: PresencePrivacyAuditResolvers = {
  trail: async (_audit, args, { services }) => {
    const { presentityId, watcherId, since = null, until = null } = args
    const page = trailPage(args)
    const found = await auditTrail(services.trail, {
      presentity: presentityId == null ? null : anyUser('presentityId', presentityId),
      watcher: watcherId == null ? null : anyUser('watcherId', watcherId),
      since,
      until,
      page,
    })
    return auditConnection(found, page)
  },

  ...administrativeActs,
}
