import { join } from 'node:path'
import {
  AppFailure,
  databaseFailure,
  EXIT_CONFIG,
  EXIT_UNAVAILABLE,
  listenFailure,
  pendingMigrationsFailure,
} from './app-failure.ts'
import type { Config } from './config.ts'
import { EmbeddedPostgresError } from './embedded-postgres/embedded-postgres-error.ts'
import { startEmbeddedPostgres } from './embedded-postgres/start-embedded-postgres.ts'
import { DevelopmentKeyError, developmentTrust, requireDevelopmentKey } from './identity/development-key.ts'
import type { TokenTrust } from './identity/token-trust.ts'
import { createTokenVerifier } from './identity/token-verifier.ts'
import { postgresAdministration } from './postgres/administration.ts'
import { canWrite } from './postgres/can-write.ts'
import { openDatabase, type Database } from './postgres/database.ts'
import { postgresFactsReader } from './postgres/facts-reader.ts'
import { postgresLeftovers } from './postgres/leftovers.ts'
import { migrate, pendingMigrations } from './postgres/migrate.ts'
import { postgresPersonalRecords } from './postgres/personal-records.ts'
import { postgresPresenceSessions } from './postgres/presence-sessions.ts'
import { postgresPrivacyLists } from './postgres/privacy-lists.ts'
import { postgresPrivacyStore } from './postgres/privacy-store.ts'
import { postgresSignals } from './postgres/signals.ts'
import { postgresTrail } from './postgres/trail.ts'
import { createLog, type Logger } from './server/log.ts'
import { startServer } from './server/start-server.ts'
import { startSweeps } from './start-sweeps.ts'

export type App = {
  /** Where GraphQL is served. */
  readonly url: string
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
    await bringUpToDate(config, server, log)
    const database = await reach(() =>
      openDatabase({
        ...config.database,
        url: server.url,
        pooler: server.pooler,
        onIdleError: (error) => log.warn({ err: error }, 'an idle database connection broke'),
      }),
    )
    started.push(database.close)
    const signals = await reach(() =>
      postgresSignals({
        url: server.directUrl,
        onProblem: (error) => log.warn({ err: error }, 'signals do not arrive; connecting again'),
      }),
    )
    started.push(signals.close)

    const running = await startServer({
      ...config.http,
      ...config.graphql,
      origins: { listed: config.http.allowedOrigins, local: config.http.allowLocalOrigins },
      services: { ...adapters(database), signals, policy: config.privacy },
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
    started.push(startSweeps({ ...adapters(database), ...config.sweeps, log }))
    return { url: running.url, stop: once(stopStarted) }
  } catch (error) {
    await stopStarted()
    throw error
  }
}

function adapters(database: Database) {
  return {
    facts: postgresFactsReader(database.query),
    store: postgresPrivacyStore(database),
    lists: postgresPrivacyLists(database.query),
    sessions: postgresPresenceSessions(database),
    administration: postgresAdministration(database),
    trail: postgresTrail(database.query),
    leftovers: postgresLeftovers(database.query),
    records: postgresPersonalRecords(database),
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

async function bringUpToDate(
  { database }: Config,
  { directUrl }: DatabaseServer,
  log: Logger,
): Promise<void> {
  switch (database.migrate) {
    case 'auto':
      return reach(() => migrate({ url: directUrl, log: (line) => log.info(line) }))
    case 'check': {
      const pending = await reach(() => pendingMigrations({ url: directUrl }))
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

async function reach<Result>(step: () => Promise<Result>): Promise<Result> {
  try {
    return await step()
  } catch (error) {
    throw databaseFailure(error)
  }
}

function once(stop: () => Promise<void>): () => Promise<void> {
  let stopped: Promise<void> | undefined
  return () => (stopped ??= stop())
}
