import DataLoader from 'dataloader'
import type { Seen } from '../application/what-is-seen.ts'
import type { UserId } from '../domain/user-id.ts'

type Found = ReadonlyMap<UserId, Seen>

/** What one execution sees of users. It reads each user once, and all users that are asked for together by one statement. */
export type Looks = {
  /**
   * Returns at once what has been read, and a promise of what has not. A failure to read is thrown once, and is null for all further fields:
   * thousands of fields may share it, an error costs as much as a hundred fields, and the response tells it once.
   */
  readonly at: (user: UserId) => Seen | null | Promise<Seen | null>
  /** Reads all of these users, so that `at` returns at once. It does not throw: `at` throws the failure. */
  readonly atAll: (users: readonly UserId[]) => Promise<void>
  /** Makes `at` throw failures again, for an execution that repeats one whose errors no client has been told. */
  readonly tellAgain: () => void
  readonly remember: (user: UserId, seen: Seen) => void
  /** Makes `at` and `atAll` read users again. */
  readonly forget: () => void
}

class Unseen {
  readonly why: unknown
  constructor(why: unknown) {
    this.why = why
  }
}

export function createLooks(read: (users: readonly UserId[]) => Promise<Found>): Looks {
  const lists = new DataLoader<readonly UserId[], Found>(
    async (asked) => {
      const found = await read([...new Set(asked.length === 1 ? asked[0] : asked.flat())])
      return asked.map(() => found)
    },
    { cache: false },
  )
  let known = new Map<UserId, Seen | Unseen | Promise<Found | Unseen>>()
  let told: Set<unknown> | undefined

  const reading = (users: readonly UserId[]): Promise<Found | Unseen> => {
    const memory = known
    const found = lists.load(users).then(
      (seen) => {
        for (const user of users) memory.set(user, seenIn(seen, user))
        return seen
      },
      (why: unknown) => {
        const unseen = new Unseen(why)
        for (const user of users) memory.set(user, unseen)
        return unseen
      },
    )
    for (const user of users) memory.set(user, found)
    return found
  }

  const unlessUnseen = (seen: Seen | Unseen): Seen | null => {
    if (!(seen instanceof Unseen)) return seen
    if (told?.has(seen.why) === true) return null
    told = (told ?? new Set()).add(seen.why)
    throw seen.why
  }

  return {
    at(user) {
      const seen = known.get(user) ?? reading([user])
      return seen instanceof Promise
        ? seen.then((found) => unlessUnseen(found instanceof Unseen ? found : seenIn(found, user)))
        : unlessUnseen(seen)
    },
    async atAll(users) {
      const unread: UserId[] = []
      const onTheirWay = new Set<Promise<unknown>>()
      for (const user of users) {
        const seen = known.get(user)
        if (seen === undefined) unread.push(user)
        else if (seen instanceof Promise) onTheirWay.add(seen)
      }
      if (unread.length > 0) onTheirWay.add(reading(unread))
      for (const found of onTheirWay) await found
    },
    tellAgain() {
      told = undefined
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
