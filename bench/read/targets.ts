import type { Spread } from '../spread.ts'
import { ratioOf, type Measurement } from './figures.ts'
import type { VariantName } from './variants.ts'
import { ANSWERING, ASKING, W1, W2, W3 } from './workloads.ts'

export type Target = {
  readonly target: string
  readonly figure: number
  readonly atLeast?: number
  readonly atMost?: number
  /** Null where what it needs was not measured. */
  readonly met: boolean | null
}

/** All rounds, by workload and by variant. */
export type Rounds = ReadonlyMap<string, ReadonlyMap<string, readonly Measurement[]>>

export type Pace = { readonly perSecond: number; readonly latency: Spread; readonly lateness: Spread }

export function targetsOf(rounds: Rounds, paced: Pace | null): readonly Target[] {
  const times = (workload: { readonly name: string }, other: VariantName): number => {
    const of = rounds.get(workload.name)
    return ratioOf(of?.get(other) ?? [], of?.get('subgraph') ?? [])
  }
  const target = (workload: { readonly name: string }, other: VariantName, atLeast: number): Target => {
    const figure = times(workload, other)
    return {
      target: `${workload.name}: CPU of ${other}, in times of ours`,
      figure,
      atLeast,
      met: Number.isNaN(figure) ? null : figure >= atLeast,
    }
  }
  const toBefore = (workload: { readonly name: string }): Target => {
    const figure = ratioOf(
      rounds.get(workload.name)?.get('subgraph') ?? [],
      rounds.get(workload.name)?.get('before') ?? [],
    )
    return {
      target: `${workload.name}: our CPU, in times of the commit before`,
      figure,
      atMost: 1.06,
      met: Number.isNaN(figure) ? null : figure <= 1.06,
    }
  }
  return [
    ...[W1, W2, W3, { name: ASKING }, { name: ANSWERING }].map(toBefore),
    target(W1, 'limit', 0.85),
    target(W1, 'apollo', 10),
    target(W1, 'mercurius', 1.6),
    target(W1, 'yoga', 3),
    target(W1, 'postgraphile', 3.5),
    target(W2, 'limit', 0.8),
    target(W2, 'apollo', 8),
    target(W3, 'limit', 0.8),
    target({ name: ASKING }, 'limit', 0.7),
    target({ name: ANSWERING }, 'limit', 0.7),
    tail(paced),
  ]
}

function tail(paced: Pace | null): Target {
  const figure = paced === null ? NaN : paced.latency.p99 / paced.latency.p50
  return {
    target: `${W1.name}: p99 at half of the highest load, in times of its p50`,
    figure,
    atMost: 3,
    met: Number.isNaN(figure) ? null : figure <= 3,
  }
}
