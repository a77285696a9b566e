import type { PresenceServer } from '../../src/domain/disclosure.ts'
import type { EdgeOrigin, EdgeState } from '../../src/domain/edge.ts'
import type { ClassInvitationHandling, InvitationHandling } from '../../src/domain/invitation-handling.ts'
import type { PresenceSession, PublishableStatus } from '../../src/domain/presence.ts'
import type { IncomingItem, OutgoingRequest, Trigger } from '../../src/domain/request.ts'
import type { Access } from '../../src/domain/watchers-view.ts'

/** Whole epoch milliseconds, as all times of a state are. */
type Time = number

export type ClassRow = {
  id: number
  name: string
  invitation_handling: ClassInvitationHandling
  pending_shown: boolean
  appear_offline_allowed: boolean
  appear_offline_forbidden_at: Time | null
  max_contacts: number
  request_lifetime_seconds: number
  requests_per_minute: number
  requests_per_day: number
  request_cooldown_seconds: number
  revision: number
}

export type UserRow = {
  id: string
  class_id: number
  invitation_handling: InvitationHandling
  presence_server: PresenceServer
  appear_offline: boolean
  manual_status: PublishableStatus | null
  manual_ends_at: Time | null
  revision: number
  asked_minute_since: Time | null
  asked_minute_count: number
  asked_day_since: Time | null
  asked_day_count: number
  sessions: PresenceSession[] | null
  session_ends_at: Time | null
}

export type PairRow = {
  watcher_id: string
  presentity_id: string
  edge_state: EdgeState
  edge_origin: EdgeOrigin | null
  edge_since: Time | null
  edge_ends_at: Time | null
  replaced_block: boolean
  shown_when_asked: boolean
  view_access: Access
  view_ends_at: Time | null
  cooldown_seconds: number
  cools_until: Time | null
  contact_since: Time | null
  watcher_blocks_from: Time | null
  incoming_id: string | null
  outgoing_id: string | null
}

export type IncomingRow = {
  id: string
  presentity_id: string
  watcher_id: string
  kind: IncomingItem['kind']
  state: IncomingItem['state']
  triggers: Trigger[]
  asked_at: Time
  ends_at: Time | null
}

export type OutgoingRow = {
  id: string
  watcher_id: string
  presentity_id: string
  state: OutgoingRequest['state']
  triggers: Trigger[]
  asked_at: Time
  ends_at: Time
}

export type AnswerRow = {
  presentity_id: string
  client_key: string
  fingerprint: string
  result: { outcomes: never[]; contacts: { user: string; outcome: 'ADDED' }[]; alwaysAcceptRefused: null }
  answered_at: Time
}

export type TrailRow = {
  id: number
  at: Time
  presentity_id: string
  watcher_id: string
  actor_kind: 'USER' | 'ADMINISTRATOR' | 'SERVICE' | 'POLICY'
  actor_id: string | null
  cause: string
  state_before: EdgeState
  state_after: EdgeState
  ended_state: EdgeState | null
  ended_at: Time | null
  reaches_presentity: boolean
}

export type ActRow = {
  id: number
  at: Time
  actor_kind: 'ADMINISTRATOR'
  actor_id: string
  act: string
  class_name: string | null
  settings: { name: string; before: string | null; after: string }[]
  users: number
}

export type ActUserRow = { act_id: number; user_id: string }

export type SiteRow = { presence_server: PresenceServer; revision: number }

/** Everything that is stored, row by row, and the moment at which it is read. */
export type State = {
  /** By the database's clock, which is so many microseconds further. */
  now: Time
  micros: number
  site: SiteRow
  classes: ClassRow[]
  users: UserRow[]
  pairs: PairRow[]
  incoming: IncomingRow[]
  outgoing: OutgoingRow[]
  answers: AnswerRow[]
  trail: TrailRow[]
  acts: ActRow[]
  actUsers: ActUserRow[]
  /** Ids, though only their digests are stored. */
  erased: string[]
}

/** Everybody whom a state may know. Not one of them is sure to have a row, and their bytes sort otherwise than by a dictionary. */
export const EVERYBODY = ['wim', 'Pia', 'ada', 'bob', 'zoë', 'Émil', 'ada2', '用户'] as const
