import { serviceSessionId } from '../domain/session-id.ts'
import type { PresenceSession } from '../domain/presence.ts'
import type { UserId } from '../domain/user-id.ts'
import type { PresenceSessions } from './ports.ts'
import { inBatches, type KeptSession } from './publish-for-users.ts'

/** For how much longer a session lives, and what its device says of its user's activity; null leaves that as it is. */
export type Renewal = { readonly leaseMs: number; readonly inactiveForMs: number | null }

/** One of a user's devices lives on, and says what it has said. Null if it has ended: then it is to be published anew. */
export async function renewPresence(
  sessions: PresenceSessions,
  { user, session, ...renewal }: Renewal & { readonly user: UserId; readonly session: string },
): Promise<PresenceSession | null> {
  return sessions.renew({ user, id: session, said: null, ...renewal })
}

/** Sessions that a service keeps for users live on. Throws `Unavailable`; then the same may be renewed again. */
export async function renewForUsers(
  sessions: PresenceSessions,
  { service, renewals }: { readonly service: UserId; readonly renewals: readonly (KeptSession & Renewal)[] },
): Promise<readonly (PresenceSession | null)[]> {
  return inBatches(renewals, (batch) =>
    sessions.renewSeveral(
      batch.map(({ user, session, ...renewal }) => ({
        ...{ user, id: serviceSessionId({ service, id: session }), said: null },
        ...renewal,
      })),
    ),
  )
}
