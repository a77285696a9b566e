import { edgeAt, type Edge, type EdgeState } from './edge.ts'
import type { UserId } from './user-id.ts'

/** Whose act changed an edge. POLICY is nobody's: an end by time. */
export const ACTOR_KINDS = ['USER', 'ADMINISTRATOR', 'SERVICE', 'POLICY'] as const
export type ActorKind = (typeof ACTOR_KINDS)[number]

/** Somebody who acts: a user for himself, or an administrator or a service on his behalf. */
export type Actor = { readonly kind: Exclude<ActorKind, 'POLICY'>; readonly id: UserId }

/** What was done about an edge. */
export type ActCause =
  | 'REQUESTED'
  | 'AUTO_ACCEPTED'
  | 'WITHDRAWN'
  | 'CONTACT_REMOVED'
  | 'ANSWERED'
  | 'ACCEPTED_ALL'
  | 'SET'
  | 'DELETED'
  | 'ERASED'
/** What time did to it. */
export type EndCause = 'EXPIRED' | 'GRANT_ENDED'
export type TrailCause = ActCause | EndCause

/**
 * One act about one edge, and the end by time that was found when it came: both in one record. An act writes exactly one, whatever
 * it changes and whatever has ended before, so that the work of asking tells nothing of what was decided.
 *
 * Times are epoch milliseconds of the database's clock.
 */
export type TrailRecord = {
  readonly at: number
  /** The id is null of POLICY. That of somebody who was erased is no user's: see `erasedToken`. */
  readonly actor: { readonly kind: ActorKind; readonly id: string | null }
  readonly cause: TrailCause
  readonly before: EdgeState
  readonly after: EdgeState
  /** The state that had ended by itself, into `before`, since the record that came before. */
  readonly ended: { readonly state: EdgeState; readonly at: number } | null
}

/** One change of an edge, as it is read. */
export type TrailEntry = Pick<TrailRecord, 'at' | 'actor' | 'cause' | 'before' | 'after'>

const POLICY = Object.freeze({ kind: 'POLICY', id: null })

/** Acts of watchers. Whatever becomes of them, they are recorded. */
const BY_WATCHERS: ReadonlySet<TrailCause> = new Set([
  'REQUESTED',
  'AUTO_ACCEPTED',
  'WITHDRAWN',
  'CONTACT_REMOVED',
])

/**
 * What is recorded of an edge that was stored as `before` and will be stored as `after`. Without a cause, only time may have changed
 * it, and that is recorded for the moment when it ended; null is nothing to record.
 */
export function trailRecord(change: {
  readonly before: Edge
  readonly after: Edge
  readonly cause: ActCause | null
  readonly actor: TrailRecord['actor']
  readonly now: number
}): TrailRecord | null {
  const { before, after, cause, actor, now } = change
  const settled = edgeAt(before, now).state
  const ended = settled === before.state ? null : { state: before.state, at: before.endsAt ?? now }
  const isVain = cause !== null && !BY_WATCHERS.has(cause) && settled === 'NONE' && after.state === 'NONE'
  if (cause !== null && !isVain) {
    return { at: now, actor, cause, before: settled, after: after.state, ended }
  }
  if (after === before) return null
  if (after.state !== settled) throw new Error('an edge changed, and no cause was given')
  return ended && { ...endEntry(ended, settled), ended: null }
}

/** Whether the act reached nobody: a request that was absorbed or repeated, or the withdrawal of one that had ended for the presentity. */
function isAbsorbed({ cause, before, after }: TrailRecord): boolean {
  return BY_WATCHERS.has(cause) && before === after
}

/** Whether the presentity is shown anything of a record. */
export function reachesPresentity(record: TrailRecord): boolean {
  return record.ended !== null || !isAbsorbed(record)
}

/** All that a record says, the latest first. */
export function entriesOf(record: TrailRecord): readonly TrailEntry[] {
  return [actEntry(record), ...endEntries(record)]
}

/**
 * What the presentity is shown of a record: nothing that reached nobody, and nothing of others but that they acted. A contact that was
 * removed is, to her, a request that was withdrawn; who administers and serves is a matter of the site.
 */
export function entriesForPresentity(record: TrailRecord): readonly TrailEntry[] {
  const act = actEntry(record)
  const { kind, id } = act.actor
  const shown: TrailEntry = {
    ...act,
    cause: act.cause === 'CONTACT_REMOVED' ? 'WITHDRAWN' : act.cause,
    actor: { kind, id: kind === 'USER' ? id : null },
  }
  return [...(isAbsorbed(record) ? [] : [shown]), ...endEntries(record)]
}

function actEntry({ at, actor, cause, before, after }: TrailRecord): TrailEntry {
  return { at, actor, cause, before, after }
}

function endEntries({ ended, before }: TrailRecord): readonly TrailEntry[] {
  return ended === null ? [] : [endEntry(ended, before)]
}

function endEntry(ended: NonNullable<TrailRecord['ended']>, after: EdgeState): TrailEntry {
  const cause = ended.state === 'PENDING' ? 'EXPIRED' : 'GRANT_ENDED'
  return { at: ended.at, actor: POLICY, cause, before: ended.state, after }
}

/** No id of a user holds a control character, so nobody can ever be who was erased. */
const ERASED = '\u001f'

/** What stands in the trail instead of the id of somebody who was erased: the same everywhere, and random. */
export function erasedToken(random: string): string {
  return `${ERASED}erased:${random}`
}

export function isErasedToken(id: string): boolean {
  return id.startsWith(ERASED)
}

/** The token as it is shown to auditors. */
export function shownToken(id: string): string {
  return isErasedToken(id) ? id.slice(ERASED.length) : id
}
