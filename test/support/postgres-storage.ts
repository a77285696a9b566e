import { postgresAdapters } from '../../src/postgres/adapters.ts'
import { openDatabase, type Database, type DatabaseOptions } from '../../src/postgres/database.ts'
import { postgresSignals } from '../../src/postgres/signals.ts'
import { administrators } from './administrators.ts'
import { POLICY } from './policy.ts'
import type { TestDatabase } from './database.ts'
import { timePasser } from './pass-time.ts'
import type { Storage } from './storage.ts'

/** Options of a pool as a test wants it: small, and impatient enough to fail within the test. */
export function databaseOptions(url: string, options: Partial<DatabaseOptions> = {}): DatabaseOptions {
  return {
    url,
    pooler: 'none',
    poolSize: 4,
    readConnections: 2,
    statementTimeoutMs: 10_000,
    lockTimeoutMs: 5_000,
    connectTimeoutMs: 5_000,
    ...options,
  }
}

export type PostgresStorage = Storage & { readonly database: Database }

/** All ports on PostgreSQL, as one instance of the server has them. Another one on the same database is another instance. */
export async function postgresStorage(
  test: TestDatabase,
  options: Partial<DatabaseOptions> = {},
): Promise<PostgresStorage> {
  const database = await openDatabase(databaseOptions(test.url, options))
  const signals = await postgresSignals({
    url: test.url,
    onProblem: (error) => {
      throw error
    },
  })
  const { store, ...ports } = postgresAdapters(database, POLICY.policy)
  return {
    database,
    ...ports,
    privacy: store,
    signals,
    passTime: timePasser(test),
    ...administrators(ports.administration),
    async close() {
      await signals.close()
      await database.close()
    },
  }
}
