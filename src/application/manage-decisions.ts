import { decide, removeEdge, type Verdict } from '../domain/decide.ts'
import type { Edge } from '../domain/edge.ts'
import { effectiveHandling } from '../domain/invitation-handling.ts'
import { pairAt, type Pair } from '../domain/pair.ts'
import type { IncomingItem } from '../domain/request.ts'
import type { Actor } from '../domain/trail.ts'
import type { UserId } from '../domain/user-id.ts'
import { changePrivacy, type ChangedPair } from './change-privacy.ts'
import type { PrivacyStore, Snapshot } from './privacy-store.ts'

/** What a presentity has decided about one watcher, as she reads it. */
export type Decided = {
  readonly watcher: UserId
  readonly edge: Edge
  readonly before: Edge
  /** The incoming id of the open request that was resolved or dismissed by it. */
  readonly closedRequest: string | null
  /** Nothing is decided about him, and her handling lets him in when he asks: only a block would revoke. */
  readonly nextRequestAllows: boolean
}

export type DecideAccess = {
  readonly presentity: UserId
  /** Who has it done, where that is not she herself. */
  readonly actor?: Actor
  /** Distinct, and not the presentity herself. */
  readonly watchers: readonly UserId[]
  readonly verdict: Verdict
  /** The end of a grant, epoch milliseconds; null is "until changed". */
  readonly endsAt: number | null
}

/** A presentity allows or blocks watchers by her own will; their open requests are resolved by it. An end must lie ahead. */
export async function decideAccess(
  store: PrivacyStore,
  { presentity, actor, watchers, verdict, endsAt }: DecideAccess,
): Promise<{ readonly decided: readonly Decided[] } | { readonly refused: 'ENDS_IN_THE_PAST' }> {
  const scope = {
    name: 'decideAccess',
    by: presentity,
    kind: 'DECISION' as const,
    ...(actor && { actor }),
    others: watchers,
  }
  return changePrivacy<{ decided: readonly Decided[] } | { refused: 'ENDS_IN_THE_PAST' }>(
    store,
    scope,
    (snapshot) => {
      const { now } = snapshot
      if (endsAt !== null && endsAt <= now) return { result: { refused: 'ENDS_IN_THE_PAST' } }
      const { pairs, result } = decideEach(snapshot, { presentity, watchers, cause: 'SET' }, (pair) =>
        decide(pair, { now, verdict, origin: 'SET', endsAt }),
      )
      return { pairs, result: { decided: result } }
    },
  )
}

/** A presentity takes back what she has decided about watchers, and dismisses what waits of them. */
export async function deleteDecisions(
  store: PrivacyStore,
  { presentity, watchers }: { readonly presentity: UserId; readonly watchers: readonly UserId[] },
): Promise<readonly Decided[]> {
  const scope = { name: 'deleteDecisions', by: presentity, kind: 'DECISION' as const, others: watchers }
  return changePrivacy(store, scope, (snapshot) =>
    decideEach(snapshot, { presentity, watchers, cause: 'DELETED' }, (pair) =>
      removeEdge(pair, snapshot.now),
    ),
  )
}

function decideEach(
  snapshot: Snapshot,
  {
    presentity,
    watchers,
    cause,
  }: { readonly presentity: UserId; readonly watchers: readonly UserId[]; readonly cause: 'SET' | 'DELETED' },
  change: (before: Pair) => Pair,
): { readonly pairs: readonly ChangedPair[]; readonly result: readonly Decided[] } {
  const { preference, classOfService } = snapshot.user(presentity)
  const handling = effectiveHandling({
    own: preference.invitationHandling,
    ofClass: classOfService.invitationHandling,
  })
  const changes = watchers.map((watcher) => {
    const of = { presentity, watcher }
    const before = pairAt(snapshot.pair(of), snapshot.now)
    return { of, before, pair: change(before) }
  })
  return {
    pairs: changes.map(({ of, pair }) => ({ ...of, pair, cause })),
    result: changes.map(({ of: { watcher }, before, pair: { edge } }) => ({
      watcher,
      edge,
      before: before.edge,
      closedRequest: openRequestOf(before)?.id ?? null,
      nextRequestAllows: edge.state === 'NONE' && handling === 'AUTO_ACCEPT',
    })),
  }
}

function openRequestOf({ incoming }: Pair): IncomingItem | null {
  return incoming?.kind === 'REQUEST' && incoming.state === 'OPEN' ? incoming : null
}
