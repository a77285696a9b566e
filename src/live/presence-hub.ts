import type { LiveFacts, RevisedFacts, StreamBeginnings } from '../application/live-ports.ts'
import { Unavailable, type Hint, type Signals } from '../application/ports.ts'
import type { DisclosurePolicy } from '../application/what-is-seen.ts'
import { NO_PAIR } from '../domain/pair.ts'
import type { UserId } from '../domain/user-id.ts'
import { compactPair } from './compact-pair.ts'
import { dueTimes } from './due-times.ts'
import { contactsIn } from './follow-contacts.ts'
import { showAfresh } from './hand-over.ts'
import { hintsMeanwhile, type HeardMeanwhile } from './hints-meanwhile.ts'
import {
  markMoved,
  settingsMoved,
  type HubReadings,
  type HubState,
  type HubTally,
  type Scope,
} from './hub-state.ts'
import { SlowConsumer, type PresenceSink } from './presence-event.ts'
import { renew } from './renew.ts'
import type { Scheduler } from './scheduler.ts'
import { hideAll, isTooSlow } from './stream-health.ts'
import { tickLoop } from './tick-loop.ts'
import { watchList, type Presentity, type Stream } from './watch-list.ts'

/** Streams that could not be verified for so long show everybody Offline. */
const BLIND_AFTER_MS = 10_000
/** With nothing to do, the hub makes sure so often that it could. */
const VERIFY_EVERY_MS = 2000
/** How often time is looked at: what is due, and what has taken too long. */
const BEAT_MS = 250

/** What a stream is about: certain users, or the watcher's contact list, whoever is in it. */
export type Interest = { readonly users: readonly UserId[] } | 'CONTACTS'

export type PresenceStream = {
  /** The sink is ready again. */
  readonly resume: () => void
  readonly close: () => void
}

export type PresenceHub = {
  /**
   * Begins a stream: first a snapshot, then what changes, each decided when it is handed to the sink. A stream that cannot be begun
   * fails with `Unavailable`.
   */
  readonly open: (watch: Watch) => PresenceStream
  readonly readings: () => HubReadings
  readonly close: () => void
}

type Watch = { readonly watcher: UserId; readonly interest: Interest; readonly sink: PresenceSink }

/** A stream, from the moment on at which its first facts are asked for. */
type Opening = { readonly heard: HeardMeanwhile; closed: boolean; stream: Stream | null }

