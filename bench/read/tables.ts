import type { Costs } from './figures.ts'
import type { Pace, Target } from './targets.ts'

/** For people, to standard error: standard output is JSON. */
export function printTables(costs: Costs, paced: Pace | null, targets: readonly Target[]): void {
  const row = (label: string, cells: readonly string[]): string =>
    label.padEnd(64) + cells.map((cell) => cell.padStart(12)).join('')
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
  if (paced !== null) {
    const { perSecond, latency, lateness } = paced
    lines.push(
      '',
      row(`W1 at ${perSecond.toFixed(0)} a second, ms`, ['p50', 'p99']),
      ...Object.entries({ 'from when it was due': latency, 'of that, the clients were late': lateness }).map(
        ([label, { p50, p99 }]) => row(label, [p50.toFixed(2), p99.toFixed(2)]),
      ),
    )
  }
  lines.push('', row('target', ['figure', 'bound', 'met']))
  for (const { target, figure, atLeast, atMost, met } of targets) {
    const verdict = met === null ? 'not measured' : met ? 'met' : 'MISSED'
    lines.push(
      row(target, [figure.toFixed(2), atLeast === undefined ? `<= ${atMost}` : `>= ${atLeast}`, verdict]),
    )
  }
  console.error([...lines, ''].join('\n'))
}
