import { NO_REVISION, type RevisedFacts, type Revision } from '../application/live-ports.ts'
import { hasMoved, type HubState } from './hub-state.ts'
import type { Entry, Presentity, Stream, Watcher } from './watch-list.ts'

/** The revisions that entries were read with. */
export type RevisionsRead = ReturnType<typeof revisionsRead>

export function revisionsRead() {
  /** Null where entries were read with several. */
  const presentities = new Map<Presentity, Revision | null>()
  const watchers = new Map<Watcher, { revision: Revision | null; facts: RevisedFacts }>()
  const entries = new Set<Entry>()
  const addWatcher = (watcher: Watcher, facts: RevisedFacts): void => {
    const before = watchers.get(watcher)?.revision
    watchers.set(watcher, { revision: sameOrNull(before, facts.revisions.watcher), facts })
  }
  return {
    presentities: presentities as ReadonlyMap<Presentity, Revision | null>,
    watchers: watchers as ReadonlyMap<Watcher, { revision: Revision | null; facts: RevisedFacts }>,
    entries: entries as ReadonlySet<Entry>,
    addWatcher,
    add(entry: Entry, facts: RevisedFacts): void {
      const { presentity, stream } = entry
      entries.add(entry)
      const revision = facts.revisions.presentities.get(presentity.id) ?? NO_REVISION
      const before = presentities.get(presentity)
      if (before !== revision) presentities.set(presentity, sameOrNull(before, revision))
      if (watchers.get(stream.watcher)?.facts !== facts) addWatcher(stream.watcher, facts)
    },
  }
}

function sameOrNull(before: Revision | null | undefined, revision: Revision): Revision | null {
  return before === undefined || before === revision ? revision : null
}

/**
 * Who was read anew is at what was read, if all of it was read at one revision: what has come in meanwhile may belong to another one.
 * An entry of a watcher who has moved does not count: it is read with everything of theirs. Whoever else turns out to have moved is
 * looked at in turn.
 */
export function settle(
  { doubtful }: HubState,
  read: RevisionsRead,
  anew: {
    readonly presentities: ReadonlySet<Presentity>
    readonly watchers: {
      readonly watchers: ReadonlySet<Watcher>
      /** All that those watchers had when they were read. */
      readonly streams: ReadonlySet<Stream>
    }
  },
): void {
  for (const [watcher, { revision, facts }] of read.watchers) {
    if (anew.watchers.watchers.has(watcher)) {
      const complete = [...watcher.streams].every((stream) => anew.watchers.streams.has(stream))
      watcher.revision = complete ? revision : null
      watcher.watcherClass = { invitationHandling: facts.watcherClass.invitationHandling }
    } else if (watcher.revision !== revision) watcher.revision = null
    if (hasMoved(watcher)) doubtful.watchers.add(watcher)
  }
  for (const [presentity, revision] of read.presentities) {
    const complete = presentity.entries.every(
      (entry) => read.entries.has(entry) || hasMoved(entry.stream.watcher),
    )
    if (anew.presentities.has(presentity) && complete) presentity.revision = revision
    else if (presentity.revision !== revision) presentity.revision = null
    if (hasMoved(presentity)) doubtful.presentities.add(presentity)
  }
}
