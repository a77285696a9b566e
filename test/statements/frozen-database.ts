import pg from 'pg'
import type { UserId } from '../../src/domain/user-id.ts'
import type { Database, Query, Statements } from '../../src/postgres/database.ts'
import { provenStatements } from '../../src/postgres/proven-statements.ts'
import type { Read } from '../../src/postgres/read.ts'
import { reach } from '../../src/postgres/storage-error.ts'

/** The functions of the clock, by settings: a statement cannot tell them from those of PostgreSQL. */
const FROZEN = `
  create schema frozen;
  create function frozen.statement_timestamp() returns timestamptz stable parallel safe language sql
    as $$ select current_setting('frozen.now')::timestamptz $$;
  create function frozen.clock_timestamp() returns timestamptz stable parallel safe language sql
    as $$ select current_setting('frozen.now')::timestamptz $$;
  create function frozen.now() returns timestamptz stable parallel safe language sql
    as $$ select current_setting('frozen.now')::timestamptz $$;
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
    { now, micros }: { now: number; micros: number },
    work: () => Promise<Result>,
  ): Promise<Result> {
    const moment = `${new Date(now).toISOString().slice(0, -1)}${String(micros).padStart(3, '0')}Z`
    return this.undone(async () => {
      await this.client.query(`select set_config('frozen.now', $1, true)`, [moment])
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
    const query: Query = <Row>(sql: string, parameters: readonly unknown[]) =>
      reach(async () => (await this.client.query(this.rewrite(sql), [...parameters])).rows as Row[])
    const read: Read = (sql, parameters) =>
      reach(
        async () =>
          (await this.client.query({ ...TEXT_ROWS, text: this.rewrite(sql), values: [...parameters] }))
            .rows as string[][],
      )
    const plain: Statements = {
      answersWithinMs: 60_000,
      query,
      read,
      transaction: (work) => work(query, undefined as never),
      async inTwoTrips({ before, read: reads, write }) {
        const sent: Promise<unknown>[] = []
        const send = (sql: string, parameters: readonly unknown[]): void => {
          const answer = query(sql, parameters)
          answer.catch(() => undefined)
          sent.push(answer)
        }
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
    const own = provenStatements(plain, { caller: null, pooledServer: null })
    const as = (caller: UserId): Statements => provenStatements(plain, { caller, pooledServer: null })
    return { ...own, as, liveQuery: own.query } as unknown as Database
  })()

  close(): Promise<void> {
    return this.client.end()
  }
}
