import { MAX_SESSIONS, publishPresence } from '../application/publish-presence.ts'
import { renewPresence } from '../application/renew-presence.ts'
import { setPreference, type PreferenceChange } from '../application/set-preference.ts'
import type { PublishableStatus } from '../domain/presence.ts'
import type { MutationResolvers, PresenceStatus } from '../generated/resolver-types.ts'
import { badInput, codedError, userErased } from './errors.ts'
import { clientToken } from './input.ts'
import { ownPrivacy } from './presence-privacy.ts'
import {
  isPublishable,
  NEVER_PUBLISHED,
  readPublication,
  readRenewal,
  renewAfterSeconds,
} from './publication-input.ts'
import { sessionNodeOf } from './session-node.ts'

export const presenceMutations: Pick<
  MutationResolvers,
  'publishPresence' | 'renewPresenceSession' | 'endPresenceSession' | 'setPresencePreference'
> = {
  publishPresence: async (_mutation, { input }, context) => {
    const { services, viewer } = context
    const { userId: user } = viewer()
    const { sessionId } = input
    const session = sessionId == null ? null : clientToken('sessionId', sessionId)
    const read = readPublication(input)
    if ('fault' in read) throw badInput(read.fault.field, read.fault.message)
    const published = await publishPresence(services, { user, session, ...read.said })
    if ('refused' in published) {
      if (published.refused === 'USER_ERASED') throw userErased()
      throw codedError(
        'TOO_MANY_SESSIONS',
        `A user has at most ${String(MAX_SESSIONS)} sessions at once. Renew one by its sessionId, or end one.`,
      )
    }
    return {
      session: sessionNodeOf(published.session),
      renewAfterSeconds: renewAfterSeconds(input.leaseSeconds),
      presencePrivacy: ownPrivacy(context),
    }
  },

  renewPresenceSession: async (_mutation, { input }, context) => {
    const { services, viewer } = context
    const { userId: user } = viewer()
    const session = clientToken('sessionId', input.sessionId)
    const read = readRenewal(input)
    if ('fault' in read) throw badInput(read.fault.field, read.fault.message)
    const live = await renewPresence(services.sessions, { user, session, ...read.renewal })
    // Whoever was erased has no session.
    if (live === null) await services.proveCaller()
    return {
      renewed: live !== null,
      session: live && sessionNodeOf(live),
      renewAfterSeconds: live && renewAfterSeconds(input.leaseSeconds),
      presencePrivacy: ownPrivacy(context),
    }
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
  if (isPublishable(status)) return status
  throw badInput(field, NEVER_PUBLISHED)
}
