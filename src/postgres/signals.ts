import type pg from 'pg'
import { hintListeners } from '../application/hint-listeners.ts'
import type { Signals } from '../application/ports.ts'
import { cut, endWithin } from './client.ts'
import { NO_TIMEOUTS, presenceClient } from './connection-options.ts'
import type { ServerIdentity } from './server-identity.ts'
import { CHANNEL, hintOf } from './signal.ts'

/** How often the connection is asked whether it still lives, and how long it may take to say so: a half-open one is silent for ever. */
const PROBE_EVERY_MS = 2000
const PROBE_TIMEOUT_MS = 3000
const END_WITHIN_MS = 300
const RECONNECT_AFTER_MS = { first: 100, most: 5000 } as const

export type PostgresSignals = Signals & {
  /** Whether signals arrive now. While they do not, listeners miss them; they run once when they arrive again. */
  readonly listening: () => boolean
  /** Since the start: signals that came, and connections that had to be made again. */
  readonly tally: () => { readonly heard: number; readonly reconnections: number }
  readonly close: () => Promise<void>
}

/**
 * Signals over LISTEN, on a connection of its own that is probed and replaced. What was missed meanwhile is made good by running
 * every listener once: a signal only says "look again".
 */
export async function postgresSignals(options: {
  /** Leads to the server itself: a pooler in transaction mode delivers nothing. */
  readonly url: string
  /** Who has to be listened to. */
  readonly identity?: ServerIdentity
  readonly onProblem: (error: unknown) => void
}): Promise<PostgresSignals> {
  const { deliver, ...listeners } = hintListeners()
  let arrivedUntil = -Infinity
  let client: pg.Client | null = null
  let closed = false
  let failures = 0
  let heard = 0
  let connections = 0
  let timer: NodeJS.Timeout | undefined

  const connect = async (): Promise<void> => {
    const next = presenceClient(
      {
        url: options.url,
        applicationName: 'presence-privacy signals',
        connectTimeoutMs: PROBE_TIMEOUT_MS,
        timeouts: NO_TIMEOUTS,
        ...(options.identity && { identity: options.identity }),
      },
      { query_timeout: PROBE_TIMEOUT_MS },
    )
    next.on('error', (error) => {
      lose(next, error)
    })
    next.on('end', () => {
      lose(next, new Error('the server closed the connection'))
    })
    next.on('notification', ({ payload }) => {
      heard += 1
      if (payload !== undefined) deliver(hintOf(payload))
    })
    const began = performance.now()
    try {
      await next.connect()
      await next.query(`listen ${CHANNEL}`)
    } catch (error) {
      cut(next)
      throw error
    }
    if (closed) return next.end()
    client = next
    failures = 0
    connections += 1
    timer = setTimeout(() => void probe(next), PROBE_EVERY_MS)
    deliver('ANYTHING')
    arrivedUntil = began
  }

  const probe = async (probed: pg.Client): Promise<void> => {
    const began = performance.now()
    try {
      await probed.query('/* probeSignals */ select 1')
      if (client !== probed) return
      arrivedUntil = began
      timer = setTimeout(() => void probe(probed), PROBE_EVERY_MS)
    } catch (error) {
      lose(probed, error)
    }
  }

  const lose = (lost: pg.Client, error: unknown): void => {
    if (client !== lost) return
    client = null
    clearTimeout(timer)
    cut(lost)
    if (closed) return
    options.onProblem(error)
    retry()
  }

  const retry = (): void => {
    const after = Math.min(RECONNECT_AFTER_MS.first * 2 ** failures, RECONNECT_AFTER_MS.most)
    failures += 1
    // Jitter: the instances of a fleet lose their connections together and must not come back together.
    timer = setTimeout(
      () => {
        connect().catch(reconnectFailed)
      },
      after * (0.5 + Math.random() / 2),
    )
  }

  const reconnectFailed = (error: unknown): void => {
    if (closed) return
    options.onProblem(error)
    retry()
  }

  await connect()

  return {
    ...listeners,
    arrivedUntil: () => arrivedUntil,
    listening: () => client !== null,
    tally: () => ({ heard, reconnections: connections - 1 }),
    async close() {
      closed = true
      clearTimeout(timer)
      const open = client
      client = null
      if (open !== null) await endWithin(open, END_WITHIN_MS)
    },
  }
}
