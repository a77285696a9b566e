export type Spread = { readonly p50: number; readonly p99: number; readonly samples: number }

export function spreadOf(samples: readonly number[]): Spread {
  const sorted = [...samples].sort((one, other) => one - other)
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN
  return { p50: at(0.5), p99: at(0.99), samples: samples.length }
}

export function median(values: readonly number[]): number {
  return spreadOf(values).p50
}
