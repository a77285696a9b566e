import { readFileSync } from 'node:fs'
import type { Server } from 'node:net'
import type { UserId } from '../domain/user-id.ts'
import { HeldForUsers } from './held-for-users.ts'
import type { CountingSocket, IdentifiedConnection, LastingConnection } from './identified-connection.ts'
import { roomForIdentified } from './room-for-identified.ts'
import { isUntaken } from './untaken-responses.ts'

/** In which a connection shows a good token, or has a request answered. Counted from its beginning, or from its last response. */
export const ANONYMOUS_TIMEOUT_MS = 30_000
const SWEEP_MS = 1000
/** For the database, files, timers and whatever else a process opens. */
const RESERVED_DESCRIPTORS = 200
/** Where the system does not tell. */
const DESCRIPTORS_UNKNOWN = 10_000

export type ConnectionBoundsOptions = {
  readonly maxAnonymous: number
  /** Where room is short, a user's connections beyond so many go even while they are busy. */
  readonly maxOfUser: number
  /** How many the process may have open. */
  readonly descriptors?: number
}

export type ConnectionBounds = {
  /**
   * The peer has shown a good token of this user. A WebSocket lasts: it is never idle. Returns whether there is room for the connection. If
   * not, it stays among those without identity: its requests are answered, and it may go.
   */
  readonly identified: (
    socket: CountingSocket,
    user: UserId,
    options?: { readonly lasting: LastingConnection },
  ) => boolean
  /** The last request over the connection had no good token. */
  readonly anonymous: (socket: CountingSocket) => void
  /** A request was answered. The connection is idle from now on, and its time begins anew. */
  readonly answered: (socket: CountingSocket) => void
  readonly isAnonymous: (socket: CountingSocket) => boolean
  readonly counts: () => { readonly anonymous: number; readonly identified: number }
  readonly stop: () => void
}

type AnonymousConnection = {
  /** When it was accepted, or last answered. */
  since: number
  /** Bytes of requests that were answered: kept for a connection that shows a good token again. */
  readBefore: number
}

/**
 * Bounds the connections of a server.
 *
 * Those without identity have a bound of their own. When it is reached, a new one ends the oldest. So a health probe always gets in. No
 * connection without identity ends one that has shown a good token.
 *
 * Identified connections have the rest of the process's descriptors. When those are used up, a new one ends a connection of the user who
 * holds most.
 *
 * The server also ends a connection whose peer does not take what it was sent, and the heaviest connections of a user for whom it holds too
 * much.
 */
export function boundConnections(
  server: Server,
  { maxAnonymous, maxOfUser, descriptors = descriptorsOfProcess() }: ConnectionBoundsOptions,
): ConnectionBounds {
  const usable = Math.max(descriptors - RESERVED_DESCRIPTORS, Math.ceil(descriptors / 2))
  const mostAnonymous = Math.min(maxAnonymous, Math.ceil(usable / 2))
  const mostIdentified = usable - mostAnonymous
  /** The one that was accepted or answered first is the first. */
  const anonymous = new Map<CountingSocket, AnonymousConnection>()
  /** Those that may go for a newer one: the one that has been used least lately first. */
  const identified = new Map<CountingSocket, IdentifiedConnection>()
  const lasting = new Map<CountingSocket, IdentifiedConnection>()
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
    const held = new HeldForUsers()
    for (const [socket, connection] of identified) {
      if (isUntaken(socket, connection, now)) cut(socket)
      else held.add(socket, connection)
    }
    for (const [socket, connection] of lasting) held.add(socket, connection)
    held.tooHeavy().forEach(cut)
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
    isAnonymous: (socket) => anonymous.has(socket),
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
