import { Unavailable, UserErased } from '../../src/application/ports.ts'
import type { UserId } from '../../src/domain/user-id.ts'
import { SlowConsumer, type PresenceEvent, type Shown } from '../../src/live/presence-event.ts'
import type { Interest } from '../../src/live/presence-hub.ts'
import { RECOVERED_AFTER_MS, type Instance } from './live-instance.ts'
import type { VirtualTime } from './live-time.ts'
import { asText, listed, OFFLINE_TEXT, type Truth } from './live-truth.ts'

/** A promise of the product that a stream did not keep. */
export class Violation extends Error {}

/** A change must have reached a stream so long after it, while nothing is the matter. */
const TOLD_WITHIN_MS = 1000
const SURELY_TOO_SLOW_MS = 29_000

/**
 * Holds what one stream tells against what was true when. Each frame must show every user as the rules showed them at some moment up to
 * now, not before the stream was opened, and not before the moment that was told last of that user: then nothing outruns a revocation, and
 * nothing older follows.
 */
export type CheckedStream = ReturnType<typeof checkedStream>

export function checkedStream({
  watcher,
  interest,
  at,
  truth,
  time,
}: {
  readonly watcher: UserId
  readonly interest: Interest
  readonly at: Pick<Instance, 'name' | 'mayBeBlind' | 'isSurelyBlind' | 'isHealthySince'>
  readonly truth: Truth
  readonly time: Pick<VirtualTime, 'now'>
}) {
  const name = `stream of ${watcher} (${interest === 'CONTACTS' ? 'contacts' : interest.users.join(', ')}) at ${at.name}`
  const shown = new Map<UserId, string>()
  /** In the history of each: no older moment may be told any more. */
  const places = new Map<UserId, number>()
  let listPlace: number | null = null
  const openedAt = time.now()
  let begunAt: number | null = null
  let ended = false
  let hidden = false
  /** Since when an event would be taken at once; null while it would not. */
  let readSince: number | null = openedAt
  let awaySince = openedAt
  /** When it was read again after so long that it might have been closed. */
  let awayTooLongUntil = -Infinity

  const violated = (promise: string): never => {
    throw new Violation(`at ${time.now()} ms, ${name}: ${promise}`)
  }

  const explain = ({ user, presence }: Shown): void => {
    const text = asText(presence)
    const history = truth.shown({ presentity: user, watcher })
    const since = places.get(user) ?? history.placeBefore(openedAt)
    const place = history.find(since, (value) => value === text)
    if (place >= 0) places.set(user, place)
    else if (text === OFFLINE_TEXT && at.mayBeBlind()) hidden = true
    else {
      violated(
        `${user} is shown ${text}, which was not true at any moment since ${history.moments[since]} ms; ` +
          `true were ${history.toString()}`,
      )
    }
    shown.set(user, text)
  }

  const explainList = (of: string, holds: (list: ReadonlySet<string>, whole: string) => boolean): void => {
    const history = truth.contacts(watcher)
    const place = history.find(listPlace ?? history.placeBefore(openedAt), (list) =>
      holds(new Set(list.split(' ')), list),
    )
    if (place < 0) violated(`${of} does not agree with his contact list: ${history.toString()}`)
    listPlace = place
  }

  const snapshot = (presences: readonly Shown[]): void => {
    const users = presences.map(({ user }) => user)
    const whole = listed(users)
    if (interest !== 'CONTACTS' && whole !== listed(new Set(interest.users))) violated(`SNAPSHOT of ${whole}`)
    if (interest === 'CONTACTS' && !at.mayBeBlind())
      explainList(`SNAPSHOT of ${whole}`, (_, list) => list === whole)
    if (new Set(users).size !== users.length) violated(`somebody is twice in SNAPSHOT of ${whole}`)
    shown.clear()
    hidden = false
    presences.forEach(explain)
  }

  const changed = (presences: readonly Shown[]): void => {
    for (const each of presences) {
      const before = shown.get(each.user)
      if (before === undefined) violated(`CHANGED ${each.user}, whom it is not about`)
      if (before === asText(each.presence))
        violated(`CHANGED ${each.user} to ${before}, as which he was shown already`)
      explain(each)
    }
  }

  const added = (presences: readonly Shown[]): void => {
    const users = presences.map(({ user }) => user)
    if (interest !== 'CONTACTS' || users.some((user) => shown.has(user)))
      violated(`ADDED ${users.join(', ')}`)
    explainList(`ADDED ${users.join(', ')}`, (list) => users.every((user) => list.has(user)))
    presences.forEach(explain)
  }

  const removed = (users: readonly UserId[]): void => {
    if (interest !== 'CONTACTS' || users.some((user) => !shown.has(user)))
      violated(`REMOVED ${users.join(', ')}`)
    explainList(`REMOVED ${users.join(', ')}`, (list) => !users.some((user) => list.has(user)))
    for (const user of users) shown.delete(user)
  }

  return {
    name,
    watcher,
    interest,
    at,
    isOpen: () => !ended,
    /** How it shows everybody it is about; null before it has begun. */
    shows: (): ReadonlyMap<UserId, string> | null => (begunAt === null ? null : shown),

    /** Whether an event would be taken now. */
    reads(isReading: boolean): void {
      const now = time.now()
      if (!isReading) {
        if (readSince !== null) awaySince = now
        readSince = null
        return
      }
      if (readSince === null && now - awaySince > SURELY_TOO_SLOW_MS) awayTooLongUntil = now
      readSince ??= now
    },

    take(event: PresenceEvent): void {
      if (ended) violated(`${event.change} after its end`)
      if (begunAt === null && event.change !== 'SNAPSHOT') violated(`it begins with ${event.change}`)
      if (hidden && event.change !== 'SNAPSHOT')
        violated(`${event.change} after everybody was hidden, and no SNAPSHOT`)
      begunAt ??= time.now()
      const size = event.change === 'REMOVED' ? event.userIds.length : event.presences.length
      if (size === 0 && event.change !== 'SNAPSHOT') violated(`an empty ${event.change}`)
      if (event.change === 'SNAPSHOT') snapshot(event.presences)
      else if (event.change === 'CHANGED') changed(event.presences)
      else if (event.change === 'ADDED') added(event.presences)
      else removed(event.userIds)
    },

    failed(error: unknown): void {
      if (ended) violated(`it fails after its end: ${String(error)}`)
      ended = true
      const now = time.now()
      const away = readSince === null && now - awaySince > SURELY_TOO_SLOW_MS
      const slow = away || now - awayTooLongUntil < TOLD_WITHIN_MS
      if (error instanceof SlowConsumer && slow) return
      if (error instanceof UserErased && truth.erasedAt(watcher) !== undefined) return
      const healthySince = at.isHealthySince()
      const healthy = healthySince !== null && healthySince + RECOVERED_AFTER_MS < openedAt
      if (error instanceof Unavailable && begunAt === null && !healthy) return
      violated(`it fails: ${String(error)}`)
    },

    close(): void {
      ended = true
    },

    /** What must hold at any time: everybody hidden while nothing can be verified; else what is true, or was a moment ago. */
    check(): void {
      if (ended || begunAt === null || readSince === null) return
      if (at.isSurelyBlind()) {
        for (const [user, text] of shown) {
          if (text !== OFFLINE_TEXT)
            violated(`${user} is still shown ${text}, though nothing can be verified`)
        }
        hidden = true
        return
      }
      const now = time.now()
      const healthySince = at.isHealthySince()
      if (healthySince === null) return
      const wellSince = healthySince === 0 ? 0 : healthySince + RECOVERED_AFTER_MS
      if (now < Math.max(wellSince, begunAt, readSince) + TOLD_WITHIN_MS) return
      const erasedAt = truth.erasedAt(watcher)
      if (erasedAt !== undefined && now > erasedAt + TOLD_WITHIN_MS)
        violated('it goes on, though its watcher was erased')
      if (hidden) violated('no SNAPSHOT has followed, though all can be verified again')
      const since = now - TOLD_WITHIN_MS
      for (const [user, text] of shown) {
        const history = truth.shown({ presentity: user, watcher })
        if (!history.had(text, since)) {
          violated(`${user} is shown ${text}, which was not true since ${since} ms: ${history.toString()}`)
        }
      }
      if (interest !== 'CONTACTS') return
      const list = listed(shown.keys())
      const history = truth.contacts(watcher)
      if (!history.had(list, since)) {
        violated(
          `it is about (${list}), which was not his contact list since ${since} ms: ${history.toString()}`,
        )
      }
    },
  }
}
