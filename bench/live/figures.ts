import { median, spreadOf, type Spread } from '../spread.ts'
import type { Run, Workload } from './load/crowd.ts'
import { WATCHERS_OF_FEW, WATCHERS_OF_MANY, type Publishers } from './scene.ts'
import type { VariantName } from './variants/variant.ts'

/** One variant under one workload in one round. */
export type Measurement = Run & { readonly processorUs: number; readonly ms: number }

/** Of one variant; microseconds of CPU of all its processes, as medians of the rounds. */
export type VariantFigures = {
  readonly perChange: Readonly<Record<string, number>>
  /** From the slope between 50 and 500 watchers, by how many changes are outstanding. */
  readonly perDelivery: Readonly<Record<string, number>>
  /** What a change that is watched costs apart from its deliveries: the slope's intercept. */
  readonly perPublish: Readonly<Record<string, number>>
  readonly changesPerSecond: Readonly<Record<string, number>>
  /** From publishing to the last of 50 watchers, one change outstanding. */
  readonly toLastOfFewMs: Spread
  /** From publishing to the acknowledgement, where nobody watches and one change is outstanding; nothing for those who acknowledge nothing. */
  readonly toAcknowledgedMs: Spread
}

export const OUTSTANDING = [1, 16] as const

export const WORKLOADS: readonly Workload[] = OUTSTANDING.flatMap((outstanding) =>
  (['quiet', 'few', 'many', 'mesh'] as const).map((publishers) => ({ publishers, outstanding })),
)

export function nameOf({ publishers, outstanding }: Workload): string {
  return `${LABELS[publishers]}, ${outstanding} outstanding`
}

const LABELS: Readonly<Record<Publishers, string>> = {
  quiet: 'nobody watches',
  few: `${WATCHERS_OF_FEW} watchers`,
  many: `${WATCHERS_OF_MANY} watchers`,
  mesh: 'mesh of 400 with 50 contacts',
}

/** All rounds of all workloads of one variant, in order. */
export type Rounds = ReadonlyMap<string, readonly Measurement[]>

export function figuresOf(rounds: Rounds): VariantFigures {
  const of = (publishers: Publishers, outstanding: number) =>
    rounds.get(nameOf({ publishers, outstanding })) ?? []
  const slopes = OUTSTANDING.map((outstanding) => {
    const many = of('many', outstanding)
    const each = of('few', outstanding).map((few, round) => {
      const [atFew, atMany] = [costOfChange(few), costOfChange(many[round])]
      const perDelivery = (atMany - atFew) / (WATCHERS_OF_MANY - WATCHERS_OF_FEW)
      return { perDelivery, perPublish: atFew - perDelivery * WATCHERS_OF_FEW }
    })
    return [String(outstanding), each] as const
  })
  return {
    perChange: byName(rounds, (each) => median(each.map(costOfChange))),
    perDelivery: Object.fromEntries(
      slopes.map(([key, each]) => [key, median(each.map((slope) => slope.perDelivery))]),
    ),
    perPublish: Object.fromEntries(
      slopes.map(([key, each]) => [key, median(each.map((slope) => slope.perPublish))]),
    ),
    changesPerSecond: byName(rounds, (each) => median(each.map(({ changes, ms }) => (changes / ms) * 1000))),
    toAcknowledgedMs: spreadOf(of('quiet', 1).flatMap(({ latenciesMs }) => latenciesMs)),
    toLastOfFewMs: spreadOf(of('few', 1).flatMap(({ latenciesMs }) => latenciesMs)),
  }
}

export type Figures = ReadonlyMap<VariantName, VariantFigures>

function costOfChange(measurement: Measurement | undefined): number {
  return measurement === undefined ? NaN : measurement.processorUs / measurement.changes
}

function byName(rounds: Rounds, figure: (each: readonly Measurement[]) => number): Record<string, number> {
  return Object.fromEntries([...rounds].map(([name, each]) => [name, figure(each)]))
}
