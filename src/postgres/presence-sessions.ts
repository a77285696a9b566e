import { presenceSessions, renewing, sessionIn } from '../application/change-sessions.ts'
import type { PresenceSessions, SessionRenewal } from '../application/ports.ts'
import { liveSessions, type Ageing } from '../domain/presence.ts'
import type { Sessions } from '../domain/sessions.ts'
import type { UserId } from '../domain/user-id.ts'
import { postgresChangeSessions } from './change-sessions.ts'
import type { Database } from './database.ts'
import { gather } from './gather.ts'
import { unplanned } from './unplanned.ts'

/** Few enough that nobody waits long for the others. */
const RENEWALS_AT_ONCE = 100

const SESSIONS_OF = `/* sessionsOf */
  select id, sessions, statement_timestamp() as now from presence_privacy.users
  where id = any(${unplanned('$1::text[]')}) and sessions is not null`

type SessionsRow = { readonly id: UserId; readonly sessions: Sessions; readonly now: Date }

/**
 * Presence sessions in PostgreSQL. Renewals are nearly all that devices ever send: those that come at the same time are written
 * together, and do not wait for a user's row that something else holds. She alone waits for it.
 */
export function postgresPresenceSessions(
  database: Database,
  policy: { readonly ageing: Ageing },
): PresenceSessions {
  const { renew, ...sessions } = presenceSessions(
    postgresChangeSessions(database, { held: 'WAITED_FOR' }),
    policy,
  )
  const changeUnheld = postgresChangeSessions(database, { held: 'LEFT_ALONE' })
  const renewTogether = gather(
    (renewals: readonly SessionRenewal[]) => changeUnheld(renewals, renewing(policy)),
    {
      keyOf: ({ user, id }) => `${user}\u0000${id}`,
      most: RENEWALS_AT_ONCE,
    },
  )
  return {
    ...sessions,
    async renew(renewal) {
      const outcome = await renewTogether(renewal)
      return outcome === null ? renew(renewal) : sessionIn(outcome, renewal.id)
    },

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
