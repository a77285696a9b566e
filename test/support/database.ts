import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { afterAll, inject } from 'vitest'
import { databaseUrl } from './database-url.ts'

/** A database of a test file's own: migrated and empty at first. */
export interface TestDatabase {
  /** A superuser's URL. */
  readonly url: string
  query<Row extends pg.QueryResultRow>(sql: string, params?: readonly unknown[]): Promise<Row[]>
  /** Removes it now; otherwise it is removed after the last test of the file. */
  drop(): Promise<void>
}

const undropped = new Set<TestDatabase>()

// Registered when the file is imported, so before any hook of the file itself, and therefore run after all of them.
afterAll(async () => {
  const drops = await Promise.allSettled([...undropped].map((database) => database.drop()))
  const failed = drops.find((drop) => drop.status === 'rejected')
  if (failed) throw failed.reason
})

/**
 * Clones the migrated template (30-200 ms). Files that run at the same time never meet in it.
 *
 * Dropping fails when a connection is still open by then: whoever opened it has to close it, in the product as in the test.
 */
export async function createTestDatabase(): Promise<TestDatabase> {
  const { adminUrl, run, template } = inject('cluster')
  const name = `${run}_${randomBytes(6).toString('hex')}`
  await asAdmin(adminUrl, (admin) => admin.query(`create database ${name} template ${template}`))

  const url = databaseUrl(adminUrl, name)
  const pool = new pg.Pool({
    connectionString: url,
    max: 2,
    application_name: 'test database',
    // Where PostgreSQL can compile, moving all times of a database takes it a second of compiling, for milliseconds of work.
    options: '-c jit=off',
  })
  // A test may cut every connection; what is idle here then has nobody else to tell.
  pool.on('error', () => undefined)
  const database: TestDatabase = {
    url,
    query: async <Row extends pg.QueryResultRow>(sql: string, params: readonly unknown[] = []) =>
      (await pool.query<Row>(sql, [...params])).rows,
    async drop() {
      if (!undropped.delete(database)) return
      await pool.end()
      await asAdmin(adminUrl, (admin) => dropUnused(admin, name))
    },
  }
  undropped.add(database)
  return database
}

async function asAdmin<Result>(
  adminUrl: string,
  work: (admin: pg.Client) => Promise<Result>,
): Promise<Result> {
  const admin = new pg.Client({ connectionString: adminUrl })
  await admin.connect()
  try {
    return await work(admin)
  } finally {
    await admin.end()
  }
}

/** PostgreSQL waits up to 5 s for connections that are just closing, before it calls the database used. */
async function dropUnused(admin: pg.Client, name: string): Promise<void> {
  try {
    await admin.query(`drop database ${name}`)
  } catch (cause) {
    const open = await admin.query<{ application_name: string; state: string; query: string }>(
      'select application_name, state, query from pg_stat_activity where datname = $1',
      [name],
    )
    await admin.query(`drop database ${name} with (force)`)
    throw new Error(`connections were left open: ${JSON.stringify(open.rows)}`, { cause })
  }
}
