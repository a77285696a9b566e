import type { Said } from '../application/publish-presence.ts'
import type { Renewal } from '../application/renew-presence.ts'
import { leaseHandedOut, renewAfter } from '../domain/lease.ts'
import { parseNote } from '../domain/note.ts'
import type { PublishableStatus } from '../domain/presence.ts'
import type {
  PresenceForUserInput,
  PresenceRenewalForUserInput,
  PresenceStatus,
} from '../generated/resolver-types.ts'

/** A value of an input that cannot be accepted: its field, and what would be. */
export type InputFault = { readonly field: string; readonly message: string }

const LEASE_SECONDS = { least: 10, most: 3600 } as const
/** Nobody is more away than away; the bound keeps what is stored a time. */
const MAX_INACTIVE_SECONDS = 86_400

type Times = Pick<PresenceRenewalForUserInput, 'leaseSeconds' | 'inactiveForSeconds'>

/** What a device, or a service, publishes of one session, if all of it can be accepted. */
export function readPublication({
  status,
  activity = null,
  note,
  ...times
}: Times & Pick<PresenceForUserInput, 'status' | 'activity' | 'note'>):
  { readonly said: Said } | { readonly fault: InputFault } {
  const read = readRenewal(times)
  if ('fault' in read) return read
  if (!isPublishable(status)) return { fault: { field: 'status', message: NEVER_PUBLISHED } }
  const parsed = parseNote(note ?? '')
  if ('fault' in parsed) {
    const message =
      parsed.fault === 'TOO_LONG'
        ? 'A note has at most 280 characters.'
        : 'A note is plain text. Leave out control characters, changes of writing direction and other invisible characters.'
    return { fault: { field: 'note', message } }
  }
  const { leaseMs, inactiveForMs } = read.renewal
  return { said: { status, activity, note: parsed.note, leaseMs, inactiveForMs: inactiveForMs ?? 0 } }
}

/** For how long a session is to live, if that can be accepted. */
export function readRenewal({
  leaseSeconds,
  inactiveForSeconds = null,
}: Times): { readonly renewal: Renewal } | { readonly fault: InputFault } {
  if (leaseSeconds < LEASE_SECONDS.least || leaseSeconds > LEASE_SECONDS.most) {
    const message = `A lease is ${String(LEASE_SECONDS.least)} to ${String(LEASE_SECONDS.most)} seconds.`
    return { fault: { field: 'leaseSeconds', message } }
  }
  if (
    inactiveForSeconds !== null &&
    !(inactiveForSeconds >= 0 && inactiveForSeconds <= MAX_INACTIVE_SECONDS)
  ) {
    const message = `Give 0 to ${String(MAX_INACTIVE_SECONDS)} seconds, and no more for a user who has been inactive for longer.`
    return { fault: { field: 'inactiveForSeconds', message } }
  }
  const inactiveForMs = inactiveForSeconds === null ? null : inactiveForSeconds * 1000
  return { renewal: { leaseMs: leaseHandedOut(leaseSeconds * 1000, Math.random()), inactiveForMs } }
}

/** In how many seconds to renew a lease that was asked for. */
export function renewAfterSeconds(leaseSeconds: number): number {
  return Math.round(renewAfter(leaseSeconds * 1000, Math.random()) / 1000)
}

export const NEVER_PUBLISHED = 'OFFLINE is never published. End the session, or choose appearOffline.'

export function isPublishable(status: PresenceStatus): status is PublishableStatus {
  return status !== 'OFFLINE'
}
