import DataLoader from 'dataloader'
import type { Seen } from '../application/what-is-seen.ts'
import type { UserId } from '../domain/user-id.ts'

type Found = ReadonlyMap<UserId, Seen>

/** What one execution sees of users. Each is read once; all that are asked for in one go are read at once. */
export type Looks = {
  /** At once, if the user has been read; the others as soon as they are. Rejects with what the reading failed with. */
  readonly at: (user: UserId) => Seen | Promise<Seen>
  /** Reads all of these, so that `at` need not be waited for. What fails is told by `at`. */
  readonly atAll: (users: readonly UserId[]) => Promise<void>
  readonly remember: (user: UserId, seen: Seen) => void
  /** Whoever is looked at from now on is read again. */
  readonly forget: () => void
}

export function createLooks(read: (users: readonly UserId[]) => Promise<Found>): Looks {
  const lists = new DataLoader<readonly UserId[], Found>(
    async (asked) => {
      const found = await read([...new Set(asked.flat())])
      return asked.map(() => found)
    },
    { cache: false },
  )
  let known = new Map<UserId, Seen | Promise<Found>>()

  const reading = (users: readonly UserId[]): Promise<Found> => {
    const found = lists.load(users)
    for (const user of users) known.set(user, found)
    return found
  }

  return {
    at(user) {
      const seen = known.get(user) ?? reading([user])
      return seen instanceof Promise ? seen.then((found) => seenIn(found, user)) : seen
    },
    async atAll(users) {
      const memory = known
      const unknown = users.filter((user) => !memory.has(user))
      if (unknown.length > 0) void reading(unknown)
      for (const found of new Set(users.map((user) => memory.get(user)))) {
        if (!(found instanceof Promise)) continue
        const seen = await found.catch(() => undefined)
        if (seen === undefined) continue
        for (const user of users) if (memory.get(user) === found) memory.set(user, seenIn(seen, user))
      }
    },
    remember: (user, seen) => void known.set(user, seen),
    forget() {
      known = new Map()
    },
  }
}

function seenIn(found: Found, user: UserId): Seen {
  const seen = found.get(user)
  if (seen === undefined) throw new Error('a user was not looked at')
  return seen
}
