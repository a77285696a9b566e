import type pg from 'pg'
import type { DataSource } from 'typeorm'
import {
  connectionOptions,
  NO_TIMEOUTS,
  presenceClient,
  type ConnectionOptions,
} from './connection-options.ts'
import { requireFitServer } from './fit-server.ts'
import { dataSource, SCHEMA } from './database.ts'

/** Migrations of several instances wait for each other here; the number is "presence" on a telephone's keys. */
const ADVISORY_LOCK = 77_373_623
const ASK_AGAIN_AFTER_MS = 200
/** A migration that cannot get its table lock gives up rather than queue everybody else behind itself. */
const LOCK_TIMEOUT_MS = 10_000
const CONNECT_TIMEOUT_MS = 10_000

export type MigrateOptions = {
  /** Leads to the server itself, not through a pooler: the lock is the session's. */
  readonly url: string
  readonly log?: (line: string) => void
}

/** Brings the schema up to date; several instances may do so at once. */
export async function migrate(options: MigrateOptions): Promise<void> {
  const lock = presenceClient(connectionTo(options.url))
  await lock.connect()
  try {
    await requireFit(lock)
    await takeTurn(lock)
    await lock.query(`create schema if not exists ${SCHEMA}`)
    const source = migrationSource(options.url)
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

/** Asks again and again: a statement that waited would be one that an index which is built beside other work waits for. */
async function takeTurn(client: pg.Client): Promise<void> {
  for (;;) {
    const { rows } = await client.query<{ taken: boolean }>('select pg_try_advisory_lock($1) as taken', [
      ADVISORY_LOCK,
    ])
    if (rows[0]?.taken === true) return
    await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_AFTER_MS))
  }
}

/** The names of migrations that have not been applied. */
export async function pendingMigrations(options: MigrateOptions): Promise<readonly string[]> {
  const client = presenceClient(connectionTo(options.url))
  await client.connect()
  try {
    await requireFit(client)
    const known = migrationSource(options.url).options.migrations as { name: string }[]
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

/** The lock is waited for as long as it takes, and so is a statement that moves what is stored. */
function connectionTo(url: string): ConnectionOptions {
  return {
    url,
    applicationName: 'presence-privacy migrations',
    connectTimeoutMs: CONNECT_TIMEOUT_MS,
    timeouts: NO_TIMEOUTS,
  }
}

/** Before anything is changed: a server that cannot be used is left as it was. */
function requireFit(client: pg.Client): Promise<void> {
  const run = async <Row>(sql: string, parameters: readonly unknown[]) =>
    (await client.query(sql, [...parameters])).rows as Row[]
  return requireFitServer(run, { pooler: 'none' })
}

/** As TypeORM runs them. */
export function migrationSource(url: string): DataSource {
  const timeouts = { ...NO_TIMEOUTS, lockTimeoutMs: LOCK_TIMEOUT_MS }
  return dataSource({ connection: connectionOptions({ ...connectionTo(url), timeouts }) })
}
