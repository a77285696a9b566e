import type { PresenceServer } from './disclosure.ts'

/** What counts for a user: what administrators have said of her, or else of the whole site. */
export function effectivePresenceServer(server: {
  readonly own: PresenceServer
  readonly ofSite: PresenceServer
}): PresenceServer {
  return server.own === 'NONE_KNOWN' ? server.ofSite : server.own
}
