import pg from 'pg'
import type { Signals } from '../application/ports.ts'
import type { UserId } from '../domain/user-id.ts'
import { cut } from './client.ts'
import { CHANNEL, usersOfSignal } from './signal.ts'

/** How often the connection is asked whether it still lives, and how long it may take to say so: a half-open one is silent for ever. */
const PROBE_EVERY_MS = 5000
const PROBE_TIMEOUT_MS = 3000
const RECONNECT_AFTER_MS = { first: 100, most: 5000 } as const

export type PostgresSignals = Signals & {
  /** Whether signals arrive now. While they do not, listeners miss them; they run once when they arrive again. */
  readonly listening: () => boolean
  readonly close: () => Promise<void>
}

/**
 * Signals over LISTEN, on a connection of its own that is probed and replaced. What was missed meanwhile is made good by running
 * every listener once: a signal only says "look again".
 */
export async function postgresSignals(options: {
  /** Leads to the server itself: a pooler in transaction mode delivers nothing. */
  readonly url: string
  readonly onProblem: (error: unknown) => void
}): Promise<PostgresSignals> {
  const listeners = new Map<UserId, Set<() => void>>()
  let client: pg.Client | null = null
  let closed = false
  let failures = 0
  let timer: NodeJS.Timeout | undefined

  const connect = async (): Promise<void> => {
    const next = new pg.Client({
      connectionString: options.url,
      application_name: 'presence-privacy signals',
      connectionTimeoutMillis: PROBE_TIMEOUT_MS,
      query_timeout: PROBE_TIMEOUT_MS,
      keepAlive: true,
    })
    next.on('error', (error) => {
      lose(next, error)
    })
    next.on('end', () => {
      lose(next, new Error('the server closed the connection'))
    })
    next.on('notification', ({ payload }) => {
      if (payload !== undefined) deliver(usersOfSignal(payload))
    })
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
    timer = setTimeout(() => void probe(next), PROBE_EVERY_MS)
    deliver([...listeners.keys()])
  }

  const deliver = (users: readonly UserId[]): void => {
    for (const user of users) for (const listener of [...(listeners.get(user) ?? [])]) listener()
  }

  const probe = async (probed: pg.Client): Promise<void> => {
    try {
      await probed.query('/* probeSignals */ select 1')
      if (client === probed) timer = setTimeout(() => void probe(probed), PROBE_EVERY_MS)
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
    subscribe(user, listener) {
      const ofUser = listeners.get(user) ?? new Set()
      listeners.set(user, ofUser.add(listener))
      return () => {
        ofUser.delete(listener)
        if (ofUser.size === 0 && listeners.get(user) === ofUser) listeners.delete(user)
      }
    },
    listening: () => client !== null,
    async close() {
      closed = true
      clearTimeout(timer)
      const open = client
      client = null
      await open?.end()
    },
  }
}
