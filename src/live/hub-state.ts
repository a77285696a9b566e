import type { LiveFacts, Revision } from '../application/live-ports.ts'
import type { DisclosurePolicy } from '../application/what-is-seen.ts'
import type { DueTimes } from './due-times.ts'
import type { Presentity, Watcher, WatchList } from './watch-list.ts'

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
  /** What the watchers' classes belong to. */
  settings: Revision | null
  /** How many ticks have begun. */
  ticks: number
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
