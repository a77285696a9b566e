import { decideMessages } from '../application/decide-messages.ts'
import type { PresenceMessagingResolvers } from '../generated/resolver-types.ts'
import type { GraphQLContext } from './context.ts'
import { anyUser, atMost } from './input.ts'
import type { MessagingParent } from './parents.ts'
import { requireRole } from './require-role.ts'

const MAX_PAIRS = 500

/** The part of the graph that is for instant messaging services. */
export function messagingFor(context: GraphQLContext): MessagingParent {
  requireRole(context, 'service')
  return {}
}

export const messaging: PresenceMessagingResolvers = {
  decisions: async (_messaging, { pairs }, { services }) => {
    const asked = atMost('pairs', pairs, MAX_PAIRS).map(({ senderId, recipientId }) => ({
      presentity: anyUser('pairs.recipientId', recipientId),
      watcher: anyUser('pairs.senderId', senderId),
    }))
    const decided = await decideMessages(services, asked)
    return decided.map(({ presentity, watcher, permitted, senderOutcome }) => ({
      senderId: watcher,
      recipientId: presentity,
      permitted,
      senderOutcome,
    }))
  },
}
