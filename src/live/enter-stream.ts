import type { RevisedFacts, StreamBeginnings } from '../application/live-ports.ts'
import { NO_PAIR } from '../domain/pair.ts'
import type { UserId } from '../domain/user-id.ts'
import { compactPair } from './compact-pair.ts'
import { isSame } from './decide.ts'
import { contactsIn } from './follow-contacts.ts'
import { showAfresh } from './hand-over.ts'
import { hasMoved, settingsMoved, type HubState } from './hub-state.ts'
import { inTurn } from './in-turn.ts'
import type { PresenceSink } from './presence-event.ts'
import { renew } from './renew.ts'
import type { Presentity, Stream } from './watch-list.ts'

/** What a stream is about: certain users, or the watcher's contact list, with all who come to it. */
export type Interest = { readonly users: readonly UserId[] } | 'CONTACTS'

export type Watch = {
  readonly watcher: UserId
  readonly interest: Interest
  readonly sink: PresenceSink
}

/**
 * Takes a stream among those that ticks decide about. Its first snapshot waits for its turn: everything that was heard of before goes to
 * the watcher's other streams together with it. Where its facts show a presentity otherwise than those other streams do, they are told in
 * the same step; else the snapshot would come before their frames after some causes, and after them after others.
 */
export function enterStream(
  hub: HubState,
  { watcher, interest, sink }: Watch,
  {
    facts,
    snapshotAt,
    onEntered,
  }: {
    readonly facts: RevisedFacts
    readonly snapshotAt: number
    /** What was heard meanwhile is for the caller to say. */
    readonly onEntered: (stream: Stream) => void
  },
): void {
  const followsContacts = interest === 'CONTACTS'
  const { list, doubtful, snapshots, ticks } = hub
  const stream = list.addStream({ watcher, facts }, { followsContacts, sink, since: ticks, snapshotAt })
  stream.awaitsSnapshot = true
  snapshots.set(stream, snapshotAt)
  const users = followsContacts ? contactsIn(facts).map(([id]) => id) : interest.users
  for (const user of new Set(users)) {
    const pair = compactPair(facts.presentities.get(user)?.pair ?? NO_PAIR, facts.now)
    const entry = list.addEntry(stream, user, { pair, facts })
    entry.shown = renew(hub, entry, facts)
  }
  for (const presentity of inDoubtElsewhere(hub, stream)) doubtful.presentities.add(presentity)
  onEntered(stream)
  inTurn(hub, stream.watcher, () => showAfresh(hub, stream))
  // These facts may show that a user has moved before any signal does. The snapshot does not wait: the change may not concern this watcher.
  for (const { presentity } of stream.entries) if (hasMoved(presentity)) doubtful.presentities.add(presentity)
  if (hasMoved(stream.watcher)) doubtful.watchers.add(stream.watcher)
  if (hub.settings !== facts.revisions.settings) settingsMoved(hub, facts.revisions.settings)
}

/**
 * Presentities whom the watcher's other streams may show by older facts than this stream has read: the latest of those streams shows another
 * presence, or the tick under way is reading the presentity for them.
 */
function inDoubtElsewhere({ running }: HubState, stream: Stream): readonly Presentity[] {
  const unmet = new Map(stream.entries.map(({ presentity, shown }) => [presentity, shown]))
  const found: Presentity[] = []
  for (const other of [...stream.watcher.streams].reverse()) {
    if (unmet.size === 0) break
    if (other === stream) continue
    for (const { presentity, shown } of other.entries) {
      const own = unmet.get(presentity)
      if (own === undefined) continue
      unmet.delete(presentity)
      const isBeingRead = running?.presentities.has(presentity) === true
      if (isBeingRead || !isSame(own.presence, shown.presence)) found.push(presentity)
    }
  }
  return found
}

/** What a stream begins with. */
export async function factsFor(live: StreamBeginnings, { watcher, interest }: Watch): Promise<RevisedFacts> {
  if (interest === 'CONTACTS') return live.contactFacts({ watcher })
  const facts = await live.factsOfPairs(interest.users.map((presentity) => ({ presentity, watcher })))
  const own = facts.get(watcher)
  if (own === undefined) throw new Error('a stream is about one user at least')
  return own
}
