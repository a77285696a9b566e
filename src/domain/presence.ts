/** Statuses that a device publishes or a user sets by hand. OFFLINE is never published: it is the absence of all of these. */
export const PUBLISHABLE_STATUSES = [
  'AVAILABLE',
  'BUSY',
  'DO_NOT_DISTURB',
  'BE_RIGHT_BACK',
  'AWAY',
  'IDLE',
] as const
export type PublishableStatus = (typeof PUBLISHABLE_STATUSES)[number]
export type PresenceStatus = PublishableStatus | 'OFFLINE'

export const PRESENCE_ACTIVITIES = [
  'IN_A_CALL',
  'IN_A_CONFERENCE',
  'IN_A_MEETING',
  'PRESENTING',
  'OUT_OF_OFFICE',
  'OFF_WORK',
] as const
export type PresenceActivity = (typeof PRESENCE_ACTIVITIES)[number]

/** Presence as anybody is shown it. It carries no times: a time betrays what happened while a watcher was shown Offline. */
export type Presence = {
  readonly status: PresenceStatus
  readonly activity: PresenceActivity | null
  readonly note: string | null
}

/** The one value that every cause of Offline leads to. It is never copied, so it can never differ. */
export const OFFLINE: Presence = Object.freeze({ status: 'OFFLINE', activity: null, note: null })

/** What one device of a user says, until its lease ends. Times are epoch milliseconds of the database's clock. */
export type PresenceSession = {
  readonly id: string
  readonly status: PublishableStatus
  readonly activity: PresenceActivity | null
  readonly note: string | null
  readonly publishedAt: number
  readonly leaseEndsAt: number
  /** Whether appear-offline held when this session began: it then holds until the session ends, whatever the class says later. */
  readonly mayAppearOffline: boolean
}

/** A status set by hand, which replaces what all devices say, until its end. */
export type ManualStatus = { readonly status: PublishableStatus; readonly endsAt: number | null }

export type PresenceSource = {
  readonly sessions: readonly PresenceSession[]
  readonly manual: ManualStatus | null
  /** The user's own choice. */
  readonly appearOffline: boolean
  /** Whether the user's class of service allows that choice now. */
  readonly appearOfflineAllowed: boolean
}

/** From the one that wins to the one that yields. */
const PRECEDENCE = {
  DO_NOT_DISTURB: 0,
  BUSY: 1,
  AVAILABLE: 2,
  IDLE: 3,
  BE_RIGHT_BACK: 4,
  AWAY: 5,
} satisfies Record<PublishableStatus, number>

/** Whether a user's choice to appear offline holds at `now`. A class that comes to forbid it never exposes her in the middle of a session. */
export function appearsOffline(source: PresenceSource, now: number): boolean {
  if (!source.appearOffline) return false
  return source.appearOfflineAllowed || liveSessions(source, now).some((session) => session.mayAppearOffline)
}

/** What a presence is made of: the row of the composition table that applies. */
export type CompositionStep = 'NO_LIVE_SESSION' | 'APPEARS_OFFLINE' | 'MANUAL_STATUS' | 'SESSION'

/** A user's presence as those see it who may. */
export function composePresence(source: PresenceSource, now: number): Presence {
  return composed(composedBy(source, now), source, now)
}

/** A user's presence as she sees it herself: without the appear-offline step. */
export function composeOwnPresence(source: PresenceSource, now: number): Presence {
  return composed(composedBy({ ...source, appearOffline: false }, now), source, now)
}

/** Which step `composePresence` takes. */
export function composedBy(source: PresenceSource, now: number): CompositionStep {
  if (liveSessions(source, now).length === 0) return 'NO_LIVE_SESSION'
  if (appearsOffline(source, now)) return 'APPEARS_OFFLINE'
  const { manual } = source
  return manual !== null && (manual.endsAt === null || now < manual.endsAt) ? 'MANUAL_STATUS' : 'SESSION'
}

function composed(step: CompositionStep, source: PresenceSource, now: number): Presence {
  switch (step) {
    case 'NO_LIVE_SESSION':
    case 'APPEARS_OFFLINE':
      return OFFLINE
    case 'MANUAL_STATUS':
      return source.manual === null ? OFFLINE : { status: source.manual.status, activity: null, note: null }
    case 'SESSION': {
      const { status, activity, note } = liveSessions(source, now).reduce(winner)
      return { status, activity, note }
    }
  }
}

function liveSessions(source: PresenceSource, now: number): readonly PresenceSession[] {
  return source.sessions.filter((session) => now < session.leaseEndsAt)
}

function winner(a: PresenceSession, b: PresenceSession): PresenceSession {
  const byStatus = PRECEDENCE[a.status] - PRECEDENCE[b.status]
  if (byStatus !== 0) return byStatus < 0 ? a : b
  if (a.publishedAt !== b.publishedAt) return a.publishedAt > b.publishedAt ? a : b
  return a.id > b.id ? a : b
}
