import type { PresenceServer } from '../domain/disclosure.ts'
import type { EdgeState } from '../domain/edge.ts'
import type { ClassInvitationHandling } from '../domain/invitation-handling.ts'
import type { PublishableStatus } from '../domain/presence.ts'
import type { Access } from '../domain/watchers-view.ts'

/**
 * The columns `visibility` of `users`, `pairs` and `classes_of_service`: what decides of a row, in one text of a length that does not
 * depend on what it says. The triggers `pack_user`, `pack_pair` and `pack_class` write them from the plain columns, which stay the truth.
 * Another fact that decides needs another column of this kind: the release before reads and writes these.
 */

/** `epoch`, which stands for no moment, as PostgreSQL sends it. */
const NEVER = 'fffca2fec4c82000'
const MOMENT_LENGTH = NEVER.length

/** What a user is of whom nothing is stored: silent, in the default class. */
export const NO_USER = `00000001N0${' '.repeat(16)}${NEVER}`
export const NO_PAIR = `N00N${NEVER.repeat(4)}`
const CLASS_LENGTH = 11 + MOMENT_LENGTH

export type PackedClass = {
  readonly invitationHandling: ClassInvitationHandling
  readonly pendingShown: boolean
  readonly appearOfflineAllowed: boolean
  /** Epoch milliseconds; null while the class allows it, and if it was never recorded. */
  readonly appearOfflineForbiddenAt: number | null
}

/** Values that are stored by their first letter. */
function byInitial<Value extends string>(values: Readonly<Record<Value, true>>) {
  const known = new Map(Object.keys(values).map((value) => [value.charAt(0), value as Value]))
  return (packed: string, place: number): Value => {
    const value = known.get(packed.charAt(place))
    if (value === undefined) throw new Error('a packed column holds a value that this release does not know')
    return value
  }
}

const edgeStateIn = byInitial<EdgeState>({ NONE: true, PENDING: true, ALLOWED: true, BLOCKED: true })
const accessIn = byInitial<Access>({ NONE: true, PENDING: true, ALLOWED: true })
const presenceServerIn = byInitial<PresenceServer>({
  OCS_2007: true,
  CONVERGED_CONFERENCING: true,
  NONE_KNOWN: true,
})
const handlingIn = byInitial<ClassInvitationHandling>({ USER_DEFINED: true, PROMPT: true, AUTO_ACCEPT: true })

export function unpackUser(packed: string) {
  requireLength(packed, NO_USER.length)
  const status = packed.slice(10, 26).trimEnd()
  return {
    classId: classIdIn(packed, 0),
    presenceServer: presenceServerIn(packed, 8),
    appearOffline: isSet(packed, 9),
    manual: status === '' ? null : { status: status as PublishableStatus, endsAt: momentIn(packed, 26) },
  }
}

/** A literal of the whole, as each read makes fifty: node takes a microsecond and more for a spread. */
export function unpackPair(packed: string) {
  requireLength(packed, NO_PAIR.length)
  return {
    edge: {
      state: edgeStateIn(packed, 0),
      origin: null,
      since: null,
      endsAt: momentIn(packed, 4),
      replacedBlock: isSet(packed, 1),
      shownWhenAsked: isSet(packed, 2),
    },
    view: { access: accessIn(packed, 3), endsAt: momentIn(packed, 20), cooldownMs: 0, coolsUntil: null },
    contactSince: momentIn(packed, 36),
    watcherBlocksFrom: momentIn(packed, 52),
  }
}

/** Classes by their ids, from the columns of all of them one after another. */
export function unpackClasses(packed: string): ReadonlyMap<number, PackedClass> {
  requireLength(packed, packed.length - (packed.length % CLASS_LENGTH))
  const classes = new Map<number, PackedClass>()
  for (let at = 0; at < packed.length; at += CLASS_LENGTH) {
    const appearOfflineAllowed = isSet(packed, at + 10)
    classes.set(classIdIn(packed, at), {
      invitationHandling: handlingIn(packed, at + 8),
      pendingShown: isSet(packed, at + 9),
      appearOfflineAllowed,
      appearOfflineForbiddenAt: appearOfflineAllowed ? null : momentIn(packed, at + 11),
    })
  }
  return classes
}

function requireLength(packed: string, length: number): void {
  if (packed.length !== length)
    throw new Error('a packed column is of another length than this release knows')
}

function classIdIn(packed: string, place: number): number {
  return parseInt(packed.slice(place, place + 8), 16)
}

function isSet(packed: string, place: number): boolean {
  return packed.charAt(place) === '1'
}

/** PostgreSQL counts microseconds from the year 2000 on. */
const YEAR_2000 = Date.UTC(2000, 0)
/** The first halves of `infinity` and `-infinity`. */
const INFINITE: readonly number[] = [0x7fffffff, -0x80000000]

/** In epoch milliseconds; null for `NEVER`. Throws for a moment without an end, which we never write. */
export function momentIn(packed: string, place: number): number | null {
  if (packed.startsWith(NEVER, place)) return null
  const high = parseInt(packed.slice(place, place + 8), 16) | 0
  if (INFINITE.includes(high)) throw new RangeError('an infinite moment is stored')
  const low = parseInt(packed.slice(place + 8, place + MOMENT_LENGTH), 16)
  return YEAR_2000 + Math.round((high * 2 ** 32 + low) / 1000)
}
