import type { UserId } from '../domain/user-id.ts'
import type { CountingSocket, IdentifiedConnection } from './identified-connection.ts'

/** The connections are counted again after so long, or sooner if none of those that the last count found may go. */
const COUNT_LASTS_MS = 1000
/** Counting takes 0.2 to 0.4 us for each connection. So it takes a tenth of the time at most, however often room is asked for. */
const MS_BETWEEN_COUNTS_FOR_EACH = 0.004

/** How many connections a user holds, and how many of them are not candidates yet. */
type Holder = { held: number; left: number }

type Candidate = {
  readonly socket: CountingSocket
  readonly user: UserId
  readonly holder: Holder
  /** The next one in the same place of `candidates`. */
  next: Candidate | undefined
}

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
  readonly identified: ReadonlyMap<CountingSocket, IdentifiedConnection>
  readonly lasting: ReadonlyMap<CountingSocket, IdentifiedConnection>
  readonly maxOfUser: number
}): RoomForIdentified {
  let countedAt = -Infinity
  let holders = new Map<UserId, Holder>()
  /** In the place n: the connections whose users hold n without those that go before. The first to go is the first. */
  let candidates: (Candidate | undefined)[] = []

  const holderOf = (user: UserId): Holder => {
    let holder = holders.get(user)
    if (holder === undefined) holders.set(user, (holder = { held: 0, left: 0 }))
    return holder
  }

  const count = (): void => {
    countedAt = performance.now()
    holders = new Map()
    let most = 0
    const add = (user: UserId): Holder => {
      const holder = holderOf(user)
      holder.left = holder.held += 1
      most = Math.max(most, holder.held)
      return holder
    }
    const idle: Candidate[] = []
    const busy: Candidate[] = []
    for (const [socket, use] of identified)
      (use.busy ? busy : idle).push({ socket, user: use.user, holder: add(use.user), next: undefined })
    for (const { user } of lasting.values()) add(user)

    candidates = Array.from({ length: most + 1 })
    const last: (Candidate | undefined)[] = Array.from({ length: most + 1 })
    for (const candidate of [...idle, ...busy]) {
      const held = candidate.holder.left--
      const before = last[held]
      if (before === undefined) candidates[held] = candidate
      else before.next = candidate
      last[held] = candidate
    }
  }

  const mayGo = ({ socket, user }: Candidate, held: number): boolean => {
    const use = identified.get(socket)
    return use?.user === user && (!use.busy || held > maxOfUser)
  }

  const take = (newcomer: UserId): CountingSocket | undefined => {
    const mine = holderOf(newcomer)
    while (candidates.length > 0) {
      const held = candidates.length - 1
      const candidate = candidates[held]
      if (candidate === undefined) {
        candidates.pop()
        continue
      }
      if (held < mine.held) return undefined
      candidates[held] = candidate.next
      if (!mayGo(candidate, held)) continue
      candidate.holder.held -= 1
      mine.held += 1
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
