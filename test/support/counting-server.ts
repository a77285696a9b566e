import { onTestFinished } from 'vitest'
import type { Signals } from '../../src/application/ports.ts'
import { presenceHub } from '../../src/live/presence-hub.ts'
import { systemScheduler } from '../../src/live/scheduler.ts'
import { createTokenVerifier } from '../../src/identity/token-verifier.ts'
import { postgresAdapters } from '../../src/postgres/adapters.ts'
import { openDatabase } from '../../src/postgres/database.ts'
import { postgresLiveFacts } from '../../src/postgres/live-facts.ts'
import { postgresSignals } from '../../src/postgres/signals.ts'
import { createLog } from '../../src/server/log.ts'
import { startServer, type RunningServer } from '../../src/server/start-server.ts'
import type { TestDatabase } from './database.ts'
import { NEVER_MS, POLICY } from './policy.ts'
import { claimsOf, issuerKey, sign, trustIn } from './token-issuer.ts'

export type CountingServer = {
  readonly server: RunningServer
  /** How many streams listen to signals. */
  readonly listening: () => number
  readonly tokenOf: (userId: string) => Promise<string>
}

/** The server on real adapters, with what listens to signals counted. Stopped after the test. */
export async function countingServer(database: Pick<TestDatabase, 'url'>): Promise<CountingServer> {
  const key = issuerKey()
  const pool = await openDatabase({
    url: database.url,
    pooler: 'none',
    poolSize: 3,
    readConnections: 2,
    statementTimeoutMs: 5000,
    lockTimeoutMs: 3000,
    connectTimeoutMs: 5000,
  })
  const real = await postgresSignals({ url: database.url, onProblem: () => undefined })
  const listening = new Set<symbol>()
  const signals: Signals = {
    ...real,
    subscribe(user, listener) {
      const listenerId = Symbol(user)
      const stop = real.subscribe(user, listener)
      listening.add(listenerId)
      return () => {
        listening.delete(listenerId)
        stop()
      }
    },
  }
  const hub = presenceHub({
    live: postgresLiveFacts(pool.query),
    signals,
    ...POLICY,
    scheduler: systemScheduler,
    snapshotEveryMs: NEVER_MS,
    onProblem: () => undefined,
  })
  const server = await startServer({
    host: '127.0.0.1',
    port: 0,
    origins: { listed: [], local: false },
    services: {
      ...postgresAdapters(pool, POLICY.policy),
      signals,
      hub,
      ...POLICY,
    },
    verifier: createTokenVerifier(trustIn(key)),
    maxRepresentations: 10,
    maxSubscriptionsPerUser: 10,
    maxSubscriptionWeightPerUser: 1_000_000,
    maxSocketsPerUser: 100,
    maxConnectionsPerUser: 200,
    maxAnonymousConnections: 1000,
    workPerSecond: { user: 15_000, service: 30_000, administrator: 40_000 },
    introspection: false,
    graphiql: false,
    readiness: () => ({ database: true, signals: true }),
    shutdownDelayMs: 0,
    shutdownTimeoutMs: 5000,
    log: createLog({ level: 'silent', readable: false }),
  })
  onTestFinished(async () => {
    await server.stop()
    hub.close()
    await real.close()
    await pool.close()
  })
  return {
    server,
    listening: () => listening.size,
    tokenOf: (userId) => sign(key, claimsOf(userId)),
  }
}
