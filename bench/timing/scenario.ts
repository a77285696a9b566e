/** A way to the same answer: what a user may have behind it that nobody is to find out. */
export type Cause = {
  readonly name: string
  /** The request of one sample. */
  readonly request: (sample: number) => Buffer
  /** What somebody else sends before it over another connection, and how long before. */
  readonly meanwhile?: (sample: number) => { readonly request: Buffer; readonly lagMs: number }
}

/** How far from 0.5 an AUC may be, and how far apart medians, as a share. */
export type Limits = { readonly auc: number; readonly medians: number }

/** Causes that nobody may tell apart by the time that their answers take. All answers must be the same bytes. */
export type Scenario = {
  readonly name: string
  /** The first one stands thrice: `again` is the same with other users, and `planted` is again the same, slower on purpose. */
  readonly causes: readonly Cause[]
  readonly again: Cause
  readonly planted: Cause
  /** Of each cause, where so many tell what is looked for. */
  readonly mostSamples?: number
  readonly limits?: Limits
}

/** Numbers from 0 up to, not including, 1: the same ones in each run of a seed (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

export function shuffled<Item>(items: readonly Item[], random: () => number): Item[] {
  const order = [...items]
  for (let place = order.length - 1; place > 0; place--) {
    const other = Math.floor(random() * (place + 1))
    ;[order[place], order[other]] = [order[other] as Item, order[place] as Item]
  }
  return order
}