/** Turns hints and time into what each watcher may see of those he looks at. It trusts no hint and keeps no verdict: see `tick`. */
export function presenceHub({
  live,
  beginnings = live,
  signals,
  policy,
  scheduler,
  onProblem,
}: {
  readonly live: LiveFacts
  /** For streams that begin, which are acts of users and take nothing from verifying others. Default `live`. */
  readonly beginnings?: StreamBeginnings
  readonly signals: Signals
  readonly policy: DisclosurePolicy
  readonly scheduler: Scheduler
  readonly onProblem: (error: unknown) => void
}): PresenceHub {
  const due = dueTimes<Presentity>()
  const list = watchList({ onGone: (presentity) => due.set(presentity, null) })
  const doubtful: Scope = { presentities: new Set(), watchers: new Set() }
  const tally: HubTally = { failures: 0, renewed: 0, events: 0 }
  const hub: HubState = { live, policy, list, doubtful, due, settings: null, ticks: 0, blind: false, tally }
  const meanwhile = hintsMeanwhile()
  let closed = false
  /** As of when a stream was begun while there was none: nothing is looked at while nobody looks. */
  let begunAt = -Infinity
  let stopBeating: (() => void) | undefined

  const isVerified = (): boolean =>
    scheduler.now() - Math.min(Math.max(loop.lookedAt(), begunAt), signals.arrivedUntil()) < BLIND_AFTER_MS

  const loseSight = (): void => {
    hub.blind = true
    onProblem(new Error('what streams show could not be verified for 10 s: they show everybody Offline'))
    for (const stream of list.streams) {
      hideAll(hub, stream)
      stream.awaitsSnapshot = true
      stream.behind = null
    }
  }

  const regainSight = (): void => {
    if (!hub.blind || !isVerified()) return
    hub.blind = false
    for (const stream of list.streams) stream.hidden = false
    for (const watcher of list.watchers.values()) {
      markMoved(watcher)
      hub.doubtful.watchers.add(watcher)
    }
  }

  const loop = tickLoop(hub, { scheduler, onTick: regainSight, onProblem })

  const stopHearing = signals.subscribeToAll((hint: Hint) => {
    meanwhile.hear(hint)
    doubt(hint)
    expectMoved(hint)
    // A tick finds out by itself that settings have changed.
    if (hint === 'SETTINGS' || someoneIsDoubtful()) loop.wake()
  })

  const doubt = (hint: Hint): void => {
    if (hint === 'ANYTHING') loop.doubtEverything()
    else if (hint !== 'SETTINGS') {
      const { sessionsOnly = false } = hint
      for (const user of hint.users) loop.doubt(user, { sessionsOnly })
    }
  }

  /** Whoever is named has most likely decided something, which raises a revision: then one read says what, and a look before it only that. */
  const expectMoved = (hint: Hint): void => {
    if (typeof hint === 'string' || hint.sessionsOnly === true) return
    for (const user of hint.users) {
      markMoved(list.presentities.get(user))
      markMoved(list.watchers.get(user))
    }
  }

  const someoneIsDoubtful = (): boolean => doubtful.presentities.size > 0 || doubtful.watchers.size > 0

  const beat = (): void => {
    stopBeating = undefined
    if (closed || (list.streams.size === 0 && !meanwhile.isHearing())) return
    for (const presentity of hub.due.take(loop.databaseNow())) hub.doubtful.presentities.add(presentity)
    const now = scheduler.now()
    if (someoneIsDoubtful() || now - loop.lookedAt() > VERIFY_EVERY_MS) loop.wake()
    if (!hub.blind && list.streams.size > 0 && !isVerified()) loseSight()
    for (const stream of [...list.streams]) {
      if (!isTooSlow(stream, now)) continue
      list.removeStream(stream)
      stream.sink.fail(new SlowConsumer())
    }
    keepBeating()
  }

  const keepBeating = (): void => {
    stopBeating ??= scheduler.after(BEAT_MS, beat)
  }

  const resume = (stream: Stream): void => {
    if (hub.blind) {
      hideAll(hub, stream)
      return
    }
    if (stream.awaitsSnapshot) {
      markMoved(stream.watcher)
      hub.doubtful.watchers.add(stream.watcher)
    }
    for (const presentity of stream.behind ?? []) hub.doubtful.presentities.add(presentity)
    stream.behind = null
    if (someoneIsDoubtful()) loop.wake()
  }

  /** From here on the stream hears hints; those that it has missed since its facts were read are made good. */
  const enter = (opening: Opening, { watcher, interest, sink }: Watch, facts: RevisedFacts): void => {
    const followsContacts = interest === 'CONTACTS'
    const stream = list.addStream({ watcher, facts }, { followsContacts, sink, since: hub.ticks })
    opening.stream = stream
    const users = followsContacts ? contactsIn(facts).map(([id]) => id) : interest.users
    for (const user of new Set(users)) {
      const pair = compactPair(facts.presentities.get(user)?.pair ?? NO_PAIR, facts.now)
      const entry = list.addEntry(stream, user, { pair, facts })
      entry.shown = renew(hub, entry, facts)
      if (entry.presentity.revision === null) hub.doubtful.presentities.add(entry.presentity)
    }
    if (stream.watcher.revision === null) hub.doubtful.watchers.add(stream.watcher)
    if (hub.settings !== facts.revisions.settings) settingsMoved(hub, facts.revisions.settings)
    stream.awaitsSnapshot = true
    showAfresh(hub, stream)
    doubt(opening.heard.all())
    if (someoneIsDoubtful()) loop.wake()
  }

  const begin = async (opening: Opening, watch: Watch): Promise<void> => {
    const began = scheduler.now()
    try {
      const facts = await factsFor(beginnings, watch)
      if (opening.closed) return
      if (list.streams.size === 0) {
        begunAt = began
        hub.blind = false
      }
      if (closed || hub.blind || !isVerified()) throw new Unavailable(new Error('streams cannot be verified'))
      enter(opening, watch, facts)
    } catch (error) {
      if (!opening.closed) watch.sink.fail(error)
    } finally {
      opening.heard.stop()
    }
  }

  return {
    open(watch) {
      const opening: Opening = { heard: meanwhile.listen(), closed: false, stream: null }
      keepBeating()
      void begin(opening, watch)
      return {
        resume() {
          if (opening.stream !== null && list.streams.has(opening.stream)) resume(opening.stream)
        },
        close() {
          opening.closed = true
          if (opening.stream !== null) list.removeStream(opening.stream)
        },
      }
    },

    readings: () => ({
      ...tally,
      streams: list.streams.size,
      presentities: list.presentities.size,
      doubtful: hub.doubtful.presentities.size + hub.doubtful.watchers.size,
      due: hub.due.size(),
      ticks: hub.ticks,
      blind: hub.blind,
    }),

    close() {
      closed = true
      loop.close()
      stopHearing()
      stopBeating?.()
      for (const stream of [...list.streams]) list.removeStream(stream)
    },
  }
}

async function factsFor(live: StreamBeginnings, { watcher, interest }: Watch): Promise<RevisedFacts> {
  if (interest === 'CONTACTS') return live.contactFacts({ watcher })
  const facts = await live.factsOfPairs(interest.users.map((presentity) => ({ presentity, watcher })))
  const own = facts.get(watcher)
  if (own === undefined) throw new Error('a stream is about one user at least')
  return own
}
