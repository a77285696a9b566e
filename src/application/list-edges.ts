import { edgeAt } from '../domain/edge.ts'
import { isListed, storedEdgesOf, type ListedState } from '../domain/listed-edge.ts'
import type { UserId } from '../domain/user-id.ts'
import type { EdgeOf, PrivacyLists } from './ports.ts'

/** What a look for the rest of a page reads at once, when the first look did not fill it. */
const NEXT_LOOK = 1000
/** After so many looks a page is handed out short: some 10 ms each, whatever has ended in between. */
const MAX_LOOKS = 10

export type EdgeList = {
  readonly presentity: UserId
  readonly states: readonly ListedState[]
  /** How the watchers' ids begin; empty is everybody. */
  readonly search: string
  readonly first: number
  /** The watcher after whom the page begins. */
  readonly after: UserId | null
}

export type EdgePage = {
  readonly edges: readonly EdgeOf[]
  readonly hasNextPage: boolean
  /** The watcher after whom the next page begins; the last of a page that is not short. */
  readonly end: UserId | null
}

/**
 * What a presentity has decided about others, as it is now, page by page in the order of the watchers' ids: an entry that stays as it is
 * is neither repeated nor left out, whatever becomes of others meanwhile. Throws `Unavailable`.
 *
 * One look fills a page, unless grants and requests that have ended lie in between, or `isMeant` leaves many out.
 */
export async function listEdges(
  lists: PrivacyLists,
  { presentity, states, search, first, after }: EdgeList,
  isMeant: (entry: EdgeOf) => boolean = () => true,
): Promise<EdgePage> {
  const stored = storedEdgesOf(states)
  const found: EdgeOf[] = []
  let end = after
  for (let look = 0; look < MAX_LOOKS; look += 1) {
    const limit = look === 0 ? first + 1 : NEXT_LOOK
    const { now, edges } = await lists.edges({ presentity, stored, prefix: search, after: end, limit })
    for (const entry of edges) {
      const current = { ...entry, edge: edgeAt(entry.edge, now) }
      if (isListed(current.edge, states) && isMeant(current)) found.push(current)
    }
    const hasMore = found.length > first
    if (hasMore || edges.length < limit) {
      const page = found.slice(0, first)
      return { edges: page, hasNextPage: hasMore, end: page.at(-1)?.watcher ?? null }
    }
    end = edges.at(-1)?.watcher ?? end
  }
  return { edges: found, hasNextPage: true, end }
}
