import { NO_REVISION, type LiveFacts, type RevisedFacts, type Revision } from '../application/live-ports.ts'
import { Unavailable } from '../application/ports.ts'
import { liveSessions } from '../domain/presence.ts'
import type { Sessions } from '../domain/sessions.ts'
import type { UserId } from '../domain/user-id.ts'
import type { Query } from './database.ts'
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
import { SETTINGS_REVISION } from './revisions.ts'
import { classColumns, USER_COLUMNS, userOf, type UserRow } from './rows.ts'
import { unplanned } from './unplanned.ts'

/** What every row brings along: the moment, whether this is the primary, and the revision of what holds for many. */
const MOMENT = `
  statement_timestamp() as now, pg_is_in_recovery() as standby, ${SETTINGS_REVISION} as settings_revision`

/** A look at nobody: whether one would succeed. */
const VERIFY = `/* verifyLive */ select ${MOMENT}, null::text[] as moved, null as id`

const LOOK = `/* lookLive */
  with moment as (
    select ${MOMENT},
      (select array_agg(known.id)
        from unnest(${unplanned('$2::text[]')}, ${unplanned('$3::bigint[]')}) as known (id, revision)
        where (known.id, known.revision) not in (
            select w.id, w.revision from presence_privacy.users w where w.id = any(${unplanned('$2::text[]')})
          )
          and (known.revision <> 0 or exists (select from presence_privacy.users w where w.id = known.id))) as moved
  )
  select moment.*, u.id, u.revision, ${USER_COLUMNS}, u.sessions
  from moment
  left join ${PRESENTITIES} on u.id = any(${unplanned('$1::text[]')})`

const PAIRS = `/* livePairs */
  with viewer as (
    select ${MOMENT}, asked.watcher_id, asked.presentity_id, v.revision as viewer_revision,
      ${classColumns('vc', 'viewer_class')}
    from ${ASKED_PAIRS}
  )
  select viewer.*, u.revision, ${FACTS_OF_ASKED_PAIRS}`

const CONTACTS = `/* liveContacts */
  with viewer as (
    select ${MOMENT}, v.revision as viewer_revision, ${classColumns('vc', 'viewer_class')}
    from (select $1::text as id) asked
    left join presence_privacy.users v on v.id = asked.id
    join presence_privacy.classes_of_service vc on vc.id = coalesce(v.class_id, 1)
  )
  select viewer.*, u.revision, ${FACTS_OF_CONTACTS}`

type MomentRow = { now: Date; standby: boolean; settings_revision: Revision }
type RevisedRow = ViewRow & MomentRow & { revision: Revision; viewer_revision: Revision | null }
type LookRow = MomentRow &
  UserRow & { moved: UserId[] | null; id: UserId | null; revision: Revision; sessions: Sessions | null }

/** What streams read, from PostgreSQL. */
export function postgresLiveFacts(query: Query): LiveFacts {
  const read = async <Row extends MomentRow>(sql: string, parameters: readonly unknown[]): Promise<Row[]> => {
    const rows = await query<Row>(sql, parameters)
    if (rows[0]?.standby === true) throw new Unavailable(new Error('this is not the primary'))
    return rows
  }

  return {
    async look({ presentities, watchers }) {
      const rows =
        presentities.length === 0 && watchers.size === 0
          ? await read<LookRow>(VERIFY, [])
          : await read<LookRow>(LOOK, [presentities, [...watchers.keys()], [...watchers.values()]])
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
      byWatcher(await read<RevisedRow & { watcher_id: UserId }>(PAIRS, pairColumns(pairs)), revised),

    contactFacts: async ({ watcher }) => revised(await read<RevisedRow>(CONTACTS, [watcher])),
  }
}

function revised(rows: readonly RevisedRow[]): RevisedFacts {
  const facts = factsOf(rows)
  const [first] = rows as readonly [RevisedRow]
  return {
    ...facts,
    revisions: {
      settings: first.settings_revision,
      watcher: first.viewer_revision ?? NO_REVISION,
      presentities: new Map(rows.flatMap(({ id, revision }) => (id === null ? [] : [[id, revision]]))),
    },
  }
}
