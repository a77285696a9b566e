import { serviceSessionId } from '../domain/session-id.ts'
import type { UserId } from '../domain/user-id.ts'
import type { PresenceSessions, Published } from './ports.ts'
import { MAX_SESSIONS, type Said } from './publish-presence.ts'

/** One session that a service keeps for a user, under the service's own name for it. */
export type KeptSession = { readonly user: UserId; readonly session: string }

/** Users who are written at once. Few enough that nobody waits long for the others: each is locked until all are written. */
const USERS_AT_ONCE = 100

/**
 * A service says how users are, in sessions of its own that live on until their leases end: to whoever looks they are like the
 * users' devices. Each is refused alone. Throws `Unavailable` when some could not be written; then the same may be published again.
 */
export async function publishForUsers(
  { sessions }: { readonly sessions: PresenceSessions },
  {
    service,
    publications,
  }: { readonly service: UserId; readonly publications: readonly (KeptSession & Said)[] },
): Promise<readonly Published[]> {
  return inBatches(publications, async (batch) => {
    const live = await sessions.renewSeveral(
      batch.map(({ user, session, leaseMs, inactiveForMs = 0, ...said }) => ({
        ...{ user, id: serviceSessionId({ service, id: session }), said, inactiveForMs, leaseMs },
      })),
    )
    const beginning = batch.filter((_, place) => live[place] === null)
    const begun = (await beginForUsers(sessions, { service, publications: beginning })).values()
    return live.map((session) => (session === null ? (begun.next().value as Published) : { session }))
  })
}

async function beginForUsers(
  sessions: PresenceSessions,
  {
    service,
    publications,
  }: { readonly service: UserId; readonly publications: readonly (KeptSession & Said)[] },
): Promise<readonly Published[]> {
  if (publications.length === 0) return []
  return sessions.publishSeveral(
    publications.map(({ user, session, leaseMs, inactiveForMs = 0, ...said }) => ({
      user,
      session: { id: serviceSessionId({ service, id: session }), ...said },
      inactiveForMs,
      leaseMs,
      maxSessions: MAX_SESSIONS,
    })),
  )
}

/** A service ends sessions of its own at once. Whether there was each of them to end. */
export async function endForUsers(
  sessions: PresenceSessions,
  { service, ended }: { readonly service: UserId; readonly ended: readonly KeptSession[] },
): Promise<readonly boolean[]> {
  return inBatches(ended, (batch) =>
    sessions.endSeveral(
      batch.map(({ user, session }) => ({ user, id: serviceSessionId({ service, id: session }) })),
    ),
  )
}

/** One batch after the other. */
export async function inBatches<Item, Result>(
  items: readonly Item[],
  work: (batch: readonly Item[]) => Promise<readonly Result[]>,
): Promise<readonly Result[]> {
  const results: Result[] = []
  for (let from = 0; from < items.length; from += USERS_AT_ONCE) {
    results.push(...(await work(items.slice(from, from + USERS_AT_ONCE))))
  }
  return results
}
