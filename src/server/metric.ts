/** A count that the service keeps about itself, for its operators. It is read when metrics are requested; nothing is pushed. */
export type Metric = {
  /** What follows `presence_privacy_`; a counter's ends in `_total`. `docs/operating.md` lists all of them. */
  readonly name: string
  readonly help: string
  readonly type: 'gauge' | 'counter'
  /** Names of the labels that samples carry. */
  readonly labels?: readonly string[]
  readonly read: () => number | readonly Sample[]
}

/**
 * Values of labels come from small sets that are known beforehand: never a user, an id or a text of a client, nor what was decided
 * about anybody.
 */
export type Sample = { readonly labels: Readonly<Record<string, string>>; readonly value: number }

/** Counts by labels. */
export type Tally<Label extends string> = {
  readonly add: (labels: Readonly<Record<Label, string>>, more?: number) => void
  readonly samples: () => readonly Sample[]
}

export function tally<Label extends string>(): Tally<Label> {
  const counted = new Map<string, { readonly labels: Readonly<Record<Label, string>>; value: number }>()
  return {
    add(labels, more = 1) {
      let key = ''
      for (const label in labels) key += `${labels[label]} `
      const sample = counted.get(key)
      if (sample === undefined) counted.set(key, { labels, value: more })
      else sample.value += more
    },
    samples: () => [...counted.values()],
  }
}
