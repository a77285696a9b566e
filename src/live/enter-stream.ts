import type { RevisedFacts, StreamBeginnings } from '../application/live-ports.ts'
import { NO_PAIR } from '../domain/pair.ts'
import type { UserId } from '../domain/user-id.ts'
import { compactPair } from './compact-pair.ts'
import { isSame } from './decide.ts'
import { contactsIn } from './follow-contacts.ts'
import { showAfresh } from './hand-over.ts'
import { hasMoved, settingsMoved, type HubState } from './hub-state.ts'
import { inTurn } from './in-turn.ts'
import type { PresenceSink, Shown } from './presence-event.ts'
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
  const { list, doubtful, running, snapshots, ticks } = hub
  const stream = list.addStream({ watcher, facts }, { followsContacts, sink, since: ticks, snapshotAt })
  stream.awaitsSnapshot = true
  snapshots.set(stream, snapshotAt)
  const elsewhere = shownElsewhere(stream)
  const users = followsContacts ? contactsIn(facts).map(([id]) => id) : interest.users
  for (const user of new Set(users)) {
    const pair = compactPair(facts.presentities.get(user)?.pair ?? NO_PAIR, facts.now)
    const entry = list.addEntry(stream, user, { pair, facts })
    entry.shown = renew(hub, entry, facts)
    const { presentity, shown } = entry
    const other = elsewhere.get(presentity)
    if (other === undefined) continue
    // What is being read for the other streams may be older than what this one has read.
    const isBeingRead = running?.presentities.has(presentity) === true
    if (isBeingRead || !isSame(other.presence, shown.presence)) doubtful.presentities.add(presentity)
  }
  onEntered(stream)
  inTurn(hub, stream.watcher, () => {
    if (list.streams.has(stream)) showAfresh(hub, stream)
  })
  // Who has moved, as these facts show before any signal does, holds nothing up: it may be nothing to this watcher.
  for (const { presentity } of stream.entries) if (hasMoved(presentity)) doubtful.presentities.add(presentity)
  if (hasMoved(stream.watcher)) doubtful.watchers.add(stream.watcher)
  if (hub.settings !== facts.revisions.settings) settingsMoved(hub, facts.revisions.settings)
}

function shownElsewhere({ watcher }: Stream): ReadonlyMap<Presentity, Shown> {
  const shown = new Map<Presentity, Shown>()
  for (const { entries } of watcher.streams)
    for (const { presentity, shown: told } of entries) shown.set(presentity, told)
  return shown
}

/** What a stream begins with. */
export async function factsFor(live: StreamBeginnings, { watcher, interest }: Watch): Promise<RevisedFacts> {
  if (interest === 'CONTACTS') return live.contactFacts({ watcher })
  const facts = await live.factsOfPairs(interest.users.map((presentity) => ({ presentity, watcher })))
  const own = facts.get(watcher)
  if (own === undefined) throw new Error('a stream is about one user at least')
  return own
}
