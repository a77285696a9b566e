import { UserErased, type PairOf, type User } from '../application/ports.ts'
import type { ChangeScope, Snapshot, StoredAnswer } from '../application/privacy-store.ts'
import { NO_PAIR, type Pair } from '../domain/pair.ts'
import type { IncomingItem, OutgoingRequest } from '../domain/request.ts'
import type { RequestCounts } from '../domain/request-limits.ts'
import type { UserId } from '../domain/user-id.ts'
import type { Query } from './database.ts'
import { erased } from './erased-users.ts'
import { genericPlanParameter } from './generic-plan-parameter.ts'
import { lock } from './lock.ts'
import { PROVEN } from './proof.ts'
import {
  incomingOf,
  millis,
  outgoingOf,
  PAIR_COLUMNS,
  pairFactsOf,
  storedIds,
  USER_COLUMNS,
  userOf,
  type IncomingRow,
  type OutgoingRow,
  type PairRow,
  type UserRow,
} from './rows.ts'

/** Runs after the locks are held, so its snapshot and its clock are those of the change. */
const READ_USERS = `/* readLockedUsers */
  select statement_timestamp() as now, u.id, ${USER_COLUMNS},
    (u.id = $2::text and exists (${erased('$2')})) as erased,
    (u.id = $2::text and exists (${erased('$3')})) as actor_erased,
    u.asked_minute_since, u.asked_minute_count, u.asked_day_since, u.asked_day_count,
    (select count(*)::int from presence_privacy.pairs where watcher_id = $2 and contact_since is not null) as contacts
  from presence_privacy.users u
  join presence_privacy.classes_of_service c on c.id = u.class_id
  where ${PROVEN} and u.id = any(${genericPlanParameter('$1::text[]')})`

/** Both directions of each, in as many rows whether they are stored or not: nobody is to feel which. */
const READ_PAIRS = `/* readLockedPairs */
  select pair.watcher_id, pair.presentity_id, ${PAIR_COLUMNS},
    i.id as incoming_id, i.kind as incoming_kind, i.state as incoming_state, i.triggers as incoming_triggers,
    i.asked_at as incoming_asked_at, i.ends_at as incoming_ends_at,
    o.id as outgoing_id, o.state as outgoing_state, o.triggers as outgoing_triggers,
    o.asked_at as outgoing_asked_at, o.ends_at as outgoing_ends_at
  from unnest(${genericPlanParameter('$2::text[]')}) as other (id)
  cross join lateral (values ($1::text, other.id), (other.id, $1::text)) as pair (watcher_id, presentity_id)
  left join presence_privacy.pairs p on p.watcher_id = pair.watcher_id and p.presentity_id = pair.presentity_id
  left join presence_privacy.incoming_items i on i.id = p.incoming_id
  left join presence_privacy.outgoing_requests o on o.id = p.outgoing_id
  where ${PROVEN}`

const READ_INCOMING = `/* readIncomingItems */
  select id, watcher_id, kind, state, triggers, asked_at, ends_at
  from presence_privacy.incoming_items
  where ${PROVEN} and presentity_id = $1 and id = any($2::uuid[])`

const READ_OUTGOING = `/* readOutgoingRequests */
  select id, presentity_id, state, triggers, asked_at, ends_at
  from presence_privacy.outgoing_requests
  where ${PROVEN} and watcher_id = $1 and id = any($2::uuid[])`

const READ_ANSWER = `/* readAnswer */
  select fingerprint, result
  from presence_privacy.answers
  where ${PROVEN} and presentity_id = $1 and client_key = $2`

type LockedUserRow = UserRow & {
  now: Date
  id: UserId
  contacts: number
  erased: boolean
  actor_erased: boolean
  asked_minute_since: Date | null
  asked_minute_count: number
  asked_day_since: Date | null
  asked_day_count: number
}

type AskedPairRow = { watcher_id: UserId; presentity_id: UserId } & (LockedPairRow | { edge_state: null })

