import { onTestFinished } from 'vitest'
import { createTokenVerifier } from '../../src/identity/token-verifier.ts'
import { presenceHub } from '../../src/live/presence-hub.ts'
import { systemScheduler } from '../../src/live/scheduler.ts'
import { createLog } from '../../src/server/log.ts'
import { startServer } from '../../src/server/start-server.ts'
import { memoryStorage, type MemoryStorage } from './memory-storage.ts'
import { NEVER_MS, POLICY } from './policy.ts'
import { claimsOf, issuerKey, sign, trustIn } from './token-issuer.ts'

export type MemoryServer = {
  readonly storage: MemoryStorage
  /** Of GraphQL over WebSocket. */
  readonly url: string
  readonly tokenOf: (userId: string) => Promise<string>
}

/** The server and the hub on storage in memory, which changes faster than any database. Stopped after the test. */
export async function serveMemory(): Promise<MemoryServer> {
  const key = issuerKey()
  const storage = memoryStorage()
  const hub = presenceHub({
    ...storage,
    ...POLICY,
    scheduler: systemScheduler,
    snapshotEveryMs: NEVER_MS,
    onProblem: () => undefined,
  })
  const server = await startServer({
    host: '127.0.0.1',
    port: 0,
    origins: { listed: [], local: false },
    services: { ...storage, store: storage.privacy, hub, ...POLICY },
    verifier: createTokenVerifier(trustIn(key)),
    maxRepresentations: 1000,
    maxSubscriptionsPerUser: 100,
    maxSubscriptionWeightPerUser: 1_000_000,
    maxSocketsPerUser: 100,
    maxConnectionsPerUser: 200,
    maxAnonymousConnections: 1000,
    // One user does here what a hundred do elsewhere.
    workPerSecond: { user: 1e8, service: 1e8, administrator: 1e8 },
    introspection: false,
    graphiql: false,
    readiness: () => ({ database: true, signals: true }),
    shutdownDelayMs: 0,
    shutdownTimeoutMs: 2000,
    log: createLog({ level: 'silent', readable: false }),
  })
  onTestFinished(async () => {
    await server.stop()
    hub.close()
  })
  return {
    storage,
    url: server.url.replace(/^http/, 'ws'),
    tokenOf: (userId) => sign(key, claimsOf(userId)),
  }
}
