import { readFileSync } from 'node:fs'
import type { Server } from 'node:net'
import type { UserId } from '../domain/user-id.ts'
import { tooHeavy, untaken, type CountingSocket, type LastingConnection, type Use } from './held-for-users.ts'
import { roomForIdentified } from './room-for-identified.ts'

/** How long a connection may take to show a good token, or to have one more request answered, since it was accepted or last answered. */
const ANONYMOUS_TIMEOUT_MS = 30_000
const SWEEP_MS = 1000
/** For the database, files, timers and whatever else a process opens. */
const RESERVED_DESCRIPTORS = 200
/** Where the system does not tell. */
const DESCRIPTORS_UNKNOWN = 10_000

export type ConnectionBounds = {
  /**
   * Whoever is at the other end has shown the good token of this user. A connection that lasts, such as a WebSocket, is never idle. Returns
   * whether there is room; without it the connection stays among those without identity: it is served, and may go.
   */
  readonly identified: (
    socket: CountingSocket,
    user: UserId,
    options?: { readonly lasting: LastingConnection },
  ) => boolean
  /** What came last over the connection had no good token. */
  readonly anonymous: (socket: CountingSocket) => void
  /** A request was answered: from now on the connection is idle, and as good as new. */
  readonly answered: (socket: CountingSocket) => void
  readonly counts: () => { readonly anonymous: number; readonly identified: number }
  readonly stop: () => void
}

type Anonymous = { since: number; readBefore: number }

/**
 * Connections without identity have a bound of their own: when it is full the oldest of them goes, so a new one always gets in, that of a
 * health probe among them. Those that have shown a good token never go for one without; where they fill what is left of the process's
 * descriptors, one of the user who holds most goes. A connection also goes whose peer does not take what waits for it, or while too
 * much is held for its user.
 */
export function boundConnections(
  server: Server,
  {
    maxAnonymous,
    maxOfUser,
    descriptors = descriptorsOfProcess(),
  }: {
    readonly maxAnonymous: number
    /** Beyond so many, a user's connections go even while they are busy, where room is short. */
    readonly maxOfUser: number
    readonly descriptors?: number
  },
): ConnectionBounds {
  const usable = Math.max(descriptors - RESERVED_DESCRIPTORS, Math.ceil(descriptors / 2))
  const mostAnonymous = Math.min(maxAnonymous, Math.ceil(usable / 2))
  const mostIdentified = usable - mostAnonymous
  /** Since when each is as it is, the longest first, and what it has read, which stays with a connection that changes sides. */
  const anonymous = new Map<CountingSocket, Anonymous>()
  /** Those that may go for a newer one: the one that has been used least lately first. */
  const identified = new Map<CountingSocket, Use>()
  const lasting = new Map<CountingSocket, Use>()
  const room = roomForIdentified({ identified, lasting, maxOfUser })

  const beginAnonymous = (socket: CountingSocket, readBefore: number): void => {
    if (anonymous.size >= mostAnonymous) {
      const [oldest] = anonymous.keys()
      oldest?.destroy()
      if (oldest !== undefined) anonymous.delete(oldest)
    }
    anonymous.set(socket, { since: performance.now(), readBefore })
  }

  const forget = (socket: CountingSocket): void => {
    anonymous.delete(socket)
    identified.delete(socket)
    lasting.delete(socket)
  }

  const cut = (socket: CountingSocket): void => {
    forget(socket)
    socket.destroy()
  }

  const makeRoomFor = (user: UserId): boolean => {
    if (identified.size + lasting.size < mostIdentified) return true
    const leaving = room.leavesFor(user)
    if (leaving !== undefined) cut(leaving)
    return leaving !== undefined
  }

  const sweep = (): void => {
    const now = performance.now()
    for (const [socket, { since }] of anonymous) {
      if (since > now - ANONYMOUS_TIMEOUT_MS) break
      cut(socket)
    }
    untaken(identified, now).forEach(cut)
    tooHeavy(identified, lasting).forEach(cut)
  }

  server.on('connection', (socket) => {
    beginAnonymous(socket, 0)
    socket.once('close', () => forget(socket))
  })
  const timer = setInterval(sweep, SWEEP_MS).unref()

  return {
    identified(socket, user, options) {
      const known = identified.get(socket)
      if (known !== undefined && options === undefined) {
        known.busy = true
        known.user = user
        return true
      }
      const before = known ?? anonymous.get(socket)
      if (before === undefined) return true
      if (known === undefined && !makeRoomFor(user)) return false
      const { readBefore } = before
      forget(socket)
      if (options === undefined)
        identified.set(socket, { user, busy: true, readBefore, waits: null, lasting: null })
      else lasting.set(socket, { user, busy: false, readBefore, waits: null, lasting: options.lasting })
      return true
    },
    anonymous(socket) {
      const known = identified.get(socket)
      if (known === undefined) return
      identified.delete(socket)
      beginAnonymous(socket, known.readBefore)
    },
    answered(socket) {
      const { bytesRead = 0 } = socket
      const known = identified.get(socket)
      if (known !== undefined) {
        known.busy = false
        known.readBefore = bytesRead
        known.waits = null
        identified.delete(socket)
        identified.set(socket, known)
        return
      }
      const stranger = anonymous.get(socket)
      if (stranger === undefined) return
      stranger.since = performance.now()
      stranger.readBefore = bytesRead
      anonymous.delete(socket)
      anonymous.set(socket, stranger)
    },
    counts: () => ({ anonymous: anonymous.size, identified: identified.size + lasting.size }),
    stop: () => clearInterval(timer),
  }
}

/** How many descriptors this process may have open. Node raises the soft limit to the hard one when it starts. */
function descriptorsOfProcess(): number {
  try {
    const [, soft] = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? []
    return soft === undefined ? DESCRIPTORS_UNKNOWN : Number(soft)
  } catch {
    return DESCRIPTORS_UNKNOWN
  }
}
