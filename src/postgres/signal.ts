import type { Hint } from '../application/ports.ts'
import type { UserId } from '../domain/user-id.ts'

export const CHANNEL = 'presence_privacy'

/** Sent with the commit, so nobody hears of a change that was not made. */
export const NOTIFY = `/* notify */
  select pg_notify('${CHANNEL}', payload) from unnest($1::text[]) as payload`

/** Says that only the user's sessions have changed. */
export function sessionsPayload(user: UserId): string {
  return JSON.stringify({ sessionsOf: user })
}

/** PostgreSQL refuses payloads of 8000 bytes and more. */
const MAX_PAYLOAD_BYTES = 7900

/** The ids of the users who must look again, in as few payloads as they fit into. */
export function signalPayloads(users: readonly UserId[]): string[] {
  const payloads: string[] = []
  let ids: string[] = []
  let bytes = 2
  for (const user of new Set(users)) {
    const id = JSON.stringify(user)
    const size = Buffer.byteLength(id) + 1
    if (ids.length > 0 && bytes + size > MAX_PAYLOAD_BYTES) {
      payloads.push(`[${ids.join(',')}]`)
      ids = []
      bytes = 2
    }
    ids.push(id)
    bytes += size
  }
  if (ids.length > 0) payloads.push(`[${ids.join(',')}]`)
  return payloads
}

/** Where a class of service or the site has changed. */
export const SETTINGS_PAYLOAD = 'SETTINGS'

export function hintOf(payload: string): Hint {
  if (payload === SETTINGS_PAYLOAD) return 'SETTINGS'
  const about = JSON.parse(payload) as readonly UserId[] | { readonly sessionsOf: UserId }
  return 'sessionsOf' in about ? { users: [about.sessionsOf], sessionsOnly: true } : { users: about }
}
