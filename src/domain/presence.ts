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
  /** Since when it says this: renewing it, or publishing the same again, is no new word. */
  readonly publishedAt: number
  /** When its user was last active at it, as far as it has said. */
  readonly activeAt: number
  readonly leaseEndsAt: number
  /** Whether its user's class allowed to appear offline when it began, or hiding held at a moment of it under a class that the user has left. */
  readonly mayAppearOffline: boolean
  /**
   * Since when it has lived under the class that its user is in: since it began, or the user came to the class. The release before wrote
   * none: such a session began before anything that this release has recorded.
   */
  readonly inClassSince?: number
}

/** A status set by hand, which replaces what all devices say, until its end. */
export type ManualStatus = { readonly status: PublishableStatus; readonly endsAt: number | null }

/** After how long without activity a device's status gives way to `IDLE`, and then to `AWAY`; null is never. */
export type Ageing = { readonly idleAfterMs: number | null; readonly awayAfterMs: number | null }

export type PresenceSource = {
  readonly sessions: readonly PresenceSession[]
  readonly manual: ManualStatus | null
  /** The user's own choice. */
  readonly appearOffline: boolean
  /** Whether the user's class of service allows that choice now. */
  readonly appearOfflineAllowed: boolean
  /** When that class came to forbid it; null while it allows it, and if that was never recorded. */
  readonly appearOfflineForbiddenAt: number | null
  readonly ageing: Ageing
}

/** How long a device's user has not been active. */
type Inactivity = 'ACTIVE' | 'IDLE' | 'AWAY'

/** What a status has become: docs/privacy-rules.md holds the same table. What a user says of herself does not age. */
const AGED_STATUS = {
  AVAILABLE: { ACTIVE: 'AVAILABLE', IDLE: 'IDLE', AWAY: 'AWAY' },
  IDLE: { ACTIVE: 'IDLE', IDLE: 'IDLE', AWAY: 'AWAY' },
  BUSY: { ACTIVE: 'BUSY', IDLE: 'BUSY', AWAY: 'BUSY' },
  DO_NOT_DISTURB: { ACTIVE: 'DO_NOT_DISTURB', IDLE: 'DO_NOT_DISTURB', AWAY: 'DO_NOT_DISTURB' },
  BE_RIGHT_BACK: { ACTIVE: 'BE_RIGHT_BACK', IDLE: 'BE_RIGHT_BACK', AWAY: 'BE_RIGHT_BACK' },
  AWAY: { ACTIVE: 'AWAY', IDLE: 'AWAY', AWAY: 'AWAY' },
} satisfies Record<PublishableStatus, Record<Inactivity, PublishableStatus>>

/** From the one that wins to the one that yields. */
const PRECEDENCE = {
  DO_NOT_DISTURB: 0,
  BUSY: 1,
  AVAILABLE: 2,
  IDLE: 3,
  BE_RIGHT_BACK: 4,
  AWAY: 5,
} satisfies Record<PublishableStatus, number>

/** Whether a user's choice to appear offline holds whatever her devices say: then they need not be looked at to hide her. */
export function appearsOfflineInAnyCase(
  source: Pick<PresenceSource, 'appearOffline' | 'appearOfflineAllowed'>,
): boolean {
  return source.appearOffline && source.appearOfflineAllowed
}

/**
 * Whether a user appears offline at `now`: the choice holds now, or has held at a moment of a live session. A class that comes to forbid it
 * never exposes a user in the middle of such a session. The choice can only be made while the class allows it; so a choice that stands, in a
 * session that has lived at any moment at which the class allowed it, has held in that session.
 */
export function appearsOffline(
  source: Pick<
    PresenceSource,
    'sessions' | 'appearOffline' | 'appearOfflineAllowed' | 'appearOfflineForbiddenAt'
  >,
  now: number,
): boolean {
  return (
    appearsOfflineInAnyCase(source) ||
    (source.appearOffline &&
      liveSessions(source.sessions, now).some((session) => mayHide(session, source.appearOfflineForbiddenAt)))
  )
}

