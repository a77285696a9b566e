/** What a presentity has decided about one watcher. */
export type EdgeState = 'NONE' | 'PENDING' | 'ALLOWED' | 'BLOCKED'

/** Why an edge is as it is. Told to its presentity only. */
export type EdgeOrigin = 'REQUESTED' | 'ANSWERED' | 'SET' | 'AUTO_ACCEPTED' | 'GRANT_ENDED'

export type EdgeEvent =
  | 'REQUESTED_PROMPT'
  | 'REQUESTED_AUTO_ACCEPT'
  | 'ALLOWED'
  | 'BLOCKED'
  | 'WITHDRAWN'
  | 'EXPIRED'
  | 'DELETED'
  | 'GRANT_ENDED'

/** A directed decision. Times are epoch milliseconds of the database's clock. */
export type Edge = {
  readonly state: EdgeState
  readonly origin: EdgeOrigin | null
  readonly since: number | null
  /** The end of a PENDING request or of an ALLOWED grant; of NONE, the end of a silence. Null is "until changed". */
  readonly endsAt: number | null
  /** Of a grant: it replaced a block, which is in force again when the grant ends. */
  readonly replacedBlock: boolean
  /** Of a PENDING edge: server and class let the watcher see the presence meanwhile, when the request was made. */
  readonly shownWhenAsked: boolean
}

export const NO_EDGE: Edge = Object.freeze({
  state: 'NONE',
  origin: null,
  since: null,
  endsAt: null,
  replacedBlock: false,
  shownWhenAsked: false,
})

/** The state machine, whole. The end of a grant that had replaced a block is the one thing a state alone cannot tell: see `edgeAt`. */
export const EDGE_TRANSITIONS = {
  REQUESTED_PROMPT: { NONE: 'PENDING', PENDING: 'PENDING', ALLOWED: 'ALLOWED', BLOCKED: 'BLOCKED' },
  REQUESTED_AUTO_ACCEPT: { NONE: 'ALLOWED', PENDING: 'PENDING', ALLOWED: 'ALLOWED', BLOCKED: 'BLOCKED' },
  ALLOWED: { NONE: 'ALLOWED', PENDING: 'ALLOWED', ALLOWED: 'ALLOWED', BLOCKED: 'ALLOWED' },
  BLOCKED: { NONE: 'BLOCKED', PENDING: 'BLOCKED', ALLOWED: 'BLOCKED', BLOCKED: 'BLOCKED' },
  WITHDRAWN: { NONE: 'NONE', PENDING: 'NONE', ALLOWED: 'ALLOWED', BLOCKED: 'BLOCKED' },
  EXPIRED: { NONE: 'NONE', PENDING: 'NONE', ALLOWED: 'ALLOWED', BLOCKED: 'BLOCKED' },
  DELETED: { NONE: 'NONE', PENDING: 'NONE', ALLOWED: 'NONE', BLOCKED: 'NONE' },
  GRANT_ENDED: { NONE: 'NONE', PENDING: 'PENDING', ALLOWED: 'NONE', BLOCKED: 'BLOCKED' },
} as const satisfies Record<EdgeEvent, Record<EdgeState, EdgeState>>

/**
 * The edge as it is at `now`: what had an end, and is past it, is over. `cooldownMs` is the watcher's, for whoever must know of a
 * silence; no state depends on it.
 */
export function edgeAt(edge: Edge, now: number, cooldownMs = 0): Edge {
  if (edge.endsAt === null || now < edge.endsAt) return edge
  if (edge.state === 'NONE') return NO_EDGE
  if (edge.state === 'ALLOWED' && edge.replacedBlock) {
    return { ...NO_EDGE, state: 'BLOCKED', origin: 'GRANT_ENDED', since: edge.endsAt }
  }
  const event = edge.state === 'PENDING' ? 'EXPIRED' : 'GRANT_ENDED'
  const ended = endedEdge(edge, event, { at: edge.endsAt, cooldownMs })
  return ended === edge ? edge : edgeAt(ended, now)
}

/**
 * The edge after something about it has ended at `at`; one that this does not touch stays as it is. From then on the watcher goes
 * unheard for his cooldown: some of these ends only the presentity may know of, so he is not told here.
 */
export function endedEdge(
  edge: Edge,
  event: 'WITHDRAWN' | 'EXPIRED' | 'DELETED' | 'GRANT_ENDED',
  { at, cooldownMs }: { readonly at: number; readonly cooldownMs: number },
): Edge {
  if (EDGE_TRANSITIONS[event][edge.state] === edge.state) return edge
  return cooldownMs > 0 ? { ...NO_EDGE, endsAt: at + cooldownMs } : NO_EDGE
}

/** Whether the edge, as it is now, is none in a silence: what the watcher asks is absorbed, as at a block, until the silence ends. */
export function isSilent({ state, endsAt }: Edge): boolean {
  return state === 'NONE' && endsAt !== null
}

/** From when on the edge blocks, as far as it decides that today; null is never. A grant over a block knows the moment ahead. */
export function blocksFrom(edge: Edge): number | null {
  if (edge.state === 'BLOCKED') return edge.since
  return edge.state === 'ALLOWED' && edge.replacedBlock ? edge.endsAt : null
}
