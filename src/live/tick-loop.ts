import { Unavailable } from '../application/ports.ts'
import type { UserId } from '../domain/user-id.ts'
import { markMoved, type HubState, type Scope } from './hub-state.ts'
import { tickEnded } from './in-turn.ts'
import { tick } from './presence-tick.ts'
import type { Scheduler } from './scheduler.ts'
import { entriesOf, takeSome } from './take-some.ts'
import { failStreams } from './stream-health.ts'

/** What one tick takes on; the rest waits for the next. */
const MOST_PRESENTITIES = 1000
const MOST_WATCHERS = 200
const RETRY_AFTER_MS = 250

export type TickLoop = {
  /** Something about a user may have changed: of her sessions alone, or of what she sees, too. */
  readonly doubt: (user: UserId, about: { readonly sessionsOnly: boolean }) => void
  readonly doubtEverything: () => void
  /** Settings may have changed, which are a part of what every watcher sees. */
  readonly doubtWatchers: () => void
  /** Begins a tick soon: at once for all that comes in until then, after the one that is under way. */
  readonly wake: () => void
  /** When the last tick began that did not fail; by the scheduler's clock. */
  readonly lookedAt: () => number
  /** What the database's clock shows now, or a little less. */
  readonly databaseNow: () => number
  readonly close: () => void
}

/**
 * Tick after tick, for as long as there is something to look at. What a tick was about that failed as `Unavailable` is looked at again. Any other
 * failure would only be repeated: the streams that it was about end with it.
 */
export function tickLoop(
  hub: HubState,
  {
    scheduler,
    onTick,
    onProblem,
  }: {
    readonly scheduler: Scheduler
    readonly onTick: () => void
    readonly onProblem: (error: unknown) => void
  },
): TickLoop {
  const { list, doubtful } = hub
  let closed = false
  let running = false
  let woken = false
  let retryAt = 0
  let lookedAt = -Infinity
  let databaseAhead = 0

  const wake = (): void => {
    if (closed || woken) return
    woken = true
    if (!running) begin()
  }

  const begin = (): void => {
    const pause = retryAt - scheduler.now()
    if (pause > 0) scheduler.after(pause, () => void run())
    else scheduler.soon(() => void run())
  }

  const doubtWatchers = (): void => {
    for (const watcher of list.watchers.values()) doubtful.watchers.add(watcher)
  }

  /** Users of whom signals have told that more than sessions has changed; and everybody, where settings have. */
  const countAsMoved = (): void => {
    for (const user of hub.decidedSomething) {
      markMoved(list.presentities.get(user))
      markMoved(list.watchers.get(user))
    }
    hub.decidedSomething.clear()
    if (!hub.settingsChanged) return
    hub.settingsChanged = false
    hub.settings = null
    for (const watcher of list.watchers.values()) markMoved(watcher)
    // Streams that have begun since the signal may have read the settings of before.
    doubtWatchers()
  }

  const run = async (): Promise<void> => {
    if (closed) return
    woken = false
    running = true
    countAsMoved()
    const scope: Scope = {
      presentities: takeSome(doubtful.presentities, MOST_PRESENTITIES, ({ entries }) => entries.length),
      watchers: takeSome(doubtful.watchers, MOST_WATCHERS, entriesOf),
    }
    for (const presentity of scope.presentities) doubtful.presentities.delete(presentity)
    for (const watcher of scope.watchers) doubtful.watchers.delete(watcher)
    const began = scheduler.now()
    hub.running = scope
    try {
      const { now } = await tick(hub, scope)
      lookedAt = began
      databaseAhead = now - scheduler.now()
      onTick()
    } catch (error) {
      if (error instanceof Unavailable) {
        for (const presentity of scope.presentities) doubtful.presentities.add(presentity)
        for (const watcher of scope.watchers) doubtful.watchers.add(watcher)
      } else failStreams(hub, scope, error)
      // Jitter: all instances fail together and must not come back together.
      retryAt = scheduler.now() + RETRY_AFTER_MS * (0.5 + Math.random())
      tickEnded(hub)
      hub.tally.failures += 1
      onProblem(error)
    } finally {
      hub.running = null
      running = false
    }
    goOn()
  }

  const goOn = (): void => {
    if (woken) begin()
    else if (doubtful.presentities.size > 0 || doubtful.watchers.size > 0) wake()
  }

  return {
    doubt(user, { sessionsOnly }) {
      const presentity = list.presentities.get(user)
      if (presentity !== undefined) doubtful.presentities.add(presentity)
      const watcher = list.watchers.get(user)
      if (watcher !== undefined && !sessionsOnly) doubtful.watchers.add(watcher)
    },
    doubtEverything() {
      for (const presentity of list.presentities.values()) doubtful.presentities.add(presentity)
      doubtWatchers()
    },
    doubtWatchers,
    wake,
    lookedAt: () => lookedAt,
    databaseNow: () => scheduler.now() + databaseAhead,
    close() {
      closed = true
    },
  }
}
