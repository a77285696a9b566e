import { NO_PAIR, pairAt } from '../domain/pair.ts'
import type { UserId } from '../domain/user-id.ts'
import { changePrivacy } from './change-privacy.ts'
import type { Leftovers, PairOf } from './ports.ts'
import type { PrivacyStore } from './privacy-store.ts'

/** Few enough that a batch is over in well under a second, and that a stop need not wait. */
const BATCH = 200

/** Whose sessions have ended is found by reading all users, so it is worth a larger batch. */
const USERS_AT_ONCE = 1000

const DAY_MS = 24 * 3_600_000

/** How long what is over is kept, for clients that ask late. */
export type Retention = {
  /** Of requests and notices, since their end. */
  readonly requestsMs: number
}

/** Longer than any client goes on repeating an answer. */
const ANSWERS_KEPT_MS = 7 * DAY_MS

/**
 * Stores as ended what time has ended. Everybody decides by the clock, so nothing that anybody can see changes by it, or depends on
 * when it is done; only the rows become fewer that look open. Edges and views go the way of every change, with all that hangs
 * there. Safe with many instances at once: what one has settled, the other finds settled.
 *
 * Returns how much was settled. Throws `Unavailable`; what was settled until then stays.
 */
export async function settleWhatHasEnded(
  { store, leftovers }: { readonly store: PrivacyStore; readonly leftovers: Leftovers },
  stopped: AbortSignal,
): Promise<number> {
  const pairs = await inBatches(stopped, async () => {
    let settled = 0
    for (const [watcher, presentities] of byWatcher(await leftovers.endedPairs(BATCH))) {
      if (stopped.aborted) break
      await settle(store, { watcher, presentities })
      settled += presentities.length
    }
    return settled
  })
  const replaced = await inBatches(stopped, () => leftovers.expireReplaced(BATCH))
  return pairs + replaced
}

/** Removes sessions that have ended, of users whose devices say nothing any more. Returns of how many users. Throws `Unavailable`. */
export async function removeEndedSessions(
  { leftovers }: { readonly leftovers: Leftovers },
  stopped: AbortSignal,
): Promise<number> {
  return inBatches(stopped, () => leftovers.reapSessions(USERS_AT_ONCE), USERS_AT_ONCE)
}

/**
 * Forgets requests, notices and stored answers that are long over: an id of theirs is then one that is not found, for both
 * sides and whatever was decided. What is open, decided or unacknowledged is never forgotten. Returns how much was forgotten.
 */
export async function forgetWhatIsOld(
  { leftovers, retention }: { readonly leftovers: Leftovers; readonly retention: Retention },
  stopped: AbortSignal,
): Promise<number> {
  const kept = { ...retention, answersMs: ANSWERS_KEPT_MS }
  return inBatches(stopped, () => leftovers.forget({ kept, limit: BATCH }))
}

async function settle(
  store: PrivacyStore,
  { watcher, presentities }: { readonly watcher: UserId; readonly presentities: readonly UserId[] },
): Promise<void> {
  const scope = {
    name: 'settleWhatHasEnded',
    by: watcher,
    kind: 'REQUEST' as const,
    others: presentities,
    othersFound: true,
  }
  await changePrivacy(store, scope, ({ now, pair }) => {
    const pairs = presentities.flatMap((presentity) => {
      const of = { presentity, watcher }
      const before = pair(of)
      // Whoever was erased since has none.
      return before === NO_PAIR ? [] : [{ ...of, pair: pairAt(before, now), cause: null }]
    })
    return { pairs, result: null }
  })
}

/** One batch after the other, until one is not full. Returns the sum. */
async function inBatches(stopped: AbortSignal, batch: () => Promise<number>, most = BATCH): Promise<number> {
  let sum = 0
  while (!stopped.aborted) {
    const done = await batch()
    sum += done
    if (done < most) break
  }
  return sum
}

function byWatcher(pairs: readonly PairOf[]): ReadonlyMap<UserId, readonly UserId[]> {
  const presentities = new Map<UserId, UserId[]>()
  for (const { watcher, presentity } of pairs) {
    const ofWatcher = presentities.get(watcher)
    if (ofWatcher === undefined) presentities.set(watcher, [presentity])
    else ofWatcher.push(presentity)
  }
  return presentities
}
