import type { PrivacyStore } from '../application/ports.ts'
import type { UserId } from '../domain/user-id.ts'
import { lockAndRead } from './lock-and-read.ts'
import type { Database } from './database.ts'
import { write } from './write.ts'

const WATCHERS_OF = `/* watchersOf */
  select distinct watcher_id as id
  from presence_privacy.incoming_items
  where presentity_id = $1 and id = any($2::uuid[])`

const PRESENTITIES_OF = `/* presentitiesOf */
  select distinct presentity_id as id
  from presence_privacy.outgoing_requests
  where watcher_id = $1 and id = any($2::uuid[])`

/** The permissions in PostgreSQL. Every change of who may see whom is one call of `change`. */
export function postgresPrivacyStore({ query, transaction }: Database): PrivacyStore {
  return {
    change: (scope, decide) =>
      transaction(async (run) => {
        const snapshot = await lockAndRead(run, scope)
        const { writes, result } = decide(snapshot)
        await write(run, { by: scope.by, now: snapshot.now, writes })
        return result
      }),

    async watchersOf({ presentity, ids }) {
      return idsOf(await query<{ id: UserId }>(WATCHERS_OF, [presentity, ids]))
    },

    async presentitiesOf({ watcher, ids }) {
      return idsOf(await query<{ id: UserId }>(PRESENTITIES_OF, [watcher, ids]))
    },
  }
}

function idsOf(rows: readonly { id: UserId }[]): UserId[] {
  return rows.map(({ id }) => id)
}
