/** How often each thing came, by name. */
export type Counts = ReadonlyMap<string, number>

/** The normal deviate that chance passes once in 100,000 times. */
const DEVIATE = 4.265

/**
 * Whether several counts differ by more than chance: samples of one distribution count as unlike once in 100,000 times. Pearson's chi-squared, against
 * its quantile by Wilson and Hilferty.
 */
export function areUnlike(samples: readonly Counts[]): boolean {
  const names = [...new Set(samples.flatMap((counts) => [...counts.keys()]))]
  const of = (counts: Counts, name: string): number => counts.get(name) ?? 0
  const sizes = samples.map((counts) => sum([...counts.values()]))
  const all = sum(sizes)
  const distances = names.flatMap((name) => {
    const share = sum(samples.map((counts) => of(counts, name))) / all
    return samples.map((counts, place) => {
      const expected = share * (sizes[place] ?? 0)
      return (of(counts, name) - expected) ** 2 / expected
    })
  })
  const freedom = (names.length - 1) * (samples.length - 1)
  if (freedom === 0) return false
  const spread = 2 / (9 * freedom)
  return sum(distances) > freedom * (1 - spread + DEVIATE * Math.sqrt(spread)) ** 3
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0)
}
