import { median, spreadOf } from '../spread.ts'
import type { VariantName } from './variants.ts'

/** One variant under one workload in one round. */
export type Measurement = {
  readonly requests: number
  readonly ms: number
  readonly latenciesMs: readonly number[]
  /** Microseconds of CPU, of all threads of node and of all processes of PostgreSQL. */
  readonly nodeUs: number
  readonly postgresUs: number
}

/** Of one variant under one workload: medians of the rounds, for one request. */
export type Cost = {
  readonly nodeUs: number
  readonly postgresUs: number
  readonly cpuUs: number
  readonly perSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
}

/** By workload, by variant. */
export type Costs = Readonly<Record<string, Readonly<Partial<Record<VariantName, Cost>>>>>

export function costOf(rounds: readonly Measurement[]): Cost {
  const perRequest = (figure: (round: Measurement) => number): number =>
    median(rounds.map((round) => figure(round) / round.requests))
  const { p50, p99 } = spreadOf(rounds.flatMap(({ latenciesMs }) => latenciesMs))
  return {
    nodeUs: perRequest(({ nodeUs }) => nodeUs),
    postgresUs: perRequest(({ postgresUs }) => postgresUs),
    cpuUs: perRequest(({ nodeUs, postgresUs }) => nodeUs + postgresUs),
    perSecond: median(rounds.map(({ requests, ms }) => (requests / ms) * 1000)),
    p50Ms: p50,
    p99Ms: p99,
  }
}

/**
 * How many times as much as another a variant costs: the median of the rounds' ratios, each of two measurements that follow one another
 * as closely as may be, so that what else the machine does falls on both. NaN
 * where one of them was not measured.
 */
export function ratioOf(rounds: readonly Measurement[], toRounds: readonly Measurement[]): number {
  const cpuOf = ({ nodeUs, postgresUs, requests }: Measurement): number => (nodeUs + postgresUs) / requests
  return median(
    rounds.flatMap((round, place) => {
      const other = toRounds[place]
      return other === undefined ? [] : [cpuOf(round) / cpuOf(other)]
    }),
  )
}
