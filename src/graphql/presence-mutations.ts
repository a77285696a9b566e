import { MAX_SESSIONS, publishPresence } from '../application/publish-presence.ts'
import { setPreference, type PreferenceChange } from '../application/set-preference.ts'
import { parseNote } from '../domain/note.ts'
import type { PublishableStatus } from '../domain/presence.ts'
import type { MutationResolvers, PresenceStatus } from '../generated/resolver-types.ts'
import { badInput, codedError } from './errors.ts'
import { clientToken } from './input.ts'
import { ownPrivacy } from './presence-privacy.ts'
import { sessionNodeOf } from './session-node.ts'

const LEASE_SECONDS = { least: 10, most: 3600 } as const

export const presenceMutations: Pick<
  MutationResolvers,
  'publishPresence' | 'endPresenceSession' | 'setPresencePreference'
> = {
  publishPresence: async (_mutation, { input }, context) => {
    const { services, viewer } = context
    const { leaseSeconds, activity = null, sessionId } = input
    if (leaseSeconds < LEASE_SECONDS.least || leaseSeconds > LEASE_SECONDS.most) {
      throw badInput(
        'leaseSeconds',
        `A lease is ${String(LEASE_SECONDS.least)} to ${String(LEASE_SECONDS.most)} seconds.`,
      )
    }
    const published = await publishPresence(services, {
      user: viewer().userId,
      session: sessionId == null ? null : clientToken('sessionId', sessionId),
      status: publishable('status', input.status),
      activity,
      note: noteOf(input.note ?? ''),
      leaseMs: leaseSeconds * 1000,
    })
    if ('refused' in published) {
      throw codedError(
        'TOO_MANY_SESSIONS',
        `A user has at most ${String(MAX_SESSIONS)} sessions at once. Renew one by its sessionId, or end one.`,
      )
    }
    return { session: sessionNodeOf(published.session), presencePrivacy: ownPrivacy(context) }
  },

  endPresenceSession: async (_mutation, { input }, context) => {
    const { services, viewer } = context
    const id = clientToken('sessionId', input.sessionId)
    const ended = await services.sessions.end({ user: viewer().userId, id })
    return { ended, presencePrivacy: ownPrivacy(context) }
  },

  setPresencePreference: async (_mutation, { input }, context) => {
    const { services, viewer } = context
    const { invitationHandling, appearOffline, manualStatus } = input
    const change: PreferenceChange = {
      ...(invitationHandling != null && { invitationHandling }),
      ...(appearOffline != null && { appearOffline }),
      ...(manualStatus !== undefined && {
        manual: manualStatus && {
          status: publishable('manualStatus.status', manualStatus.status),
          endsAt: manualStatus.endsAt ?? null,
        },
      }),
    }
    const outcome = await setPreference(services.store, { user: viewer().userId, change })
    if ('refused' in outcome) throw badInput('manualStatus.endsAt', 'The end must lie in the future.')
    return {
      refused: outcome.locked.map((field) => ({ field, reason: 'LOCKED_BY_CLASS_OF_SERVICE' as const })),
      presencePrivacy: ownPrivacy(context),
    }
  },
}

function publishable(field: string, status: PresenceStatus): PublishableStatus {
  if (status !== 'OFFLINE') return status
  throw badInput(field, 'OFFLINE is never published. End the session, or choose appearOffline.')
}

function noteOf(text: string): string | null {
  const parsed = parseNote(text)
  if ('note' in parsed) return parsed.note
  throw badInput(
    'note',
    parsed.fault === 'TOO_LONG'
      ? 'A note has at most 280 characters.'
      : 'A note is plain text, without control characters or changes of writing direction.',
  )
}
