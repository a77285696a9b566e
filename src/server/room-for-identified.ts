import type { UserId } from '../domain/user-id.ts'
import type { CountingSocket, Use } from './held-for-users.ts'

/** The connections are counted again after so long, or sooner if none of those that the last count found may go. */
const COUNT_LASTS_MS = 1000
/** Counting takes up to 0.2 us for each connection. So it takes a twentieth of the time at most, however often room is asked for. */
const MS_BETWEEN_COUNTS_FOR_EACH = 0.004

type Candidate = { readonly socket: CountingSocket; readonly user: UserId }

export type RoomForIdentified = {
  /** The connection that goes for one more connection of this user; undefined if none may go. */
  readonly leavesFor: (user: UserId) => CountingSocket | undefined
}

/**
 * Chooses the connection that goes where the process has no descriptor left for another identified one. The user who holds most connections
 * loses one of them: the one that has been idle for longest. A user cannot gain a connection from others who hold fewer. A connection
 * whose request is being answered goes only if its user holds more than `maxOfUser`. WebSockets count, and never go.
 *
 * All the work is done where room is short. Until then, a request costs nothing here.
 */
export function roomForIdentified({
  identified,
  lasting,
  maxOfUser,
}: {
  /** The one that has been used least lately first. */
  readonly identified: ReadonlyMap<CountingSocket, Use>
  readonly lasting: ReadonlyMap<CountingSocket, Use>
  readonly maxOfUser: number
}): RoomForIdentified {
  let countedAt = -Infinity
  let heldBy = new Map<UserId, number>()
  /** By how many connections the user holds up to this one, those that go last first. */
  let candidates: (Candidate[] | undefined)[] = []

  const count = (): void => {
    countedAt = performance.now()
    heldBy = new Map()
    for (const connections of [identified, lasting])
      for (const { user } of connections.values()) heldBy.set(user, heldOf(user) + 1)
    candidates = []
    const left = new Map(heldBy)
    for (const busy of [false, true]) {
      for (const [socket, use] of identified) {
        if (use.busy !== busy) continue
        const { user } = use
        const held = left.get(user) ?? 0
        left.set(user, held - 1)
        if (!busy || held > maxOfUser) (candidates[held] ??= []).push({ socket, user })
      }
    }
    for (const same of candidates) same?.reverse()
  }

  const heldOf = (user: UserId): number => heldBy.get(user) ?? 0

  const mayGo = ({ socket, user }: Candidate, held: number): boolean => {
    const use = identified.get(socket)
    return use?.user === user && (!use.busy || held > maxOfUser)
  }

  const take = (newcomer: UserId): CountingSocket | undefined => {
    while (candidates.length > 0) {
      const held = candidates.length - 1
      const candidate = candidates[held]?.at(-1)
      if (candidate === undefined) {
        candidates.pop()
        continue
      }
      if (held < heldOf(newcomer)) return undefined
      candidates[held]?.pop()
      if (!mayGo(candidate, held)) continue
      heldBy.set(candidate.user, heldOf(candidate.user) - 1)
      heldBy.set(newcomer, heldOf(newcomer) + 1)
      return candidate.socket
    }
    return undefined
  }

  return {
    leavesFor(user) {
      const age = (): number => performance.now() - countedAt
      if (age() >= COUNT_LASTS_MS) count()
      const found = take(user)
      if (found !== undefined || age() < identified.size * MS_BETWEEN_COUNTS_FOR_EACH) return found
      count()
      return take(user)
    },
  }
}
