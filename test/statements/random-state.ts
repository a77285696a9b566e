import { PRESENCE_ACTIVITIES, PUBLISHABLE_STATUSES, type PresenceSession } from '../../src/domain/presence.ts'
import { TRIGGERS } from '../../src/domain/request.ts'
import type { Chance } from './chance.ts'
import {
  EVERYBODY,
  type ActRow,
  type AnswerRow,
  type ClassRow,
  type IncomingRow,
  type OutgoingRow,
  type PairRow,
  type State,
  type TrailRow,
  type UserRow,
} from './state.ts'

const SERVERS = ['OCS_2007', 'CONVERGED_CONFERENCING', 'NONE_KNOWN'] as const
const EDGES = ['NONE', 'PENDING', 'ALLOWED', 'BLOCKED'] as const
/** More than are listed with an act. */
const CROWD = Array.from({ length: 20 }, (_, place) => `one of many ${String(place)}`)
const HOUR = 3_600_000
const DAY = 24 * HOUR

/** A state with every column at random, as far as the constraints of the tables allow it. */
export function randomState(chance: Chance): State {
  const now = Date.UTC(2026, 10, 20) + chance.integer(0, 10 * DAY)
  const times = timesAround(chance, now)
  const classes = [1, 2, 3].map((id) => classRow(chance, times, id))
  const users = chance.some(EVERYBODY, 0.75).map((id) => userRow(chance, times, id))
  const couples = users.flatMap(({ id: watcher }) =>
    users.filter(({ id }) => id !== watcher).map(({ id: presentity }) => ({ watcher, presentity })),
  )
  const asked = couples.flatMap((couple) => [couple, couple])
  const incoming = chance.some(asked, 0.6).map((couple) => incomingRow(chance, times, couple))
  const outgoing = chance.some(asked, 0.6).map((couple) => outgoingRow(chance, times, couple))
  const acts = Array.from({ length: noneOrUpTo(chance, 24) }, (_, place) => actRow(chance, times, place + 1))
  return {
    now,
    micros: chance.one([0, 987]),
    site: { presence_server: chance.one(SERVERS), revision: chance.integer(1, 1000) },
    classes,
    users,
    pairs: chance.some(couples, 0.7).map((couple) => pairRow(chance, times, couple, { incoming, outgoing })),
    incoming,
    outgoing,
    answers: EVERYBODY.flatMap((id) =>
      chance.some(['k1', 'k2', 'K3', 'ocs/k4'], 0.3).map((key) => answerRow(chance, times, id, key)),
    ),
    trail: Array.from({ length: noneOrUpTo(chance, 60) }, (_, place) => trailRow(chance, times, place + 1)),
    acts,
    actUsers: acts.flatMap(({ id }) =>
      usersOfAct(chance).map((user) => ({
        act_id: id,
        user_id: user,
      })),
    ),
    erased: chance.shuffled(EVERYBODY).slice(0, chance.integer(1, 3)),
  }
}

/** Acts about the site or a class are about no user. */
function usersOfAct(chance: Chance): readonly string[] {
  if (chance.is(0.3)) return []
  return [...chance.some(EVERYBODY, 0.4), ...(chance.is(0.15) ? CROWD : [])]
}

/** None in some states: so few among that many would hardly ever be none. */
function noneOrUpTo(chance: Chance, most: number): number {
  return chance.is(0.15) ? 0 : chance.integer(1, most)
}

type Times = {
  readonly any: () => number
  readonly anyOrNone: () => number | null
  /** One of few, so that several rows are of the same millisecond. */
  readonly shared: () => number
}

/** Long past, at this very millisecond, a millisecond to either side, and long to come. */
function timesAround(chance: Chance, now: number): Times {
  const any = (): number => {
    const far = chance.integer(2, 20 * 24) * HOUR + chance.integer(0, HOUR)
    return now + chance.one([-far, -far, -1, 0, 1, far, far])
  }
  const few = [any(), any(), now - 7 * DAY]
  return {
    any,
    anyOrNone: () => (chance.is(0.3) ? null : any()),
    shared: () => (chance.is(0.4) ? any() : chance.one(few)),
  }
}

function classRow(chance: Chance, { anyOrNone }: Times, id: number): ClassRow {
  return {
    id,
    name: id === 1 ? 'default' : `class ${String(id)}`,
    invitation_handling: chance.one(['USER_DEFINED', 'PROMPT', 'AUTO_ACCEPT']),
    pending_shown: chance.is(0.5),
    appear_offline_allowed: chance.is(0.5),
    appear_offline_forbidden_at: anyOrNone(),
    max_contacts: chance.integer(0, 500),
    request_lifetime_seconds: chance.integer(60, 1_000_000),
    requests_per_minute: chance.integer(0, 10_000),
    requests_per_day: chance.integer(0, 100_000),
    request_cooldown_seconds: chance.integer(0, 1_000_000),
    revision: chance.integer(1, 1000),
  }
}

function userRow(chance: Chance, { any, anyOrNone }: Times, id: string): UserRow {
  const sessions = Array.from({ length: chance.integer(0, 3) }, () => session(chance, any))
  return {
    id,
    class_id: chance.integer(1, 3),
    invitation_handling: chance.one(['PROMPT', 'AUTO_ACCEPT']),
    presence_server: chance.one(SERVERS),
    appear_offline: chance.is(0.5),
    manual_status: chance.is(0.3) ? null : chance.one(PUBLISHABLE_STATUSES),
    manual_ends_at: anyOrNone(),
    revision: chance.integer(1, 1_000_000),
    asked_minute_since: anyOrNone(),
    asked_minute_count: chance.integer(0, 1000),
    asked_day_since: anyOrNone(),
    asked_day_count: chance.integer(0, 1000),
    sessions: sessions.length === 0 ? null : sessions,
    session_ends_at:
      sessions.length === 0 ? null : Math.max(...sessions.map(({ leaseEndsAt }) => leaseEndsAt)),
  }
}

