import { decide } from '../domain/decide.ts'
import { incomingAt } from '../domain/request.ts'
import type { UserId } from '../domain/user-id.ts'
import { changePrivacy, type ChangedPair } from './change-privacy.ts'
import type { Page, Position, PrivacyLists, WaitingItem } from './ports.ts'
import type { PrivacyStore } from './privacy-store.ts'

/** Each batch is one transaction, which locks its users: short enough that nobody waits for it noticeably. */
const BATCH = 500
/** After so many batches the rest is left for another call, so that none outlives its caller's patience. */
const MAX_BATCHES = 20

export type AcceptAllPending = {
  readonly presentity: UserId
  /** Who has it done: the presentity herself, or an administrator. */
  readonly actor: UserId
}

export type AcceptedAll = {
  readonly accepted: number
  /** Whether requests were left for another call. */
  readonly hasMore: boolean
}

/**
 * Allows every open request of a user, the longest waiting first, in batches that each apply whole or not at all. A request that comes
 * meanwhile may be among them or stay open. Throws `Unavailable`; batches before that are applied, and it may be repeated.
 */
export async function acceptAllPending(
  { store, lists }: { readonly store: PrivacyStore; readonly lists: PrivacyLists },
  { presentity, actor }: AcceptAllPending,
): Promise<AcceptedAll> {
  let accepted = 0
  let after: Position | null = null
  for (let batch = 0; batch < MAX_BATCHES; batch += 1) {
    const page: Page<WaitingItem> = await lists.waiting({
      presentity,
      kind: 'REQUEST',
      page: { first: BATCH, after },
    })
    const last = page.items.at(-1)
    if (last === undefined) return { accepted, hasMore: false }
    accepted += await acceptBatch(store, { presentity, actor, items: page.items })
    if (!page.hasNextPage) return { accepted, hasMore: false }
    after = { at: last.item.askedAt, id: last.item.id }
  }
  return { accepted, hasMore: true }
}

async function acceptBatch(
  store: PrivacyStore,
  { presentity, actor, items }: AcceptAllPending & { readonly items: readonly WaitingItem[] },
): Promise<number> {
  const scope = {
    name: 'acceptAllPending',
    by: presentity,
    kind: 'DECISION' as const,
    actor: { kind: actor === presentity ? 'USER' : 'ADMINISTRATOR', id: actor } as const,
    others: [...new Set(items.map(({ watcher }) => watcher))],
    othersFound: true,
    incoming: items.map(({ item }) => item.id),
  }
  return changePrivacy(store, scope, ({ now, incoming, pair }) => {
    const pairs = [...incoming.values()].flatMap(({ watcher, item }): ChangedPair[] => {
      // Withdrawn, answered or expired since the list was read.
      if (incomingAt(item, now).state !== 'OPEN') return []
      const of = { presentity, watcher }
      const accepted = decide(pair(of), { now, verdict: 'ALLOWED', origin: 'ANSWERED', endsAt: null })
      return [{ ...of, pair: accepted, cause: 'ACCEPTED_ALL' }]
    })
    return { pairs, result: pairs.length }
  })
}
