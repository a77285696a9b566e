import { postgresAdministration } from '../../src/postgres/administration.ts'
import { openDatabase, type Database, type DatabaseOptions } from '../../src/postgres/database.ts'
import { postgresFactsReader } from '../../src/postgres/facts-reader.ts'
import { postgresLeftovers } from '../../src/postgres/leftovers.ts'
import { postgresPresenceSessions } from '../../src/postgres/presence-sessions.ts'
import { postgresPrivacyLists } from '../../src/postgres/privacy-lists.ts'
import { postgresPrivacyStore } from '../../src/postgres/privacy-store.ts'
import { postgresPersonalRecords } from '../../src/postgres/personal-records.ts'
import { postgresSignals } from '../../src/postgres/signals.ts'
import { administrators } from './administrators.ts'
import { postgresTrail } from '../../src/postgres/trail.ts'
import type { TestDatabase } from './database.ts'
import { timePasser } from './pass-time.ts'
import type { Storage } from './storage.ts'

/** Options of a pool as a test wants it: small, and impatient enough to fail within the test. */
export function databaseOptions(url: string, options: Partial<DatabaseOptions> = {}): DatabaseOptions {
  return {
    url,
    pooler: 'none',
    poolSize: 4,
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
  const administration = postgresAdministration(database)
  return {
    database,
    facts: postgresFactsReader(database.query),
    privacy: postgresPrivacyStore(database),
    lists: postgresPrivacyLists(database.query),
    sessions: postgresPresenceSessions(database),
    signals,
    trail: postgresTrail(database.query),
    records: postgresPersonalRecords(database),
    leftovers: postgresLeftovers(database.query),
    passTime: timePasser(test),
    administration,
    ...administrators(administration),
    async close() {
      await signals.close()
      await database.close()
    },
  }
}
