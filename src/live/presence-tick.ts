import { NO_REVISION, type Revision, type WatchedPresentity } from '../application/live-ports.ts'
import { presenceSourceOf, shownOf } from '../application/what-is-seen.ts'
import { composeOwnPresence, composePresence, nextPresenceChange, OFFLINE } from '../domain/presence.ts'
import { earlier, nextPairChange } from './compact-pair.ts'
import { shownAs, shownToHerself } from './decide.ts'
import { hasMoved, markMoved, settingsMoved, type HubState, type Scope } from './hub-state.ts'
import { outbox, type Outbox } from './outbox.ts'
import type { Shown } from './presence-event.ts'
import { refresh } from './refresh.ts'
import type { Entry, Presentity, Stream, Watcher } from './watch-list.ts'

/** Each may take a statement for his contact list; the others wait for the next tick. */
const MOST_RENEWED = 50

/**
 * Finds out about everybody in scope and hands on what has changed. docs/adr/0006-verified-at-delivery.md says why nobody is shown too
 * much: the moment that is decided on comes after whatever has caused the tick, and every fact that was kept from before is used only
 * if, at that moment, its revisions are those it was read with; else it is read again first. Throws `Unavailable`; what was not decided
 * by then has to be looked at again. Ticks never overlap.
 */
export async function tick(hub: HubState, scope: Scope): Promise<{ readonly now: number }> {
  hub.ticks += 1
  const now = isAllMoved(scope) ? await refreshMoved(hub, scope) : null
  return { now: now ?? (await lookAt(hub, scope)) }
}

/** By one look at all of them, and anew where that finds that somebody has moved. */
async function lookAt(hub: HubState, scope: Scope): Promise<number> {
  const watchers = watchersIn(scope)
  const look = await hub.live.look({
    presentities: [...scope.presentities].map(({ id }) => id),
    watchers: knownRevisions(watchers),
  })
  if (hub.settings !== look.settings) settingsMoved(hub, look.settings)
  for (const id of look.moved) markMoved(hub.list.watchers.get(id))

  for (const presentity of scope.presentities) {
    const { revision } = look.presentities.get(presentity.id) ?? { revision: NO_REVISION }
    if (presentity.revision !== revision) presentity.revision = null
  }
  const out = outbox(hub)
  const later: Later = { streams: streamsOf([...scope.presentities].filter(hasMoved)), entries: [] }
  for (const presentity of scope.presentities) {
    if (presentity.entries.length === 0 || hasMoved(presentity)) continue
    decide(hub, presentity, { now: look.now, watched: look.presentities.get(presentity.id), out, later })
  }
  out.flush()
  await refreshMoved(hub, { presentities: scope.presentities, watchers }, later.entries)
  return look.now
}

/** Whoever is known to have moved is read anew, and a look would only find that. */
function isAllMoved({ presentities, watchers }: Scope): boolean {
  const all = [...presentities, ...watchers]
  return all.length > 0 && all.every(hasMoved)
}

async function refreshMoved(
  hub: HubState,
  { presentities, watchers }: Scope,
  entries: readonly Entry[] = [],
): Promise<number | null> {
  const moved = [...watchers].filter(hasMoved)
  for (const watcher of moved.slice(MOST_RENEWED)) hub.doubtful.watchers.add(watcher)
  return refresh(hub, {
    presentities: [...presentities].filter(hasMoved),
    watchers: moved.slice(0, MOST_RENEWED),
    entries,
  })
}

/**
 * What else a stream is about that shows somebody who is read anew. It is told of all of them at once: that one of them came later would
 * tell that she has decided something, which whoever goes offline by the end of a session has not.
 */
type Later = { readonly streams: ReadonlySet<Stream>; readonly entries: Entry[] }

/** All who look at somebody and of whom nothing has moved. Whoever is left out is refreshed. */
function decide(
  hub: HubState,
  presentity: Presentity,
  {
    now,
    watched,
    out,
    later,
  }: {
    readonly now: number
    readonly watched: WatchedPresentity | undefined
    readonly out: Outbox
    readonly later: Later
  },
): void {
  const { policy, doubtful, due, ticks } = hub
  const source = watched && presenceSourceOf(watched, policy)
  const others = shownAs(presentity, source ? composePresence(source, now) : OFFLINE)
  let next = source ? nextPresenceChange(source, now) : null
  let own: Shown | undefined
  for (const entry of presentity.entries) {
    const { stream, pair } = entry
    const { watcher } = stream
    if (later.streams.has(stream)) {
      later.entries.push(entry)
      continue
    }
    if (stream.since >= ticks) {
      doubtful.presentities.add(presentity)
      continue
    }
    if (watcher.revision === null) continue
    next = earlier(next, nextPairChange(pair, now))
    if (watched === undefined || source === undefined) {
      out.offer(entry, presentity.offline)
      continue
    }
    const self = watcher.id === presentity.id
    if (self) own ??= shownToHerself(presentity, composeOwnPresence(source, now))
    const composed = own !== undefined && self ? own : others
    const presence = shownOf(
      { now, watcherClass: watcher.watcherClass },
      { user: watched.user, pair, self },
      policy,
      () => composed.presence,
    )
    out.offer(entry, presence === OFFLINE ? presentity.offline : composed)
  }
  due.set(presentity, next)
}

function watchersIn({ presentities, watchers }: Scope): Set<Watcher> {
  const found = new Set(watchers)
  for (const { entries } of presentities) for (const { stream } of entries) found.add(stream.watcher)
  return found
}

function knownRevisions(watchers: ReadonlySet<Watcher>): Map<Watcher['id'], Revision> {
  const known = new Map<Watcher['id'], Revision>()
  for (const { id, revision, streams } of watchers) {
    // Whoever has left may have come back: what was known of him then is not what is known of him now.
    if (revision !== null && streams.size > 0) known.set(id, revision)
  }
  return known
}

function streamsOf(presentities: readonly Presentity[]): Set<Stream> {
  return new Set(presentities.flatMap(({ entries }) => entries).map(({ stream }) => stream))
}
