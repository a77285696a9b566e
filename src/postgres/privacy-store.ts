import type { PrivacyStore } from '../application/privacy-store.ts'
import type { UserId } from '../domain/user-id.ts'
import { postgresClaimKey } from './claim-key.ts'
import { ensureUsers } from './lock.ts'
import { lockAndRead } from './lock-and-read.ts'
import type { Query, Statements } from './database.ts'
import { namedAfter } from './named.ts'
import { PROVEN } from './proof.ts'
import { storedIds } from './rows.ts'
import { takeTurns } from './turns.ts'
import type { Send } from './two-trips.ts'
import { write } from './write.ts'

const WATCHERS_OF = `/* watchersOf */
  select distinct watcher_id as id
  from presence_privacy.incoming_items
  where ${PROVEN} and presentity_id = $1 and id = any($2::uuid[])`

const PRESENTITIES_OF = `/* presentitiesOf */
  select distinct presentity_id as id
  from presence_privacy.outgoing_requests
  where ${PROVEN} and watcher_id = $1 and id = any($2::uuid[])`

/** Of one user on one instance; a person has a few devices, a service acts for many at once. */
const MOST_WAITING_CHANGES = 250

/** The turns in which changes of one user wait for each other, on one instance. */
export function changesInTurn({ answersWithinMs }: Pick<Statements, 'answersWithinMs'>) {
  return takeTurns({ mostWaiting: MOST_WAITING_CHANGES, withinMs: answersWithinMs })
}

/** The permissions in PostgreSQL. Every change of who may see whom is one call of `change`. */
export function postgresPrivacyStore(
  statements: Statements,
  inTurn = changesInTurn(statements),
): PrivacyStore {
  const { query, inTwoTrips } = statements
  return {
    change: (scope, decide) =>
      inTurn(scope.by, () =>
        inTwoTrips({
          before: (send) => {
            ensureUsers(sentAs(scope.name, send), scope)
          },
          read: (run) => lockAndRead(sentAs(scope.name, run), scope),
          write(send, snapshot) {
            const { writes, result } = decide(snapshot)
            write(sentAs(scope.name, send), { by: scope.by, now: snapshot.now, writes })
            return result
          },
        }),
      ),

    claimKey: postgresClaimKey(statements),

    async watchersOf({ presentity, ids }) {
      return idsOf(await query<{ id: UserId }>(WATCHERS_OF, [presentity, storedIds(ids)]))
    },

    async presentitiesOf({ watcher, ids }) {
      return idsOf(await query<{ id: UserId }>(PRESENTITIES_OF, [watcher, storedIds(ids)]))
    },
  }
}

function sentAs<Run extends Query | Send>(change: string, run: Run): Run {
  return ((sql: string, parameters: readonly unknown[]) => run(namedAfter(change, sql), parameters)) as Run
}

function idsOf(rows: readonly { id: UserId }[]): UserId[] {
  return rows.map(({ id }) => id)
}
