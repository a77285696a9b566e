import type { SubscriptionResolvers } from '../generated/resolver-types.ts'
import { watchIncoming, type IncomingEvent } from '../live/watch-incoming.ts'
import { incomingRequestOf, noticeOf } from './request-nodes.ts'

export const subscription: SubscriptionResolvers = {
  incomingPresenceRequests: {
    subscribe: (_subscription, _args, { services, viewer }) => watchIncoming(services, viewer().userId),
    resolve: (event: IncomingEvent) => eventNodeOf(event),
  },
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
