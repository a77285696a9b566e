/** Times of one cause in the order of their size, in microseconds. */
export type Sorted = Float64Array

export function sorted(times: readonly number[]): Sorted {
  return Float64Array.from(times).sort()
}

export function medianOf(times: Sorted): number {
  const middle = (times.length - 1) / 2
  return ((times[Math.floor(middle)] ?? NaN) + (times[Math.ceil(middle)] ?? NaN)) / 2
}

export type Comparison = {
  /** The chance that a time of the second cause is longer than one of the first: 0.5 where nothing tells them apart. */
  readonly auc: number
  /** Its standard error, by DeLong's method. */
  readonly error: number
  /** Of finding an AUC so far from 0.5 where there is no difference. */
  readonly chance: number
  /** Difference of the medians, as a share of the smaller one. */
  readonly medians: number
}

export function compare(first: Sorted, second: Sorted): Comparison {
  // For each time the share of the other cause's times that are shorter, ties by half.
  const below = placements(second, first)
  const above = placements(first, second)
  const auc = mean(below)
  const error = Math.sqrt(variance(below) / below.length + variance(above) / above.length)
  const [one, other] = [medianOf(first), medianOf(second)]
  return {
    auc,
    error,
    chance: twoSided((auc - 0.5) / error),
    medians: Math.abs(one - other) / Math.min(one, other),
  }
}

/**
 * The same chances where so many have been looked at that the least of them is small by itself, by Holm's method: below 0.05 there is a
 * difference, however small.
 */
export function corrected(chances: readonly number[]): number[] {
  const order = chances
    .map((_, place) => place)
    .sort((one, other) => (chances[one] ?? 0) - (chances[other] ?? 0))
  const found: number[] = []
  let greatest = 0
  order.forEach((place, rank) => {
    greatest = Math.max(greatest, Math.min(1, (chances[place] ?? 1) * (chances.length - rank)))
    found[place] = greatest
  })
  return found
}

/** Of each of `times`, how great a share of `others` is shorter. */
function placements(times: Sorted, others: Sorted): Float64Array {
  let shorter = 0
  let notLonger = 0
  return times.map((time) => {
    while (shorter < others.length && (others[shorter] ?? 0) < time) shorter += 1
    while (notLonger < others.length && (others[notLonger] ?? 0) <= time) notLonger += 1
    return (shorter + notLonger) / 2 / others.length
  })
}

function mean(values: Float64Array): number {
  return values.reduce((sum, each) => sum + each, 0) / values.length
}

function variance(values: Float64Array): number {
  const middle = mean(values)
  return values.reduce((sum, each) => sum + (each - middle) ** 2, 0) / (values.length - 1)
}

/** By Abramowitz and Stegun, 7.1.26: right to seven digits. */
function twoSided(z: number): number {
  const x = Math.abs(z) / Math.SQRT2
  const t = 1 / (1 + 0.3275911 * x)
  const series =
    t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
  return Math.min(1, series * Math.exp(-x * x))
}
