import pg from 'pg'
import type { Database, Query } from '../../src/postgres/database.ts'
import type { Read } from '../../src/postgres/read.ts'

/** The functions of the clock and of the server's part, by settings: a statement cannot tell them from those of PostgreSQL. */
const FROZEN = `
  create schema frozen;
  create function frozen.statement_timestamp() returns timestamptz stable language sql
    as $$ select current_setting('frozen.now')::timestamptz $$;
  create function frozen.clock_timestamp() returns timestamptz stable language sql
    as $$ select current_setting('frozen.now')::timestamptz $$;
  create function frozen.now() returns timestamptz stable language sql
    as $$ select current_setting('frozen.now')::timestamptz $$;
  create function frozen.pg_is_in_recovery() returns boolean stable language sql
    as $$ select current_setting('frozen.standby')::boolean $$;
  set search_path = frozen, pg_catalog;
  set jit = off`

const TEXT_ROWS = { rowMode: 'array', types: { getTypeParser: () => (value: string) => value } } as const

/**
 * One connection that stands for the whole of a database, with a clock that stands still. Whatever is written on it is undone.
 * `rewrite` may exchange the text of a statement for another.
 */
export class FrozenDatabase {
  readonly client: pg.Client
  rewrite: (sql: string) => string = (sql) => sql

  private constructor(client: pg.Client) {
    this.client = client
  }

  static async open(url: string): Promise<FrozenDatabase> {
    const client = new pg.Client({
      connectionString: url,
      application_name: 'frozen database',
      pipeline: true,
    })
    await client.connect()
    await client.query(FROZEN)
    return new FrozenDatabase(client)
  }

  /** Begins at `now`, epoch milliseconds, with `micros` more; what `work` writes is undone. */
  async at<Result>(
    { now, micros, standby = false }: { now: number; micros: number; standby?: boolean },
    work: () => Promise<Result>,
  ): Promise<Result> {
    const moment = `${new Date(now).toISOString().slice(0, -1)}${String(micros).padStart(3, '0')}Z`
    return this.undone(async () => {
      await this.client.query(
        `select set_config('frozen.now', $1, true), set_config('frozen.standby', $2, true)`,
        [moment, String(standby)],
      )
      return work()
    })
  }

  #depth = 0

  /** Runs `work`, and undoes all that it has written. */
  async undone<Result>(work: () => Promise<Result>): Promise<Result> {
    const depth = this.#depth++
    await this.client.query(depth === 0 ? 'start transaction' : `savepoint level${String(depth)}`)
    try {
      return await work()
    } finally {
      this.#depth = depth
      await this.client.query(depth === 0 ? 'rollback' : `rollback to savepoint level${String(depth)}`)
    }
  }

  /** As adapters of one database take it. */
  readonly database = ((): Database => {
    const query: Query = async <Row>(sql: string, parameters: readonly unknown[]) =>
      (await this.client.query(this.rewrite(sql), [...parameters])).rows as Row[]
    const read: Read = async (sql, parameters) =>
      (await this.client.query({ ...TEXT_ROWS, text: this.rewrite(sql), values: [...parameters] }))
        .rows as string[][]
    const part: Pick<Database, 'query' | 'liveQuery' | 'read' | 'transaction' | 'inTwoTrips'> = {
      query,
      liveQuery: query,
      read,
      transaction: (work) => work(query, undefined as never),
      async inTwoTrips({ before, read: reads, write }) {
        const sent: Promise<unknown>[] = []
        const send = (sql: string, parameters: readonly unknown[]): void =>
          void sent.push(query(sql, parameters))
        try {
          before?.(send)
          const result = write(send, await reads(query))
          await Promise.all(sent)
          return result
        } finally {
          await Promise.allSettled(sent)
        }
      },
    }
    const noRepositories = { getRepository: () => undefined }
    return { ...part, answersWithinMs: 10_000, dataSource: noRepositories } as unknown as Database
  })()

  close(): Promise<void> {
    return this.client.end()
  }
}
