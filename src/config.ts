import { conflictsIn, databaseConflicts } from './config/conflicts.ts'
import { deepFreeze } from './config/deep-freeze.ts'
import { identityIn } from './config/identity.ts'
import { settings } from './config/settings.ts'
import type { SettingName, Settings } from './config/settings.ts'
import type { TokenTrust } from './identity/token-trust.ts'

/** Everything that a deployment can choose, read once. Durations are in milliseconds. */
export type Config = {
  readonly environment: Settings['NODE_ENV']
  /** Absolute path of the folder for what development keeps: the embedded database and the generated key. */
  readonly dataDir: string
  readonly http: {
    readonly host: string
    /** 0 asks for any free port. */
    readonly port: number
    /** Exact origins whose pages may connect. */
    readonly allowedOrigins: readonly string[]
    /** Pages of localhost and 127.0.0.1 on any port may connect as well: development only. */
    readonly allowLocalOrigins: boolean
    /** How many connections may be open whose clients have shown no good token. */
    readonly maxAnonymousConnections: number
    /** How long a stop goes on serving, so that balancers notice that the instance is not ready. */
    readonly shutdownDelayMs: number
    readonly shutdownTimeoutMs: number
  }
  /** Where metrics are served; undefined is nowhere. */
  readonly metrics: { readonly host: string; readonly port: number } | undefined
  readonly database: {
    readonly server:
      | { readonly kind: 'embedded' }
      | {
          readonly kind: 'external'
          readonly url: string
          /** Past any pooler: for LISTEN and migrations. */
          readonly directUrl: string
          /** `transaction`: no named statements and no start-up parameters on `url`. */
          readonly pooler: Settings['DATABASE_POOLER']
        }
    readonly poolSize: number
    /** Beside the pool, for what is read most. */
    readonly readConnections: number
    readonly statementTimeoutMs: number
    readonly lockTimeoutMs: number
    readonly connectTimeoutMs: number
    readonly migrate: Settings['MIGRATE']
  }
  readonly identity:
    { readonly source: 'development-key' } | { readonly source: 'configured'; readonly trust: TokenTrust }
  readonly privacy: {
    /** Rule 11: those whom a user has blocked appear Offline to that user, too. */
    readonly blockingHidesBothWays: boolean
    /** Rule 13: after how long without activity a device is shown idle, and away; null is never. */
    readonly ageing: { readonly idleAfterMs: number | null; readonly awayAfterMs: number | null }
  }
  readonly sweeps: {
    /** How often what has ended by time is stored so; 0 is never, and nothing is forgotten then either. */
    readonly everyMs: number
    /** How long requests are kept that are over. */
    readonly requestsKeptMs: number
    /** How long the trail reaches back. */
    readonly trailKeptMs: number
  }
  readonly graphql: {
    readonly introspection: boolean
    readonly graphiql: boolean
    /** How many users one `_entities` call may ask for. */
    readonly maxRepresentations: number
    /** How many subscriptions of one user an instance runs at once, over all his sockets. */
    readonly maxSubscriptionsPerUser: number
    /** How much the open subscriptions of one user may weigh together. */
    readonly maxSubscriptionWeightPerUser: number
    /** How many WebSockets of one user an instance keeps. */
    readonly maxSocketsPerUser: number
    readonly maxConnectionsPerUser: number
    /** How much work each caller of a kind may begin a second, in users looked at. */
    readonly workPerSecond: {
      readonly user: number
      readonly service: number
      readonly administrator: number
    }
  }
  readonly streams: {
    /** How often each stream gets a snapshot by the clock. */
    readonly snapshotEveryMs: number
  }
  readonly log: { readonly level: Settings['LOG_LEVEL'] }
}

/** The environment is wrong; every fault names its variable and what to write instead, and quotes no value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly faults: string[]

  constructor(faults: string[]) {
    super(['The configuration is wrong:', ...faults.map((fault) => `  ${fault}`)].join('\n'))
    this.faults = faults
  }
}

/**
 * Reads all settings; `.env.example` describes them. White space around a value is ignored, an empty value counts as unset.
 *
 * @throws ConfigError with all faults at once, so that an operator mends them in one go.
 */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  return deepFreeze(grouped(readSettings(env, Object.keys(settings) as SettingName[], conflictsIn)))
}

/** In production: balancers probe every few seconds, and believe the second or third failure. */
const SHUTDOWN_DELAY_MS = 5000

const NAMES_OF_THE_STORE = [
  'NODE_ENV',
  'DATABASE_URL',
  'DATABASE_DIRECT_URL',
  'DATABASE_POOLER',
  'DATABASE_POOL_SIZE',
  'DATABASE_READ_CONNECTIONS',
  'DATABASE_STATEMENT_TIMEOUT_MS',
  'DATABASE_LOCK_TIMEOUT_MS',
  'DATABASE_CONNECT_TIMEOUT_MS',
  'DATA_DIR',
  'MIGRATE',
  'BLOCKING_HIDES_BOTH_WAYS',
  'IDLE_AFTER_SECONDS',
  'AWAY_AFTER_SECONDS',
] as const satisfies readonly SettingName[]

/** What whoever works on the data alone needs: nothing of tokens and transports. */
export type StoreConfig = Pick<Config, 'environment' | 'dataDir' | 'database' | 'privacy'>

