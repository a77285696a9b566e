import { presenceSessions, renewing, sessionIn, type ChangeSessions } from '../application/change-sessions.ts'
import type { PresenceSessions, SessionRenewal } from '../application/ports.ts'
import { liveSessions, type Ageing } from '../domain/presence.ts'
import type { Sessions } from '../domain/sessions.ts'
import type { UserId } from '../domain/user-id.ts'
import { postgresChangeSessions } from './change-sessions.ts'
import type { Database } from './database.ts'
import { gather } from './gather.ts'
import { takeTurns } from './turns.ts'
import { unplanned } from './unplanned.ts'

/** Few enough that nobody waits long for the others. */
const RENEWALS_AT_ONCE = 100

const SESSIONS_OF = `/* sessionsOf */
  select id, sessions, statement_timestamp() as now from presence_privacy.users
  where id = any(${unplanned('$1::text[]')}) and sessions is not null`

type SessionsRow = { readonly id: UserId; readonly sessions: Sessions; readonly now: Date }

/** Of one user on one instance, as she is not to hold the pool: a person has a few devices. */
const MOST_WAITING = 100

/**
 * Presence sessions in PostgreSQL. Renewals are nearly all that devices ever send: those that come at the same time are written
 * together, and do not wait for a user's row that something else holds. Those that find theirs held wait for them on one connection,
 * however many they are: an act about all users holds all rows at once.
 */
export function postgresPresenceSessions(
  database: Database,
  policy: { readonly ageing: Ageing },
): PresenceSessions {
  const inTurn = takeTurns({ mostWaiting: MOST_WAITING, withinMs: database.answersWithinMs })
  const changeHeld = postgresChangeSessions(database, { held: 'WAITED_FOR' })
  const changeUnheld = postgresChangeSessions(database, { held: 'LEFT_ALONE' })
  const sessions = presenceSessions(changeHeld, policy)
  const renewTogether = (change: ChangeSessions) =>
    gather((renewals: readonly SessionRenewal[]) => change(renewals, renewing(policy)), {
      keyOf: ({ user, id }) => `${user}\u0000${id}`,
      most: RENEWALS_AT_ONCE,
    })
  const renewUnheld = renewTogether(changeUnheld)
  const renewHeld = renewTogether(changeHeld)
  return {
    ...sessions,
    renew: async (renewal) =>
      sessionIn((await renewUnheld(renewal)) ?? (await renewHeld(renewal)), renewal.id),
    publish: (publication) => inTurn(publication.user, () => sessions.publish(publication)),
    end: (session) => inTurn(session.user, () => sessions.end(session)),

    async sessionsOf(users) {
      const rows = await database.query<SessionsRow>(SESSIONS_OF, [users])
      return new Map(
        rows
          .map(({ id, sessions: stored, now }) => [id, liveSessions(stored, now.getTime())] as const)
          .filter(([, live]) => live.length > 0),
      )
    },
  }
}
