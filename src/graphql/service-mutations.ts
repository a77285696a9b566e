import { endForUsers, publishForUsers, type KeptSession } from '../application/publish-for-users.ts'
import type { Said } from '../application/publish-presence.ts'
import { reportAttempts, type Attempt } from '../application/report-attempts.ts'
import { renewForUsers, type Renewal } from '../application/renew-presence.ts'
import type { PresenceSession } from '../domain/presence.ts'
import { parseUserId, type UserId } from '../domain/user-id.ts'
import type {
  CommunicationAttemptInput,
  CommunicationAttemptOutcome,
  MutationResolvers,
  PresenceForUserInput,
  PresenceRenewalForUserInput,
  PublishedPresenceFor,
  RenewedPresenceFor,
} from '../generated/resolver-types.ts'
import { clientKeyReused } from './errors.ts'
import { atMost, clientToken, isClientToken } from './input.ts'
import { readPublication, readRenewal, renewAfterSeconds } from './publication-input.ts'
import { requireRole } from './require-role.ts'

const MAX_ATTEMPTS = 100
const MAX_SESSIONS_AT_ONCE = 500

export const serviceMutations: Pick<
  MutationResolvers,
  'reportCommunicationAttempts' | 'publishPresenceFor' | 'renewPresenceSessionsFor' | 'endPresenceSessionsFor'
> = {
  reportCommunicationAttempts: async (_mutation, { input }, context) => {
    const { userId: service } = requireRole(context, 'service')
    const read = atMost('attempts', input.attempts, MAX_ATTEMPTS).map(readAttempt)
    const attempts = read.flatMap((each) => ('attempt' in each ? [each.attempt] : []))
    const clientKey = input.clientKey == null ? null : clientToken('clientKey', input.clientKey)
    if (attempts.length === 0) await context.services.proveCaller()
    const reported = await reportAttempts(context.services.store, { service, attempts, clientKey })
    if (reported === 'CLIENT_KEY_REUSED') throw clientKeyReused('report')
    return { outcomes: read.map((each) => ('attempt' in each ? 'ACCEPTED' : each.refused)) }
  },

  publishPresenceFor: async (_mutation, { input }, context) => {
    const { userId: service } = requireRole(context, 'service')
    const read = atMost('sessions', input.sessions, MAX_SESSIONS_AT_ONCE).map(readSession)
    const publications = read.flatMap((each) => ('publication' in each ? [each.publication] : []))
    if (publications.length === 0) await context.services.proveCaller()
    const published = (await publishForUsers(context.services, { service, publications })).values()
    return {
      results: read.map((each, place): PublishedPresenceFor => {
        const asked = input.sessions[place] as PresenceForUserInput
        if ('invalidField' in each) return { ...withoutLease(asked), outcome: 'INVALID', ...each }
        const result = published.next().value
        if (result === undefined) throw new Error('a session was not published')
        return 'refused' in result
          ? { ...withoutLease(asked), outcome: result.refused }
          : { ...withLease(asked, result.session), outcome: 'PUBLISHED' }
      }),
    }
  },

  renewPresenceSessionsFor: async (_mutation, { input }, context) => {
    const { userId: service } = requireRole(context, 'service')
    const read = atMost('sessions', input.sessions, MAX_SESSIONS_AT_ONCE).map(readKeptRenewal)
    const renewals = read.flatMap((each) => ('renewal' in each ? [each.renewal] : []))
    if (renewals.length === 0) await context.services.proveCaller()
    const renewed = (await renewForUsers(context.services.sessions, { service, renewals })).values()
    return {
      results: read.map((each, place): RenewedPresenceFor => {
        const asked = input.sessions[place] as PresenceRenewalForUserInput
        if ('invalidField' in each) return { ...withoutLease(asked), outcome: 'INVALID', ...each }
        const session = renewed.next().value
        if (session === undefined) throw new Error('a session was not renewed')
        return session === null
          ? { ...withoutLease(asked), outcome: 'NOT_FOUND' }
          : { ...withLease(asked, session), outcome: 'RENEWED' }
      }),
    }
  },

  endPresenceSessionsFor: async (_mutation, { input }, context) => {
    const { userId: service } = requireRole(context, 'service')
    const named = atMost('sessions', input.sessions, MAX_SESSIONS_AT_ONCE).map(({ userId, sessionId }) => ({
      user: parseUserId(userId),
      session: sessionId,
    }))
    if (!named.some(isSession)) await context.services.proveCaller()
    const ended = (
      await endForUsers(context.services.sessions, { service, ended: named.filter(isSession) })
    ).values()
    // What cannot be a session is none: there is nothing to end.
    return { outcomes: named.map((each) => (isSession(each) && ended.next().value ? 'ENDED' : 'NOT_FOUND')) }
  },
}

function readAttempt({
  callerId,
  calleeId,
  kind,
}: CommunicationAttemptInput):
  { readonly attempt: Attempt } | { readonly refused: CommunicationAttemptOutcome } {
  const watcher = parseUserId(callerId)
  const presentity = parseUserId(calleeId)
  if (watcher === undefined || presentity === undefined) return { refused: 'INVALID_ID' }
  return watcher === presentity ? { refused: 'ONESELF' } : { attempt: { watcher, presentity, trigger: kind } }
}

function readSession(
  input: PresenceForUserInput,
): { readonly publication: KeptSession & Said } | { readonly invalidField: string } {
  const named = readNames(input)
  if ('invalidField' in named) return named
  const read = readPublication(input)
  return 'fault' in read
    ? { invalidField: read.fault.field }
    : { publication: { ...named.session, ...read.said } }
}

function readKeptRenewal(
  input: PresenceRenewalForUserInput,
): { readonly renewal: KeptSession & Renewal } | { readonly invalidField: string } {
  const named = readNames(input)
  if ('invalidField' in named) return named
  const read = readRenewal(input)
  return 'fault' in read
    ? { invalidField: read.fault.field }
    : { renewal: { ...named.session, ...read.renewal } }
}

type Named = { readonly userId: string; readonly sessionId: string }

function readNames({
  userId,
  sessionId: session,
}: Named): { readonly session: KeptSession } | { readonly invalidField: string } {
  const user = parseUserId(userId)
  if (user === undefined) return { invalidField: 'userId' }
  return isClientToken(session) ? { session: { user, session } } : { invalidField: 'sessionId' }
}

function withoutLease({ userId, sessionId }: Named) {
  return { userId, sessionId, invalidField: null, leaseEndsAt: null, renewAfterSeconds: null }
}

function withLease(
  { leaseSeconds, ...asked }: Named & { readonly leaseSeconds: number },
  { leaseEndsAt }: PresenceSession,
) {
  return { ...withoutLease(asked), leaseEndsAt, renewAfterSeconds: renewAfterSeconds(leaseSeconds) }
}

type Nameable = { readonly user: UserId | undefined; readonly session: string }

function isSession(named: Nameable): named is KeptSession {
  return named.user !== undefined && isClientToken(named.session)
}
