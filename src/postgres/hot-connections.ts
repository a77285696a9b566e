import type pg from 'pg'
import { rowsAsSent } from './as-sent.ts'
import { cut, endWithin, isOfDeadConnection, statementName } from './client.ts'
import { presenceClient, type ConnectionOptions } from './connection-options.ts'
import type { Read } from './read.ts'
import { storageError } from './storage-error.ts'

/** A server that became a standby answers on all the same; a connection that has gone silent tells nobody. */
const PROBE_EVERY_MS = 5000
const CHECK_EVERY_MS = 500
/** What is under way when they close is over soon, or its server does not answer. */
const END_WITHIN_MS = 1000

export type HotConnections = {
  readonly read: Read
  readonly state: () => { readonly open: number; readonly reading: number }
  readonly close: () => Promise<void>
}

type Connection = {
  readonly client: pg.Client
  readonly opened: Promise<pg.Client>
  open: boolean
  /** How many statements were taken, and how many of them have been answered: that is done in the order of taking. */
  taken: number
  answered: number
  /** How many had been taken at each of the last checks. */
  readonly takenAt: number[]
  /** Whether what is sent is held back until the end of this turn of the loop. */
  gathering: boolean
}

/**
 * Few connections for statements that only read: each sends its next statement before the one before has been answered, and plans each
 * once and for all. They are opened when they are needed. One that breaks fails what is on its way on it, and another takes its place.
 */
export function hotConnections(options: {
  readonly most: number
  /** With plans that hold for any parameters, as its statements are made for: planning one takes as long as running it. */
  readonly connection: ConnectionOptions
  /** For how long a statement may wait for its answer, before its connection is cut. */
  readonly patienceMs: number
  /** Hears of connections that broke. */
  readonly onBroken: (error: unknown) => void
}): HotConnections {
  const connections = new Set<Connection>()
  let closed = false

  const connect = (): Connection => {
    const client = presenceClient(options.connection, { pipeline: true })
    const connection: Connection = {
      client,
      opened: client.connect().then(() => client),
      open: false,
      taken: 0,
      answered: 0,
      takenAt: [],
      gathering: false,
    }
    const leave = (): void => void connections.delete(connection)
    client.on('error', (error) => {
      leave()
      options.onBroken(error)
    })
    client.on('end', leave)
    connection.opened.then(
      () => {
        connection.open = true
      },
      () => {
        leave()
        cut(client)
      },
    )
    connections.add(connection)
    return connection
  }

  /** The one with least to do; a new one while there may be more of them and all have something to do. */
  const leastBusy = (): Connection => {
    let least: Connection | undefined
    for (const connection of connections) {
      if (least === undefined || reading(connection) < reading(least)) least = connection
    }
    const isBusy = least === undefined || reading(least) > 0
    return isBusy && connections.size < options.most ? connect() : (least ?? connect())
  }

  /** Its socket is still to close; nobody shall be given it meanwhile. */
  const drop = (connection: Connection): void => {
    connections.delete(connection)
    cut(connection.client)
  }

  const send = async (connection: Connection, sql: string, parameters: readonly unknown[]) => {
    connection.taken += 1
    try {
      const client = await connection.opened
      gather(connection)
      const statement = { name: statementName(sql) ?? '', text: sql, values: parameters }
      return await rowsAsSent(client, statement).catch((error: unknown) => {
        if (isOfDeadConnection(error)) drop(connection)
        throw error
      })
    } finally {
      connection.answered += 1
    }
  }

  const probe = async (connection: Connection): Promise<void> => {
    const [row] = await send(connection, '/* probeReads */ select pg_is_in_recovery()', [])
    if (row?.[0] === 't') drop(connection)
  }
  const probing = setInterval(() => {
    for (const connection of connections) if (connection.open) probe(connection).catch(() => undefined)
  }, PROBE_EVERY_MS)
  probing.unref()

  // One timer for all statements: one for each is work for the collector, and keeps the rows of those that are over alive.
  const checking = setInterval(() => {
    for (const connection of connections) {
      const { takenAt } = connection
      takenAt.push(connection.taken)
      if (takenAt.length <= options.patienceMs / CHECK_EVERY_MS) continue
      if (connection.answered < (takenAt.shift() ?? 0)) drop(connection)
    }
  }, CHECK_EVERY_MS)
  checking.unref()

  return {
    async read(sql, parameters) {
      try {
        if (closed) throw new Error('the connections were closed')
        return await send(leastBusy(), sql, parameters)
      } catch (error) {
        throw storageError(error)
      }
    },
    state: () => ({
      open: [...connections].filter(({ open }) => open).length,
      reading: [...connections].reduce((sum, connection) => sum + reading(connection), 0),
    }),
    async close() {
      closed = true
      clearInterval(probing)
      await Promise.all(
        [...connections].map(({ client, open }) => endWithin(client, open ? END_WITHIN_MS : 0)),
      )
      clearInterval(checking)
    },
  }
}

function reading({ taken, answered }: Connection): number {
  return taken - answered
}

/** All looks that are sent in one turn of the loop leave in one write: each write wakes PostgreSQL up. */
function gather(connection: Connection): void {
  if (connection.gathering) return
  connection.gathering = true
  const { stream } = connection.client.connection
  stream.cork()
  setImmediate(() => {
    connection.gathering = false
    stream.uncork()
  })
}
