import type { PairFacts, User } from '../application/ports.ts'
import type { ClassOfService } from '../domain/class-of-service.ts'
import type { PresenceServer } from '../domain/disclosure.ts'
import type { Edge, EdgeOrigin, EdgeState } from '../domain/edge.ts'
import type { ClassInvitationHandling, InvitationHandling } from '../domain/invitation-handling.ts'
import { effectivePresenceServer } from '../domain/presence-server.ts'
import type { PublishableStatus } from '../domain/presence.ts'
import type { IncomingItem, OutgoingRequest, Trigger } from '../domain/request.ts'
import type { Access, View } from '../domain/watchers-view.ts'

/** The columns of a user `u` with her class `c`, and what of the site counts for her, as `UserRow` reads them. */
export const USER_COLUMNS = `
  u.invitation_handling, u.presence_server,
  (select site.presence_server from presence_privacy.site_settings site) as site_presence_server,
  u.appear_offline, u.manual_status, u.manual_ends_at, c.appear_offline_forbidden_at,
  ${classColumns('c', 'class')}`

/** The columns of the class of service `table`, each named after its `owner`. */
export function classColumns(table: string, owner: ClassOwner): string {
  return `
  ${table}.name as ${owner}_name, ${table}.invitation_handling as ${owner}_handling,
  ${table}.pending_shown as ${owner}_pending_shown,
  ${table}.appear_offline_allowed as ${owner}_appear_offline_allowed,
  ${table}.max_contacts as ${owner}_max_contacts,
  ${table}.request_lifetime_seconds as ${owner}_request_lifetime_seconds,
  ${table}.requests_per_minute as ${owner}_requests_per_minute,
  ${table}.requests_per_day as ${owner}_requests_per_day,
  ${table}.request_cooldown_seconds as ${owner}_request_cooldown_seconds`
}

type ClassOwner = 'class' | 'viewer_class'

type ClassRow<Owner extends ClassOwner> = Record<`${Owner}_name`, string> &
  Record<`${Owner}_handling`, ClassInvitationHandling> &
  Record<`${Owner}_pending_shown` | `${Owner}_appear_offline_allowed`, boolean> &
  Record<
    | `${Owner}_max_contacts`
    | `${Owner}_request_lifetime_seconds`
    | `${Owner}_requests_per_minute`
    | `${Owner}_requests_per_day`
    | `${Owner}_request_cooldown_seconds`,
    number
  >

export type ViewerClassRow = ClassRow<'viewer_class'>

export function classOf<Owner extends ClassOwner>(row: ClassRow<Owner>, owner: Owner): ClassOfService {
  return {
    name: row[`${owner}_name`],
    invitationHandling: row[`${owner}_handling`],
    pendingShown: row[`${owner}_pending_shown`],
    appearOfflineAllowed: row[`${owner}_appear_offline_allowed`],
    maxContacts: row[`${owner}_max_contacts`],
    requestLifetimeMs: row[`${owner}_request_lifetime_seconds`] * 1000,
    requestLimits: {
      perMinute: row[`${owner}_requests_per_minute`],
      perDay: row[`${owner}_requests_per_day`],
    },
    requestCooldownMs: row[`${owner}_request_cooldown_seconds`] * 1000,
  }
}

export type UserRow = ClassRow<'class'> & {
  invitation_handling: InvitationHandling
  presence_server: PresenceServer
  site_presence_server: PresenceServer
  appear_offline: boolean
  manual_status: PublishableStatus | null
  manual_ends_at: Date | null
  appear_offline_forbidden_at: Date | null
}

export function userOf(row: UserRow): User {
  return {
    preference: {
      invitationHandling: row.invitation_handling,
      appearOffline: row.appear_offline,
      manual:
        row.manual_status === null ? null : { status: row.manual_status, endsAt: millis(row.manual_ends_at) },
    },
    presenceServer: effectivePresenceServer({ own: row.presence_server, ofSite: row.site_presence_server }),
    classOfService: classOf(row, 'class'),
    appearOfflineForbiddenAt: row.class_appear_offline_allowed
      ? null
      : millis(row.appear_offline_forbidden_at),
  }
}

