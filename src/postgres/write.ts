import type { PairOf, Preference } from '../application/ports.ts'
import type { Writes } from '../application/privacy-store.ts'
import type { Pair } from '../domain/pair.ts'
import type { IncomingItem, OutgoingRequest } from '../domain/request.ts'
import type { UserId } from '../domain/user-id.ts'
import { date } from './rows.ts'
import { NOTIFY, signalPayloads } from './signal.ts'
import { trailColumns, WRITE_TRAIL } from './trail.ts'
import type { Send } from './two-trips.ts'

const WRITE_PAIRS = `/* writePairs */
  insert into presence_privacy.pairs (
    watcher_id, presentity_id, edge_state, edge_origin, edge_since, edge_ends_at, replaced_block, shown_when_asked,
    view_access, view_ends_at, cooldown_seconds, cools_until, contact_since, watcher_blocks_from, incoming_id,
    outgoing_id)
  select * from unnest(
    $1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::timestamptz[], $7::boolean[], $8::boolean[],
    $9::text[], $10::timestamptz[], $11::integer[], $12::timestamptz[], $13::timestamptz[], $14::timestamptz[],
    $15::uuid[], $16::uuid[])
  on conflict (watcher_id, presentity_id) do update set
    edge_state = excluded.edge_state,
    edge_origin = excluded.edge_origin,
    edge_since = excluded.edge_since,
    edge_ends_at = excluded.edge_ends_at,
    replaced_block = excluded.replaced_block,
    shown_when_asked = excluded.shown_when_asked,
    view_access = excluded.view_access,
    view_ends_at = excluded.view_ends_at,
    cooldown_seconds = excluded.cooldown_seconds,
    cools_until = excluded.cools_until,
    contact_since = excluded.contact_since,
    watcher_blocks_from = excluded.watcher_blocks_from,
    incoming_id = excluded.incoming_id,
    outgoing_id = excluded.outgoing_id`

/** Arrays of arrays cannot be unnested row by row, so the triggers of each half travel as one text. */
const WRITE_INCOMING = `/* writeIncomingItems */
  insert into presence_privacy.incoming_items (
    id, presentity_id, watcher_id, kind, state, triggers, asked_at, ends_at)
  select id, presentity_id, watcher_id, kind, state, string_to_array(triggers, ','), asked_at, ends_at
  from unnest(
    $1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::timestamptz[], $8::timestamptz[])
    as item (id, presentity_id, watcher_id, kind, state, triggers, asked_at, ends_at)
  on conflict (id) do update set state = excluded.state, triggers = excluded.triggers`

const WRITE_OUTGOING = `/* writeOutgoingRequests */
  insert into presence_privacy.outgoing_requests (
    id, presentity_id, watcher_id, state, triggers, asked_at, ends_at)
  select id, presentity_id, watcher_id, state, string_to_array(triggers, ','), asked_at, ends_at
  from unnest(
    $1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::timestamptz[])
    as request (id, presentity_id, watcher_id, state, triggers, asked_at, ends_at)
  on conflict (id) do update set state = excluded.state, triggers = excluded.triggers`

const WRITE_PREFERENCE = `/* writePreference */
  update presence_privacy.users
  set invitation_handling = $2, appear_offline = $3, manual_status = $4, manual_ends_at = $5
  where id = $1`

const COUNT_REQUESTS = `/* countRequests */
  update presence_privacy.users
  set asked_minute_since = $2, asked_minute_count = $3, asked_day_since = $4, asked_day_count = $5
  where id = $1`

/** Answers are kept for a repeat, not for ever: a week is more than any client goes on trying. */
const STORE_ANSWER = `/* storeAnswer */
  with forgotten as (
    delete from presence_privacy.answers
    where presentity_id = $1 and client_key <> $2 and answered_at < $5::timestamptz - interval '7 days'
  )
  insert into presence_privacy.answers (presentity_id, client_key, fingerprint, result, answered_at)
  values ($1, $2, $3, $4, $5)`

