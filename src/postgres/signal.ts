import type { UserId } from '../domain/user-id.ts'

export const CHANNEL = 'presence_privacy'

/** Sent with the commit, so nobody hears of a change that was not made. */
export const NOTIFY = `/* notify */
  select pg_notify('${CHANNEL}', payload) from unnest($1::text[]) as payload`

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

export function usersOfSignal(payload: string): readonly UserId[] {
  return JSON.parse(payload) as UserId[]
}
