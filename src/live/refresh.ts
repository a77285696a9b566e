import type { RevisedFacts } from '../application/live-ports.ts'
import type { PairOf } from '../application/ports.ts'
import type { UserId } from '../domain/user-id.ts'
import { followContacts, lookForRemovals } from './follow-contacts.ts'
import { showAfresh } from './hand-over.ts'
import { settingsMoved, type HubState } from './hub-state.ts'
import { outbox } from './outbox.ts'
import { renew } from './renew.ts'
import { revisionsRead, settle } from './settle.ts'
import type { Entry, Presentity, Stream, Watcher } from './watch-list.ts'

/** Who has moved, and entries of others that are to be read together with theirs. */
export type ToRefresh = {
  readonly presentities: readonly Presentity[]
  readonly watchers: readonly Watcher[]
  readonly entries: readonly Entry[]
}

/**
 * Reads all anew that was kept of them, and hands on what is another one now. Each entry is decided by facts of one moment, the revisions
 * among them. Returns the latest of these moments; null if there was nothing to be read.
 */
export async function refresh(hub: HubState, moved: ToRefresh): Promise<number | null> {
  const plan = planOf(moved)
  const [byWatcher, byStream] = await Promise.all([
    plan.entries.length === 0
      ? new Map<UserId, RevisedFacts>()
      : hub.live.factsOfPairs(plan.entries.map(pairOf)),
    contactFactsOf(hub, plan.contactStreams),
  ])

  const out = outbox(hub)
  const read = revisionsRead()
  const take = (entry: Entry, facts: RevisedFacts): void => {
    out.offer(entry, renew(hub, entry, facts))
    read.add(entry, facts)
    hub.tally.renewed += 1
  }
  for (const entry of plan.entries) {
    const facts = byWatcher.get(entry.stream.watcher.id)
    if (facts !== undefined && hub.list.streams.has(entry.stream)) take(entry, facts)
  }
  for (const [stream, facts] of byStream) {
    if (!hub.list.streams.has(stream)) continue
    followContacts(hub, stream, facts)
    read.addWatcher(stream.watcher, facts)
    for (const entry of stream.entries) take(entry, facts)
  }
  out.flush()
  for (const stream of plan.streams) if (hub.list.streams.has(stream)) showAfresh(hub, stream)
  settle(hub, read, {
    presentities: new Set(moved.presentities),
    watchers: new Set(moved.watchers),
    streams: new Set(plan.streams),
  })
  lookForRemovals(hub, plan.entries)

  let now: number | null = null
  for (const facts of [...byWatcher.values(), ...byStream.values()]) {
    if (facts.revisions.settings !== hub.settings) settingsMoved(hub, facts.revisions.settings)
    now = Math.max(now ?? facts.now, facts.now)
  }
  return now
}

/** Every entry once: those of streams that follow a contact list come with the list. */
function planOf({ presentities, watchers, entries: more }: ToRefresh) {
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

function pairOf({ presentity, stream }: Entry): PairOf {
  return { presentity: presentity.id, watcher: stream.watcher.id }
}
