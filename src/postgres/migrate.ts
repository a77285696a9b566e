import pg from 'pg'
import { dataSource, SCHEMA } from './database.ts'

/** Migrations of several instances wait for each other here; the number is "presence" on a telephone's keys. */
const ADVISORY_LOCK = 77_373_623
/** A migration that cannot get its table lock gives up rather than queue everybody else behind itself. */
const LOCK_TIMEOUT_MS = 10_000

export type MigrateOptions = {
  /** Leads to the server itself, not through a pooler: the lock is the session's. */
  readonly url: string
  readonly log?: (line: string) => void
}

/** Brings the schema up to date; several instances may do so at once. */
export async function migrate(options: MigrateOptions): Promise<void> {
  const lock = new pg.Client({ connectionString: options.url, connectionTimeoutMillis: 10_000 })
  lock.on('error', () => undefined)
  await lock.connect()
  try {
    await lock.query('select pg_advisory_lock($1)', [ADVISORY_LOCK])
    await lock.query(`create schema if not exists ${SCHEMA}`)
    const source = dataSource({ url: options.url, extra: { lock_timeout: LOCK_TIMEOUT_MS } })
    await source.initialize()
    try {
      const applied = await source.runMigrations({ transaction: 'each' })
      for (const { name } of applied) options.log?.(`migrated: ${name}`)
    } finally {
      await source.destroy()
    }
  } finally {
    await lock.end()
  }
}

/** The names of migrations that have not been applied. */
export async function pendingMigrations(options: MigrateOptions): Promise<readonly string[]> {
  const client = new pg.Client({ connectionString: options.url, connectionTimeoutMillis: 10_000 })
  client.on('error', () => undefined)
  await client.connect()
  try {
    const known = dataSource({ url: options.url, extra: {} }).options.migrations as { name: string }[]
    const { rows: tables } = await client.query<{ found: string | null }>(
      'select to_regclass($1)::text as found',
      [`${SCHEMA}.migrations`],
    )
    const applied = tables[0]?.found
      ? (await client.query<{ name: string }>(`select name from ${SCHEMA}.migrations`)).rows
      : []
    const names = new Set(applied.map(({ name }) => name))
    return known.map(({ name }) => name).filter((name) => !names.has(name))
  } finally {
    await client.end()
  }
}