type LockedPairRow = PairRow & {
  incoming_id: string | null
  incoming_kind: IncomingItem['kind']
  incoming_state: IncomingItem['state']
  incoming_triggers: IncomingItem['triggers'][number][]
  incoming_asked_at: Date
  incoming_ends_at: Date | null
  outgoing_id: string | null
  outgoing_state: OutgoingRequest['state']
  outgoing_triggers: OutgoingRequest['triggers'][number][]
  outgoing_asked_at: Date
  outgoing_ends_at: Date
}

/** Locks all that a change may touch, and reads it, in one round trip. */
export async function lockAndRead(query: Query, scope: ChangeScope): Promise<Snapshot> {
  const { by, others } = scope
  const nothing = Promise.resolve([])
  const [, userRows, pairRows, incoming, outgoing, answers] = await Promise.all([
    lock(query, scope),
    query<LockedUserRow>(READ_USERS, [[by, ...others], by, scope.actor?.id ?? by]),
    others.length === 0 ? nothing : query<AskedPairRow>(READ_PAIRS, [by, others]),
    scope.incoming === undefined
      ? nothing
      : query<IncomingRow>(READ_INCOMING, [by, storedIds(scope.incoming)]),
    scope.outgoing === undefined
      ? nothing
      : query<OutgoingRow>(READ_OUTGOING, [by, storedIds(scope.outgoing)]),
    scope.clientKey === undefined ? nothing : query<StoredAnswer>(READ_ANSWER, [by, scope.clientKey]),
  ])

  const users = new Map<UserId, User>(userRows.map((row) => [row.id, userOf(row)]))
  const pairs = new Map<string, Pair>(
    pairRows.flatMap((row) =>
      row.edge_state === null
        ? []
        : [[keyOf({ presentity: row.presentity_id, watcher: row.watcher_id }), pairOf(row)]],
    ),
  )
  const held = new Set(others)
  const own = userRows.find(({ id }) => id === by)
  if (own === undefined) throw new Error('a locked user has no row')
  if (own.erased) throw new UserErased(by)
  if (own.actor_erased) throw new UserErased()
  return {
    now: own.now.getTime(),
    contactCount: own.contacts,
    requestCounts: requestCountsOf(own),
    user(id) {
      const user = users.get(id)
      if (user === undefined) throw new Error('a change looks at a user whom it has not locked')
      return user
    },
    pair(of) {
      const other = of.presentity === by ? of.watcher : of.watcher === by ? of.presentity : by
      if (!held.has(other)) throw new Error('a change looks at a pair that it has not locked')
      return pairs.get(keyOf(of)) ?? NO_PAIR
    },
    incoming: new Map(
      incoming.map((row) => [row.id, { watcher: row.watcher_id as UserId, item: incomingOf(row) }]),
    ),
    outgoing: new Map(
      outgoing.map((row) => [row.id, { presentity: row.presentity_id as UserId, request: outgoingOf(row) }]),
    ),
    storedAnswer: answers[0] ?? null,
  }
}

function requestCountsOf(row: LockedUserRow): RequestCounts {
  return {
    minute: { since: millis(row.asked_minute_since) ?? 0, count: row.asked_minute_count },
    day: { since: millis(row.asked_day_since) ?? 0, count: row.asked_day_count },
  }
}

/** Ids hold no control characters, so the two cannot run into each other. */
function keyOf({ presentity, watcher }: PairOf): string {
  return `${presentity}\u0000${watcher}`
}

function pairOf(row: LockedPairRow): Pair {
  return {
    ...pairFactsOf(row),
    incoming:
      row.incoming_id === null
        ? null
        : incomingOf({
            id: row.incoming_id,
            kind: row.incoming_kind,
            state: row.incoming_state,
            triggers: row.incoming_triggers,
            asked_at: row.incoming_asked_at,
            ends_at: row.incoming_ends_at,
          }),
    outgoing:
      row.outgoing_id === null
        ? null
        : outgoingOf({
            id: row.outgoing_id,
            state: row.outgoing_state,
            triggers: row.outgoing_triggers,
            asked_at: row.outgoing_asked_at,
            ends_at: row.outgoing_ends_at,
          }),
  }
}
