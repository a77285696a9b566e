import { expect, test } from 'vitest'
import { NO_EDGE, type Edge } from '../../src/domain/edge.ts'
import { compactPair, earlier, nextPairChange, type CompactPair } from '../../src/live/compact-pair.ts'

const NOW = 1000

function pair({ edge = {}, ...rest }: Partial<Omit<CompactPair, 'edge'>> & { edge?: Partial<Edge> }) {
  return { edge: { ...NO_EDGE, ...edge }, contactSince: null, watcherBlocksFrom: null, ...rest }
}

test('pairs that show the same and end by no time are kept as one object, however long they have been so', () => {
  const [first, ...others] = [1, 2, NOW].map((since) =>
    compactPair(
      pair({ edge: { state: 'ALLOWED', since }, contactSince: since, watcherBlocksFrom: since }),
      NOW,
    ),
  )
  expect(others).toEqual([first, first])
  for (const other of others) expect(other).toBe(first)
  expect(compactPair(pair({ edge: { state: 'BLOCKED', since: 1 } }), NOW)).toBe(
    compactPair(pair({ edge: { state: 'BLOCKED', since: 2 } }), NOW),
  )
})

test('pairs that show otherwise are kept apart', () => {
  const pairs = [
    pair({}),
    pair({ edge: { state: 'PENDING' } }),
    pair({ edge: { state: 'PENDING', shownWhenAsked: true } }),
    pair({ edge: { state: 'ALLOWED' } }),
    pair({ edge: { state: 'ALLOWED', replacedBlock: true } }),
    pair({ contactSince: 1 }),
    pair({ watcherBlocksFrom: 1 }),
  ].map((one) => compactPair(one, NOW))
  expect(new Set(pairs).size).toBe(pairs.length)
})

test('a pair that ends by time is kept with its end, and for nobody else', () => {
  const ending = [
    pair({ edge: { state: 'ALLOWED', endsAt: NOW + 5 } }),
    pair({ edge: { state: 'ALLOWED' }, watcherBlocksFrom: NOW + 5 }),
  ]
  for (const one of ending) {
    const kept = compactPair(one, NOW)
    expect(nextPairChange(kept, NOW)).toBe(NOW + 5)
    // Else every moment at which anything has ever ended would be remembered for good.
    expect(compactPair(one, NOW)).not.toBe(kept)
  }
})

test('the end of a silence changes nothing that is shown: nothing is read at that time', () => {
  const silent = compactPair(pair({ edge: { endsAt: NOW + 5 } }), NOW)
  expect(silent).toBe(compactPair(pair({}), NOW))
  expect(nextPairChange(silent, NOW)).toBeNull()
})

test('the next change of a pair is the first of its ends that is still to come', () => {
  const of = (endsAt: number | null, watcherBlocksFrom: number | null) =>
    nextPairChange(pair({ edge: { state: 'ALLOWED', endsAt }, watcherBlocksFrom }), NOW)
  expect(of(null, null)).toBeNull()
  expect(of(NOW, NOW)).toBeNull()
  expect(of(NOW - 1, NOW - 1)).toBeNull()
  expect(of(NOW + 1, null)).toBe(NOW + 1)
  expect(of(null, NOW + 1)).toBe(NOW + 1)
  expect(of(NOW + 1, NOW + 2)).toBe(NOW + 1)
  expect(of(NOW + 2, NOW + 1)).toBe(NOW + 1)
  expect(of(NOW - 1, NOW + 1)).toBe(NOW + 1)
})

test('never is later than any time', () => {
  expect(earlier(null, null)).toBeNull()
  expect(earlier(1, null)).toBe(1)
  expect(earlier(null, 1)).toBe(1)
  expect(earlier(1, 2)).toBe(1)
  expect(earlier(2, 1)).toBe(1)
})
