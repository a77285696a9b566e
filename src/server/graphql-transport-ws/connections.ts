import type { Connection } from './connection.ts'

/** Each connection is pinged once in so many ticks: not all at the same moment, which would hold up everything else. */
const TICKS = 12
const TICK_MS = 1000

/** The open connections of a server, and its one clock for them all. */
export type Connections<Peer> = {
  readonly add: (connection: Connection<Peer>) => void
  readonly remove: (connection: Connection<Peer>) => void
  readonly all: () => readonly Connection<Peer>[]
  readonly size: () => number
}

/** A peer that has not answered one ping by the next, 12 s later, is cut off. */
export function keepConnections<Peer>(): Connections<Peer> {
  const groups = Array.from({ length: TICKS }, () => new Set<Connection<Peer>>())
  let size = 0
  let next = 0
  let due = 0
  let clock: NodeJS.Timeout | undefined

  const tick = (): void => {
    due = (due + 1) % TICKS
    for (const connection of groups[due] ?? []) connection.probe()
  }

  return {
    add(connection) {
      next = (next + 1) % TICKS
      groups[next]?.add(connection)
      size += 1
      clock ??= setInterval(tick, TICK_MS)
    },
    remove(connection) {
      if (!groups.some((group) => group.delete(connection))) return
      size -= 1
      if (size > 0) return
      clearInterval(clock)
      clock = undefined
    },
    all: () => groups.flatMap((group) => [...group]),
    size: () => size,
  }
}
