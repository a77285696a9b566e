import { createHash } from 'node:crypto'
import pg from 'pg'
import { PROVE_SERVER, type ServerIdentity, type ServerRow } from './server-identity.ts'
import { COMPLETE_SESSION } from './session-settings.ts'

/**
 * A session that lost its server can do nothing more, and one to a server that became read-only fails for ever. So does a prepared statement whose
 * columns a migration has changed (0A000).
 */
const DEAD_CONNECTION = /^(08|0A000|25006|57P0|PP001)/

/** What pg says when `query_timeout` passes; the query then goes on in the server, and its connection must not be used again. */
const READ_TIMEOUT = 'Query read timeout'

export type PresenceClientConfig = pg.ClientConfig & {
  /** What the start-up packet says beside who connects to what: session settings by name. */
  readonly startup: Readonly<Record<string, string>>
  /** Whether the connection is a session of its own, which takes settings after its start-up packet. */
  readonly completed: boolean
  /** Whether statements that open with their caller's name are prepared under it, once per connection. */
  readonly namedStatements: boolean
  /** Admits the server, or refuses the connection; left out, any server will do. */
  readonly identity?: ServerIdentity
}

type Connected = (error: unknown) => void

/**
 * A pg client that has every session setting before anybody uses it, names its statements, and never returns to the pool broken.
 *
 * pg leaves a client whose query has timed out in the pool, where a half-open connection fails for ever: this one cuts its socket, and
 * the pool lets it go.
 */
export class PresenceClient extends pg.Client {
  readonly #config: PresenceClientConfig

  constructor(config: PresenceClientConfig) {
    super(config)
    this.#config = config
    // An error that nobody listens to ends the process, and a pool listens to idle clients alone. Whatever is under way on a client fails
    // by itself when its connection breaks.
    this.on('error', () => undefined)
  }

  override connect(...[connected]: unknown[]): never {
    const opened = this.#open()
    if (connected === undefined) return opened as never
    opened.then(
      () => (connected as Connected)(null),
      (error: unknown) => (connected as Connected)(error),
    )
    return undefined as never
  }

  /** pg's own would hold what it has found in the environment. */
  getStartupConf(): Record<string, string | undefined> {
    const { user, database, application_name: applicationName } = this.#config
    return { user, database, application_name: applicationName, ...this.#config.startup }
  }

  override query(...args: unknown[]): never {
    const [statement, values] = args
    const named = this.#config.namedStatements && typeof statement === 'string' && Array.isArray(values)
    const name = named ? statementName(statement) : null
    const send = super.query.bind(this) as (...args: unknown[]) => unknown
    const answer = name === null ? send(...args) : send({ name, text: statement, values })
    if (answer instanceof Promise) {
      answer.catch((error: unknown) => {
        this.#cutIfDead(error)
      })
    }
    return answer as never
  }

  /** A socket that is left half-way, as for want of a password, would keep a process of the server for a minute. */
  async #open(): Promise<this> {
    try {
      await super.connect()
      if (this.#config.completed) await super.query(this.#onceOpen(COMPLETE_SESSION))
      const { identity } = this.#config
      if (this.#config.completed && identity !== undefined) {
        const { rows } = await super.query<ServerRow>(this.#onceOpen(PROVE_SERVER))
        this.#admitBy(identity, rows)
      }
      return this
    } catch (error) {
      cut(this)
      throw error
    }
  }

  #onceOpen(text: string): pg.QueryConfig & { readonly query_timeout: number | undefined } {
    return { text, query_timeout: this.#config.connectionTimeoutMillis }
  }

  #admitBy(identity: ServerIdentity, [row]: readonly ServerRow[]): void {
    const timeline = identity.admit(row as ServerRow)
    const end = (): void => {
      this.#cut()
    }
    this.once('end', identity.keep({ timeline, end }))
  }

  #cutIfDead(error: unknown): void {
    if (isOfDeadConnection(error)) this.#cut()
  }

  #cut(): void {
    // The pool reads this when it gets the client back, which is before the socket has closed: whoever waits for a connection
    // would be handed this one.
    Object.assign(this, { _queryable: false })
    cut(this)
  }
}

/** Whether the connection that a statement has failed on must not be used again. */
export function isOfDeadConnection(error: unknown): boolean {
  const { message, code } = error as { message?: string; code?: string }
  return message === READ_TIMEOUT || (code !== undefined && DEAD_CONNECTION.test(code))
}

/** Closes a client's socket without a word: a server that no longer answers would never take leave. */
export function cut(client: pg.Client): void {
  client.connection.stream.destroy()
}

/** Takes leave of the server, and cuts the socket if the server does not answer in time. */
export async function endWithin(client: pg.Client, withinMs: number): Promise<void> {
  const timer = setTimeout(() => {
    cut(client)
  }, withinMs)
  await client.end().catch(() => undefined)
  clearTimeout(timer)
}

/** The same for all clients of a pool; `end` closes it, and waits for those that are at work. */
export async function endPoolWithin(pool: pg.Pool, withinMs: number, end = () => pool.end()): Promise<void> {
  const timer = setTimeout(() => {
    const { _clients: clients } = pool as unknown as { readonly _clients: readonly pg.Client[] }
    for (const client of clients) cut(client)
  }, withinMs)
  await end()
  clearTimeout(timer)
}

/** PostgreSQL takes names of up to 63 bytes; nine of them tell statements of one caller apart. */
const CALLER = /^\s*\/\* ([\w.]{1,54}) \*\//

const names = new Map<string, string | null>()

/** `viewPresence_1a2b3c4d` of a statement that opens with its caller's name in a comment; null of any other. */
export function statementName(statement: string): string | null {
  let name = names.get(statement)
  if (name === undefined) {
    const caller = CALLER.exec(statement)?.[1]
    name =
      caller === undefined
        ? null
        : `${caller}_${createHash('sha256').update(statement).digest('hex').slice(0, 8)}`
    // Only our own constant texts are named; anything else would grow this map with the traffic.
    if (name !== null) names.set(statement, name)
  }
  return name
}
