import { parse } from 'pg-connection-string'
import type pg from 'pg'
import { PresenceClient, type PresenceClientConfig } from './client.ts'
import type { ServerIdentity } from './server-identity.ts'
import { startupSettings, type Timeouts } from './session-settings.ts'

/** Of those who wait as long as it takes: who migrates, and who listens. */
export const NO_TIMEOUTS: Timeouts = { statementTimeoutMs: 0, lockTimeoutMs: 0 }

export type ConnectionOptions = {
  readonly url: string
  /** As pg_stat_activity shows it. */
  readonly applicationName: string
  readonly connectTimeoutMs: number
  readonly timeouts: Timeouts
  /** `transaction`: the URL leads to a pooler, which carries neither most settings nor named statements. Default `none`. */
  readonly pooler?: 'none' | 'transaction'
  /** Default `auto`. */
  readonly planCacheMode?: 'auto' | 'force_generic_plan'
  /** Whether statements that open with their caller's name are prepared under it. Default false. */
  readonly namedStatements?: boolean
  /** Whom a connection has to lead to; left out, to anybody. */
  readonly identity?: ServerIdentity
}

/**
 * How any connection of ours is opened: the pool's, those for reads, for signals, for migrations and of the admin CLI. `PresenceClient`
 * takes these options, and sets every session setting that our statements rely on.
 *
 * The URL alone says where it leads and how. pg would fill gaps from variables of the environment that libpq reads (PGSSLMODE,
 * PGOPTIONS, PGUSER, PGPASSWORD, …), of which an operator who sets DATABASE_URL need not know; so every gap is filled here.
 *
 * @throws Error when a file that the URL names cannot be read
 */
export function connectionOptions(options: ConnectionOptions): PresenceClientConfig {
  const to = parse(options.url)
  const { ssl = false, options: commandLine } = to
  return {
    user: given(to.user) ?? '',
    password: given(to.password) ?? noPassword,
    host: given(to.host) ?? 'localhost',
    port: Number(given(to.port) ?? 5432),
    database: given(to.database) ?? '',
    ssl: ssl as Exclude<pg.ClientConfig['ssl'], undefined>,
    sslnegotiation: to.sslnegotiation ?? 'postgres',
    application_name: options.applicationName,
    connectionTimeoutMillis: options.connectTimeoutMs,
    keepAlive: true,
    namedStatements: options.namedStatements ?? false,
    ...(options.identity && { identity: options.identity }),
    startup: {
      ...(given(commandLine) !== undefined && { options: commandLine }),
      ...startupSettings({
        pooler: options.pooler ?? 'none',
        timeouts: options.timeouts,
        planCacheMode: options.planCacheMode ?? 'auto',
      }),
    },
    completed: (options.pooler ?? 'none') === 'none',
  }
}

/** A client as these options say, not yet connected. */
export function presenceClient(
  options: ConnectionOptions,
  more: Pick<pg.ClientConfig, 'pipeline' | 'query_timeout'> = {},
): pg.Client {
  return new PresenceClient({ ...connectionOptions(options), ...more })
}

function given(text: string | null | undefined): string | undefined {
  return text === null || text === '' ? undefined : text
}

function noPassword(): never {
  throw new Error('The server asks for a password, and the address of the database holds none.')
}
