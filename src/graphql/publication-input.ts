import type { Said } from '../application/publish-presence.ts'
import { parseNote } from '../domain/note.ts'
import type { PublishableStatus } from '../domain/presence.ts'
import type { PresenceForUserInput, PresenceStatus } from '../generated/resolver-types.ts'

/** A value of an input that cannot be accepted: its field, and what would be. */
export type InputFault = { readonly field: string; readonly message: string }

const LEASE_SECONDS = { least: 10, most: 3600 } as const

/** What a device, or a service, publishes of one session, if all of it can be accepted. */
export function readPublication({
  status,
  activity = null,
  note,
  leaseSeconds,
}: Pick<PresenceForUserInput, 'status' | 'activity' | 'note' | 'leaseSeconds'>):
  { readonly said: Said } | { readonly fault: InputFault } {
  if (leaseSeconds < LEASE_SECONDS.least || leaseSeconds > LEASE_SECONDS.most) {
    const message = `A lease is ${String(LEASE_SECONDS.least)} to ${String(LEASE_SECONDS.most)} seconds.`
    return { fault: { field: 'leaseSeconds', message } }
  }
  if (!isPublishable(status)) return { fault: { field: 'status', message: NEVER_PUBLISHED } }
  const parsed = parseNote(note ?? '')
  if ('fault' in parsed) {
    const message =
      parsed.fault === 'TOO_LONG'
        ? 'A note has at most 280 characters.'
        : 'A note is plain text, without control characters or changes of writing direction.'
    return { fault: { field: 'note', message } }
  }
  return { said: { status, activity, note: parsed.note, leaseMs: leaseSeconds * 1000 } }
}

export const NEVER_PUBLISHED = 'OFFLINE is never published. End the session, or choose appearOffline.'

export function isPublishable(status: PresenceStatus): status is PublishableStatus {
  return status !== 'OFFLINE'
}
