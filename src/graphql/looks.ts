import type { Seen } from '../application/what-is-seen.ts'
import type { UserId } from '../domain/user-id.ts'

type Found = ReadonlyMap<UserId, Seen>

/** What one execution sees of users. Each is read once; all that are asked for in one go are read at once. */
export type Looks = {
  /** At once, if the user has been read; the others as soon as they are. Rejects with what the reading failed with. */
  readonly at: (user: UserId) => Seen | Promise<Seen>
  /** Reads all of these, so that `at` need not be waited for. */
  readonly atAll: (users: readonly UserId[]) => Promise<unknown>
  readonly remember: (user: UserId, seen: Seen) => void
  /** Whoever is looked at from now on is read again. */
  readonly forget: () => void
}

export function createLooks(read: (users: readonly UserId[]) => Promise<Found>): Looks {
  let memory = remembering(read)
  return {
    at: (user) => memory.known.get(user) ?? memory.load([user]).then((found) => seenIn(found, user)),
    atAll: (users) => memory.load(users),
    remember: (user, seen) => void memory.known.set(user, seen),
    forget() {
      memory = remembering(read)
    },
  }
}

function remembering(read: (users: readonly UserId[]) => Promise<Found>) {
  const known = new Map<UserId, Seen>()
  /** A reading that has failed stays: the same answer does not ask a database twice that does not answer. */
  const readings = new Map<UserId, Promise<Found>>()
  let next: { readonly users: UserId[]; readonly found: Promise<Found> } | undefined

  const begin = async (users: readonly UserId[]): Promise<Found> => {
    await everythingAsked()
    next = undefined
    const found = await read(users)
    for (const [user, seen] of found) known.set(user, seen)
    return found
  }

  /** What is found of these, and maybe of others. */
  const load = (users: readonly UserId[]): Promise<Found> => {
    const needed = new Set<Promise<Found>>()
    for (const user of users) {
      if (known.has(user)) continue
      let reading = readings.get(user)
      if (reading === undefined) {
        if (next === undefined) {
          const together: UserId[] = []
          next = { users: together, found: begin(together) }
        }
        next.users.push(user)
        reading = next.found
        readings.set(user, reading)
      }
      needed.add(reading)
    }
    const [only = Promise.resolve<Found>(known), ...more] = needed
    return more.length === 0 ? only : Promise.all(needed).then(() => known)
  }
  return { known, load }
}

/** What resolvers ask for one after another, in promises that wait for nothing, belongs together. */
function everythingAsked(): Promise<void> {
  return Promise.resolve().then(() => new Promise((resolve) => process.nextTick(resolve)))
}

function seenIn(found: Found, user: UserId): Seen {
  const seen = found.get(user)
  if (seen === undefined) throw new Error('a user was not looked at')
  return seen
}
