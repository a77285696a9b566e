import { acceptAllPending } from '../application/accept-all-pending.ts'
import { decideAccess, deleteDecisions, type Decided } from '../application/manage-decisions.ts'
import type { MutationResolvers } from '../generated/resolver-types.ts'
import { badInput } from './errors.ts'
import { otherUsers } from './input.ts'
import { ownPrivacy } from './presence-privacy.ts'

const MAX_DECIDED = 500

export const decisionMutations: Pick<
  MutationResolvers,
  'decidePresenceAccess' | 'deletePresenceDecisions' | 'acceptAllPendingRequests'
> = {
  decidePresenceAccess: async (_mutation, { input }, { services, viewer }) => {
    const { userId: presentity } = viewer()
    const { decision, endsAt } = input
    if (decision === 'BLOCKED' && endsAt != null) {
      throw badInput('endsAt', 'Only ALLOWED can have an end; a block stays until changed.')
    }
    const outcome = await decideAccess(services.store, {
      presentity,
      watchers: otherUsers('userIds', input.userIds, { viewer: presentity, most: MAX_DECIDED }),
      verdict: decision,
      endsAt: endsAt ?? null,
    })
    if ('refused' in outcome) throw badInput('endsAt', 'The end must lie in the future.')
    return { results: outcome.decided.map(resultOf) }
  },

  deletePresenceDecisions: async (_mutation, { input }, { services, viewer }) => {
    const { userId: presentity } = viewer()
    const decided = await deleteDecisions(services.store, {
      presentity,
      watchers: otherUsers('userIds', input.userIds, { viewer: presentity, most: MAX_DECIDED }),
    })
    return { results: decided.map(resultOf) }
  },

  acceptAllPendingRequests: async (_mutation, _args, context) => {
    const { services, viewer } = context
    const { userId } = viewer()
    const { accepted, hasMore } = await acceptAllPending(services, { presentity: userId, actor: userId })
    return { acceptedCount: accepted, hasMore, presencePrivacy: ownPrivacy(context) }
  },
}

function resultOf({ watcher, edge, before, closedRequest, nextRequestAllows }: Decided) {
  const { state, endsAt } = edge
  const decision = state === 'ALLOWED' || state === 'BLOCKED' ? state : null
  return {
    user: { id: watcher },
    decision,
    endsAt: decision === null ? null : endsAt,
    previousState: before.state === 'NONE' ? null : before.state,
    closedRequestId: closedRequest,
    nextRequestAllows,
  }
}
