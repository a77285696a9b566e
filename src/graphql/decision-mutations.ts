import { decideAccess, deleteDecisions, type Decided } from '../application/manage-decisions.ts'
import type { MutationResolvers } from '../generated/resolver-types.ts'
import { badInput } from './errors.ts'
import { otherUsers } from './input.ts'

const MAX_DECIDED = 500

export const decisionMutations: Pick<MutationResolvers, 'decidePresenceAccess' | 'deletePresenceDecisions'> =
  {
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
  }

function resultOf({ watcher, edge }: Decided) {
  const { state, endsAt } = edge
  const decision = state === 'ALLOWED' || state === 'BLOCKED' ? state : null
  return { user: { id: watcher }, decision, endsAt: decision === null ? null : endsAt }
}
