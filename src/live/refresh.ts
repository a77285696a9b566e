import { NO_REVISION, type PairOf, type RevisedFacts, type Revision } from '../application/ports.ts'
import { presenceSourceOf } from '../application/what-is-seen.ts'
import { NO_PAIR } from '../domain/pair.ts'
import { nextPresenceChange } from '../domain/presence.ts'
import type { UserId } from '../domain/user-id.ts'
import { compactPair, earlier, nextPairChange } from './compact-pair.ts'
import { decideFrom } from './decide.ts'
import { handOver } from './hand-over.ts'
import { outbox } from './outbox.ts'
import { markMoved, settingsMoved, type HubState } from './hub-state.ts'
import type { Entry, Presentity, Stream, Watcher } from './watch-list.ts'

/** What has moved, and entries that have not but are to be read together with those that have. */
export type Stale = {
  readonly presentities: readonly Presentity[]
  readonly watchers: readonly Watcher[]
  readonly entries: readonly Entry[]
}

/** Reads all anew of whom something has moved, and hands on what is another one now. Each entry is decided by facts of one moment. */
export async function refresh(hub: HubState, stale: Stale): Promise<void> {
  if (stale.presentities.length === 0 && stale.watchers.length === 0) return
  const plan = planOf(stale)
  const [byWatcher, byStream] = await Promise.all([
    plan.entries.length === 0
      ? new Map<UserId, RevisedFacts>()
      : hub.live.factsOfPairs(plan.entries.map(pairOf)),
    contactFactsOf(hub, plan.contactStreams),
  ])

  const out = outbox(hub)
  const read = revisionsRead()
  for (const entry of plan.entries) {
    const facts = byWatcher.get(entry.stream.watcher.id)
    if (facts !== undefined && hub.list.streams.has(entry.stream)) {
      out.offer(entry, renew(hub, entry, facts))
      read.add(entry, facts)
    }
  }
  for (const [stream, facts] of byStream) {
    if (!hub.list.streams.has(stream)) continue
    followContacts(hub, stream, facts)
    read.addWatcher(stream.watcher, facts)
    for (const entry of stream.entries) {
      out.offer(entry, renew(hub, entry, facts))
      read.add(entry, facts)
    }
  }
  out.flush()
  for (const stream of plan.streams) if (hub.list.streams.has(stream)) showAfresh(hub, stream)
  settle(hub, stale, { read, streams: new Set(plan.streams) })
  lookForRemovals(hub, plan.entries)
  for (const facts of [...byWatcher.values(), ...byStream.values()]) {
    if (facts.revisions.settings !== hub.settings) settingsMoved(hub, facts.revisions.settings)
  }
}

/** The whole of a stream, where nothing that was told before counts. */
export function showAfresh(hub: HubState, stream: Stream): void {
  if (hub.blind || !stream.awaitsSnapshot || !stream.sink.isReady()) return
  stream.awaitsSnapshot = false
  stream.behind = null
  handOver(hub, stream, { change: 'SNAPSHOT', presences: stream.entries.map(({ shown }) => shown) })
}

/** Puts an entry at what was read, and says what that shows. */
export function renew(hub: HubState, entry: Entry, facts: RevisedFacts) {
  const { presentity, stream } = entry
  const of = facts.presentities.get(presentity.id)
  entry.pair = compactPair(of?.pair ?? NO_PAIR, facts.now)
  hub.tally.renewed += 1
  const ownChange = of === undefined ? null : nextPresenceChange(presenceSourceOf(of, hub.policy), facts.now)
  hub.due.sooner(presentity, earlier(ownChange, nextPairChange(entry.pair, facts.now)))
  return decideFrom(hub.policy, { presentity, watcher: stream.watcher }, facts)
}

/** Every entry once: those of streams that follow a contact list come with the list. */
function planOf({ presentities, watchers, entries: more }: Stale) {
  const streams = watchers.flatMap((watcher) => [...watcher.streams])
  const contactStreams = streams.filter(({ followsContacts }) => followsContacts)
  const withTheirList = new Set(contactStreams)
  const entries = new Set(
    [...presentities, ...streams.filter(({ followsContacts }) => !followsContacts)]
      .flatMap((each) => each.entries)
      .concat(more)
      .filter(({ stream }) => !withTheirList.has(stream)),
  )
  return { streams, contactStreams, entries: [...entries] }
}

async function contactFactsOf(
  { live }: HubState,
  streams: readonly Stream[],
): Promise<ReadonlyMap<Stream, RevisedFacts>> {
  const read = async (stream: Stream) =>
    [stream, await live.contactFacts({ watcher: stream.watcher.id })] as const
  return new Map(await Promise.all(streams.map(read)))
}

