import type { RevisedFacts } from '../application/ports.ts'
import { whatIsSeen, type DisclosurePolicy } from '../application/what-is-seen.ts'
import { OFFLINE, type Presence } from '../domain/presence.ts'
import type { Shown } from './presence-event.ts'
import type { Presentity, Watcher } from './watch-list.ts'

/** What one watcher is shown of somebody, by facts of one moment alone. */
export function decideFrom(
  policy: DisclosurePolicy,
  { presentity, watcher }: { readonly presentity: Presentity; readonly watcher: Watcher },
  facts: RevisedFacts,
): Shown {
  const pair = { presentity: presentity.id, watcher: watcher.id }
  return shownAs(presentity, whatIsSeen(facts, pair, policy).presence)
}

/** The one object for it, if it is what was shown before. */
export function shownAs(presentity: Presentity, presence: Presence): Shown {
  if (presence === OFFLINE) return presentity.offline
  if (isSame(presentity.shown.presence, presence)) return presentity.shown
  return { user: presentity.id, presence }
}

export function isSame(a: Presence, b: Presence): boolean {
  return a === b || (a.status === b.status && a.activity === b.activity && a.note === b.note)
}
