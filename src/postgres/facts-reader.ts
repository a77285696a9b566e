import type { Facts, FactsReader, PairOf, PresentityFacts } from '../application/ports.ts'
import { NO_PAIR } from '../domain/pair.ts'
import { liveSessions } from '../domain/presence.ts'
import type { Sessions } from '../domain/sessions.ts'
import type { UserId } from '../domain/user-id.ts'
import type { Statements } from './database.ts'
import { PROVEN } from './proof.ts'
import {
  classColumns,
  classOf,
  PAIR_COLUMNS,
  pairFactsOf,
  USER_COLUMNS,
  userOf,
  type PairRow,
  type UserRow,
  type ViewerClassRow,
} from './rows.ts'
import { postgresSightReader } from './sight-reader.ts'
import { genericPlanParameter } from './generic-plan-parameter.ts'

const FACT_COLUMNS = `u.id, ${USER_COLUMNS}, u.sessions, ${PAIR_COLUMNS}`

/** Users `u` with their classes `c`. */
export const PRESENTITIES = `(
    presence_privacy.users u join presence_privacy.classes_of_service c on c.id = u.class_id
  )`

/** The viewer's row is always there, so that the clock and his class come with the facts. */
const VIEWER = `
  with viewer as (
    select statement_timestamp() as now, ${classColumns('vc', 'viewer_class')}
    from presence_privacy.classes_of_service vc
    where ${PROVEN} and vc.id = coalesce((select class_id from presence_privacy.users where id = $1), 1)
  )`

/**
 * One statement for any number of presentities, and the same one for every cause. Both users of every pair have rows, and so has
 * whoever publishes, so that nothing is missed.
 */
const READ_FACTS = `/* readFacts */ ${VIEWER}
  select viewer.*, ${FACT_COLUMNS}
  from viewer
  left join ${PRESENTITIES} on u.id = any($2::text[])
  left join presence_privacy.pairs p on p.watcher_id = $1 and p.presentity_id = u.id`

/**
 * What is seen of the contacts of a `viewer`, $1. From his pairs on: his contacts are one range of an index of their own, however many
 * others he has to do with.
 */
export const FACTS_OF_CONTACTS = `${FACT_COLUMNS}
  from viewer
  left join (
    presence_privacy.pairs p
    join presence_privacy.users u on u.id = p.presentity_id
    join presence_privacy.classes_of_service c on c.id = u.class_id
  ) on p.watcher_id = $1 and p.contact_since is not null`

/**
 * Many viewers at once, `v` with their classes `vc`, of the pairs `asked` for, each once. See `pairColumns` for $1 and $2.
 */
export const ASKED_PAIRS = `(
      select distinct watcher_id, presentity_id
      from unnest(${genericPlanParameter('$1::text[]')}, ${genericPlanParameter('$2::text[]')}) as each (watcher_id, presentity_id)
    ) asked
    left join presence_privacy.users v on v.id = asked.watcher_id
    join presence_privacy.classes_of_service vc on vc.id = coalesce(v.class_id, 1)`

/**
 * What is seen by each `viewer` of the presentity that he asked for. Pairs are looked up by both ids as they were asked for: by that of
 * `u`, the planner may read everybody who has to do with a presentity to find one.
 */
export const FACTS_OF_ASKED_PAIRS = `${FACT_COLUMNS}
  from viewer
  left join ${PRESENTITIES} on u.id = viewer.presentity_id
  left join presence_privacy.pairs p
    on p.watcher_id = viewer.watcher_id and p.presentity_id = viewer.presentity_id`

const VIEW_PAIRS = `/* viewPairs */
  with viewer as (
    select statement_timestamp() as now, asked.watcher_id, asked.presentity_id, ${classColumns('vc', 'viewer_class')}
    from ${ASKED_PAIRS}
    where ${PROVEN}
  )
  select viewer.*, ${FACTS_OF_ASKED_PAIRS}`

export type Nullable<Row> = { [Column in keyof Row]: Row[Column] | null }
export type ViewRow = ViewerClassRow & { now: Date; id: UserId | null; sessions: Sessions | null } & UserRow &
  Nullable<PairRow>
type PairViewRow = ViewRow & { watcher_id: UserId }

/** Facts from PostgreSQL, sessions included. */
export function postgresFactsReader({ query, read }: Pick<Statements, 'query' | 'read'>): FactsReader {
  const { readSight, readContactSight } = postgresSightReader(read)
  return {
    readSight,
    readContactSight,
    readFacts: async ({ watcher, presentities }) =>
      factsOf(await query<ViewRow>(READ_FACTS, [watcher, presentities])),
    readFactsOfPairs: async (pairs) =>
      byWatcher(await query<PairViewRow>(VIEW_PAIRS, pairColumns(pairs)), factsOf),
  }
}

export function pairColumns(pairs: readonly PairOf[]): unknown[] {
  return [pairs.map(({ watcher }) => watcher), pairs.map(({ presentity }) => presentity)]
}

export function byWatcher<Row extends { watcher_id: UserId }, Read>(
  rows: readonly Row[],
  read: (ofWatcher: readonly Row[]) => Read,
): ReadonlyMap<UserId, Read> {
  const found = new Map<UserId, Row[]>()
  for (const row of rows) {
    const ofWatcher = found.get(row.watcher_id)
    if (ofWatcher === undefined) found.set(row.watcher_id, [row])
    else ofWatcher.push(row)
  }
  return new Map([...found].map(([watcher, ofWatcher]) => [watcher, read(ofWatcher)]))
}

export function factsOf(rows: readonly ViewRow[]): Facts {
  const [first] = rows
  if (first === undefined) throw new Error('the default class of service is missing')
  const now = first.now.getTime()
  const presentities = new Map<UserId, PresentityFacts>()
  for (const row of rows) {
    if (row.id === null) continue
    const pair = row.edge_state === null ? NO_PAIR : pairFactsOf(row as PairRow)
    presentities.set(row.id, { user: userOf(row), pair, sessions: liveSessions(row.sessions ?? [], now) })
  }
  return { now, watcherClass: classOf(first, 'viewer_class'), presentities }
}
