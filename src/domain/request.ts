/** Why a request was made. */
export const TRIGGERS = ['CONTACT_ADDED', 'CALL', 'INSTANT_MESSAGE', 'DIRECT'] as const
export type Trigger = (typeof TRIGGERS)[number]

/**
 * The watcher's half of a request: he reads it, and nothing of the other half.
 * Times are epoch milliseconds of the database's clock.
 */
export type OutgoingRequest = {
  readonly id: string
  readonly state: 'OPEN' | 'ALLOWED' | 'WITHDRAWN' | 'EXPIRED'
  readonly triggers: readonly Trigger[]
  readonly askedAt: number
  readonly endsAt: number
}

/**
 * The presentity's half: what her popup shows. A REQUEST waits for her answer; a NOTICE tells whom AUTO_ACCEPT has let in.
 * ABSORBED is the half of a request that reaches nobody: it is stored, so that a block costs the watcher the same work.
 */
export type IncomingItem = {
  readonly id: string
  readonly kind: 'REQUEST' | 'NOTICE'
  readonly state:
    'OPEN' | 'ALLOWED' | 'BLOCKED' | 'WITHDRAWN' | 'EXPIRED' | 'DISMISSED' | 'ACKNOWLEDGED' | 'ABSORBED'
  readonly triggers: readonly Trigger[]
  readonly askedAt: number
  /** The end of an open request; a notice is kept until it is acknowledged. */
  readonly endsAt: number | null
}

/** The item as it is at `now`: a request nobody answered in time has expired. */
export function incomingAt(item: IncomingItem, now: number): IncomingItem {
  return item.state === 'OPEN' && item.endsAt !== null && item.endsAt <= now
    ? { ...item, state: 'EXPIRED' }
    : item
}

/** The request as it is at `now`. */
export function outgoingAt(request: OutgoingRequest, now: number): OutgoingRequest {
  return request.state === 'OPEN' && request.endsAt <= now ? { ...request, state: 'EXPIRED' } : request
}

/** The same half with one more reason to ask. */
export function withTrigger<Half extends { readonly triggers: readonly Trigger[] }>(
  half: Half,
  trigger: Trigger,
): Half {
  return half.triggers.includes(trigger) ? half : { ...half, triggers: [...half.triggers, trigger] }
}
