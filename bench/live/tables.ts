import { nameOf, OUTSTANDING, WORKLOADS } from './figures.ts'
import type { Measured, Target } from './targets.ts'

/** For people, to standard error: standard output is JSON. */
export function printTables(
  { variants, deliveryAlone, revocation, notify, commit, idle }: Measured,
  targets: readonly Target[],
): void {
  const names = [...variants.keys()]
  const row = (label: string, cells: readonly string[]): string =>
    label.padEnd(44) + cells.map((cell) => cell.padStart(16)).join('')
  const each = (figure: (name: (typeof names)[number]) => number | undefined, digits: number): string[] =>
    names.map((name) => figure(name)?.toFixed(digits) ?? '-')
  const lines = [
    '',
    row('CPU, us', names),
    ...OUTSTANDING.map((count) =>
      row(
        `a delivery (slope), ${count} outstanding`,
        each((name) => variants.get(name)?.perDelivery[String(count)], 1),
      ),
    ),
    ...OUTSTANDING.map((count) =>
      row(
        `a publish (intercept), ${count} outstanding`,
        each((name) => variants.get(name)?.perPublish[String(count)], 0),
      ),
    ),
    ...WORKLOADS.map((workload) =>
      row(
        `a change, ${nameOf(workload)}`,
        each((name) => variants.get(name)?.perChange[nameOf(workload)], 0),
      ),
    ),
    '',
    row('publish to last of 50, ms', names),
    row(
      'p50 of the acknowledgement alone',
      each((name) => variants.get(name)?.toAcknowledgedMs.p50, 2),
    ),
    row(
      'p50',
      each((name) => variants.get(name)?.toLastOfFewMs.p50, 2),
    ),
    row(
      'p99',
      each((name) => variants.get(name)?.toLastOfFewMs.p99, 2),
    ),
    '',
    row('ms', ['p50', 'p99', 'samples']),
    ...Object.entries({
      'delivery alone, to last of 50': deliveryAlone,
      'block to offline elsewhere': revocation,
      'bare NOTIFY': notify,
      'bare commit of one row': commit,
    }).map(([label, { p50, p99, samples }]) => row(label, [p50.toFixed(2), p99.toFixed(2), String(samples)])),
    '',
    row(`bytes of each of ${idle.sockets} idle sockets`, ['heap', 'external', 'RSS']),
    ...Object.entries({ acknowledged: idle.acknowledged, 'with both subscriptions': idle.watching }).map(
      ([label, { heapUsed, external, rss }]) => row(label, [heapUsed, external, rss].map(String)),
    ),
    '',
    `${idle.storm.sockets} reconnect at once: ${(idle.storm.ms / 1000).toFixed(1)} s, ${idle.storm.lost} lost, ${idle.storm.allStatementsOfEach.toFixed(2)} statements each`,
    ...Object.entries(idle.storm.statementsOfEach).map(([name, count]) =>
      row(`  ${name}`, [count.toFixed(2)]),
    ),
    '',
    row('target', ['figure', 'at most', 'met']),
    ...targets.map(
      ({ target, unit, figure, atMost, met }) =>
        `${target.padEnd(76)}${`${figure.toFixed(2)} ${unit}`.padStart(16)}${atMost.toFixed(2).padStart(12)}   ${met === null ? 'not measured' : met ? 'met' : 'MISSED'}`,
    ),
    '',
  ]
  console.error(lines.join('\n'))
}
