import { UnfitServer } from '../application/unfit-server.ts'
import { SESSION_SETTINGS, type SettingName } from './session-settings.ts'

/** What the migrations and statements are written for. */
const OLDEST_VERSION = 15

/** Through a pooler they cannot be sent: without them, one stuck statement would hold its locks, and everybody up, for ever. */
const TIMEOUTS = ['statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout'] as const

type Run = <Row>(sql: string, parameters: readonly unknown[]) => Promise<readonly Row[]>

type Found = {
  readonly version: number
  readonly encoding: string
  readonly role: string
  readonly database: string
  readonly replication_role: string
  readonly synchronous_commit: string
  readonly first_schema: string | null
  readonly settings: Readonly<Record<string, string>>
  readonly policies: readonly string[]
}

const DESCRIBE = `/* describeServer */
  select
    current_setting('server_version_num')::integer as version,
    current_setting('server_encoding') as encoding,
    quote_ident(session_user) as role,
    quote_ident(current_database()) as database,
    current_setting('session_replication_role') as replication_role,
    current_setting('synchronous_commit') as synchronous_commit,
    (select schema from unnest(current_schemas(true)) as schema where schema not like 'pg\\_temp\\_%' limit 1) as first_schema,
    (select jsonb_object_agg(name, current_setting(name)) from unnest($1::text[]) as name) as settings,
    array(
      select c.relname::text from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      where n.nspname = 'presence_privacy' and c.relrowsecurity and row_security_active(c.oid)
      order by 1
    ) as policies`

/** What is wrong with a server and a role, as one of our connections finds them; empty if nothing is. */
export async function faultsOfServer(
  run: Run,
  { pooler }: { readonly pooler: 'none' | 'transaction' },
): Promise<string[]> {
  const names = Object.keys(SESSION_SETTINGS) as SettingName[]
  const [found] = await run<Found>(DESCRIBE, [[...names, ...TIMEOUTS]])
  if (found === undefined) throw new Error('the server did not describe itself')
  return [
    ...faultsOfDatabase(found),
    ...(pooler === 'none' ? faultsOfSession(found, names) : faultsBehindPooler(found, names)),
  ]
}

/** @throws UnfitServer */
export async function requireFitServer(...asked: Parameters<typeof faultsOfServer>): Promise<void> {
  const faults = await faultsOfServer(...asked)
  if (faults.length > 0) throw new UnfitServer(faults)
}

function faultsOfDatabase(found: Found): string[] {
  const { version, encoding, role, database, replication_role: replicationRole, policies } = found
  const faults: string[] = []
  const major = Math.floor(version / 10_000)
  if (major < OLDEST_VERSION) {
    faults.push(`The server is PostgreSQL ${major}. Use PostgreSQL ${OLDEST_VERSION} or later.`)
  }
  if (encoding !== 'UTF8') {
    faults.push(
      `The encoding of the database is ${encoding}, which cannot hold every user id. Create one with: create database <name> ` +
        `encoding 'UTF8' template template0;`,
    )
  }
  if (replicationRole !== 'origin') {
    faults.push(
      `session_replication_role is ${replicationRole}, which switches constraints off. As a superuser, run: alter role ${role} ` +
        `in database ${database} set session_replication_role = origin;`,
    )
  }
  if (policies.length > 0) {
    faults.push(
      `Row-level security hides rows of ${policies.join(', ')} from the role ${role}: what is hidden would be taken for what is not ` +
        `there. Disable it on the tables of the schema presence_privacy, or run: alter role ${role} bypassrls;`,
    )
  }
  return faults
}

/** The start-up packet has set them: where they differ, something on the way has dropped it. */
function faultsOfSession({ settings }: Found, names: readonly SettingName[]): string[] {
  const differing = names.filter((name) => settings[name] !== SESSION_SETTINGS[name].value)
  return differing.length === 0
    ? []
    : [
        `Something between this server and PostgreSQL drops the settings of a connection (${differing.join(', ')}), as poolers do. ` +
          `Set DATABASE_POOLER=transaction and DATABASE_DIRECT_URL, or let DATABASE_URL lead to PostgreSQL itself.`,
      ]
}

function faultsBehindPooler(found: Found, names: readonly SettingName[]): string[] {
  const { role, database, settings, synchronous_commit: synchronousCommit, first_schema: firstSchema } = found
  const statements = [
    ...TIMEOUTS.filter((name) => settings[name] === '0').map((name) => [name, "'10s'"] as const),
    ...names
      .filter(
        (name) =>
          SESSION_SETTINGS[name].behindPooler !== 'free' && settings[name] !== SESSION_SETTINGS[name].value,
      )
      .map((name) => [name, `'${SESSION_SETTINGS[name].value}'`] as const),
    ...(synchronousCommit === 'off' ? [['synchronous_commit', "'on'"] as const] : []),
    ...(firstSchema === 'pg_catalog' ? [] : [['search_path', "''"] as const]),
  ].map(([name, value]) => `alter role ${role} in database ${database} set ${name} = ${value};`)
  return statements.length === 0
    ? []
    : [
        `A pooler in transaction mode does not carry the settings of a connection, so that the role must have them. Run: ` +
          `${statements.join(' ')} and let the pooler reconnect.`,
      ]
}
