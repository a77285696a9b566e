import { spreadOf, type Spread } from '../spread.ts'
import type { Outcomes } from './load/attackers.ts'
import type { Felt } from './load/others.ts'

export const FELT = ['read', 'publish', 'ready', 'event'] as const
export type FeltName = (typeof FELT)[number]

/** One attacker in one round. */
export type Measurement = Felt & { readonly outcomes: Outcomes; readonly peakMb: number }

export type Figures = {
  readonly attacker: string
  /** Over all rounds. */
  readonly felt: Readonly<Record<FeltName, Spread>>
  /** The 99th percentile beside that of the calm. */
  readonly times: Readonly<Record<FeltName, number>>
  readonly failures: number
  readonly hidden: number
  readonly peakMb: number
  readonly outcomes: Outcomes
}

export function figuresOf(
  attacker: string,
  rounds: readonly Measurement[],
  calm: readonly Measurement[],
): Figures {
  const spread = (of: readonly Measurement[], name: FeltName): Spread =>
    spreadOf(of.flatMap((measurement) => measurement[name]))
  const each = <Value>(valueOf: (name: FeltName) => Value) =>
    Object.fromEntries(FELT.map((name) => [name, valueOf(name)])) as Record<FeltName, Value>
  const outcomes: Outcomes = {}
  for (const round of rounds)
    for (const [code, count] of Object.entries(round.outcomes)) outcomes[code] = (outcomes[code] ?? 0) + count
  return {
    attacker,
    felt: each((name) => spread(rounds, name)),
    times: each((name) => spread(rounds, name).p99 / spread(calm, name).p99),
    failures: rounds.reduce((sum, { failures }) => sum + failures, 0),
    hidden: rounds.reduce((sum, { hidden }) => sum + hidden, 0),
    peakMb: Math.max(...rounds.map(({ peakMb }) => peakMb)),
    outcomes,
  }
}

export function printTable(figures: readonly Figures[]): void {
  const columns = [
    ...FELT.map((name) => `${name} p50/p99 (times)`),
    'failed',
    'hidden',
    'MB',
    'attacker’s operations',
  ]
  console.error(`| attacker | ${columns.join(' | ')} |`)
  console.error(`| --- |${' --- |'.repeat(columns.length)}`)
  for (const { attacker, felt, times, failures, hidden, peakMb, outcomes } of figures) {
    const cells = FELT.map(
      (name) => `${felt[name].p50.toFixed(0)} / ${felt[name].p99.toFixed(0)} (${times[name].toFixed(1)})`,
    )
    const became = Object.entries(outcomes).map(([code, count]) => `${String(count)} ${code}`)
    const rest = [failures, hidden, peakMb.toFixed(0), became.join(', ')].map(String)
    console.error(`| ${[attacker, ...cells, ...rest].join(' | ')} |`)
  }
}
