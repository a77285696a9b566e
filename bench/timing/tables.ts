import { farness, type Judged, type Pair } from './verdict.ts'

/** Of the pairs, the worst. */
const SHOWN = 12

/** For people, to standard error: standard output is JSON. */
export function tableOf({ scenario, verdict, reasons, causes, pairs, placebo, planted }: Judged): string {
  const row = (label: string, cells: readonly (string | number)[]): string =>
    label.padEnd(84) +
    cells.map((cell) => (typeof cell === 'number' ? cell.toFixed(0) : cell).padStart(10)).join('')
  const compared = (label: string, of: Omit<Pair, 'first' | 'second' | 'within' | 'corrected'>): string =>
    row(label, [
      (of.auc - 0.5).toFixed(4),
      (1.96 * of.error).toFixed(4),
      farness(of).toFixed(4),
      `${(of.medians * 100).toFixed(2)} %`,
    ])
  const shown = pairs.slice(0, SHOWN)
  return [
    '',
    `${scenario}: ${verdict}`,
    ...(verdict === 'void' ? reasons : []),
    row('us', ['p10', 'p50', 'p90', 'p99', 'greatest']),
    ...causes.map(({ cause, p10, p50, p90, p99, greatest }) => row(cause, [p10, p50, p90, p99, greatest])),
    '',
    row('of two', ['AUC - 0.5', '±', 'far', 'medians']),
    compared('the first and itself', placebo),
    compared('the first and itself with the planted delay', planted),
    ...shown.map((pair) =>
      compared(`${pair.first} / ${pair.second}${pair.corrected < 0.05 ? ' (certain)' : ''}`, pair),
    ),
    `${pairs.length} pairs, ${pairs.filter(({ within }) => !within).length} beyond the limits, ${pairs.filter((pair) => pair.corrected < 0.05).length} that differ for certain`,
    '',
  ].join('\n')
}
