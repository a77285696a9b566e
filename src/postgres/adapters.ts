import type { Ageing } from '../domain/presence.ts'
import type { UserId } from '../domain/user-id.ts'
import { postgresAdministration } from './administration.ts'
import { postgresAdministrativeActs } from './administrative-acts.ts'
import { postgresReapSessions } from './change-sessions.ts'
import type { Database, Statements } from './database.ts'
import { postgresFactsReader } from './facts-reader.ts'
import { postgresLeftovers } from './leftovers.ts'
import { postgresLiveFacts } from './live-facts.ts'
import { postgresPersonalRecords } from './personal-records.ts'
import { postgresPresenceSessions, renewalsTogether } from './presence-sessions.ts'
import { postgresPrivacyLists } from './privacy-lists.ts'
import { changesInTurn, postgresPrivacyStore } from './privacy-store.ts'
import { PROVEN } from './proof.ts'
import { sealedIds } from './sealed-ids.ts'
import { postgresTrail } from './trail.ts'

const PROVE_CALLER = `/* proveCaller */ select where ${PROVEN}`

/**
 * Every port that one database serves. They are the service's own, and the operator's; `as` makes those of a caller, which fail with `UserErased` once
 * the caller was erased. Signals are apart: they need a connection of their own.
 */
export function postgresAdapters(database: Database, policy: { readonly ageing: Ageing }) {
  const shared: Shared = {
    policy,
    changes: changesInTurn(database),
    renewals: renewalsTogether(database, policy),
    sealedActs: sealedIds(database.query, 'acts'),
    sealedTrail: sealedIds(database.query, 'trail'),
  }
  return {
    ...portsOn(database, shared),
    live: postgresLiveFacts(database.liveQuery),
    beginnings: postgresLiveFacts(database.query),
    leftovers: { ...postgresLeftovers(database.query), reapSessions: postgresReapSessions(database) },
    as: (caller: UserId) => portsOn(database.as(caller), shared),
    factsAs: (caller: UserId) => postgresFactsReader(database.readsAs(caller)),
  }
}

/** What all callers of an instance share: the turns in which they wait for each other, and the key that cursors are sealed with. */
type Shared = {
  readonly policy: { readonly ageing: Ageing }
  readonly changes: ReturnType<typeof changesInTurn>
  readonly renewals: ReturnType<typeof renewalsTogether>
  readonly sealedActs: ReturnType<typeof sealedIds>
  readonly sealedTrail: ReturnType<typeof sealedIds>
}

/** Made for each operation, so none of them does any work. */
function portsOn(statements: Statements, shared: Shared) {
  const { policy, changes, renewals, sealedActs, sealedTrail } = shared
  return {
    facts: postgresFactsReader(statements),
    store: postgresPrivacyStore(statements, changes),
    lists: postgresPrivacyLists(statements.query),
    sessions: postgresPresenceSessions(statements, policy, renewals),
    administration: postgresAdministration(statements),
    acts: postgresAdministrativeActs(statements, sealedActs),
    trail: postgresTrail(statements.query, sealedTrail),
    records: postgresPersonalRecords(statements),
    proveCaller: async () => {
      await statements.query(PROVE_CALLER, [])
    },
  }
}
