import type { UserId } from './user-id.ts'

/** No device can choose an id with it, so that no user can renew, end or pass for a session of a service. */
const SEPARATOR = '/'

/** The id of a session that a service keeps for a user. `id` is the service's own name for it, and does not hold the separator. */
export function serviceSessionId({ service, id }: { readonly service: UserId; readonly id: string }): string {
  return `${service}${SEPARATOR}${id}`
}

/** The service that keeps a session, or null if it is one of the user's own devices. */
export function serviceOfSession(sessionId: string): UserId | null {
  const end = sessionId.lastIndexOf(SEPARATOR)
  return end < 0 ? null : (sessionId.slice(0, end) as UserId)
}