/** Writes all of one change, within its transaction. Which statements run depends on the kind of change, never on what was decided. */
export function write(
  send: Send,
  { by, now, writes }: { readonly by: UserId; readonly now: number; readonly writes: Writes },
): void {
  const items = [...writes.pairs.flatMap(incomingOfPair), ...writes.incoming]
  const requests = writes.pairs.flatMap(outgoingOfPair)
  if (items.length > 0) send(WRITE_INCOMING, incomingColumns(items))
  if (requests.length > 0) send(WRITE_OUTGOING, outgoingColumns(requests))
  if (writes.pairs.length > 0) send(WRITE_PAIRS, pairColumns(writes.pairs))
  if (writes.preference !== null) send(WRITE_PREFERENCE, preferenceColumns(by, writes.preference))
  if (writes.requestCounts !== null) {
    const { minute, day } = writes.requestCounts
    send(COUNT_REQUESTS, [by, date(minute.since), minute.count, date(day.since), day.count])
  }
  if (writes.answer !== null) {
    const { clientKey, fingerprint, result } = writes.answer
    send(STORE_ANSWER, [by, clientKey, fingerprint, JSON.stringify(result), date(now)])
  }
  if (writes.trail.length > 0) send(WRITE_TRAIL, trailColumns(writes.trail))
  if (writes.signal.length > 0) send(NOTIFY, [signalPayloads(writes.signal)])
}

type WrittenPair = PairOf & { readonly pair: Pair }
type WrittenItem = PairOf & { readonly item: IncomingItem }
type WrittenRequest = PairOf & { readonly request: OutgoingRequest }

function incomingOfPair({ presentity, watcher, pair }: WrittenPair): WrittenItem[] {
  return pair.incoming === null ? [] : [{ presentity, watcher, item: pair.incoming }]
}

function outgoingOfPair({ presentity, watcher, pair }: WrittenPair): WrittenRequest[] {
  return pair.outgoing === null ? [] : [{ presentity, watcher, request: pair.outgoing }]
}

function pairColumns(pairs: readonly WrittenPair[]): unknown[] {
  return [
    pairs.map(({ watcher }) => watcher),
    pairs.map(({ presentity }) => presentity),
    pairs.map(({ pair }) => pair.edge.state),
    pairs.map(({ pair }) => pair.edge.origin),
    pairs.map(({ pair }) => date(pair.edge.since)),
    pairs.map(({ pair }) => date(pair.edge.endsAt)),
    pairs.map(({ pair }) => pair.edge.replacedBlock),
    pairs.map(({ pair }) => pair.edge.shownWhenAsked),
    pairs.map(({ pair }) => pair.view.access),
    pairs.map(({ pair }) => date(pair.view.endsAt)),
    pairs.map(({ pair }) => pair.view.cooldownMs / 1000),
    pairs.map(({ pair }) => date(pair.view.coolsUntil)),
    pairs.map(({ pair }) => date(pair.contactSince)),
    pairs.map(({ pair }) => date(pair.watcherBlocksFrom)),
    pairs.map(({ pair }) => pair.incoming?.id ?? null),
    pairs.map(({ pair }) => pair.outgoing?.id ?? null),
  ]
}

function incomingColumns(items: readonly WrittenItem[]): unknown[] {
  return [
    items.map(({ item }) => item.id),
    items.map(({ presentity }) => presentity),
    items.map(({ watcher }) => watcher),
    items.map(({ item }) => item.kind),
    items.map(({ item }) => item.state),
    items.map(({ item }) => item.triggers.join(',')),
    items.map(({ item }) => date(item.askedAt)),
    items.map(({ item }) => date(item.endsAt)),
  ]
}

function outgoingColumns(requests: readonly WrittenRequest[]): unknown[] {
  return [
    requests.map(({ request }) => request.id),
    requests.map(({ presentity }) => presentity),
    requests.map(({ watcher }) => watcher),
    requests.map(({ request }) => request.state),
    requests.map(({ request }) => request.triggers.join(',')),
    requests.map(({ request }) => date(request.askedAt)),
    requests.map(({ request }) => date(request.endsAt)),
  ]
}

function preferenceColumns(
  user: UserId,
  { invitationHandling, appearOffline, manual }: Preference,
): unknown[] {
  return [user, invitationHandling, appearOffline, manual?.status ?? null, date(manual?.endsAt ?? null)]
}