/** The columns of a pair `p` that hold its edge, as `EdgeRow` reads them. */
export const EDGE_COLUMNS = `
  p.edge_state, p.edge_origin, p.edge_since, p.edge_ends_at, p.replaced_block, p.shown_when_asked`

/** The columns of a pair `p` that are its watcher's own, as `ViewRow` reads them. */
export const VIEW_COLUMNS = `
  p.view_access, p.view_ends_at, p.cooldown_seconds, p.cools_until, p.contact_since`

/** The columns of a pair `p` that decide, as `PairRow` reads them. */
export const PAIR_COLUMNS = `${EDGE_COLUMNS},
  ${VIEW_COLUMNS}, p.watcher_blocks_from`

export type EdgeRow = {
  edge_state: EdgeState
  edge_origin: EdgeOrigin | null
  edge_since: Date | null
  edge_ends_at: Date | null
  replaced_block: boolean
  shown_when_asked: boolean
}

export type ViewRow = {
  view_access: Access
  view_ends_at: Date | null
  cooldown_seconds: number
  cools_until: Date | null
}

export type PairRow = EdgeRow &
  ViewRow & {
    contact_since: Date | null
    watcher_blocks_from: Date | null
  }

export function edgeOf(row: EdgeRow): Edge {
  return {
    state: row.edge_state,
    origin: row.edge_origin,
    since: millis(row.edge_since),
    endsAt: millis(row.edge_ends_at),
    replacedBlock: row.replaced_block,
    shownWhenAsked: row.shown_when_asked,
  }
}

export function viewOf(row: ViewRow): View {
  return {
    access: row.view_access,
    endsAt: millis(row.view_ends_at),
    cooldownMs: row.cooldown_seconds * 1000,
    coolsUntil: millis(row.cools_until),
  }
}

export function pairFactsOf(row: PairRow): PairFacts {
  return {
    edge: edgeOf(row),
    view: viewOf(row),
    contactSince: millis(row.contact_since),
    watcherBlocksFrom: millis(row.watcher_blocks_from),
  }
}

export type IncomingRow = {
  id: string
  watcher_id: string
  presentity_id: string
  kind: IncomingItem['kind']
  state: IncomingItem['state']
  triggers: Trigger[]
  asked_at: Date
  ends_at: Date | null
}

export function incomingOf(row: Omit<IncomingRow, 'watcher_id' | 'presentity_id'>): IncomingItem {
  return {
    id: row.id,
    kind: row.kind,
    state: row.state,
    triggers: row.triggers,
    askedAt: row.asked_at.getTime(),
    endsAt: millis(row.ends_at),
  }
}

export type OutgoingRow = {
  id: string
  watcher_id: string
  presentity_id: string
  state: OutgoingRequest['state']
  triggers: Trigger[]
  asked_at: Date
  ends_at: Date
}

export function outgoingOf(row: Omit<OutgoingRow, 'watcher_id' | 'presentity_id'>): OutgoingRequest {
  return {
    id: row.id,
    state: row.state,
    triggers: row.triggers,
    askedAt: row.asked_at.getTime(),
    endsAt: row.ends_at.getTime(),
  }
}

const STORED_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Those of the ids that an item or a request can have, spelt as they are stored: any other text is nobody's, and no error. */
export function storedIds(ids: readonly string[]): string[] {
  return ids.filter((id) => STORED_ID.test(id))
}

/** Whole epoch milliseconds: nothing is decided, or stored, finer than that. */
export function millis(at: Date | null): number | null {
  return at === null ? null : at.getTime()
}

export function date(at: number | null): Date | null {
  return at === null ? null : new Date(at)
}
