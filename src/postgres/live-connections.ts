import pg from 'pg'
import { endPoolWithin, PresenceClient, type PresenceClientConfig } from './client.ts'
import type { Query } from './database.ts'
import { reach } from './storage-error.ts'

/** One for the reads of a tick, and one more for the contact lists that a tick reads beside them. Ticks never overlap. */
const LIVE_CONNECTIONS = 2
const END_WITHIN_MS = 1000

export type LiveConnections = { readonly query: Query; readonly close: () => Promise<void> }

/**
 * Connections that verify open streams, and do nothing else. Whatever users begin goes over the pool or the read connections, so that
 * it cannot take these, and nobody's streams become unverified by it. They are opened when they are needed.
 */
export function liveConnections(options: {
  /** As `PresenceClient` takes it, with `pipeline` and timeouts as the pool has them. */
  readonly connection: PresenceClientConfig
  /** Hears of connections that broke while idle; they are replaced by themselves. */
  readonly onIdleError: (error: unknown) => void
}): LiveConnections {
  // As TypeORM hands a pool its client, whose type pg takes to have no options.
  const config: object = {
    ...options.connection,
    Client: PresenceClient,
    max: LIVE_CONNECTIONS,
    idleTimeoutMillis: 0,
    maxLifetimeSeconds: 3600,
  }
  const pool = new pg.Pool(config)
  pool.on('error', options.onIdleError)
  return {
    query: <Row>(sql: string, parameters: readonly unknown[]) =>
      reach(async () => {
        const client = await pool.connect()
        try {
          const { rows } = await client.query(sql, [...parameters])
          return rows as Row[]
        } finally {
          client.release()
        }
      }),
    close: () => endPoolWithin(pool, END_WITHIN_MS),
  }
}
