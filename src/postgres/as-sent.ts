import pg from 'pg'
import type { TextRow } from './read.ts'

type DataRow = { readonly fields: TextRow }

/** A named statement whose rows stay as PostgreSQL has sent them: pg would read each value, and copy each row. */
class AsSent extends pg.Query {
  readonly received: TextRow[] = []

  constructor({ name, text, values }: Statement, answered: (error: Error | null | undefined) => void) {
    super(text, [...values], answered)
    Object.assign(this, { name })
  }

  handleRowDescription(): void {
    // Which column is which, whoever wrote the statement knows.
  }

  handleDataRow({ fields }: DataRow): void {
    this.received.push(fields)
  }
}

type Statement = { readonly name: string; readonly text: string; readonly values: readonly unknown[] }

/** Runs a statement under its name, and resolves to its rows. Rejects with what pg says. */
export function rowsAsSent(client: pg.Client, statement: Statement): Promise<readonly TextRow[]> {
  return new Promise((resolve, reject) => {
    const query = new AsSent(statement, (error) => {
      if (error) reject(error)
      else resolve(query.received)
    })
    client.query(query)
  })
}
