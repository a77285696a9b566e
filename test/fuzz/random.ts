/** A source of choices that its seed decides: the same seed makes the same input again. */
export type Random = {
  /** A whole number from 0 to below `end`. */
  below(end: number): number
  /** Whether a thing happens that happens once in so many times. */
  once(inSo: number): boolean
  pick<Item>(items: readonly Item[]): Item
  /** A length: mostly small, now and then up to `most`. */
  size(most: number): number
}

/** mulberry32: short, and good enough to choose by. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (end: number): number => Math.floor(next() * end)
  return {
    below,
    once: (inSo) => below(inSo) === 0,
    pick: (items) => items[below(items.length)] as (typeof items)[number],
    size: (most) => Math.floor(most ** next()),
  }
}

/** The seed of one input of a run. */
export function seedOf(seed: number, index: number): number {
  return (Math.imul(seed, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b)) >>> 0
}
