import type { Costs } from './figures.ts'
import type { Target } from './targets.ts'

/** For people, to standard error: standard output is JSON. */
export function printTables(costs: Costs, targets: readonly Target[]): void {
  const row = (label: string, cells: readonly string[]): string =>
    label.padEnd(52) + cells.map((cell) => cell.padStart(12)).join('')
  const lines = Object.entries(costs).flatMap(([workload, variants]) => [
    '',
    row(`${workload}; CPU, us`, ['node', 'postgres', 'together', 'per second', 'p50, ms', 'p99, ms']),
    ...Object.entries(variants).map(([name, cost]) =>
      row(name, [
        ...[cost.nodeUs, cost.postgresUs, cost.cpuUs, cost.perSecond].map((figure) => figure.toFixed(0)),
        ...[cost.p50Ms, cost.p99Ms].map((figure) => figure.toFixed(2)),
      ]),
    ),
  ])
  lines.push('', row('target', ['figure', 'at least', 'met']))
  for (const { target, figure, atLeast, met } of targets) {
    const verdict = met === null ? 'not measured' : met ? 'met' : 'MISSED'
    lines.push(row(target, [figure.toFixed(2), atLeast.toFixed(2), verdict]))
  }
  console.error([...lines, ''].join('\n'))
}
