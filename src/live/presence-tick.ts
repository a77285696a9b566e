import {
  NO_REVISION,
  type LiveFacts,
  type Revision,
  type RevisedFacts,
  type WatchedPresentity,
} from '../application/live-ports.ts'
import { presenceSourceOf, shownOf } from '../application/what-is-seen.ts'
import {
  composeOwnPresence,
  composePresence,
  nextPresenceChange,
  OFFLINE,
  type Presence,
  type PresenceSource,
} from '../domain/presence.ts'
import type { UserId } from '../domain/user-id.ts'
import { earlier, nextPairChange } from './compact-pair.ts'
import { shownAs, shownToHerself } from './decide.ts'
import { hasMoved, markMoved, settingsMoved, type HubState, type Scope } from './hub-state.ts'
import { decidedFor, tickEnded } from './in-turn.ts'
import { outbox, type Outbox } from './outbox.ts'
import type { Shown } from './presence-event.ts'
import { readFacts, refresh } from './refresh.ts'
import { renewals } from './renew.ts'
import { revisionsRead, settle, type RevisionsRead } from './settle.ts'
import { entriesOf, takeSome } from './take-some.ts'
import type { Entry, Presentity, Watcher } from './watch-list.ts'

/** Each may take a statement for their contact list; the others wait for the next tick. */
const MOST_RENEWED = 50

/**
 * Decides about everybody in scope and hands over what has changed, in two steps at most. The first step reads sessions and revisions of
 * everybody, and beside it, at the same time, the facts of those who are known to have moved. The second reads the facts of whoever turned
 * out to have moved. Everything of one watcher is handed over by the same step: the second, if one entry of theirs needs it.
 *
 * docs/adr/0006-verified-at-delivery.md says why nobody is shown too much, and docs/adr/0012-one-watcher-one-step.md why frames of one
 * watcher keep together. Throws `Unavailable`; what was not decided by then has to be read again. Ticks never overlap.
 */
export async function tick(hub: HubState, scope: Scope): Promise<{ readonly now: number }> {
  hub.ticks += 1
  const read = revisionsRead()
  const known = new Set([...scope.presentities].filter(hasMoved))
  const first = await readFirst(hub, scope, known)
  takeRevisions(hub, scope, first)

  const surprising = [...scope.presentities].filter((one) => hasMoved(one) && !known.has(one))
  const later: Later = { watchers: ownersOf(surprising), entries: [] }
  for (const presentity of surprising) {
    for (const entry of presentity.entries) if (!hasMoved(entry.stream.watcher)) later.entries.push(entry)
  }
  const isLater = (watcher: Watcher): boolean => hasMoved(watcher) || later.watchers.has(watcher)
  const out = outbox(hub)
  takeFacts(hub, first, { read, out, later })
  for (const presentity of scope.presentities) {
    const { look } = first
    if (look === null || presentity.entries.length === 0 || hasMoved(presentity)) continue
    decide(hub, presentity, { now: look.now, watched: look.presentities.get(presentity.id), out, later })
  }
  out.flush()
  decidedFor(hub, scope, (watcher) => !isLater(watcher))

  const moved = [...watchersIn(scope)].filter(hasMoved)
  const watchers = takeSome(new Set(moved), MOST_RENEWED, entriesOf)
  for (const watcher of moved) if (!watchers.has(watcher)) hub.doubtful.watchers.add(watcher)
  const second = await refresh(hub, { watchers: [...watchers], entries: later.entries }, read)
  const isDecided = (watcher: Watcher): boolean =>
    watchers.has(watcher) || (later.watchers.has(watcher) && !hasMoved(watcher))
  decidedFor(hub, scope, isDecided, watchers)
  settle(hub, read, { presentities: new Set([...known, ...surprising]), watchers: second?.anew ?? NOBODY })
  for (const settings of second?.settings ?? []) {
    if (settings !== hub.settings) settingsMoved(hub, settings)
  }
  tickEnded(hub)
  const now = second?.now ?? first.now
  // Nobody looks at them any more: a look at nobody says at least that one succeeds.
  return now === null ? hub.live.look({ presentities: [], watchers: new Map() }) : { now }
}

const NOBODY = { watchers: new Set<Watcher>(), streams: new Set<never>() } as const

type FirstRead = {
  readonly look: Awaited<ReturnType<LiveFacts['look']>> | null
  readonly entries: readonly Entry[]
  readonly facts: ReadonlyMap<UserId, RevisedFacts>
  /** The latest moment that was read; null if nothing was. */
  readonly now: number | null
}

/**
 * What has moved for certain needs facts and no look. Entries of watchers who have moved themselves are left to the second step, which
 * reads everything of theirs.
 */
async function readFirst(hub: HubState, scope: Scope, known: ReadonlySet<Presentity>): Promise<FirstRead> {
  const entries = [...known].flatMap((one) => one.entries.filter(({ stream }) => !hasMoved(stream.watcher)))
  const [look, facts] = await Promise.all([
    isAllMoved(scope)
      ? null
      : hub.live.look({
          presentities: [...scope.presentities].filter((one) => !known.has(one)).map(({ id }) => id),
          watchers: knownRevisions(watchersIn(scope)),
        }),
    readFacts(hub, entries),
  ])
  const moments = [...facts.values()].map(({ now }) => now)
  if (look !== null) moments.push(look.now)
  return { look, entries, facts, now: moments.length === 0 ? null : Math.max(...moments) }
}