/** The same settings, as far as they are about what is stored. @throws ConfigError */
export function readStoreConfig(env: NodeJS.ProcessEnv): StoreConfig {
  return deepFreeze(stored(readSettings(env, NAMES_OF_THE_STORE, databaseConflicts)))
}

function readSettings<Name extends SettingName>(
  env: NodeJS.ProcessEnv,
  names: readonly Name[],
  conflicts: typeof conflictsIn,
): Pick<Settings, Name> {
  const present = presentIn(env)
  const values: Partial<Record<SettingName, unknown>> = {}
  const faults: string[] = []
  for (const name of names) {
    const result = settings[name].safeParse(present[name])
    if (result.success) values[name] = result.data
    else faults.push(...result.error.issues.map((issue) => `${name}: ${issue.message}`))
  }
  const readable = values as Partial<Settings>
  faults.push(...conflicts({ isSet: (name) => present[name] !== undefined, values: readable }))
  if (faults.length > 0) throw new ConfigError(faults)
  return readable as Pick<Settings, Name>
}

function presentIn(env: NodeJS.ProcessEnv): Partial<Record<SettingName, string>> {
  const present: Partial<Record<SettingName, string>> = {}
  for (const name of Object.keys(settings) as SettingName[]) {
    const value = env[name]?.trim()
    if (value !== undefined && value !== '') present[name] = value
  }
  return present
}

function grouped(values: Settings): Config {
  const inDevelopment = values.NODE_ENV === 'development'
  return {
    ...stored(values),
    http: {
      host: values.HOST,
      port: values.PORT,
      allowedOrigins: values.ALLOWED_ORIGINS,
      allowLocalOrigins: inDevelopment,
      maxAnonymousConnections: values.MAX_ANONYMOUS_CONNECTIONS,
      shutdownDelayMs: values.SHUTDOWN_DELAY_MS ?? (values.NODE_ENV === 'production' ? SHUTDOWN_DELAY_MS : 0),
      shutdownTimeoutMs: values.SHUTDOWN_TIMEOUT_MS,
    },
    metrics:
      values.METRICS_PORT === undefined
        ? undefined
        : { host: values.METRICS_HOST, port: values.METRICS_PORT },
    identity: identityIn(values),
    sweeps: {
      everyMs: values.SWEEP_INTERVAL_SECONDS * 1000,
      requestsKeptMs: values.REQUEST_RETENTION_DAYS * 24 * 3_600_000,
      trailKeptMs: values.TRAIL_RETENTION_DAYS * 24 * 3_600_000,
    },
    graphql: {
      introspection: isOn(values.INTROSPECTION, inDevelopment),
      graphiql: isOn(values.GRAPHIQL, inDevelopment),
      maxRepresentations: values.MAX_REPRESENTATIONS,
      maxSubscriptionsPerUser: values.MAX_SUBSCRIPTIONS_PER_USER,
      maxSubscriptionWeightPerUser: values.MAX_SUBSCRIPTION_WEIGHT_PER_USER,
      maxSocketsPerUser: values.MAX_SOCKETS_PER_USER,
      maxConnectionsPerUser: values.MAX_CONNECTIONS_PER_USER,
      workPerSecond: {
        user: values.USER_WORK_PER_SECOND,
        service: values.SERVICE_WORK_PER_SECOND,
        administrator: values.ADMINISTRATOR_WORK_PER_SECOND,
      },
    },
    streams: { snapshotEveryMs: values.STREAM_SNAPSHOT_SECONDS * 1000 },
    log: { level: values.LOG_LEVEL },
  }
}

type StoredSettings = Pick<Settings, (typeof NAMES_OF_THE_STORE)[number]>

function stored(values: StoredSettings): StoreConfig {
  return {
    environment: values.NODE_ENV,
    dataDir: values.DATA_DIR,
    database: {
      server: databaseServer(values),
      poolSize: values.DATABASE_POOL_SIZE,
      readConnections: values.DATABASE_READ_CONNECTIONS,
      statementTimeoutMs: values.DATABASE_STATEMENT_TIMEOUT_MS,
      lockTimeoutMs: values.DATABASE_LOCK_TIMEOUT_MS,
      connectTimeoutMs: values.DATABASE_CONNECT_TIMEOUT_MS,
      migrate: values.MIGRATE,
    },
    privacy: {
      blockingHidesBothWays: values.BLOCKING_HIDES_BOTH_WAYS === 'on',
      ageing: {
        idleAfterMs: orNever(values.IDLE_AFTER_SECONDS),
        awayAfterMs: orNever(values.AWAY_AFTER_SECONDS),
      },
    },
  }
}

function databaseServer(values: StoredSettings): Config['database']['server'] {
  const { DATABASE_URL: url, DATABASE_DIRECT_URL: directUrl, DATABASE_POOLER: pooler } = values
  if (url === undefined) return { kind: 'embedded' }
  return { kind: 'external', url, directUrl: directUrl ?? url, pooler }
}

function orNever(seconds: number): number | null {
  return seconds === 0 ? null : seconds * 1000
}

function isOn(setting: 'on' | 'off' | undefined, otherwise: boolean): boolean {
  return setting === undefined ? otherwise : setting === 'on'
}