function session(chance: Chance, any: () => number): PresenceSession {
  return {
    id: chance.uuid(),
    status: chance.one(PUBLISHABLE_STATUSES),
    activity: chance.is(0.5) ? null : chance.one(PRESENCE_ACTIVITIES),
    note: chance.is(0.5) ? null : `note ${String(chance.integer(0, 9999))} “é”`,
    publishedAt: any(),
    activeAt: any(),
    leaseEndsAt: any(),
    mayAppearOffline: chance.is(0.5),
    inClassSince: any(),
  }
}

type Couple = { readonly watcher: string; readonly presentity: string }

function pairRow(
  chance: Chance,
  { any, anyOrNone }: Times,
  { watcher, presentity }: Couple,
  { incoming, outgoing }: Pick<State, 'incoming' | 'outgoing'>,
): PairRow {
  const edge = chance.one(EDGES)
  const access = chance.one(['NONE', 'PENDING', 'ALLOWED'] as const)
  const isOfCouple = (row: IncomingRow | OutgoingRow): boolean =>
    row.watcher_id === watcher && row.presentity_id === presentity
  return {
    watcher_id: watcher,
    presentity_id: presentity,
    edge_state: edge,
    edge_origin: chance.one(['REQUESTED', 'ANSWERED', 'SET', 'AUTO_ACCEPTED', 'GRANT_ENDED', null]),
    edge_since: anyOrNone(),
    edge_ends_at: edge === 'PENDING' ? any() : anyOrNone(),
    replaced_block: chance.is(0.4),
    shown_when_asked: chance.is(0.5),
    view_access: access,
    view_ends_at: access === 'PENDING' ? any() : null,
    cooldown_seconds: chance.integer(0, 1_000_000),
    cools_until: anyOrNone(),
    contact_since: anyOrNone(),
    watcher_blocks_from: anyOrNone(),
    incoming_id: chance.is(0.8) ? (incoming.find(isOfCouple)?.id ?? null) : null,
    outgoing_id: chance.is(0.8) ? (outgoing.find(isOfCouple)?.id ?? null) : null,
  }
}

function incomingRow(chance: Chance, { any, shared }: Times, { watcher, presentity }: Couple): IncomingRow {
  const kind = chance.one(['REQUEST', 'NOTICE'] as const)
  const closed = [
    'ALLOWED',
    'BLOCKED',
    'WITHDRAWN',
    'EXPIRED',
    'DISMISSED',
    'ACKNOWLEDGED',
    'ABSORBED',
  ] as const
  return {
    id: chance.uuid(),
    presentity_id: presentity,
    watcher_id: watcher,
    kind,
    state: chance.is(0.5) ? 'OPEN' : chance.one(closed),
    triggers: chance.some(TRIGGERS),
    asked_at: shared(),
    ends_at: kind === 'REQUEST' ? any() : null,
  }
}

function outgoingRow(chance: Chance, { any, shared }: Times, { watcher, presentity }: Couple): OutgoingRow {
  return {
    id: chance.uuid(),
    watcher_id: watcher,
    presentity_id: presentity,
    state: chance.is(0.5) ? 'OPEN' : chance.one(['ALLOWED', 'WITHDRAWN', 'EXPIRED']),
    triggers: chance.some(TRIGGERS),
    asked_at: shared(),
    ends_at: any(),
  }
}

function answerRow(chance: Chance, { shared }: Times, presentity: string, key: string): AnswerRow {
  const contacts = chance.some(EVERYBODY, 0.3).map((user) => ({ user, outcome: 'ADDED' as const }))
  return {
    presentity_id: presentity,
    client_key: key,
    fingerprint: `print ${String(chance.integer(0, 9999))}`,
    result: { outcomes: [], contacts, alwaysAcceptRefused: null },
    answered_at: shared(),
  }
}

function trailRow(chance: Chance, { any, shared }: Times, id: number): TrailRow {
  const kind = chance.one(['USER', 'ADMINISTRATOR', 'SERVICE', 'POLICY'] as const)
  const [presentity, watcher] = chance.shuffled(EVERYBODY.slice(0, 3)) as [string, string]
  const hasEnded = chance.is(0.5)
  return {
    id,
    at: shared(),
    presentity_id: presentity,
    watcher_id: watcher,
    actor_kind: kind,
    // A user acts for himself, and nobody else is named as an actor of this kind.
    actor_id:
      kind === 'POLICY' ? null : kind === 'USER' ? chance.one([presentity, watcher]) : chance.one(EVERYBODY),
    cause: chance.one(['REQUESTED', 'ANSWERED', 'SET', 'DELETED']),
    state_before: chance.one(EDGES),
    state_after: chance.one(EDGES),
    ended_state: hasEnded ? chance.one(EDGES) : null,
    ended_at: hasEnded ? any() : null,
    reaches_presentity: chance.is(0.6),
  }
}

function actRow(chance: Chance, { shared }: Times, id: number): ActRow {
  return {
    id,
    at: shared(),
    actor_kind: 'ADMINISTRATOR',
    actor_id: chance.one(EVERYBODY.slice(0, 3)),
    act: chance.one(['EXPORTED', 'SIGHT_EXPLAINED', 'CLASS_ASSIGNED']),
    class_name: chance.is(0.5) ? null : `class ${String(chance.integer(1, 3))}`,
    settings: chance.is(0.5)
      ? []
      : [{ name: 'maxContacts', before: null, after: String(chance.integer(0, 500)) }],
    users: chance.integer(0, 8),
  }
}
