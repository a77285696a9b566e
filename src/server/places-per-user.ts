import type { UserId } from '../domain/user-id.ts'

/** Counts places, such as sockets, that each user has taken on this instance. */
export type PlacesPerUser = {
  /** Takes one; false if none is left. */
  readonly take: (user: UserId) => boolean
  readonly giveBack: (user: UserId) => void
}

export function placesPerUser(max: number): PlacesPerUser {
  const taken = new Map<UserId, number>()
  return {
    take(user) {
      const count = taken.get(user) ?? 0
      if (count >= max) return false
      taken.set(user, count + 1)
      return true
    },
    giveBack(user) {
      const left = (taken.get(user) ?? 0) - 1
      if (left > 0) taken.set(user, left)
      else taken.delete(user)
    },
  }
}
