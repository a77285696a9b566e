import { NO_REVISION, type RevisedFacts, type Revision } from '../application/live-ports.ts'
import type { WatchersClass } from '../application/what-is-seen.ts'
import { OFFLINE } from '../domain/presence.ts'
import type { UserId } from '../domain/user-id.ts'
import type { CompactPair } from './compact-pair.ts'
import type { PresenceSink, Shown } from './presence-event.ts'

/** Somebody who is looked at here, by whichever streams. */
export type Presentity = {
  readonly id: UserId
  readonly entries: Entry[]
  readonly offline: Shown
  /** What her entries' pairs belong to; null once she has moved: then they may not belong together any more. */
  revision: Revision | null
  /** What those are shown who may see her, as it was composed last: one object for all of them. */
  shown: Shown
}

/** Somebody who looks, with all his streams here. */
export type Watcher = {
  readonly id: UserId
  readonly streams: Set<Stream>
  /** As for a presentity. */
  revision: Revision | null
  watcherClass: WatchersClass
}

/** One presentity in one stream. There are as many as all streams have contacts on screen, so it is small. */
export type Entry = {
  readonly stream: Stream
  readonly presentity: Presentity
  place: number
  pair: CompactPair
  /** What the stream was told last; where it awaits a snapshot, what it would be told. */
  shown: Shown
}

export type Stream = {
  readonly watcher: Watcher
  /** Streams began in this order. */
  readonly ordinal: number
  readonly followsContacts: boolean
  readonly sink: PresenceSink
  entries: Entry[]
  /** The number of the last tick that had begun when the stream began. That tick may read older facts than the stream has read. */
  readonly since: number
  /** Presentities who changed while the sink was not ready; null for none, since few streams ever need a set. */
  behind: Set<Presentity> | null
  behindSince: number | null
  /** The next snapshot by the clock, by the scheduler's: a phase that is drawn once, and nothing else moves it. */
  snapshotAt: number
  /** The next event must be all of it: nothing that was told before counts any more. */
  awaitsSnapshot: boolean
  /** It was told that everybody is Offline, because nothing can be verified. */
  hidden: boolean
}

export type WatchList = ReturnType<typeof watchList>

/** Who is looked at, and who looks, on this instance. `onGone` hears of each presentity whom nobody looks at any more, `onEnd` of each stream. */
export function watchList({
  onGone,
  onEnd,
}: {
  readonly onGone: (presentity: Presentity) => void
  readonly onEnd: (stream: Stream) => void
}) {
  const presentities = new Map<UserId, Presentity>()
  const watchers = new Map<UserId, Watcher>()
  const streams = new Set<Stream>()
  let begun = 0

  const presentityOf = (id: UserId, revision: Revision): Presentity => {
    const known = presentities.get(id)
    if (known !== undefined) {
      if (known.revision !== revision) known.revision = null
      return known
    }
    const offline: Shown = { user: id, presence: OFFLINE }
    const made: Presentity = { id, entries: [], offline, revision, shown: offline }
    presentities.set(id, made)
    return made
  }

  const watcherOf = (id: UserId, { revisions, watcherClass }: RevisedFacts): Watcher => {
    const known = watchers.get(id)
    if (known !== undefined) {
      if (known.revision !== revisions.watcher) known.revision = null
      return known
    }
    const { invitationHandling } = watcherClass
    const made: Watcher = {
      id,
      streams: new Set(),
      revision: revisions.watcher,
      watcherClass: { invitationHandling },
    }
    watchers.set(id, made)
    return made
  }

  const removeEntry = ({ presentity, place }: Entry): void => {
    const last = presentity.entries.pop()
    if (last !== undefined && place < presentity.entries.length) {
      presentity.entries[place] = last
      last.place = place
    }
    if (presentity.entries.length > 0) return
    presentities.delete(presentity.id)
    onGone(presentity)
  }

  return {
    presentities: presentities as ReadonlyMap<UserId, Presentity>,
    watchers: watchers as ReadonlyMap<UserId, Watcher>,
    streams: streams as ReadonlySet<Stream>,

    addStream(
      { watcher, facts }: { readonly watcher: UserId; readonly facts: RevisedFacts },
      rest: Pick<Stream, 'followsContacts' | 'sink' | 'since' | 'snapshotAt'>,
    ): Stream {
      const stream: Stream = {
        ...rest,
        watcher: watcherOf(watcher, facts),
        ordinal: (begun += 1),
        entries: [],
        behind: null,
        behindSince: null,
        awaitsSnapshot: false,
        hidden: false,
      }
      stream.watcher.streams.add(stream)
      streams.add(stream)
      return stream
    },

    removeStream(stream: Stream): void {
      if (!streams.delete(stream)) return
      onEnd(stream)
      const { watcher, entries } = stream
      watcher.streams.delete(stream)
      if (watcher.streams.size === 0 && watchers.get(watcher.id) === watcher) watchers.delete(watcher.id)
      entries.forEach(removeEntry)
      stream.entries = []
    },

    /** What it shows is for the caller to say at once. */
    addEntry(stream: Stream, id: UserId, { pair, facts }: { pair: CompactPair; facts: RevisedFacts }): Entry {
      const presentity = presentityOf(id, facts.revisions.presentities.get(id) ?? NO_REVISION)
      const entry: Entry = {
        stream,
        presentity,
        place: presentity.entries.length,
        pair,
        shown: presentity.offline,
      }
      presentity.entries.push(entry)
      stream.entries.push(entry)
      return entry
    },

    removeEntries(stream: Stream, gone: ReadonlySet<Entry>): void {
      if (gone.size === 0) return
      gone.forEach(removeEntry)
      stream.entries = stream.entries.filter((entry) => !gone.has(entry))
    },
  }
}
