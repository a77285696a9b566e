import type { Ageing } from '../domain/presence.ts'
import { postgresAdministration } from './administration.ts'
import { postgresAdministrativeActs } from './administrative-acts.ts'
import { postgresReapSessions } from './change-sessions.ts'
import type { Database } from './database.ts'
import { postgresFactsReader } from './facts-reader.ts'
import { postgresLeftovers } from './leftovers.ts'
import { postgresLiveFacts } from './live-facts.ts'
import { postgresPersonalRecords } from './personal-records.ts'
import { postgresPresenceSessions } from './presence-sessions.ts'
import { postgresPrivacyLists } from './privacy-lists.ts'
import { postgresPrivacyStore } from './privacy-store.ts'
import { postgresTrail } from './trail.ts'

/** Every port that one database serves. Signals are apart: they need a connection of their own. */
export function postgresAdapters(database: Database, policy: { readonly ageing: Ageing }) {
  return {
    facts: postgresFactsReader(database),
    live: postgresLiveFacts(database.liveQuery),
    beginnings: postgresLiveFacts(database.query),
    store: postgresPrivacyStore(database),
    lists: postgresPrivacyLists(database.query),
    sessions: postgresPresenceSessions(database, policy),
    administration: postgresAdministration(database),
    acts: postgresAdministrativeActs(database),
    trail: postgresTrail(database.query),
    leftovers: { ...postgresLeftovers(database.query), reapSessions: postgresReapSessions(database) },
    records: postgresPersonalRecords(database),
  }
}