/** Takes up who was added to the list, and lets go of who was removed. A stream that cannot be told is shown all afresh later. */
function followContacts(hub: HubState, stream: Stream, facts: RevisedFacts): void {
  const removed = stream.entries.filter(({ presentity }) => !facts.presentities.has(presentity.id))
  const kept = new Set(stream.entries.map(({ presentity }) => presentity.id))
  const added = contactsIn(facts).filter(([id]) => !kept.has(id))
  if (removed.length === 0 && added.length === 0) return
  hub.list.removeEntries(stream, new Set(removed))
  const entries = added.map(([id, { pair }]) =>
    hub.list.addEntry(stream, id, { pair: compactPair(pair, facts.now), facts }),
  )
  for (const entry of entries) {
    entry.shown = renew(hub, entry, facts)
    // Hints about her that came while the list was read found nobody who looks at her.
    hub.dirty.presentities.add(entry.presentity)
  }
  if (stream.awaitsSnapshot) return
  if (!stream.sink.isReady()) {
    stream.awaitsSnapshot = true
    return
  }
  if (removed.length > 0) {
    handOver(hub, stream, { change: 'REMOVED', userIds: removed.map(({ presentity }) => presentity.id) })
  }
  if (entries.length > 0) {
    handOver(hub, stream, { change: 'ADDED', presences: entries.map(({ shown }) => shown) })
  }
}

/** In the order of their ids. A database hands rows out as they lie, and every decision about the watcher moves one. */
export function contactsIn({ presentities }: RevisedFacts) {
  return [...presentities].sort(([one], [other]) => (one < other ? -1 : 1))
}

/** The revisions that entries were read with; null where they were read with several. */
function revisionsRead() {
  const presentities = new Map<Presentity, Revision | null>()
  const watchers = new Map<Watcher, { revision: Revision | null; facts: RevisedFacts }>()
  const entries = new Set<Entry>()
  const addWatcher = (watcher: Watcher, facts: RevisedFacts): void => {
    const before = watchers.get(watcher)?.revision
    watchers.set(watcher, { revision: sameOrNull(before, facts.revisions.watcher), facts })
  }
  return {
    addWatcher,
    presentities: presentities as ReadonlyMap<Presentity, Revision | null>,
    watchers: watchers as ReadonlyMap<Watcher, { revision: Revision | null; facts: RevisedFacts }>,
    entries: entries as ReadonlySet<Entry>,
    add(entry: Entry, facts: RevisedFacts): void {
      const { presentity, stream } = entry
      entries.add(entry)
      const revision = facts.revisions.presentities.get(presentity.id) ?? NO_REVISION
      presentities.set(presentity, sameOrNull(presentities.get(presentity), revision))
      addWatcher(stream.watcher, facts)
    },
  }
}

function sameOrNull(before: Revision | null | undefined, revision: Revision): Revision | null {
  return before === undefined || before === revision ? revision : null
}

/**
 * What was stale is at what was read, if all of it was read at one revision: what has come in meanwhile may belong to another one.
 * Whoever else turns out to have moved is looked at in turn.
 */
function settle(
  { dirty }: HubState,
  stale: Stale,
  { read, streams }: { readonly read: ReturnType<typeof revisionsRead>; readonly streams: Set<Stream> },
): void {
  const stalePresentities = new Set(stale.presentities)
  const staleWatchers = new Set(stale.watchers)
  for (const [presentity, revision] of read.presentities) {
    const complete = presentity.entries.every((entry) => read.entries.has(entry))
    if (stalePresentities.has(presentity) && complete) presentity.revision = revision
    else if (presentity.revision !== revision) presentity.revision = null
    if (presentity.revision === null) dirty.presentities.add(presentity)
  }
  for (const [watcher, { revision, facts }] of read.watchers) {
    if (staleWatchers.has(watcher)) {
      const complete = [...watcher.streams].every((stream) => streams.has(stream))
      watcher.revision = complete ? revision : null
      watcher.watcherClass = { invitationHandling: facts.watcherClass.invitationHandling }
    } else if (watcher.revision !== revision) watcher.revision = null
    if (watcher.revision === null) dirty.watchers.add(watcher)
  }
}

/** Whoever was erased is in no contact list any more, and of the watcher nothing has moved. */
function lookForRemovals({ list, dirty }: HubState, entries: readonly Entry[]): void {
  for (const { stream, pair } of entries) {
    if (!stream.followsContacts || pair.contactSince !== null || !list.streams.has(stream)) continue
    markMoved(stream.watcher)
    dirty.watchers.add(stream.watcher)
  }
}

function pairOf({ presentity, stream }: Entry): PairOf {
  return { presentity: presentity.id, watcher: stream.watcher.id }
}
