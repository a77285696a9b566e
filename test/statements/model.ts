import type { ClassRow, IncomingRow, OutgoingRow, PairRow, State, UserRow } from './state.ts'

/**
 * What the rows of a state mean, worked out one row after another, and sharing nothing with the product: neither its SQL nor its
 * reading of rows.
 */

/** In the order of the bytes of a text that is taken from each. */
export function byBytes<Item>(of: (item: Item) => string): (a: Item, b: Item) => number {
  return (a, b) => Buffer.compare(Buffer.from(of(a)), Buffer.from(of(b)))
}

export function userRow(state: State, id: string): UserRow | undefined {
  return state.users.find((row) => row.id === id)
}

export function pairRow(state: State, of: { watcher: string; presentity: string }): PairRow | undefined {
  return state.pairs.find((row) => row.watcher_id === of.watcher && row.presentity_id === of.presentity)
}

/** Who is in no row is in the first class. */
export function classOf(state: State, id: string): Record<string, unknown> {
  return classMeans(classRow(state, id))
}

function classRow(state: State, id: string): ClassRow {
  const classId = userRow(state, id)?.class_id ?? 1
  return state.classes.find((row) => row.id === classId) as ClassRow
}

function classMeans(row: ClassRow): Record<string, unknown> {
  return {
    name: row.name,
    invitationHandling: row.invitation_handling,
    pendingShown: row.pending_shown,
    appearOfflineAllowed: row.appear_offline_allowed,
    maxContacts: row.max_contacts,
    requestLifetimeMs: row.request_lifetime_seconds * 1000,
    requestLimits: { perMinute: row.requests_per_minute, perDay: row.requests_per_day },
    requestCooldownMs: row.request_cooldown_seconds * 1000,
  }
}

export function presenceServerOf(state: State, id: string): string {
  const own = userRow(state, id)?.presence_server
  if (own === undefined || own === 'NONE_KNOWN') return state.site.presence_server
  return own
}

/** What is stored of a user, with her class; the defaults where nothing is. */
export function userMeans(state: State, id: string): Record<string, unknown> {
  const row = userRow(state, id)
  return {
    preference: {
      invitationHandling: row?.invitation_handling ?? 'PROMPT',
      appearOffline: row?.appear_offline ?? false,
      manual:
        row === undefined || row.manual_status === null
          ? null
          : { status: row.manual_status, endsAt: row.manual_ends_at },
    },
    presenceServer: presenceServerOf(state, id),
    classOfService: classOf(state, id),
    appearOfflineForbiddenAt: classRow(state, id).appear_offline_allowed
      ? null
      : classRow(state, id).appear_offline_forbidden_at,
  }
}

export function edgeMeans(row: PairRow | undefined): Record<string, unknown> {
  return {
    state: row?.edge_state ?? 'NONE',
    origin: row?.edge_origin ?? null,
    since: row?.edge_since ?? null,
    endsAt: row?.edge_ends_at ?? null,
    replacedBlock: row?.replaced_block ?? false,
    shownWhenAsked: row?.shown_when_asked ?? false,
  }
}

export function viewMeans(row: PairRow | undefined): Record<string, unknown> {
  return {
    access: row?.view_access ?? 'NONE',
    endsAt: row?.view_ends_at ?? null,
    cooldownMs: (row?.cooldown_seconds ?? 0) * 1000,
    coolsUntil: row?.cools_until ?? null,
  }
}

export function pairMeans(row: PairRow | undefined): Record<string, unknown> {
  return {
    edge: edgeMeans(row),
    view: viewMeans(row),
    contactSince: row?.contact_since ?? null,
    watcherBlocksFrom: row?.watcher_blocks_from ?? null,
  }
}

export function liveSessionsOf(state: State, id: string): unknown[] {
  return (userRow(state, id)?.sessions ?? []).filter(({ leaseEndsAt }) => leaseEndsAt > state.now)
}

export function incomingMeans(row: IncomingRow | undefined): Record<string, unknown> | null {
  if (row === undefined) return null
  const { id, kind, state, triggers, asked_at, ends_at } = row
  return { id, kind, state, triggers, askedAt: asked_at, endsAt: ends_at }
}

export function outgoingMeans(row: OutgoingRow | undefined): Record<string, unknown> | null {
  if (row === undefined) return null
  const { id, state, triggers, asked_at, ends_at } = row
  return { id, state, triggers, askedAt: asked_at, endsAt: ends_at }
}

/** What an end by time has passed; none never does. */
export function isPast(state: State, at: number | null): boolean {
  return at !== null && at <= state.now
}

export function isErased(state: State, id: string): boolean {
  return state.erased.includes(id)
}
