import { join } from 'node:path'
import {
  AppFailure,
  databaseFailure,
  EXIT_CONFIG,
  EXIT_UNAVAILABLE,
  listenFailure,
  pendingMigrationsFailure,
} from './app-failure.ts'
import { metricsOf } from './app-metrics.ts'
import type { Config } from './config.ts'
import { EmbeddedPostgresError } from './embedded-postgres/embedded-postgres-error.ts'
import { startEmbeddedPostgres } from './embedded-postgres/start-embedded-postgres.ts'
import { DevelopmentKeyError, developmentTrust, requireDevelopmentKey } from './identity/development-key.ts'
import type { TokenTrust } from './identity/token-trust.ts'
import { createTokenVerifier } from './identity/token-verifier.ts'
import { postgresAdapters } from './postgres/adapters.ts'
import { openDatabase } from './postgres/database.ts'
import { presenceHub } from './live/presence-hub.ts'
import { systemScheduler } from './live/scheduler.ts'
import { migrate, pendingMigrations } from './postgres/migrate.ts'
import { ServerIdentity } from './postgres/server-identity.ts'
import { postgresSignals } from './postgres/signals.ts'
import { watchWrites } from './postgres/write-watch.ts'
import { createLog, type Logger } from './server/log.ts'
import type { Metric } from './server/metric.ts'
import { serveMetrics } from './server/serve-metrics.ts'
import { startServer } from './server/start-server.ts'
import { startSweeps } from './start-sweeps.ts'
import { unlessAborted } from './unless-aborted.ts'

export type App = {
  /** Where GraphQL is served. */
  readonly url: string
  /** Where metrics are served, if they are. */
  readonly metricsUrl: string | undefined
  /** Ends everything that was started, in reverse; may be called again. */
  readonly stop: () => Promise<void>
}

export type AppOptions = {
  /** Default: to standard output, as the configuration says. */
  readonly log?: Logger
  /** Hears of a failure after the start that nothing here can mend: whoever started the app should end it. */
  readonly onFailure?: (failure: unknown) => void
  /** Ends a start that is under way, whatever it waits for. */
  readonly signal?: AbortSignal
}

/** Ends something that was started, within this time if it can. */
type Stop = (withinMs: number) => Promise<void>

/** A start that fails, or that nobody waits for any more, leaves nothing that takes long to end. */
const GIVE_UP_WITHIN_MS = 5000

type DatabaseServer = Exclude<Config['database']['server'], { kind: 'embedded' }>

/** Builds the service that a configuration describes, and starts it. What was started is stopped again if a later step fails. */
export async function createApp(config: Config, options: AppOptions = {}): Promise<App> {
  const log =
    options.log ?? createLog({ level: config.log.level, readable: config.environment === 'development' })
  const onFailure = options.onFailure ?? (() => undefined)
  const started: Stop[] = []
  const reach = reaching(config.database.server.kind, options.signal)
  try {
    const server = await unlessAborted(databaseServer(config, { log, onFailure, started }), options.signal)
    await reach(() => bringUpToDate(config, server, log))
    const identity = new ServerIdentity()
    const database = await reach(() =>
      openDatabase({
        ...config.database,
        ...{ identity, url: server.url, pooler: server.pooler },
        onIdleError: (error) => log.warn({ err: error }, 'an idle database connection broke'),
      }),
    )
    started.push(database.close)
    const adapters = postgresAdapters(database, config.privacy)
    const signals = await reach(() =>
      postgresSignals({
        ...{ identity, url: server.directUrl },
        onProblem: (error) => log.warn({ err: error }, 'signals do not arrive; connecting again'),
      }),
    )
    started.push(signals.close)
    const writes = await reach(() =>
      watchWrites({
        ...{ ...server, identity, tables: database.dataSource.entityMetadatas },
        onProblem: (error) =>
          log.warn({ err: error }, 'the database cannot be used; this instance is not ready'),
      }),
    )
    started.push(writes.close)
    const hub = presenceHub({
      live: adapters.live,
      beginnings: adapters.beginnings,
      signals,
      policy: config.privacy,
      scheduler: systemScheduler,
      ...config.streams,
      onProblem: (error) => log.warn({ err: error }, 'streams of presence could not be verified'),
    })
    started.push(() => {
      hub.close()
      return Promise.resolve()
    })

    const sweeps = startSweeps({ ...adapters, ...config.sweeps, log })
    started.push(sweeps.stop)
    const running = await startServer({
      ...config.http,
      ...config.graphql,
      shutdownTimeoutMs: drainMs(config.http.shutdownTimeoutMs),
      origins: { listed: config.http.allowedOrigins, local: config.http.allowLocalOrigins },
      services: { ...adapters, signals, hub, policy: config.privacy },
      verifier: createTokenVerifier(await trust(config)),
      readiness: () => ({ database: writes.canWrite(), signals: signals.listening() }),
      log,
    }).catch((error: unknown) => {
      throw listenFailure(error, config.http)
    })
    started.push(running.stop)
    const metrics = [...running.metrics, ...metricsOf({ database, signals, hub, sweeps })]
    const metricsUrl = await startMetrics(config, { metrics, log, started })
    const { shutdownDelayMs, shutdownTimeoutMs } = config.http
    const stop = once(() => stopWithin(started, shutdownDelayMs + shutdownTimeoutMs))
    return { url: running.url, metricsUrl, stop }
  } catch (error) {
    await stopWithin(started, GIVE_UP_WITHIN_MS)
    throw error
  }
}

