import type { LiveFacts, Revision } from '../application/ports.ts'
import type { DisclosurePolicy } from '../application/what-is-seen.ts'
import type { DueTimes } from './due-times.ts'
import type { Presentity, Watcher, WatchList } from './watch-list.ts'

/** Who must be looked at again. */
export type Scope = { readonly presentities: Set<Presentity>; readonly watchers: Set<Watcher> }

export type HubState = {
  readonly live: LiveFacts
  readonly policy: DisclosurePolicy
  readonly list: WatchList
  readonly dirty: Scope
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
  hints: number
  /** Ticks that could not read what they had to. */
  failures: number
  /** Pairs whose facts were read anew, because something had moved. */
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
      hub.dirty.watchers.add(watcher)
    }
  }
  hub.settings = settings
}

/** What was read of him is no longer used. */
export function markMoved(watcher: Watcher | undefined): void {
  if (watcher !== undefined) watcher.revision = null
}
