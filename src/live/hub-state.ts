import type { LiveFacts, Revision } from '../application/live-ports.ts'
import type { DisclosurePolicy } from '../application/what-is-seen.ts'
import type { UserId } from '../domain/user-id.ts'
import { dueTimes, type DueTimes } from './due-times.ts'
import type { Turn } from './in-turn.ts'
import { watchList, type Presentity, type Stream, type Watcher, type WatchList } from './watch-list.ts'

/**
 * Presentities and watchers. Two words are used of both: one is *doubtful* while something about him may have changed, and is looked at by the
 * next tick; one has *moved* when what is kept of him does not count any more, and is read anew.
 */
export type Scope = { readonly presentities: Set<Presentity>; readonly watchers: Set<Watcher> }

export type HubState = {
  readonly live: LiveFacts
  readonly policy: DisclosurePolicy
  readonly list: WatchList
  readonly doubtful: Scope
  /** By the database's clock. */
  readonly due: DueTimes<Presentity>
  /** The revision of the settings that kept facts were read with; null while a change of it is known and not read. */
  settings: Revision | null
  /** How many ticks have begun. */
  ticks: number
  /** The users that the tick under way reads; null between ticks. */
  running: Scope | null
  /** Users named by signals that come with a raised revision. They count as moved from the next tick on. */
  readonly decidedSomething: Set<UserId>
  /** A signal has told of changed settings. All watchers count as moved from the next tick on. */
  settingsChanged: boolean
  /** When each stream gets its next snapshot by the clock; by the scheduler's. */
  readonly snapshots: DueTimes<Stream>
  /** Popups and snapshots that wait until the changes that were heard of are handed over. */
  readonly turns: Set<Turn>
  /** Nothing can be verified: everybody is shown Offline, whatever is read. */
  blind: boolean
  readonly tally: HubTally
}

/** What has happened so far. */
export type HubTally = {
  /** Ticks that could not read what they had to. */
  failures: number
  /** Pairs whose facts were read anew, as somebody had moved. */
  renewed: number
  /** Events that went on their way. */
  events: number
}

/** How things stand, for whoever runs it. */
export type HubReadings = Readonly<HubTally> & {
  readonly streams: number
  readonly presentities: number
  /** Users who wait to be looked at. */
  readonly doubtful: number
  /** Presentities of whom something ends by time. */
  readonly due: number
  readonly ticks: number
  /** Whether everybody is shown Offline, as nothing can be verified. */
  readonly blind: boolean
}

export function hubState({ live, policy }: Pick<HubState, 'live' | 'policy'>): HubState {
  const due = dueTimes<Presentity>()
  const snapshots = dueTimes<Stream>()
  return {
    live,
    policy,
    list: watchList({
      onGone: (presentity) => due.set(presentity, null),
      onEnd: (stream) => snapshots.set(stream, null),
    }),
    doubtful: { presentities: new Set(), watchers: new Set() },
    due,
    snapshots,
    settings: null,
    settingsChanged: false,
    ticks: 0,
    running: null,
    decidedSomething: new Set(),
    turns: new Set(),
    blind: false,
    tally: { failures: 0, renewed: 0, events: 0 },
  }
}

/** Every watcher's class may be another one, and everybody else's, too. */
export function settingsMoved(hub: HubState, settings: Revision): void {
  if (hub.settings !== null) {
    for (const watcher of hub.list.watchers.values()) {
      markMoved(watcher)
      hub.doubtful.watchers.add(watcher)
    }
  }
  hub.settings = settings
}

export function markMoved(one: Presentity | Watcher | undefined): void {
  if (one !== undefined) one.revision = null
}

export function hasMoved(one: Presentity | Watcher): boolean {
  return one.revision === null
}

export function readingsOf({ tally, list, doubtful, due, ticks, blind }: HubState): HubReadings {
  return {
    ...tally,
    streams: list.streams.size,
    presentities: list.presentities.size,
    doubtful: doubtful.presentities.size + doubtful.watchers.size,
    due: due.size(),
    ticks,
    blind,
  }
}
