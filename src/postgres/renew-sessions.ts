import type { PresenceSessions, SessionOf, SessionRenewal } from '../application/ports.ts'
import { LEASE_SPREAD } from '../domain/lease.ts'
import { agesOf, PUBLISHABLE_STATUSES, type Ageing } from '../domain/presence.ts'
import type { UserId } from '../domain/user-id.ts'
import type { Query } from './database.ts'
import { gather } from './gather.ts'
import { SESSION_COLUMNS, sessionOf, type SessionRow } from './rows.ts'
import { notifySessionsOf } from './signal.ts'
import { unplanned } from './unplanned.ts'

/** Few enough that nobody waits long behind a row that is locked. */
const RENEWALS_AT_ONCE = 100

/** As `renewalColumns` has them. */
const SAID_COLUMNS = [
  '$1::text[]',
  '$2::text[]',
  '$3::text[]',
  '$4::text[]',
  '$5::text[]',
  '$6::float8[]',
  '$7::float8[]',
] as const

/**
 * Nearly all that devices ever send, so it is one statement without a transaction: rows that are there and live belong to nobody who
 * was erased, and take no room. Rows are locked in the order of their keys, so that no two batches wait for each other, and are read
 * once they are locked.
 *
 * It signals what time alone would not have told: something else is said, an age is undone, or the lease ends earlier. A lease whose
 * end lies within the spread of the new one keeps it: a device that comes back at once changes nothing.
 */
const RENEW_SESSIONS = `/* renewSessions */
  with clock as (
    select date_trunc('milliseconds', statement_timestamp()) as now
  ), before as (
    select s.*, clock.now,
      said.status as said_status, said.activity as said_activity, said.note as said_note,
      clock.now - said.inactive_ms * interval '1 millisecond' as said_active_at,
      clock.now + said.lease_ms * interval '1 millisecond' as asked_end,
      clock.now + round(said.lease_ms * ${1 + LEASE_SPREAD}) * interval '1 millisecond' as latest_end
    from unnest(${SAID_COLUMNS.map(unplanned).join(', ')})
      as said (user_id, id, status, activity, note, inactive_ms, lease_ms)
    join presence_privacy.presence_sessions s on s.user_id = said.user_id and s.id = said.id
    cross join clock
    where s.lease_ends_at > clock.now
    order by s.user_id, s.id
    for update of s
  ), next as (
    select b.*,
      said_status is not null and (said_status, said_activity, said_note) is distinct from (status, activity, note) as news,
      greatest(active_at, said_active_at) as next_active_at,
      case when said_status is null then greatest(lease_ends_at, asked_end)
        else greatest(asked_end, least(lease_ends_at, latest_end)) end as next_end
    from before b
  ), renewed as (
    update presence_privacy.presence_sessions s set
      status = coalesce(said_status, n.status),
      activity = case when said_status is null then n.activity else said_activity end,
      note = case when said_status is null then n.note else said_note end,
      published_at = case when news then now else n.published_at end,
      active_at = next_active_at,
      lease_ends_at = next_end
    from next n
    where s.user_id = n.user_id and s.id = n.id
    returning s.user_id, ${SESSION_COLUMNS},
      news or next_end < n.lease_ends_at or exists (
        select from unnest($8::text[], $9::float8[]) as age (status, ms)
        where age.status = n.status
          and n.active_at + age.ms * interval '1 millisecond' <= now
          and next_active_at + age.ms * interval '1 millisecond' > now
      ) as changed
  )
  select *, case when changed then ${notifySessionsOf('user_id')} end as signalled from renewed`

/** Renews sessions; those that devices send at the same time, together. */
export function postgresRenewal(
  query: Query,
  ageing: Ageing,
): Pick<PresenceSessions, 'renew' | 'renewSeveral'> {
  const ages = PUBLISHABLE_STATUSES.flatMap((status) => agesOf(status, ageing).map((ms) => ({ status, ms })))
  const ageColumns = [ages.map(({ status }) => status), ages.map(({ ms }) => ms)]

  const renewSeveral: PresenceSessions['renewSeveral'] = async (renewals) => {
    const latest = latestOfEach(renewals, (renewal) => renewal)
    const rows = await query<SessionRow & { user_id: UserId }>(RENEW_SESSIONS, [
      ...renewalColumns(latest),
      ...ageColumns,
    ])
    const renewed = new Map(
      rows.map((row) => [keyOf({ user: row.user_id, id: row.session_id }), sessionOf(row)]),
    )
    return renewals.map((renewal) => renewed.get(keyOf(renewal)) ?? null)
  }
  return { renewSeveral, renew: gather(renewSeveral, { keyOf, most: RENEWALS_AT_ONCE }) }
}

/** How one and the same session is found again: ids hold no control characters. */
export function keyOf({ user, id }: SessionOf): string {
  return `${user}\u0000${id}`
}

/** Of two things of one session the later one counts. */
export function latestOfEach<Item>(
  items: readonly Item[],
  sessionOfItem: (item: Item) => SessionOf,
): readonly Item[] {
  return [...new Map(items.map((item) => [keyOf(sessionOfItem(item)), item])).values()]
}

function renewalColumns(renewals: readonly SessionRenewal[]): unknown[] {
  return [
    renewals.map(({ user }) => user),
    renewals.map(({ id }) => id),
    renewals.map(({ said }) => said?.status ?? null),
    renewals.map(({ said }) => said?.activity ?? null),
    renewals.map(({ said }) => said?.note ?? null),
    renewals.map(({ inactiveForMs }) => inactiveForMs),
    renewals.map(({ leaseMs }) => leaseMs),
  ]
}
