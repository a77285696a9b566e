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
import { canWrite } from './postgres/can-write.ts'
import { openDatabase } from './postgres/database.ts'
import { presenceHub } from './live/presence-hub.ts'
import { systemScheduler } from './live/scheduler.ts'
import { migrate, pendingMigrations } from './postgres/migrate.ts'
import { postgresSignals } from './postgres/signals.ts'
import { createLog, type Logger } from './server/log.ts'
import type { Metric } from './server/metric.ts'
import { serveMetrics } from './server/serve-metrics.ts'
import { startServer } from './server/start-server.ts'
import { startSweeps } from './start-sweeps.ts'

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
}

type DatabaseServer = Exclude<Config['database']['server'], { kind: 'embedded' }>

/** Builds the service that a configuration describes, and starts it. What was started is stopped again if a later step fails. */
export async function createApp(config: Config, options: AppOptions = {}): Promise<App> {
  const log =
    options.log ?? createLog({ level: config.log.level, readable: config.environment === 'development' })
  const onFailure = options.onFailure ?? (() => undefined)
  const started: (() => Promise<void>)[] = []
  const stopStarted = async (): Promise<void> => {
    for (const stop of started.splice(0).reverse()) await stop()
  }

  try {
    const server = await databaseServer(config, { log, onFailure, started })
    const reach = reaching(config.database.server.kind)
    await reach(() => bringUpToDate(config, server, log))
    const database = await reach(() =>
      openDatabase({
        ...config.database,
        url: server.url,
        pooler: server.pooler,
        onIdleError: (error) => log.warn({ err: error }, 'an idle database connection broke'),
      }),
    )
    started.push(database.close)
    const adapters = postgresAdapters(database, config.privacy)
    const signals = await reach(() =>
      postgresSignals({
        url: server.directUrl,
        onProblem: (error) => log.warn({ err: error }, 'signals do not arrive; connecting again'),
      }),
    )
    started.push(signals.close)
    const hub = presenceHub({
      live: adapters.live,
      beginnings: adapters.beginnings,
      signals,
      policy: config.privacy,
      scheduler: systemScheduler,
      onProblem: (error) => log.warn({ err: error }, 'streams of presence could not be verified'),
    })
    started.push(() => {
      hub.close()
      return Promise.resolve()
    })

    const running = await startServer({
      ...config.http,
      ...config.graphql,
      origins: { listed: config.http.allowedOrigins, local: config.http.allowLocalOrigins },
      services: { ...adapters, signals, hub, policy: config.privacy },
      verifier: createTokenVerifier(await trust(config)),
      readiness: async () => ({
        database: await canWrite(database.query).catch(() => false),
        signals: signals.listening(),
      }),
      log,
    }).catch((error: unknown) => {
      throw listenFailure(error, config.http)
    })
    started.push(running.stop)
    const sweeps = startSweeps({ ...adapters, ...config.sweeps, log })
    started.push(sweeps.stop)
    const metrics = [...running.metrics, ...metricsOf({ database, signals, hub, sweeps })]
    const metricsUrl = await startMetrics(config, { metrics, log, started })
    return { url: running.url, metricsUrl, stop: once(stopStarted) }
  } catch (error) {
    await stopStarted()
    throw error
  }
}

async function databaseServer(
  { database, dataDir }: Config,
  starting: Required<Pick<AppOptions, 'log' | 'onFailure'>> & { readonly started: (() => Promise<void>)[] },
): Promise<DatabaseServer> {
  if (database.server.kind === 'external') return database.server
  const postgres = await startEmbeddedPostgres({
    dataFolder: join(dataDir, 'postgres'),
    log: (line) => starting.log.debug({ line }, 'postgres'),
    onExit: (failure) => starting.onFailure(new AppFailure(EXIT_UNAVAILABLE, failure.message, failure)),
  }).catch((error: unknown) => {
    throw error instanceof EmbeddedPostgresError
      ? new AppFailure(EXIT_UNAVAILABLE, error.message, error)
      : error
  })
  starting.started.push(() => postgres.stop())
  return { kind: 'external', url: postgres.url, directUrl: postgres.url, pooler: 'none' }
}

async function startMetrics(
  { metrics: address }: Config,
  {
    metrics,
    log,
    started,
  }: { readonly metrics: readonly Metric[]; readonly log: Logger; readonly started: (() => Promise<void>)[] },
): Promise<string | undefined> {
  if (address === undefined) return undefined
  const { url, stop } = await serveMetrics({ ...address, metrics, log }).catch((error: unknown) => {
    throw listenFailure(error, address, { host: 'METRICS_HOST', port: 'METRICS_PORT' })
  })
  started.push(stop)
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
function reaching(server: 'external' | 'embedded') {
  return async <Result>(step: () => Promise<Result>): Promise<Result> => {
    try {
      return await step()
    } catch (error) {
      throw error instanceof AppFailure ? error : databaseFailure(error, server)
    }
  }
}

function once(stop: () => Promise<void>): () => Promise<void> {
  let stopped: Promise<void> | undefined
  return () => (stopped ??= stop())
}
