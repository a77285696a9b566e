import type { DisclosedBy } from '../application/what-is-seen.ts'
import { NO_EDGE } from '../domain/edge.ts'

/** What of a pair decides what is shown, and nothing else of it. */
export type CompactPair = DisclosedBy['pair']

const withoutEnds = new Map<string, CompactPair>()

/**
 * The same for the purpose of showing, in as little memory as there is: pairs of which nothing ends by time are alike by the thousand,
 * and are one object.
 */
export function compactPair(
  { edge, contactSince, watcherBlocksFrom }: CompactPair,
  now: number,
): CompactPair {
  const { state, replacedBlock, shownWhenAsked } = edge
  const contact = contactSince !== null
  // How long ago it began says nothing.
  const blocksFrom = watcherBlocksFrom !== null && watcherBlocksFrom <= now ? 0 : watcherBlocksFrom
  const endsAt = state === 'NONE' ? null : edge.endsAt
  const key =
    endsAt === null && (blocksFrom ?? 0) === 0
      ? `${state} ${replacedBlock} ${shownWhenAsked} ${contact} ${blocksFrom}`
      : null
  const known = key === null ? undefined : withoutEnds.get(key)
  if (known !== undefined) return known
  const pair: CompactPair = Object.freeze({
    edge: Object.freeze({ ...NO_EDGE, state, endsAt, replacedBlock, shownWhenAsked }),
    contactSince: contact ? 0 : null,
    watcherBlocksFrom: blocksFrom,
  })
  if (key !== null) withoutEnds.set(key, pair)
  return pair
}

/** The next moment after `now` at which time alone may change what the pair shows; null is never. */
export function nextPairChange({ edge, watcherBlocksFrom }: CompactPair, now: number): number | null {
  const edgeEnds = edge.endsAt !== null && edge.endsAt > now ? edge.endsAt : null
  const blocks = watcherBlocksFrom !== null && watcherBlocksFrom > now ? watcherBlocksFrom : null
  return earlier(edgeEnds, blocks)
}

export function earlier(a: number | null, b: number | null): number | null {
  if (a === null) return b
  return b === null || a < b ? a : b
}
