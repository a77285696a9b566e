import type { LiveFacts, RevisedFacts, StreamBeginnings } from '../application/live-ports.ts'
import { Unavailable, UserErased, type Hint, type Signals } from '../application/ports.ts'
import type { DisclosurePolicy } from '../application/what-is-seen.ts'
import type { UserId } from '../domain/user-id.ts'
import { enterStream, factsFor, type Watch } from './enter-stream.ts'
import { hintsMeanwhile, type HeardMeanwhile } from './hints-meanwhile.ts'
import { hubState, markMoved, readingsOf, type HubReadings } from './hub-state.ts'
import { endTurns, whenInTurn } from './in-turn.ts'
import { SlowConsumer } from './presence-event.ts'
import type { Scheduler } from './scheduler.ts'
import { hideAll, isTooSlow, snapshotByTheClock } from './stream-health.ts'
import { tickLoop } from './tick-loop.ts'
import type { Stream } from './watch-list.ts'

/** Streams that could not be verified for so long show everybody Offline. */
const BLIND_AFTER_MS = 10_000
/** With nothing to do, the hub makes sure so often that it could. */
const VERIFY_EVERY_MS = 2000
/** How often time is looked at: what is due, and what has taken too long. */
const BEAT_MS = 250
/** What a middle layer has dropped from a stream is made good within so long. */
const SNAPSHOT_EVERY_MS = 120_000

export type { Interest } from './enter-stream.ts'

export type PresenceStream = {
  /** The sink is ready again. */
  readonly resume: () => void
  /** Settles when the first facts have been read, whatever came of it. */
  readonly begun: Promise<void>
  readonly close: () => void
}

export type PresenceHub = {
  /**
   * Begins a stream: first a snapshot, then what changes, each decided when it is handed to the sink. A stream that cannot be begun
   * fails with `Unavailable`.
   */
  readonly open: (watch: Watch) => PresenceStream
  /**
   * Settles when everything that was heard of by now is handed over to the user's streams of presence, or cannot be verified: at once if
   * nothing is left to do. Whatever else is for the same user waits for it, so that their order tells nothing (see `inTurn`).
   */
  readonly inTurn: (user: UserId) => Promise<void> | undefined
  /** How often each stream gets a snapshot by the clock. */
  readonly snapshotEveryMs: number
  readonly readings: () => HubReadings
  readonly close: () => void
}

/** A stream, from the moment on at which its first facts are asked for. */
type Opening = { readonly heard: HeardMeanwhile; closed: boolean; stream: Stream | null }

/** Turns hints and time into what each watcher may see of those he looks at. It trusts no hint and keeps no verdict: see `tick`. */
export function presenceHub({
  live,
  beginnings = live,
  signals,
  policy,
  scheduler,
  snapshotEveryMs = SNAPSHOT_EVERY_MS,
  random = Math.random,
  onProblem,
}: {
  readonly live: LiveFacts
  /** For streams that begin, which are acts of users and take nothing from verifying others. Default `live`. */
  readonly beginnings?: StreamBeginnings
  readonly signals: Signals
  readonly policy: DisclosurePolicy
  readonly scheduler: Scheduler
  readonly snapshotEveryMs?: number | undefined
  /** From 0 to 1: draws each stream's phase of snapshots. */
  readonly random?: (() => number) | undefined
  readonly onProblem: (error: unknown) => void
}): PresenceHub {
  const hub = hubState({ live, policy })
  const { list, snapshots } = hub
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
    endTurns(hub)
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
    // Also without watchers: a stream that is being opened may have read old settings, and a tick finds the new revision.
    if (hint === 'SETTINGS' || someoneIsDoubtful()) loop.wake()
  })

  const doubt = (hint: Hint): void => {
    if (hint === 'ANYTHING') loop.doubtEverything()
    else if (hint === 'SETTINGS') loop.doubtWatchers()
    else {
      const { sessionsOnly = false } = hint
      for (const user of hint.users) loop.doubt(user, { sessionsOnly })
    }
  }

  /**
   * A user whom a signal names has most likely decided something and raised a revision. The next tick therefore reads their facts at once,
   * without reading the revision first. The same holds for all watchers when settings have changed. The tick under way goes on without
   * the hint: it would find some causes to have moved and others not.
   */
  const expectMoved = (hint: Hint): void => {
    if (hint === 'SETTINGS') hub.settingsChanged = true
    if (typeof hint === 'string' || hint.sessionsOnly === true) return
    for (const user of hint.users) {
      if (list.presentities.has(user) || list.watchers.has(user)) hub.decidedSomething.add(user)
    }
  }

  const someoneIsDoubtful = (): boolean =>
    hub.doubtful.presentities.size > 0 || hub.doubtful.watchers.size > 0

  const beat = (): void => {
    stopBeating = undefined
    if (closed || (list.streams.size === 0 && !meanwhile.isHearing())) return
    for (const presentity of hub.due.take(loop.databaseNow())) hub.doubtful.presentities.add(presentity)
    const now = scheduler.now()
    for (const stream of snapshots.take(now)) snapshotByTheClock(hub, stream, snapshotEveryMs)
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
  const enter = (opening: Opening, watch: Watch, facts: RevisedFacts): void => {
    const snapshotAt = scheduler.now() + random() * snapshotEveryMs
    enterStream(hub, watch, {
      facts,
      snapshotAt,
      onEntered(stream) {
        opening.stream = stream
        doubt(opening.heard.all())
      },
    })
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
      if (facts.watcherErased) throw new UserErased()
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
      const begun = begin(opening, watch)
      return {
        begun,
        resume() {
          if (opening.stream !== null && list.streams.has(opening.stream)) resume(opening.stream)
        },
        close() {
          opening.closed = true
          if (opening.stream !== null) list.removeStream(opening.stream)
        },
      }
    },

    inTurn(user) {
      const watcher = list.watchers.get(user)
      return watcher === undefined || hub.blind ? undefined : whenInTurn(hub, watcher)
    },

    snapshotEveryMs,

    readings: () => readingsOf(hub),

    close() {
      closed = true
      loop.close()
      stopHearing()
      stopBeating?.()
      for (const stream of [...list.streams]) list.removeStream(stream)
      endTurns(hub)
    },
  }
}
