import type { Popup, PrivacyLists, Signals, WaitingItem } from '../application/ports.ts'
import type { IncomingItem } from '../domain/request.ts'
import type { UserId } from '../domain/user-id.ts'
import type { Beginning } from './beginning.ts'
import { lookAgain } from './look-again.ts'
import type { PresenceHub } from './presence-hub.ts'

/** So many requests, and so many notices, stand in a popup at once: as many as one answer may present. */
const POPUP_LIMIT = 500

export type IncomingEvent =
  | {
      readonly change: 'SNAPSHOT'
      readonly requests: readonly WaitingItem[]
      readonly notices: readonly WaitingItem[]
    }
  | { readonly change: 'ADDED' | 'NOTICED'; readonly items: readonly WaitingItem[] }
  | { readonly change: ClosingChange; readonly closedIds: readonly string[] }

const CLOSING_CHANGES = ['RESOLVED', 'WITHDRAWN', 'EXPIRED', 'DISMISSED', 'ACKNOWLEDGED'] as const
type ClosingChange = (typeof CLOSING_CHANGES)[number]

/** How an item leaves the popup by its state; an item that was never in one cannot leave it. */
const CLOSED_BY = {
  OPEN: null,
  ABSORBED: null,
  ALLOWED: 'RESOLVED',
  BLOCKED: 'RESOLVED',
  WITHDRAWN: 'WITHDRAWN',
  EXPIRED: 'EXPIRED',
  DISMISSED: 'DISMISSED',
  ACKNOWLEDGED: 'ACKNOWLEDGED',
} as const satisfies Record<IncomingItem['state'], ClosingChange | null>

/**
 * What waits for one user: first everything, then each change, found by comparing what is stored with what was last shown; and everything
 * again by the clock, for a subscriber from whom a middle layer has dropped something. The phase of that is drawn once.
 *
 * Each event waits for its turn among what the user's streams of presence show: a request that is asked after a block would else come
 * before it sometimes, and never before a presentity has left. See `lookAgain` for how the stream ends and what it does when storage
 * cannot be read.
 */
export function watchIncoming(
  {
    lists,
    signals,
    hub,
  }: {
    readonly lists: PrivacyLists
    readonly signals: Signals
    readonly hub: Pick<PresenceHub, 'inTurn' | 'snapshotEveryMs'>
  },
  presentity: UserId,
): AsyncIterableIterator<IncomingEvent> & Beginning {
  let shown: ReadonlySet<string> | null = null
  let snapshotAt = performance.now() + Math.random() * hub.snapshotEveryMs
  const isSnapshotDue = (): boolean => {
    const now = performance.now()
    if (now < snapshotAt) return false
    snapshotAt += (Math.floor((now - snapshotAt) / hub.snapshotEveryMs) + 1) * hub.snapshotEveryMs
    return true
  }
  return lookAgain<IncomingEvent>({
    subscribe: (hint) => signals.subscribe(presentity, hint),
    async look() {
      const known = isSnapshotDue() ? null : shown
      const popup = await lists.popup({ presentity, limit: POPUP_LIMIT, known: [...(known ?? [])] })
      await hub.inTurn(presentity)
      const events = known === null ? [snapshotOf(popup)] : changesOf(popup, known)
      const waiting = [...popup.requests, ...popup.notices]
      shown = new Set(waiting.map(({ item }) => item.id))
      return { events, againInMs: Math.min(nextEnd(popup) ?? Infinity, snapshotAt - performance.now()) }
    },
  })
}

function snapshotOf({ requests, notices }: Popup): IncomingEvent {
  return { change: 'SNAPSHOT', requests, notices }
}

function changesOf(popup: Popup, shown: ReadonlySet<string>): IncomingEvent[] {
  const isNew = ({ item }: WaitingItem): boolean => !shown.has(item.id)
  const added = popup.requests.filter(isNew)
  const noticed = popup.notices.filter(isNew)
  const closed = closedIdsOf(popup, shown)
  return [
    ...CLOSING_CHANGES.flatMap((change) => {
      const closedIds = closed.get(change)
      return closedIds === undefined ? [] : [{ change, closedIds }]
    }),
    ...(added.length > 0 ? [{ change: 'ADDED' as const, items: added }] : []),
    ...(noticed.length > 0 ? [{ change: 'NOTICED' as const, items: noticed }] : []),
  ]
}

/** An item of which nothing is left in storage has been forgotten: it closes as one that was dismissed. */
function closedIdsOf(popup: Popup, shown: ReadonlySet<string>): ReadonlyMap<ClosingChange, string[]> {
  const states = new Map(popup.closed.map(({ id, state }) => [id, state]))
  const waiting = new Set([...popup.requests, ...popup.notices].map(({ item }) => item.id))
  const closed = new Map<ClosingChange, string[]>()
  for (const id of shown) {
    if (waiting.has(id)) continue
    const state = states.get(id)
    const change = (state && CLOSED_BY[state]) ?? 'DISMISSED'
    closed.set(change, [...(closed.get(change) ?? []), id])
  }
  return closed
}

/** How long until the first of the shown requests expires. */
function nextEnd({ now, requests }: Popup): number | null {
  const ends = requests.flatMap(({ item }) => item.endsAt ?? [])
  return ends.length === 0 ? null : Math.min(...ends) - now
}
