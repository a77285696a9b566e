import type pg from 'pg'
import { commitWithoutDoubt } from './commit.ts'
import type { Query } from './database.ts'
import { reach } from './storage-error.ts'

/** Sends a statement and waits for nothing; if it fails, so does the whole change. */
export type Send = (sql: string, parameters: readonly unknown[]) => void

/** A transaction that looks, decides and writes, in this order. */
export type TwoTrips<Read, Result> = {
  /** Statements on their own, before the transaction: it must not hold what they do. */
  readonly before?: (send: Send) => void
  /** What it asks for before it waits for any answer travels together. */
  readonly read: (query: Query) => Promise<Read>
  /** Decides, too: what it throws undoes everything. */
  readonly write: (send: Send, read: Read) => Result
}

/**
 * Runs a transaction in two round trips: its beginning with all that it locks and reads, then all that it writes with the commit. Throws
 * what `storageError` names, or what the steps throw. Where the answer to the commit is lost, all of it happened or nothing.
 */
export async function inTwoTrips<Read, Result>(
  pool: pg.Pool,
  { before, read, write }: TwoTrips<Read, Result>,
): Promise<Result> {
  const client = await reach(() => pool.connect())
  const { send, query, together, allAnswered, firstFailure } = tripsOf(client)
  let broken = false
  try {
    const reading = together(() => {
      before?.(send)
      send('start transaction', [])
      return read(query)
    })
    const found = await reading
    // Without a beginning, each of these would have been a transaction of its own.
    await allAnswered()
    return await commitWithoutDoubt(client, async () => {
      const result = together(() => {
        const decided = write(send, found)
        send('commit', [])
        return decided
      })
      // A commit after a failure is answered as if it were a rollback; the failure has been answered before.
      await allAnswered()
      return result
    })
  } catch (error) {
    broken = await client.query('rollback').then(
      () => false,
      () => true,
    )
    throw firstFailure() ?? error
  } finally {
    client.release(broken)
  }
}

/** The server answers in the order of sending, so that of several failures the first one is the cause of the others: they say only that it failed. */
function tripsOf(client: pg.PoolClient) {
  let underWay: Promise<unknown>[] = []
  let failure: unknown
  const start = <Row extends pg.QueryResultRow>(sql: string, parameters: readonly unknown[]) => {
    const answer = reach(() => client.query<Row>(sql, [...parameters]))
    answer.catch((error: unknown) => {
      failure ??= error
    })
    underWay.push(answer)
    return answer
  }
  return {
    send: (sql: string, parameters: readonly unknown[]): void => void start(sql, parameters),
    query: async <Row>(sql: string, parameters: readonly unknown[]) =>
      (await start(sql, parameters)).rows as Row[],
    /** All that is sent meanwhile leaves in one write. */
    together: <Result>(work: () => Result): Result => {
      const { stream } = client.connection
      stream.cork()
      try {
        return work()
      } finally {
        stream.uncork()
      }
    },
    allAnswered: async (): Promise<void> => {
      const answers = underWay
      underWay = []
      await Promise.all(answers)
    },
    firstFailure: () => failure,
  }
}
