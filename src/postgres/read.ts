import type pg from 'pg'
import { reach } from './storage-error.ts'

/** A row as PostgreSQL writes it, column by column. */
export type TextRow = readonly (string | null)[]

/** Runs one statement that only reads, and opens with its caller's name. Throws what `storageError` names. */
export type Read = (sql: string, parameters: readonly unknown[]) => Promise<readonly TextRow[]>

const asItIs = (value: string): string => value

/** What of a query's configuration makes pg leave rows as they are. */
const TEXT_ROWS = { rowMode: 'array', types: { getTypeParser: () => asItIs } } as const

/** For a pooler in transaction mode, which carries no named statement: each is planned anew. */
export function readFromPool(pool: pg.Pool): Read {
  return (sql, parameters) =>
    reach(async () => {
      const { rows } = await pool.query({ ...TEXT_ROWS, text: sql, values: [...parameters] })
      return rows as (string | null)[][]
    })
}
