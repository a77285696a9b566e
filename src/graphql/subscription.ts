import type { SubscriptionResolvers } from '../generated/resolver-types.ts'
import { watchIncoming, type IncomingEvent } from '../live/watch-incoming.ts'
import type { PresenceEvent } from '../live/presence-event.ts'
import type { Interest } from '../live/presence-hub.ts'
import { watchPresence } from '../live/watch-presence.ts'
import { anyUsers } from './input.ts'
import { incomingRequestOf, noticeOf } from './request-nodes.ts'

/** As many as the largest contact list. */
const MAX_WATCHED = 500

export const subscription: SubscriptionResolvers = {
  incomingPresenceRequests: {
    subscribe: (_subscription, _args, { services, viewer }) => watchIncoming(services, viewer().userId),
    resolve: (event: IncomingEvent) => eventNodeOf(event),
  },
  presenceUpdates: {
    subscribe: (_subscription, { userIds }, { services, viewer }) =>
      watchPresence(services.hub, { watcher: viewer().userId, interest: interestIn(userIds) }),
    resolve: (event: PresenceEvent) => presenceUpdateOf(event),
  },
}

/** What an argument of `presenceUpdates` asks for. */
function interestIn(userIds: readonly string[] | null | undefined): Interest {
  return userIds == null ? 'CONTACTS' : { users: anyUsers('userIds', userIds, { most: MAX_WATCHED }) }
}

function presenceUpdateOf(event: PresenceEvent) {
  return event.change === 'REMOVED'
    ? { change: event.change, presences: [], removedIds: event.userIds }
    : {
        change: event.change,
        presences: event.presences.map(({ user, presence }) => ({ user: { id: user }, presence })),
        removedIds: [],
      }
}

function eventNodeOf(event: IncomingEvent) {
  const nothing = { requests: [], notices: [], closedIds: [] }
  switch (event.change) {
    case 'SNAPSHOT':
      return {
        ...nothing,
        change: event.change,
        requests: event.requests.map(incomingRequestOf),
        notices: event.notices.map(noticeOf),
      }
    case 'ADDED':
      return { ...nothing, change: event.change, requests: event.items.map(incomingRequestOf) }
    case 'NOTICED':
      return { ...nothing, change: event.change, notices: event.items.map(noticeOf) }
    case 'RESOLVED':
    case 'WITHDRAWN':
    case 'EXPIRED':
    case 'DISMISSED':
    case 'ACKNOWLEDGED':
      return { ...nothing, change: event.change, closedIds: event.closedIds }
  }
}
