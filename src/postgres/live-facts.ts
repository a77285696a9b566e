import { NO_REVISION, type LiveFacts, type RevisedFacts, type Revision } from '../application/live-ports.ts'
import { liveSessions } from '../domain/presence.ts'
import type { Sessions } from '../domain/sessions.ts'
import type { UserId } from '../domain/user-id.ts'
import type { Query } from './database.ts'
import { erased } from './erased-users.ts'
import {
  ASKED_PAIRS,
  byWatcher,
  factsOf,
  FACTS_OF_ASKED_PAIRS,
  FACTS_OF_CONTACTS,
  pairColumns,
  PRESENTITIES,
  type ViewRow,
} from './facts-reader.ts'
import { PROVEN } from './proof.ts'
import { SETTINGS_REVISION } from './revisions.ts'
import { classColumns, USER_COLUMNS, userOf, type UserRow } from './rows.ts'
import { TIMELINE } from './server-identity.ts'
import { genericPlanParameter } from './generic-plan-parameter.ts'

/**
 * What every row brings along: the moment, and the revision of what holds for many. The timeline is a part of it: after a failover a revision may
 * stand for another state than before, so nothing counts any more that was read from the server before.
 */
const MOMENT = `
  statement_timestamp() as now, ${TIMELINE} || '/' || ${SETTINGS_REVISION} as settings_revision`

/** A look at nobody: whether one would succeed. */
const VERIFY = `/* verifyLive */ select ${MOMENT}, null::text[] as moved, null as id where ${PROVEN}`

const LOOK = `/* lookLive */
  with moment as (
    select ${MOMENT},
      (select array_agg(known.id)
        from unnest(${genericPlanParameter('$2::text[]')}, ${genericPlanParameter('$3::bigint[]')}) as known (id, revision)
        where (known.id, known.revision) not in (
            select w.id, w.revision from presence_privacy.users w where w.id = any(${genericPlanParameter('$2::text[]')})
          )
          and (
            known.revision <> 0 or exists (select from presence_privacy.users w where w.id = known.id)
              or exists (${erased('known.id')})
          )) as moved
    where ${PROVEN}
  )
  select moment.*, u.id, u.revision, ${USER_COLUMNS}, u.sessions
  from moment
  left join ${PRESENTITIES} on u.id = any(${genericPlanParameter('$1::text[]')})`

/** Each watcher is looked up once, however many pairs are theirs. */
const PAIRS = `/* livePairs */
  with gone as materialized (
    select each.id from (select distinct id from unnest(${genericPlanParameter('$1::text[]')}) as id) each
    where exists (${erased('each.id')})
  ), viewer as (
    select ${MOMENT}, asked.watcher_id, asked.presentity_id, v.revision as viewer_revision,
      asked.watcher_id in (select id from gone) as viewer_erased, ${classColumns('vc', 'viewer_class')}
    from ${ASKED_PAIRS}
    where ${PROVEN}
  )
  select viewer.*, u.revision, ${FACTS_OF_ASKED_PAIRS}`

const CONTACTS = `/* liveContacts */
  with viewer as (
    select ${MOMENT}, v.revision as viewer_revision, exists (${erased('$1')}) as viewer_erased,
      ${classColumns('vc', 'viewer_class')}
    from (select $1::text as id) asked
    left join presence_privacy.users v on v.id = asked.id
    join presence_privacy.classes_of_service vc on vc.id = coalesce(v.class_id, 1)
    where ${PROVEN}
  )
  select viewer.*, u.revision, ${FACTS_OF_CONTACTS}`

type MomentRow = { now: Date; settings_revision: Revision }
type RevisedRow = ViewRow &
  MomentRow & { revision: Revision; viewer_revision: Revision | null; viewer_erased: boolean }
type LookRow = MomentRow &
  UserRow & { moved: UserId[] | null; id: UserId | null; revision: Revision; sessions: Sessions | null }

/** What streams read, from PostgreSQL. */
export function postgresLiveFacts(query: Query): LiveFacts {
  return {
    async look({ presentities, watchers }) {
      const rows =
        presentities.length === 0 && watchers.size === 0
          ? await query<LookRow>(VERIFY, [])
          : await query<LookRow>(LOOK, [presentities, [...watchers.keys()], [...watchers.values()]])
      const [first] = rows
      if (first === undefined) throw new Error('a look finds its moment at least')
      const now = first.now.getTime()
      const found = rows.flatMap(({ id, revision, sessions, ...row }) =>
        id === null
          ? []
          : [[id, { revision, user: userOf(row), sessions: liveSessions(sessions ?? [], now) }] as const],
      )
      return {
        now,
        settings: first.settings_revision,
        presentities: new Map(found),
        moved: first.moved ?? [],
      }
    },

    factsOfPairs: async (pairs) =>
      byWatcher(await query<RevisedRow & { watcher_id: UserId }>(PAIRS, pairColumns(pairs)), revised),

    contactFacts: async ({ watcher }) => revised(await query<RevisedRow>(CONTACTS, [watcher])),
  }
}

function revised(rows: readonly RevisedRow[]): RevisedFacts {
  const facts = factsOf(rows)
  const [first] = rows as readonly [RevisedRow]
  return {
    ...facts,
    watcherErased: first.viewer_erased,
    revisions: {
      settings: first.settings_revision,
      watcher: first.viewer_revision ?? NO_REVISION,
      presentities: new Map(rows.flatMap(({ id, revision }) => (id === null ? [] : [[id, revision]]))),
    },
  }
}
