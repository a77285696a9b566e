import type { HubReadings } from './live/hub-state.ts'
import type { Metric } from './server/metric.ts'

/** What the parts of the app tell of themselves, apart from the server. Each knows nothing of metrics. */
export type Readings = {
  readonly database: {
    readonly connections: () => {
      readonly open: number
      readonly idle: number
      readonly waiting: number
      readonly reads: { readonly open: number; readonly underWay: number }
    }
  }
  readonly signals: {
    readonly listening: () => boolean
    readonly tally: () => { readonly heard: number; readonly reconnections: number }
  }
  readonly hub: { readonly readings: () => HubReadings }
  readonly sweeps: { readonly tally: () => { readonly done: number; readonly failed: number } }
}

/** The same as metrics; what is added to the app adds its own here. */
export function metricsOf({ database, signals, hub, sweeps }: Readings): readonly Metric[] {
  return [
    {
      name: 'database_connections',
      help: 'Connections of the pool, by what they do.',
      type: 'gauge',
      labels: ['state'],
      read() {
        const { open, idle } = database.connections()
        return [
          { labels: { state: 'idle' }, value: idle },
          { labels: { state: 'busy' }, value: open - idle },
        ]
      },
    },
    {
      name: 'database_waiting',
      help: 'Statements and transactions that wait for a connection of the pool.',
      type: 'gauge',
      read: () => database.connections().waiting,
    },
    {
      name: 'database_read_connections',
      help: 'Connections beside the pool that carry looks at presence.',
      type: 'gauge',
      read: () => database.connections().reads.open,
    },
    {
      name: 'database_reads',
      help: 'Looks at presence that are under way on these connections.',
      type: 'gauge',
      read: () => database.connections().reads.underWay,
    },
    {
      name: 'signals_listening',
      help: 'Whether signals of changes arrive now: 1 or 0.',
      type: 'gauge',
      read: () => Number(signals.listening()),
    },
    {
      name: 'signals_total',
      help: 'Signals of changes that were heard, from all instances.',
      type: 'counter',
      read: () => signals.tally().heard,
    },
    {
      name: 'signals_reconnections_total',
      help: 'How often the connection for signals was lost and made anew.',
      type: 'counter',
      read: () => signals.tally().reconnections,
    },
    {
      name: 'sweeps_total',
      help: 'Sweeps of what time has ended, by how they went.',
      type: 'counter',
      labels: ['outcome'],
      read() {
        const { done, failed } = sweeps.tally()
        return [
          { labels: { outcome: 'done' }, value: done },
          { labels: { outcome: 'failed' }, value: failed },
        ]
      },
    },
    ...metricsOfHub(hub),
  ]
}

function metricsOfHub({ readings }: Readings['hub']): readonly Metric[] {
  const metric = (name: string, type: Metric['type'], reading: keyof HubReadings, help: string): Metric => ({
    name,
    type,
    help,
    read: () => Number(readings()[reading]),
  })
  return [
    metric('live_streams', 'gauge', 'streams', 'Open streams of presence.'),
    metric('live_presentities', 'gauge', 'presentities', 'Users on screen in any stream.'),
    metric('live_doubtful', 'gauge', 'doubtful', 'Users who wait to be looked at.'),
    metric('live_due', 'gauge', 'due', 'Users of whom something ends by time.'),
    metric(
      'live_blind',
      'gauge',
      'blind',
      'Whether nothing can be verified, and streams show everybody Offline: 1 or 0.',
    ),
    metric('live_ticks_total', 'counter', 'ticks', 'Looks at what streams show.'),
    metric('live_renewed_total', 'counter', 'renewed', 'Pairs that were read anew, as something had moved.'),
    metric('live_failures_total', 'counter', 'failures', 'Looks that could not read what they had to.'),
    metric('live_events_total', 'counter', 'events', 'Events that went to streams.'),
  ]
}
