/** Chance that one seed decides: the same seed, the same story. */
export type Random = {
  /** From 0 up to, not including, 1. */
  readonly next: () => number
  readonly chance: (probability: number) => boolean
  /** A whole number, both ends included. */
  readonly between: (least: number, most: number) => number
  readonly pick: <Thing>(things: readonly Thing[]) => Thing
}

/** Mulberry32: 32 bits of state are plenty for one schedule, and neighbouring seeds have nothing in common. */
export function seededRandom(seed: number): Random {
  let state = Math.imul(seed, 0x9e3779b1) ^ 0x5bf03635
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const between = (least: number, most: number): number => least + Math.floor(next() * (most - least + 1))
  return {
    next,
    chance: (probability) => next() < probability,
    between,
    pick(things) {
      const picked = things[between(0, things.length - 1)]
      if (picked === undefined) throw new Error('there is nothing to pick from')
      return picked
    },
  }
}
