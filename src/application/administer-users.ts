import type { Administrator } from '../domain/administrative-act.ts'
import { parseClassName } from '../domain/class-settings.ts'
import type { PresenceServer } from '../domain/disclosure.ts'
import { compareBytes, type UserId } from '../domain/user-id.ts'
import type { Administration, UsersInOrder } from './administration.ts'

/** Users in any order, from a list or, where they are many, as they come out of a file. One named twice counts once. */
export type Users = {
  readonly actor: Administrator
  readonly users: Iterable<UserId> | AsyncIterable<UserId>
  /** Hears how many of how many are done, now and then. Until the call returns, none of it counts. */
  readonly onProgress?: (progress: { readonly done: number; readonly of: number }) => void
}

/**
 * Puts users into a class of service, all or none; also users of whom nothing is stored. What is open or decided stays as it is.
 * A hundred thousand take seconds, in which changes of these users wait. Throws `Unavailable`, and what `users` throws. Whoever was
 * erased is left out, and not among the `assigned`.
 */
export async function assignClass(
  administration: Administration,
  { className, ...those }: Users & { readonly className: string },
): Promise<{ readonly assigned: number } | 'CLASS_NOT_FOUND'> {
  const inOrder = await gathered(those)
  return parseClassName(className) === undefined
    ? 'CLASS_NOT_FOUND'
    : administration.assignClass({ ...inOrder, className })
}

/** Says which kind of server publishes the presence of users, all or none; NONE_KNOWN leaves it to the site. As for `assignClass`. */
export async function setPresenceServer(
  administration: Administration,
  { server, ...those }: Users & { readonly server: PresenceServer },
): Promise<{ readonly set: number }> {
  return administration.setPresenceServer({ ...(await gathered(those)), server })
}

/** All of them first, before anything is locked: a slow source holds up nobody but its reader. */
async function gathered({ actor, users, onProgress }: Users): Promise<UsersInOrder & Pick<Users, 'actor'>> {
  const distinct = new Set<UserId>()
  for await (const user of users) distinct.add(user)
  const inOrder = [...distinct].sort(compareBytes)
  if (onProgress === undefined) return { actor, users: inOrder }
  return { actor, users: inOrder, onProgress: (done) => onProgress({ done, of: inOrder.length }) }
}
