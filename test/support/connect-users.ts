import type { PresenceSession } from '../../src/domain/presence.ts'
import type { TestDatabase } from './database.ts'

/** Gives very many users one device each for an hour, as the service stores it; `which` is a condition of SQL. */
export async function connectUsers(
  database: TestDatabase,
  { which, status }: { readonly which: string } & Pick<PresenceSession, 'status'>,
): Promise<void> {
  const now = Date.now()
  const session: PresenceSession = {
    ...{ id: 'desk', status, activity: null, note: null, mayAppearOffline: false },
    ...{ publishedAt: now, activeAt: now, leaseEndsAt: now + 3_600_000 },
  }
  await database.query(
    `/* connectUsers */ update presence_privacy.users set sessions = $1, session_ends_at = $2 where ${which}`,
    [JSON.stringify([session]), new Date(session.leaseEndsAt)],
  )
}