/** What is kept of the time of a stop for the database, after the last client is gone. */
function drainMs(shutdownTimeoutMs: number): number {
  return shutdownTimeoutMs - Math.min(2000, shutdownTimeoutMs / 5)
}

/**
 * Stops in reverse what was started. When the time is over, what is left is told to stop and not waited for any more: a database that
 * does not answer must not hold a stop up.
 */
async function stopWithin(started: Stop[], withinMs: number): Promise<void> {
  const end = performance.now() + withinMs
  const over = new Promise<void>((resolve) => setTimeout(resolve, withinMs).unref())
  for (const stop of started.splice(0).reverse()) {
    const stopped = stop(Math.max(0, end - performance.now()))
    await Promise.race([stopped, over])
    stopped.catch(() => undefined)
  }
}

async function databaseServer(
  { database, dataDir }: Config,
  starting: Required<Pick<AppOptions, 'log' | 'onFailure'>> & { readonly started: Stop[] },
): Promise<DatabaseServer> {
  if (database.server.kind === 'external') return database.server
  const coming = startEmbeddedPostgres({
    dataFolder: join(dataDir, 'postgres'),
    log: (line) => starting.log.debug({ line }, 'postgres'),
    onExit: (failure) => starting.onFailure(new AppFailure(EXIT_UNAVAILABLE, failure.message, failure)),
  })
  // Also of a start that nobody waits for any more: its server must not outlive us.
  starting.started.push((withinMs) =>
    coming.then(
      (postgres) => postgres.stop({ withinMs }),
      () => undefined,
    ),
  )
  const postgres = await coming.catch((error: unknown) => {
    throw error instanceof EmbeddedPostgresError
      ? new AppFailure(EXIT_UNAVAILABLE, error.message, error)
      : error
  })
  return { kind: 'external', url: postgres.url, directUrl: postgres.url, pooler: 'none' }
}

async function startMetrics(
  { metrics: address }: Config,
  {
    metrics,
    log,
    started,
  }: { readonly metrics: readonly Metric[]; readonly log: Logger; readonly started: Stop[] },
): Promise<string | undefined> {
  if (address === undefined) return undefined
  const { url, stop } = await serveMetrics({ ...address, metrics, log }).catch((error: unknown) => {
    throw listenFailure(error, address, { host: 'METRICS_HOST', port: 'METRICS_PORT' })
  })
  // The last to go: a stop is worth watching.
  started.unshift(stop)
  log.info({ url }, 'metrics')
  return url
}

async function bringUpToDate(
  { database }: Config,
  { directUrl }: DatabaseServer,
  log: Logger,
): Promise<void> {
  switch (database.migrate) {
    case 'auto':
      return migrate({ url: directUrl, log: (line) => log.info(line) })
    case 'check': {
      const pending = await pendingMigrations({ url: directUrl })
      if (pending.length > 0) throw pendingMigrationsFailure(pending)
      return
    }
    case 'off':
      return
  }
}

async function trust({ identity, dataDir }: Config): Promise<TokenTrust> {
  if (identity.source === 'configured') return identity.trust
  try {
    return developmentTrust(await requireDevelopmentKey(dataDir))
  } catch (error) {
    throw error instanceof DevelopmentKeyError ? new AppFailure(EXIT_CONFIG, error.message, error) : error
  }
}

/** Says in the operator's words why the database cannot be used; the embedded one has no setting that could be to blame. */
function reaching(server: 'external' | 'embedded', signal: AbortSignal | undefined) {
  return async <Result>(step: () => Promise<Result>): Promise<Result> => {
    try {
      return await unlessAborted(step(), signal)
    } catch (error) {
      throw error instanceof AppFailure || error === signal?.reason ? error : databaseFailure(error, server)
    }
  }
}

function once(stop: () => Promise<void>): () => Promise<void> {
  let stopped: Promise<void> | undefined
  return () => (stopped ??= stop())
}
