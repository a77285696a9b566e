import { WrongServer } from '../application/wrong-server.ts'

/** Goes up with each promotion of a standby. Any role may read it; a standby refuses to. */
export const TIMELINE = `left(pg_walfile_name(pg_current_wal_lsn()), 8)`

/** Asks a server who it is, in one statement, so that both are of one moment. */
export const PROVE_SERVER = `/* proveServer */
  select system_identifier::text as cluster, case when not pg_is_in_recovery() then ${TIMELINE} end as timeline
  from pg_control_system()`

export type ServerRow = { readonly cluster: string; readonly timeline: string | null }

/** A connection, as far as it may have to end. */
type Connection = { readonly end: () => void; readonly timeline: string }

/**
 * Which server the configured addresses lead to: the cluster that was found first, on the highest timeline that was seen since. One for all connections of an
 * instance, so that what one of them has seen holds for the others. It cannot tell a primary that was replaced and goes on from the one that replaced it, as
 * long as it has not seen the latter: keeping the old one from answering is the operator's part.
 */
export class ServerIdentity {
  #cluster: string | undefined
  #timeline = ''
  /** Undefined without a pooler. */
  #behindPooler: ServerRow | undefined
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
   * The same of the server that a pooler leads to now.
   *
   * @throws WrongServer
   */
  admitBehindPooler([server]: readonly ServerRow[]): void {
    this.#behindPooler = server
    this.admit(server as ServerRow)
  }

  /**
   * Passes unless the pooler, when it was asked last, led to a server that must not be asked by now.
   *
   * @throws WrongServer
   */
  requireBehindPooler(): void {
    if (this.#behindPooler !== undefined) this.#require(this.#behindPooler)
  }

  /**
   * The same as SQL, for statements whose connections are a pooler's and prove nothing by themselves: whether the server that executes it must not be asked.
   * A standby has no timeline to compare, and has to be refused before.
   */
  conditionOfWrongServer(): string {
    return `(select system_identifier <> ${String(this.#cluster)} or ${TIMELINE} collate "C" < '${this.#timeline}' from pg_control_system())`
  }

  /** `end` is called when a server on a higher timeline was seen. Returns how to stop. */
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
