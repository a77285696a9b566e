import { setImmediate as nextTurn } from 'node:timers/promises'
import { onTestFinished } from 'vitest'
import type { LiveFacts } from '../../src/application/live-ports.ts'
import { decideAccess } from '../../src/application/manage-decisions.ts'
import type { DecideAccess } from '../../src/application/manage-decisions.ts'
import { publishPresence, type Said } from '../../src/application/publish-presence.ts'
import type { UserId } from '../../src/domain/user-id.ts'
import type { PresenceEvent } from '../../src/live/presence-event.ts'
import { presenceHub, type Interest, type PresenceHub } from '../../src/live/presence-hub.ts'
import { systemScheduler } from '../../src/live/scheduler.ts'
import { memoryStorage, type MemoryStorage } from './memory-storage.ts'
import { NEVER_MS, POLICY } from './policy.ts'
import type { SteppedTime } from './stepped-time.ts'

export type OpenedHub = {
  readonly storage: MemoryStorage
  readonly hub: PresenceHub
  readonly problems: readonly unknown[]
  readonly watch: (watcher: UserId, interest: readonly UserId[] | 'CONTACTS') => Watching
  readonly publish: (user: UserId, said?: Partial<Said>) => Promise<void>
  readonly endSession: (user: UserId) => Promise<void>
  readonly decide: (
    decision: Pick<DecideAccess, 'presentity' | 'verdict'> & { watcher: UserId; endsAt?: number },
  ) => Promise<void>
}

export type Watching = {
  readonly events: PresenceEvent[]
  readonly failures: unknown[]
  /** Whether the stream is read; from the beginning on it is. */
  readonly reads: (reads: boolean) => void
  readonly close: () => void
}

/** Of a hub whose time a test passes itself: then signals arrive all the time, unless `arrivedUntil` says otherwise. */
export type HubsTime = {
  readonly time: SteppedTime
  readonly snapshotEveryMs?: number
  readonly random?: () => number
  readonly arrivedUntil?: () => number
}

/** Until the hub has done all that waits for nothing but its turn. */
export async function whatFollows(): Promise<void> {
  for (let turn = 0; turn < 30; turn += 1) await nextTurn()
}

/** A hub on storage in memory whose reads go through `between`; closed after the test. Each user has one device. */
export function openHub(
  between: (live: LiveFacts) => Partial<LiveFacts> = () => ({}),
  storage = memoryStorage(),
  hubsTime?: HubsTime,
): OpenedHub {
  const live = { ...storage.live, ...between(storage.live) }
  const problems: unknown[] = []
  const { time, snapshotEveryMs = NEVER_MS, random } = hubsTime ?? {}
  const scheduler = time?.scheduler ?? systemScheduler
  const arrivedUntil = hubsTime?.arrivedUntil ?? scheduler.now
  const hub = presenceHub({
    live,
    signals: { ...storage.signals, arrivedUntil },
    ...POLICY,
    scheduler,
    snapshotEveryMs,
    random,
    onProblem: (problem) => problems.push(problem),
  })
  onTestFinished(() => hub.close())
  return {
    storage,
    hub,
    problems,
    watch(watcher, users) {
      let isReady = true
      const events: PresenceEvent[] = []
      const failures: unknown[] = []
      const interest: Interest = users === 'CONTACTS' ? users : { users }
      const { close, resume } = hub.open({
        watcher,
        interest,
        sink: {
          isReady: () => isReady,
          deliver: (event) => events.push(event),
          fail: (error) => failures.push(error),
        },
      })
      const reads = (itReads: boolean): void => {
        isReady = itReads
        if (itReads) resume()
      }
      return { events, failures, reads, close }
    },
    async publish(user, said = {}) {
      await publishPresence(
        { ...storage, ...POLICY },
        {
          ...{ user, session: 'device', status: 'AVAILABLE', activity: null, note: null, leaseMs: 600_000 },
          ...said,
        },
      )
    },
    async endSession(user) {
      await storage.sessions.end({ user, id: 'device' })
    },
    async decide({ presentity, watcher, verdict, endsAt = null }) {
      await decideAccess(storage.privacy, { presentity, watchers: [watcher], verdict, endsAt })
    },
  }
}
