import { compare, corrected, medianOf, sorted, type Comparison } from './compare.ts'
import type { Times } from './measure.ts'
import type { Limits, Scenario } from './scenario.ts'

/** Unless a scenario has limits of its own. */
export const LIMITS: Limits = { auc: 0.02, medians: 0.02 }

export type Verdict = 'ok' | 'failed' | 'void'

export type Pair = Comparison & {
  readonly first: string
  readonly second: string
  /** `chance` for as many pairs as there are. */
  readonly corrected: number
  readonly within: boolean
}

export type Judged = {
  readonly scenario: string
  readonly limits: Limits
  readonly verdict: Verdict
  /** Why it is that. */
  readonly reasons: readonly string[]
  readonly causes: readonly {
    readonly cause: string
    readonly samples: number
    readonly p10: number
    readonly p50: number
    readonly p90: number
    readonly p99: number
    readonly greatest: number
  }[]
  /** All pairs of causes, the worst first. */
  readonly pairs: readonly Pair[]
  /** The first cause against itself: what chance, and the machine, make of no difference. */
  readonly placebo: Comparison
  /** The first cause against itself with the planted delay. */
  readonly planted: Comparison
}

/** A run is void if it does not find the delay that was planted, or finds one where there is none: it says nothing then. */
export function judge({ name, causes, again, planted, limits = LIMITS }: Scenario, times: Times): Judged {
  const isWithin = (of: Comparison): boolean => farness(of) < limits.auc && of.medians < limits.medians
  const all = new Map([...times].map(([cause, each]) => [cause, sorted(each)]))
  const of = (cause: string) => all.get(cause) ?? new Float64Array()
  const names = causes.map((cause) => cause.name)
  const compared = names.flatMap((first, place) =>
    names.slice(place + 1).map((second) => ({ first, second, ...compare(of(first), of(second)) })),
  )
  const chances = corrected(compared.map(({ chance }) => chance))
  const pairs = compared
    .map((pair, place) => ({ ...pair, corrected: chances[place] ?? 1, within: isWithin(pair) }))
    .sort((one, other) => farness(other) - farness(one))
  const base = of(names[0] ?? '')
  const [toItself, toPlanted] = [compare(base, of(again.name)), compare(base, of(planted.name))]
  const outside = pairs.filter(({ within }) => !within)
  const voids = [
    ...(toPlanted.auc - 0.5 > limits.auc ? [] : ['the planted delay was not found']),
    ...(isWithin(toItself) ? [] : ['a difference was found where there is none']),
  ]
  return {
    scenario: name,
    limits,
    verdict: voids.length > 0 ? 'void' : outside.length > 0 ? 'failed' : 'ok',
    reasons: [...voids, ...outside.map(({ first, second }) => `${first} / ${second}`)],
    causes: [...all].map(([cause, each]) => {
      const at = (share: number): number => each[Math.floor(share * (each.length - 1))] ?? NaN
      const [p10, p90, p99, greatest] = [at(0.1), at(0.9), at(0.99), at(1)]
      return { cause, samples: each.length, p10, p50: medianOf(each), p90, p99, greatest }
    }),
    pairs,
    placebo: toItself,
    planted: toPlanted,
  }
}

export function farness({ auc }: Comparison): number {
  return Math.abs(auc - 0.5)
}
