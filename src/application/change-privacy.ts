import { blocksFrom } from '../domain/edge.ts'
import type { Pair } from '../domain/pair.ts'
import type { RequestCounts } from '../domain/request-limits.ts'
import { trailRecord, type ActCause, type Actor } from '../domain/trail.ts'
import type { PairOf, Preference } from './ports.ts'
import type { ChangeScope, PrivacyStore, Snapshot, Writes } from './privacy-store.ts'

/** What a use case decides; everything that follows from it of itself is added by `changePrivacy`. */
export type Change<Result> = {
  readonly pairs?: readonly ChangedPair[]
  readonly incoming?: Writes['incoming']
  readonly preference?: Preference
  readonly requestCounts?: RequestCounts
  readonly answer?: Writes['answer']
  readonly result: Result
}

export type ChangedPair = PairOf & {
  readonly pair: Pair
  /** What was done about the edge, for the trail; null where nothing was. */
  readonly cause: ActCause | null
}

/**
 * Every change of who may see whom, in one transaction: lock, decide, write, raise the revisions, record in the trail, signal. Later
 * concerns of such changes belong here. Throws `Unavailable`; then all of it happened or nothing, and it may be repeated.
 */
export async function changePrivacy<Result>(
  store: PrivacyStore,
  scope: ChangeScope,
  decide: (snapshot: Snapshot) => Change<Result>,
): Promise<Result> {
  return store.change(scope, (snapshot) => {
    const { pairs = [], incoming = [], result, ...rest } = decide(snapshot)
    const writes = {
      pairs: withBlocksMirrored(pairs, snapshot),
      incoming,
      preference: rest.preference ?? null,
      requestCounts: rest.requestCounts ?? null,
      answer: rest.answer ?? null,
      trail: trailOf(pairs, { snapshot, scope }),
      // Whose change it is sees others in another way, perhaps. The watchers' own streams must not so much as look again: the work
      // could be felt.
      signal: [...new Set([scope.by, ...[...pairs, ...incoming].map(({ presentity }) => presentity)])],
    }
    return { writes, result }
  })
}

/** Every change of an edge is accounted for in the transaction that makes it, ends by time that were found on the way included. */
function trailOf(
  pairs: readonly ChangedPair[],
  { snapshot, scope }: { readonly snapshot: Snapshot; readonly scope: ChangeScope },
): Writes['trail'] {
  const actor: Actor = scope.actor ?? { kind: 'USER', id: scope.by }
  return pairs.flatMap(({ presentity, watcher, pair, cause }) => {
    const of = { presentity, watcher }
    const before = snapshot.pair(of).edge
    const record = trailRecord({ before, after: pair.edge, cause, actor, now: snapshot.now })
    return record === null ? [] : [{ ...of, ...record }]
  })
}

/** Whom a user blocks stands in the row by which he looks at them, too, so that one row tells what he sees. */
function withBlocksMirrored(pairs: readonly ChangedPair[], snapshot: Snapshot): readonly ChangedPair[] {
  const changed = new Map(pairs.map((pair) => [keyOf(pair), pair]))
  for (const { presentity, watcher, pair } of pairs) {
    const opposite = { presentity: watcher, watcher: presentity }
    const before = changed.get(keyOf(opposite))?.pair ?? snapshot.pair(opposite)
    const watcherBlocksFrom = blocksFrom(pair.edge)
    if (before.watcherBlocksFrom === watcherBlocksFrom) continue
    changed.set(keyOf(opposite), { ...opposite, pair: { ...before, watcherBlocksFrom }, cause: null })
  }
  return [...changed.values()]
}

function keyOf({ presentity, watcher }: PairOf): string {
  return `${presentity}\u0000${watcher}`
}
