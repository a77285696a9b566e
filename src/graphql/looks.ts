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
      const found = await read([...new Set(asked.length === 1 ? asked[0] : asked.flat())])
      return asked.map(() => found)
    },
    { cache: false },
  )
  let known = new Map<UserId, Seen | Promise<Found>>()

  const reading = (users: readonly UserId[]): Promise<Found> => {
    const memory = known
    const found = lists.load(users).then((seen) => {
      for (const user of users) memory.set(user, seenIn(seen, user))
      return seen
    })
    for (const user of users) memory.set(user, found)
    return found
  }

  return {
    at(user) {
      const seen = known.get(user) ?? reading([user])
      return seen instanceof Promise ? seen.then((found) => seenIn(found, user)) : seen
    },
    async atAll(users) {
      const unread: UserId[] = []
      const onTheirWay = new Set<Promise<Found>>()
      for (const user of users) {
        const seen = known.get(user)
        if (seen === undefined) unread.push(user)
        else if (seen instanceof Promise) onTheirWay.add(seen)
      }
      if (unread.length > 0) onTheirWay.add(reading(unread))
      for (const found of onTheirWay) await found.catch(() => undefined)
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
