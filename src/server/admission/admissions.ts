import type { Identity } from '../../identity/identity.ts'
import type { Scheduler } from '../../live/scheduler.ts'
import type { Metric, Sample } from '../metric.ts'
import { createAdmission, isRefusal, type Admission, type AdmissionReadings } from './admission.ts'
import type { Allowance } from './allowance.ts'
import type { Refusal, Ticket, Work } from './ticket.ts'

/** Callers of one kind share their capacity fairly. Other kinds cannot take it. */
export const CALLER_KINDS = ['user', 'service', 'administrator'] as const
export type CallerKind = (typeof CALLER_KINDS)[number]

/** Weight that each caller of a kind may begin a second. */
export type WorkPerSecond = Readonly<Record<CallerKind, number>>

/** How many seconds' allowance a caller may save up, and how many times the allowance the caller may begin a second while it lasts. */
const SHAPE: Readonly<Record<CallerKind, { readonly burstSeconds: number; readonly peak: number }>> = {
  user: { burstSeconds: 4, peak: 2 },
  service: { burstSeconds: 4, peak: 1.5 },
  administrator: { burstSeconds: 4, peak: 1.5 },
}

/**
 * Weight that runs at once, of one caller and of all callers of a kind. It is so little that the next caller waits for some 20 ms of work at
 * most. More at once would be answered no sooner, and in the order in which it came instead of in turns.
 */
const RUNNING: Readonly<Record<CallerKind, Pick<Allowance, 'runningOfOne' | 'runningOfAll'>>> = {
  user: { runningOfOne: 1000, runningOfAll: 4000 },
  service: { runningOfOne: 1000, runningOfAll: 2000 },
  administrator: { runningOfOne: 1000, runningOfAll: 1000 },
}

export type Admissions = {
  /** The same as in `Admission`, for the kind of caller that the token names. */
  readonly ask: (caller: Identity, work: Work) => Ticket | Refusal
  /** The same once the caller's turn has come, or will not. At once where the caller need not wait. */
  readonly place: (caller: Identity, work: Work) => Place
  readonly metrics: readonly Metric[]
  readonly close: () => void
}

export type Place = Ticket | Refusal | Promise<Ticket | Refusal>

export function createAdmissions(perSecond: WorkPerSecond, scheduler: Scheduler): Admissions {
  const admissionOf = (kind: CallerKind): Admission => {
    const { burstSeconds, peak } = SHAPE[kind]
    const rate = perSecond[kind]
    const rates = { perSecond: rate, burst: rate * burstSeconds, peakPerSecond: rate * peak }
    return createAdmission({ ...rates, ...RUNNING[kind] }, scheduler)
  }
  const admissions = {
    user: admissionOf('user'),
    service: admissionOf('service'),
    administrator: admissionOf('administrator'),
  }
  const ask = (caller: Identity, work: Work): Ticket | Refusal =>
    admissions[kindOf(caller)].ask(caller.userId, work)
  return {
    ask,
    place(caller, work) {
      const asked = ask(caller, work)
      if (isRefusal(asked) || asked.state === 'RUNNING') return asked
      return asked.wait().then((end) => (end === 'BEGIN' ? asked : end))
    },
    metrics: metricsOf(() => CALLER_KINDS.map((kind) => [kind, admissions[kind].readings()])),
    close() {
      for (const kind of CALLER_KINDS) admissions[kind].close()
    },
  }
}

function kindOf({ roles }: Identity): CallerKind {
  if (roles.size === 0) return 'user'
  return roles.has('service') ? 'service' : 'administrator'
}

function metricsOf(readings: () => readonly (readonly [CallerKind, AdmissionReadings])[]): readonly Metric[] {
  const metric = (
    name: string,
    type: Metric['type'],
    help: string,
    valueOf: (readings: AdmissionReadings) => number,
  ): Metric => ({
    ...{ name, type, help, labels: ['caller'] },
    read: () => readings().map(([caller, reading]) => ({ labels: { caller }, value: valueOf(reading) })),
  })
  return [
    metric('admitted_total', 'counter', 'Operations that began.', ({ admitted }) => admitted),
    metric('admission_waited_total', 'counter', 'Operations that had to wait.', ({ waited }) => waited),
    metric('admission_waiting', 'gauge', 'Operations that wait now.', ({ waiting }) => waiting),
    metric('admission_running_weight', 'gauge', 'Weight of what runs.', ({ runningWeight }) => runningWeight),
    {
      name: 'admission_refused_total',
      type: 'counter',
      help: 'Operations that were refused, and not begun.',
      labels: ['caller', 'code'],
      read: () =>
        readings().flatMap(([caller, { tooManyRequests, overloaded }]): Sample[] => [
          { labels: { caller, code: 'TOO_MANY_REQUESTS' }, value: tooManyRequests },
          { labels: { caller, code: 'OVERLOADED' }, value: overloaded },
        ]),
    },
  ]
}
