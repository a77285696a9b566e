import { openDatabase, type Database, type DatabaseOptions } from '../../src/postgres/database.ts'
import { postgresFactsReader } from '../../src/postgres/facts-reader.ts'
import { postgresPresenceSessions } from '../../src/postgres/presence-sessions.ts'
import { postgresPrivacyLists } from '../../src/postgres/privacy-lists.ts'
import { postgresPrivacyStore } from '../../src/postgres/privacy-store.ts'
import { postgresSignals } from '../../src/postgres/signals.ts'
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
  return {
    database,
    facts: postgresFactsReader(database.query),
    privacy: postgresPrivacyStore(database),
    lists: postgresPrivacyLists(database.query),
    sessions: postgresPresenceSessions(database),
    signals,
    passTime: timePasser(test),
    async setClass(classOfService) {
      const { name, invitationHandling, pendingShown, appearOfflineAllowed } = classOfService
      const { maxContacts, requestLifetimeMs } = classOfService
      await test.query(
        `insert into presence_privacy.classes_of_service
           (name, invitation_handling, pending_shown, appear_offline_allowed, max_contacts, request_lifetime_seconds)
         values ($1, $2, $3, $4, $5, $6)
         on conflict (name) do update set invitation_handling = excluded.invitation_handling,
           pending_shown = excluded.pending_shown, appear_offline_allowed = excluded.appear_offline_allowed,
           max_contacts = excluded.max_contacts, request_lifetime_seconds = excluded.request_lifetime_seconds`,
        [name, invitationHandling, pendingShown, appearOfflineAllowed, maxContacts, requestLifetimeMs / 1000],
      )
    },
    async setUser(user, { classOfService, presenceServer }) {
      await test.query(
        `insert into presence_privacy.users as u (id, class_id, presence_server)
         values ($1, coalesce((select id from presence_privacy.classes_of_service where name = $2), 1),
           coalesce($3, 'NONE_KNOWN'))
         on conflict (id) do update set
           class_id = case when $2::text is null then u.class_id else excluded.class_id end,
           presence_server = coalesce($3, u.presence_server)`,
        [user, classOfService ?? null, presenceServer ?? null],
      )
    },
    async close() {
      await signals.close()
      await database.close()
    },
  }
}
