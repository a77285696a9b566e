import { WrongServer } from '../application/wrong-server.ts'

/** Goes up with each promotion of a standby. Any role may read it; a standby refuses to. */
export const TIMELINE = `left(pg_walfile_name(pg_current_wal_lsn()), 8)`

/** Reads cluster and timeline in one statement, so that both are of one moment. */
export const PROVE_SERVER = `/* proveServer */
  select system_identifier::text as cluster, case when not pg_is_in_recovery() then ${TIMELINE} end as timeline
  from pg_control_system()`

export type ServerRow = { readonly cluster: string; readonly timeline: string | null }

/** A connection that ends when a higher timeline is seen. */
type Connection = { readonly end: () => void; readonly timeline: string }

/**
 * The server that the configured addresses must lead to: the cluster that was found first, on the highest timeline that was seen since. All connections of an
 * instance share it. If a replaced primary goes on running, an instance that has not seen the new one cannot tell them apart; the operator
 * must keep the old one from answering.
 */
export class ServerIdentity {
  #cluster: string | undefined
  #timeline = ''
  /** The server that the pooler led to when it was last checked; undefined without a pooler. */
  #pooledServer: ServerRow | undefined
  readonly #connections = new Set<Connection>()

  /**
   * Returns the timeline.
   *
   * @throws WrongServer
   */
  admit(server: ServerRow): string {
    const timeline = this.#require(server)
    this.#cluster = server.cluster
    this.#timeline = timeline
    for (const connection of this.#connections) {
      if (connection.timeline < timeline) this.#drop(connection)
    }
    return timeline
  }

  /**
   * As `admit`, for the server that a pooler leads to now.
   *
   * @throws WrongServer
   */
  admitPooledServer([server]: readonly ServerRow[]): void {
    this.#pooledServer = server
    this.admit(server as ServerRow)
  }

  /**
   * Passes unless the pooler's server, as last admitted, is a wrong one by now: a later timeline may have been seen since.
   *
   * @throws WrongServer
   */
  requirePooledServer(): void {
    if (this.#pooledServer !== undefined) this.#require(this.#pooledServer)
  }

  /**
   * An SQL condition that is true on a wrong server, for statements that go through a pooler. It must not run on a standby, which has no timeline
   * to compare.
   */
  conditionOfWrongServer(): string {
    return `(select system_identifier <> ${String(this.#cluster)} or ${TIMELINE} collate "C" < '${this.#timeline}' from pg_control_system())`
  }

  /** Ends the connection once a server on a higher timeline is seen. Returns how to stop. */
  keep(connection: Connection): () => void {
    this.#connections.add(connection)
    return () => void this.#connections.delete(connection)
  }

  #require({ cluster, timeline }: ServerRow): string {
    if (timeline === null) throw new WrongServer('is a standby')
    if (this.#cluster !== undefined && cluster !== this.#cluster)
      throw new WrongServer('belongs to another cluster than the one that was found first')
    // Both are eight hexadecimal digits.
    if (timeline < this.#timeline) throw new WrongServer('is on an older timeline than one that was seen')
    return timeline
  }

  #drop(connection: Connection): void {
    this.#connections.delete(connection)
    connection.end()
  }
}
