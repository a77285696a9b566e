import type { RevisedFacts } from '../application/live-ports.ts'
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
  const { presence } = whatIsSeen(facts, { presentity: presentity.id, watcher: watcher.id }, policy)
  return watcher.id === presentity.id ? shownToHerself(presentity, presence) : shownAs(presentity, presence)
}

/** The one object for it, if it is what others were shown before; from now on, else. */
export function shownAs(presentity: Presentity, presence: Presence): Shown {
  if (presence === OFFLINE) return presentity.offline
  if (!isSame(presentity.shown.presence, presence)) presentity.shown = { user: presentity.id, presence }
  return presentity.shown
}

/** Never what others are shown, who may be shown less. */
export function shownToHerself({ id, offline }: Presentity, presence: Presence): Shown {
  return presence === OFFLINE ? offline : { user: id, presence }
}

export function isSame(a: Presence, b: Presence): boolean {
  return a === b || (a.status === b.status && a.activity === b.activity && a.note === b.note)
}
