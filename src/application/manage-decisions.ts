import { decide, removeEdge, type Verdict } from '../domain/decide.ts'
import type { Edge } from '../domain/edge.ts'
import type { Pair } from '../domain/pair.ts'
import type { UserId } from '../domain/user-id.ts'
import { changePrivacy } from './change-privacy.ts'
import type { PrivacyStore } from './ports.ts'

/** What a presentity has decided about one watcher, as she reads it. */
export type Decided = { readonly watcher: UserId; readonly edge: Edge }

export type DecideAccess = {
  readonly presentity: UserId
  /** Distinct, and not the presentity herself. */
  readonly watchers: readonly UserId[]
  readonly verdict: Verdict
  /** The end of a grant, epoch milliseconds; null is "until changed". */
  readonly endsAt: number | null
}

/** A presentity allows or blocks watchers by her own will; their open requests are resolved by it. An end must lie ahead. */
export async function decideAccess(
  store: PrivacyStore,
  { presentity, watchers, verdict, endsAt }: DecideAccess,
): Promise<{ readonly decided: readonly Decided[] } | { readonly refused: 'ENDS_IN_THE_PAST' }> {
  const scope = { name: 'decideAccess', by: presentity, others: watchers }
  return changePrivacy<{ decided: readonly Decided[] } | { refused: 'ENDS_IN_THE_PAST' }>(
    store,
    scope,
    ({ now, pair }) => {
      if (endsAt !== null && endsAt <= now) return { result: { refused: 'ENDS_IN_THE_PAST' } }
      const pairs = watchers.map((watcher) => {
        const of = { presentity, watcher }
        return { ...of, pair: decide(pair(of), { now, verdict, origin: 'SET', endsAt }) }
      })
      return { pairs, result: { decided: pairs.map(decidedOf) } }
    },
  )
}

/** A presentity takes back what she has decided about watchers, and dismisses what waits of them. */
export async function deleteDecisions(
  store: PrivacyStore,
  { presentity, watchers }: { readonly presentity: UserId; readonly watchers: readonly UserId[] },
): Promise<readonly Decided[]> {
  const scope = { name: 'deleteDecisions', by: presentity, others: watchers }
  return changePrivacy(store, scope, ({ now, pair }) => {
    const pairs = watchers.map((watcher) => {
      const of = { presentity, watcher }
      return { ...of, pair: removeEdge(pair(of), now) }
    })
    return { pairs, result: pairs.map(decidedOf) }
  })
}

function decidedOf({ watcher, pair }: { watcher: UserId; pair: Pair }): Decided {
  return { watcher, edge: pair.edge }
}