/** Everybody in scope is known to have moved: a look would find only that. */
function isAllMoved({ presentities, watchers }: Scope): boolean {
  const all = [...presentities, ...watchers]
  return all.length > 0 && all.every(hasMoved)
}

/** Marks whoever is at another revision than was known, before anything is decided. */
function takeRevisions(hub: HubState, scope: Scope, { look, entries, facts }: FirstRead): void {
  const { list } = hub
  for (const { revisions } of facts.values()) {
    if (hub.settings !== revisions.settings) settingsMoved(hub, revisions.settings)
  }
  for (const { presentity, stream } of entries) {
    const { watcher, followsContacts } = stream
    const read = facts.get(watcher.id)
    if (read === undefined) continue
    // An erased user is in no contact list any more, and yet the watcher has not moved by that.
    const isGone = followsContacts && read.presentities.get(presentity.id)?.pair.contactSince == null
    if (!isGone && !read.watcherErased && watcher.revision === read.revisions.watcher) continue
    markMoved(watcher)
  }
  if (look === null) return
  if (hub.settings !== look.settings) settingsMoved(hub, look.settings)
  for (const id of look.moved) markMoved(list.watchers.get(id))
  for (const presentity of scope.presentities) {
    const { revision } = look.presentities.get(presentity.id) ?? { revision: NO_REVISION }
    if (presentity.revision !== revision) presentity.revision = null
  }
}

/** Watchers whose every entry waits for the second step though they have not moved, and those entries. */
type Later = { readonly watchers: ReadonlySet<Watcher>; readonly entries: Entry[] }

/** Entries of presentities who were known to have moved, by facts of one moment. */
function takeFacts(
  hub: HubState,
  { entries, facts }: FirstRead,
  { read, out, later }: { readonly read: RevisionsRead; readonly out: Outbox; readonly later: Later },
): void {
  const renew = renewals(hub)
  for (const entry of entries) {
    const { watcher } = entry.stream
    const ofWatcher = facts.get(watcher.id)
    if (ofWatcher === undefined || !hub.list.streams.has(entry.stream) || hasMoved(watcher)) continue
    if (later.watchers.has(watcher)) {
      later.entries.push(entry)
      continue
    }
    out.offer(entry, renew(entry, ofWatcher))
    read.add(entry, ofWatcher)
    hub.tally.renewed += 1
  }
}

/** All entries of a presentity who has not moved, by kept facts of pairs; those of watchers who wait for the second step are left to it. */
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
  const { policy, due, ticks } = hub
  const source = watched && presenceSourceOf(watched, policy)
  let next = source ? nextPresenceChange(source, now) : null
  let others: Shown | undefined
  let own: Shown | undefined
  let isLeftOut = false
  // Composed when a watcher may see it, and not before: composing what is hidden would be work that can be felt.
  const composeForOthers = (of: PresenceSource) => (): Presence =>
    (others ??= shownAs(presentity, composePresence(of, now))).presence
  const composeForSelf = (of: PresenceSource) => (): Presence =>
    (own ??= shownToHerself(presentity, composeOwnPresence(of, now))).presence
  const toOthers = source && composeForOthers(source)
  for (const entry of presentity.entries) {
    const { stream, pair } = entry
    const { watcher } = stream
    if (watcher.revision === null) continue
    if (later.watchers.has(watcher)) {
      later.entries.push(entry)
      continue
    }
    if (stream.since >= ticks) {
      isLeftOut = true
      continue
    }
    next = earlier(next, nextPairChange(pair, now))
    if (watched === undefined || source === undefined || toOthers === undefined) {
      out.offer(entry, presentity.offline)
      continue
    }
    const self = watcher.id === presentity.id
    const presence = shownOf(
      { now, watcherClass: watcher.watcherClass },
      { user: watched.user, pair, self },
      policy,
      self ? composeForSelf(source) : toOthers,
    )
    const composed = (self ? own : others) ?? presentity.offline
    out.offer(entry, presence === OFFLINE ? presentity.offline : composed)
  }
  if (isLeftOut) due.sooner(presentity, next)
  else due.set(presentity, next)
}

function ownersOf(presentities: readonly Presentity[]): Set<Watcher> {
  return new Set(presentities.flatMap(({ entries }) => entries.map(({ stream }) => stream.watcher)))
}

function watchersIn(scope: Scope): Set<Watcher> {
  const found = new Set(scope.watchers)
  for (const { entries } of scope.presentities) for (const { stream } of entries) found.add(stream.watcher)
  return found
}

function knownRevisions(watchers: ReadonlySet<Watcher>): Map<Watcher['id'], Revision> {
  const known = new Map<Watcher['id'], Revision>()
  for (const { id, revision, streams } of watchers) {
    // A watcher who has left may have come back: what was known of them then is not what is known now.
    if (revision !== null && streams.size > 0) known.set(id, revision)
  }
  return known
}