/** Whether a session has lived at a moment at which its user's class allowed to appear offline, though the class forbids it now. */
export function mayHide(
  { mayAppearOffline, inClassSince = -Infinity }: PresenceSession,
  forbiddenAt: number | null,
): boolean {
  return mayAppearOffline || (forbiddenAt !== null && inClassSince <= forbiddenAt)
}

/** The status set by hand, unless it has ended by `now`. */
export function manualInForce({ manual }: Pick<PresenceSource, 'manual'>, now: number): ManualStatus | null {
  return manual !== null && (manual.endsAt === null || now < manual.endsAt) ? manual : null
}

/** What a device's status counts as at `now`, for want of activity. */
export function agedStatus(
  { status, activeAt }: Pick<PresenceSession, 'status' | 'activeAt'>,
  { idleAfterMs, awayAfterMs }: Ageing,
  now: number,
): PublishableStatus {
  const isPast = (afterMs: number | null): boolean => afterMs !== null && activeAt + afterMs <= now
  const inactivity: Inactivity = isPast(awayAfterMs) ? 'AWAY' : isPast(idleAfterMs) ? 'IDLE' : 'ACTIVE'
  return AGED_STATUS[status][inactivity]
}

/**
 * The next moment after `now` at which time alone may change what is composed, for the user herself or for others: a lease or a manual
 * status ends, or a device's status ages. Until then every composition is what it is at `now`; null is for ever.
 */
export function nextPresenceChange(source: PresenceSource, now: number): number | null {
  const live = liveSessions(source.sessions, now)
  if (live.length === 0) return null
  const moments = live.flatMap((session) => [session.leaseEndsAt, ...nextAges(session, source.ageing, now)])
  const manualEnd = source.manual?.endsAt ?? null
  if (manualEnd !== null && now < manualEnd) moments.push(manualEnd)
  return Math.min(...moments)
}

/** The moments to come from which on a device's status counts as another one. */
function nextAges({ status, activeAt }: PresenceSession, ageing: Ageing, now: number): readonly number[] {
  return agesOf(status, ageing)
    .map((ms) => activeAt + ms)
    .filter((at) => now < at)
}

/** After how long without activity a status counts as another one: none, once or twice. */
function agesOf(status: PublishableStatus, ageing: Ageing): readonly number[] {
  const after = (ms: number): PublishableStatus => agedStatus({ status, activeAt: 0 }, ageing, ms)
  return [ageing.idleAfterMs, ageing.awayAfterMs].filter(
    (ms): ms is number => ms !== null && after(ms) !== after(ms - 1),
  )
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
  if (liveSessions(source.sessions, now).length === 0) return 'NO_LIVE_SESSION'
  if (appearsOffline(source, now)) return 'APPEARS_OFFLINE'
  return manualInForce(source, now) === null ? 'SESSION' : 'MANUAL_STATUS'
}

function composed(step: CompositionStep, source: PresenceSource, now: number): Presence {
  switch (step) {
    case 'NO_LIVE_SESSION':
    case 'APPEARS_OFFLINE':
      return OFFLINE
    case 'MANUAL_STATUS':
      return source.manual === null ? OFFLINE : { status: source.manual.status, activity: null, note: null }
    case 'SESSION': {
      const aged = (session: PresenceSession): PublishableStatus => agedStatus(session, source.ageing, now)
      const speaking = liveSessions(source.sessions, now).reduce((a, b) => winner(a, b, aged))
      return { status: aged(speaking), activity: speaking.activity, note: speaking.note }
    }
  }
}

/** Those that have not ended by `now`. */
export function liveSessions(sessions: readonly PresenceSession[], now: number): readonly PresenceSession[] {
  return sessions.filter(({ leaseEndsAt }) => now < leaseEndsAt)
}

function winner(
  a: PresenceSession,
  b: PresenceSession,
  statusOf: (session: PresenceSession) => PublishableStatus,
): PresenceSession {
  const byStatus = PRECEDENCE[statusOf(a)] - PRECEDENCE[statusOf(b)]
  if (byStatus !== 0) return byStatus < 0 ? a : b
  if (a.publishedAt !== b.publishedAt) return a.publishedAt > b.publishedAt ? a : b
  return a.id > b.id ? a : b
}
