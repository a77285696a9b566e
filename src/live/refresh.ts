import type { RevisedFacts, Revision } from '../application/live-ports.ts'
import { UserErased, type PairOf } from '../application/ports.ts'
import type { UserId } from '../domain/user-id.ts'
import { followContacts, lookForRemovals } from './follow-contacts.ts'
import type { HubState } from './hub-state.ts'
import { outbox } from './outbox.ts'
import { renewals } from './renew.ts'
import type { RevisionsRead } from './settle.ts'
import { failStreams } from './stream-health.ts'
import type { Entry, Presentity, Stream, Watcher } from './watch-list.ts'

/** Watchers of whom everything is to be read, and entries of others that are to be read together with theirs. */
export type ToRefresh = {
  readonly watchers: readonly Watcher[]
  readonly entries: readonly Entry[]
}

export type Refreshed = {
  /** The latest moment that was read; null where nothing was on screen. */
  readonly now: number | null
  /** Each revision of the settings that was read. */
  readonly settings: ReadonlySet<Revision>
  readonly anew: { readonly watchers: ReadonlySet<Watcher>; readonly streams: ReadonlySet<Stream> }
}

/**
 * Reads anew all that was kept of them, and hands over what is another one now. Each entry is decided by facts of one moment, the revisions
 * among them. Null if there is nothing to be read.
 */
export async function refresh(
  hub: HubState,
  toRefresh: ToRefresh,
  read: RevisionsRead,
): Promise<Refreshed | null> {
  if (toRefresh.watchers.length === 0 && toRefresh.entries.length === 0) return null
  const plan = planOf(toRefresh)
  const [byWatcher, byStream] = await Promise.all([
    readFacts(hub, plan.entries),
    contactFactsOf(hub, plan.contactStreams),
  ])

  for (const [watcher, facts] of byWatcher) if (facts.watcherErased) endStreamsOf(hub, watcher)
  for (const [{ watcher }, facts] of byStream) if (facts.watcherErased) endStreamsOf(hub, watcher.id)

  const out = outbox(hub)
  const renew = renewals(hub)
  const take = (entry: Entry, facts: RevisedFacts): void => {
    out.offer(entry, renew(entry, facts))
    read.add(entry, facts)
    hub.tally.renewed += 1
  }
  for (const entry of plan.entries) {
    const facts = byWatcher.get(entry.stream.watcher.id)
    if (facts !== undefined && hub.list.streams.has(entry.stream)) take(entry, facts)
  }
  for (const [stream, facts] of byStream) {
    if (!hub.list.streams.has(stream)) continue
    followContacts(hub, stream, { facts, out })
    read.addWatcher(stream.watcher, facts)
    for (const entry of stream.entries) take(entry, facts)
  }
  for (const stream of plan.streams) out.showAfresh(stream)
  out.flush()
  lookForRemovals(hub, plan.entries)

  const all = [...byWatcher.values(), ...byStream.values()]
  return {
    now: all.length === 0 ? null : Math.max(...all.map(({ now }) => now)),
    settings: new Set(all.map(({ revisions }) => revisions.settings)),
    anew: { watchers: new Set(toRefresh.watchers), streams: new Set(plan.streams) },
  }
}

/** The facts of the entries' pairs, by watcher, in one statement. Each pair is asked for once, in however many streams it is. */
export async function readFacts(
  { live }: HubState,
  entries: readonly Entry[],
): Promise<ReadonlyMap<UserId, RevisedFacts>> {
  return entries.length === 0 ? new Map() : live.factsOfPairs(distinctPairs(entries))
}

/** Of a watcher who was erased: nothing more is shown to them, whatever others do about that id. */
function endStreamsOf(hub: HubState, id: UserId): void {
  const watcher = hub.list.watchers.get(id)
  if (watcher === undefined) return
  failStreams(hub, { presentities: new Set(), watchers: new Set([watcher]) }, new UserErased())
}

/** Every entry once: those of streams that follow a contact list come with the list. */
function planOf({ watchers, entries: more }: ToRefresh) {
  const streams = watchers.flatMap((watcher) => [...watcher.streams])
  const contactStreams = streams.filter(({ followsContacts }) => followsContacts)
  const withTheirList = new Set(contactStreams)
  const entries = new Set(
    streams
      .flatMap((each) => each.entries)
      .concat(more)
      .filter(({ stream }) => !withTheirList.has(stream)),
  )
  return { streams, contactStreams, entries: [...entries] }
}

/** The list of each watcher is read once, and all of the watcher's streams of it show the same. */
async function contactFactsOf(
  { live }: HubState,
  streams: readonly Stream[],
): Promise<ReadonlyMap<Stream, RevisedFacts>> {
  const lists = new Map<Watcher, Promise<RevisedFacts>>()
  const read = async (stream: Stream) => {
    const { watcher } = stream
    const list = lists.get(watcher) ?? live.contactFacts({ watcher: watcher.id })
    lists.set(watcher, list)
    return [stream, await list] as const
  }
  return new Map(await Promise.all(streams.map(read)))
}

function distinctPairs(entries: readonly Entry[]): readonly PairOf[] {
  const met = new Map<Watcher, Set<Presentity>>()
  const pairs: PairOf[] = []
  for (const { presentity, stream } of entries) {
    const { watcher } = stream
    let presentities = met.get(watcher)
    if (presentities === undefined) met.set(watcher, (presentities = new Set()))
    if (presentities.has(presentity)) continue
    presentities.add(presentity)
    pairs.push({ presentity: presentity.id, watcher: watcher.id })
  }
  return pairs
}
