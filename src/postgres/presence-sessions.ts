import { presenceSessions, renewing, sessionIn } from '../application/change-sessions.ts'
import type { PresenceSessions, SessionRenewal } from '../application/ports.ts'
import { liveSessions, type Ageing } from '../domain/presence.ts'
import type { Sessions } from '../domain/sessions.ts'
import type { UserId } from '../domain/user-id.ts'
import { postgresChangeSessions } from './change-sessions.ts'
import type { Statements } from './database.ts'
import { gather } from './gather.ts'
import { PROVEN } from './proof.ts'
import { takeTurns } from './turns.ts'
import { genericPlanParameter } from './generic-plan-parameter.ts'

/** Few enough that nobody waits long for the others. */
const RENEWALS_AT_ONCE = 100

const SESSIONS_OF = `/* sessionsOf */
  select id, sessions, statement_timestamp() as now from presence_privacy.users
  where ${PROVEN} and id = any(${genericPlanParameter('$1::text[]')}) and sessions is not null`

type SessionsRow = { readonly id: UserId; readonly sessions: Sessions; readonly now: Date }

/** Of one user on one instance, as she is not to hold the pool: a person has a few devices. */
const MOST_WAITING = 100

/**
 * What the callers of one instance share. Renewals are nearly all that devices ever send: those that come at the same time are written
 * together, and do not wait for a user's row that something else holds. Those that find theirs held wait for them on one connection,
 * however many they are: an act about all users holds all rows at once.
 */
export function renewalsTogether(statements: Statements, policy: { readonly ageing: Ageing }) {
  const together = (held: 'WAITED_FOR' | 'LEFT_ALONE') => {
    const change = postgresChangeSessions(statements, { held })
    return gather((renewals: readonly SessionRenewal[]) => change(renewals, renewing(policy)), {
      keyOf: ({ user, id }) => `${user}\u0000${id}`,
      most: RENEWALS_AT_ONCE,
    })
  }
  return {
    inTurn: takeTurns({ mostWaiting: MOST_WAITING, withinMs: statements.answersWithinMs }),
    renewUnheld: together('LEFT_ALONE'),
    renewHeld: together('WAITED_FOR'),
  }
}

/** Presence sessions in PostgreSQL. */
export function postgresPresenceSessions(
  statements: Statements,
  policy: { readonly ageing: Ageing },
  { inTurn, renewUnheld, renewHeld } = renewalsTogether(statements, policy),
): PresenceSessions {
  const sessions = presenceSessions(postgresChangeSessions(statements, { held: 'WAITED_FOR' }), policy)
  return {
    ...sessions,
    // Renewals that are written together are of several callers, so they prove nothing about one. A user who was erased has no session.
    renew: async (renewal) =>
      sessionIn((await renewUnheld(renewal)) ?? (await renewHeld(renewal)), renewal.id),
    publish: (publication) => inTurn(publication.user, () => sessions.publish(publication)),
    end: (session) => inTurn(session.user, () => sessions.end(session)),

    async sessionsOf(users) {
      const rows = await statements.query<SessionsRow>(SESSIONS_OF, [users])
      return new Map(
        rows
          .map(({ id, sessions: stored, now }) => [id, liveSessions(stored, now.getTime())] as const)
          .filter(([, live]) => live.length > 0),
      )
    },
  }
}
