import { listEdges } from '../application/list-edges.ts'
import { viewOwnPresence, type OwnPresence } from '../application/own-presence.ts'
import type { AskedRequest, WaitingItem } from '../application/ports.ts'
import type { Contact } from '../domain/contact-list.ts'
import { readOwnTrail } from '../application/read-trail.ts'
import { visibleTo } from '../application/visible-to.ts'
import type { PresencePrivacyResolvers } from '../generated/resolver-types.ts'
import { classNodeOf } from './class-node.ts'
import { connection, pageRequest } from './connection.ts'
import { contactConnection } from './contact-connection.ts'
import type { GraphQLContext } from './context.ts'
import { anyUser } from './input.ts'
import type { PresencePrivacyParent } from './parents.ts'
import { entryConnection, listRequest, statesOf } from './privacy-list.ts'
import { incomingRequestOf, noticeOf, outgoingRequestOf } from './request-nodes.ts'
import { sessionNodeOf } from './session-node.ts'
import { ownTrailConnection, trailPage } from './trail-connection.ts'

/** The viewer's own part of the graph, read when a field asks for it. */
export function ownPrivacy({ viewer, services, seeContacts }: GraphQLContext): PresencePrivacyParent {
  const user = viewer().userId
  let own: Promise<OwnPresence> | undefined
  let contacts: Promise<readonly Contact[]> | undefined
  return {
    user,
    own: () => (own ??= viewOwnPresence(services, user)),
    contacts: () => (contacts ??= seeContacts()),
  }
}

export const presencePrivacy: PresencePrivacyResolvers = {
  user: ({ user }) => ({ id: user }),
  presence: async ({ own }) => (await own()).presence,
  appearsOffline: async ({ own }) => (await own()).appearsOffline,
  sessions: async ({ own }) => (await own()).sessions.map(sessionNodeOf),

  preference: async ({ own }) => {
    const { preference, effectiveHandling, handlingLocked, appearOfflineLocked, manual } = await own()
    return {
      invitationHandling: preference.invitationHandling,
      effectiveInvitationHandling: effectiveHandling,
      invitationHandlingLocked: handlingLocked,
      appearOffline: preference.appearOffline,
      appearOfflineLocked,
      manualStatus: manual,
    }
  },

  classOfService: async ({ own }) => classNodeOf((await own()).classOfService),

  contacts: async ({ contacts }, args) => contactConnection(await contacts(), args),

  trail: async ({ user }, args, { services }) => {
    const page = trailPage(args)
    const watcher = args.userId == null ? null : anyUser('userId', args.userId)
    const found = await readOwnTrail(services.trail, { presentity: user, watcher, page })
    return ownTrailConnection(found, page)
  },

  incomingRequests: async ({ user }, args, { services }) => {
    const page = pageRequest(args)
    const waiting = await services.lists.waiting({ presentity: user, kind: 'REQUEST', page })
    return connection(waiting, page, { node: incomingRequestOf, position: positionOfItem })
  },

  notices: async ({ user }, args, { services }) => {
    const page = pageRequest(args)
    const waiting = await services.lists.waiting({ presentity: user, kind: 'NOTICE', page })
    return connection(waiting, page, { node: noticeOf, position: positionOfItem })
  },

  decisions: async ({ user }, args, { services }) => {
    const list = listRequest(args)
    const states = statesOf(args.states)
    return entryConnection(await listEdges(services.lists, { presentity: user, states, ...list }), list)
  },

  visibleTo: async ({ user }, args, { services }) => {
    const list = listRequest(args)
    return entryConnection(await visibleTo(services, { presentity: user, ...list }), list)
  },

  outgoingRequests: async ({ user }, args, { services }) => {
    const page = pageRequest(args)
    const asked = await services.lists.asked({ watcher: user, page })
    return connection(asked, page, { node: outgoingRequestOf, position: positionOfRequest })
  },
}

function positionOfItem({ item }: WaitingItem) {
  return { at: item.askedAt, id: item.id }
}

function positionOfRequest({ request }: AskedRequest) {
  return { at: request.askedAt, id: request.id }
}
