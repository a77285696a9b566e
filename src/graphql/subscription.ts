import type { SubscriptionResolvers } from '../generated/resolver-types.ts'
import { watchIncoming, type IncomingEvent } from '../live/watch-incoming.ts'
import type { PresenceEvent } from '../live/presence-event.ts'
import type { Interest } from '../live/presence-hub.ts'
import { watchPresence } from '../live/watch-presence.ts'
import { badInput } from './errors.ts'
import { anyUsers } from './input.ts'
import { numberedEvents, type Numbered } from './numbered-events.ts'
import { incomingRequestOf, noticeOf } from './request-nodes.ts'

/** As many as the largest contact list. */
const MAX_WATCHED = 500
const MAX_NONCE = 255

export const subscription: SubscriptionResolvers = {
  incomingPresenceRequests: {
    subscribe(_subscription, { nonce }, { services, viewer }) {
      requireNonce(nonce)
      return numberedEvents(watchIncoming(services, viewer().userId))
    },
    resolve: ({ event, ...place }: Numbered<IncomingEvent>) => ({ ...eventNodeOf(event), ...place }),
  },
  presenceUpdates: {
    subscribe(_subscription, { userIds, nonce }, { services, viewer }) {
      requireNonce(nonce)
      const interest = interestIn(userIds)
      return numberedEvents(watchPresence(services.hub, { watcher: viewer().userId, interest }))
    },
    resolve: ({ event, ...place }: Numbered<PresenceEvent>) => ({ ...presenceUpdateOf(event), ...place }),
  },
}

/** It is for those between the server and the client: all that is asked of it is that it costs nothing. */
function requireNonce(nonce: string | null | undefined): void {
  if (nonce != null && nonce.length > MAX_NONCE)
    throw badInput('nonce', `Send at most ${String(MAX_NONCE)} characters, a random UUID for instance.`)
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
