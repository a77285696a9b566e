import pg from 'pg'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { AppFailure } from '../../src/app-failure.ts'
import { openDatabase } from '../../src/postgres/database.ts'
import { SESSION_SETTINGS, type SettingName } from '../../src/postgres/session-settings.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { databaseUrl } from '../support/database-url.ts'
import { databaseOptions } from '../support/postgres-storage.ts'
import { startApp, startAppForTest, tokenOf } from '../support/start-app.ts'
import { startProcess, temporaryFolder } from '../support/start-process.ts'
import { startSubgraph } from '../support/start-subgraph.ts'
import { walkThroughTheApi } from '../support/walk-through-the-api.ts'

/** What an administrator of the database may have set for it: each would change what our statements mean, or how long they take. */
const HOSTILE: readonly Readonly<Record<string, string>>[] = [
  { datestyle: 'German' },
  { datestyle: 'SQL, DMY' },
  {
    intervalstyle: 'iso_8601',
    timezone: 'America/St_Johns',
    extra_float_digits: '-15',
    bytea_output: 'escape',
  },
  { array_nulls: 'off' },
  { transform_null_equals: 'on', client_encoding: 'LATIN1' },
  { default_transaction_isolation: 'repeatable read' },
  { default_transaction_isolation: 'serializable', default_transaction_deferrable: 'on' },
  { search_path: 'hostile, pg_catalog' },
  {
    statement_timeout: '1',
    lock_timeout: '1',
    idle_in_transaction_session_timeout: '1',
  },
  // No start-up packet can lift it, so what opens a connection has this long.
  { transaction_timeout: '100' },
  { idle_session_timeout: '50', exit_on_error: 'on', client_min_messages: 'debug5' },
  {
    jit_above_cost: '0',
    plan_cache_mode: 'force_custom_plan',
    enable_indexscan: 'off',
    enable_nestloop: 'off',
    force_parallel_mode: 'on',
    debug_parallel_query: 'on',
    gin_fuzzy_search_limit: '1',
  },
  {
    synchronous_commit: 'off',
    row_security: 'off',
    default_text_search_config: 'pg_catalog.turkish',
    xmloption: 'document',
    quote_all_identifiers: 'on',
    backslash_quote: 'off',
    log_parameter_max_length_on_error: '-1',
  },
]

/** A function that answers wrongly, for whoever finds it before the one of PostgreSQL. */
const REPLACED = `
  create schema hostile;
  create function hostile.statement_timestamp() returns timestamptz language sql as $$ select 'epoch'::timestamptz $$;
  create function hostile.cardinality(anyarray) returns integer language sql as $$ select 0 $$`

/** Each is dropped after its test: dropping is slow, and there are many. */
async function databaseForTest(): Promise<TestDatabase> {
  const database = await createTestDatabase()
  onTestFinished(database.drop)
  return database
}

/** Settings that the version of this server does not know are left out. */
async function hostileDatabase(settings: Readonly<Record<string, string>>): Promise<TestDatabase> {
  const database = await databaseForTest()
  await database.query(REPLACED)
  for (const [name, value] of Object.entries(settings)) {
    const known = await database.query('select from pg_settings where name ilike $1', [name])
    if (known.length === 0) continue
    const text = name === 'search_path' ? value : `'${value}'`
    await database.query(`alter database ${nameOf(database)} set ${name} = ${text}`)
  }
  return database
}

function nameOf({ url }: TestDatabase): string {
  return new URL(url).pathname.slice(1)
}

describe('whatever is set for the database, the service gives right answers', () => {
  test.each(HOSTILE.map((settings) => [JSON.stringify(settings), settings] as const))(
    '%s',
    async (_, settings) => {
      const app = await startAppForTest(await hostileDatabase(settings))
      await walkThroughTheApi({ ...app, tokenOf })
    },
  )
})

describe('every connection', () => {
  const names = Object.keys(SESSION_SETTINGS) as SettingName[]
  const settings = `/* settings */ select name, current_setting(name) from unnest($1::text[]) as name`

  test.each(['pool', 'reads'] as const)(
    'of the %s has every setting that the statements rely on',
    async (kind) => {
      const test = await hostileDatabase({ datestyle: 'German' })
      const database = await openDatabase(databaseOptions(test.url))
      try {
        const rows =
          kind === 'pool'
            ? await database.query<{ name: string; current_setting: string }>(settings, [names])
            : (await database.read(settings, [names])).map(([name, current_setting]) => ({
                name,
                current_setting,
              }))
        expect(Object.fromEntries(rows.map(({ name, current_setting }) => [name, current_setting]))).toEqual(
          Object.fromEntries(names.map((name) => [name, SESSION_SETTINGS[name].value])),
        )
      } finally {
        await database.close()
      }
    },
  )

  test('has as long for a transaction as its statements have', async () => {
    const test = await hostileDatabase({ transaction_timeout: '100' })
    const database = await openDatabase(databaseOptions(test.url))
    try {
      const timeout = `/* timeout */ select coalesce(current_setting('transaction_timeout', true), '0') as is`
      expect(await database.query(timeout, [])).toEqual([{ is: '0' }])
      expect(await database.read(timeout, [])).toEqual([['0']])
    } finally {
      await database.close()
    }
  })

  test.each([
    ['off', 'local'],
    ['local', 'local'],
    ['remote_apply', 'remote_apply'],
  ])('commits durably: synchronous_commit = %s of the database becomes %s', async (set, is) => {
    const test = await hostileDatabase({ synchronous_commit: set })
    const database = await openDatabase(databaseOptions(test.url))
    try {
      expect(await database.query(`select current_setting('synchronous_commit') as is`, [])).toEqual([{ is }])
    } finally {
      await database.close()
    }
  })
})

describe('a setting that no connection can mend is refused before anything is changed, with what to do', () => {
  const refusal = (url: string) =>
    startApp({ url }).then(
      () => 'it started',
      (error: unknown) => {
        const { message, exitCode } = error as AppFailure
        return { message, exitCode }
      },
    )

  test.each([
    ['LATIN1', /encoding of the database is LATIN1.*create database <name> encoding 'UTF8'/],
    ['SQL_ASCII', /encoding of the database is SQL_ASCII/],
  ])('a database in %s', async (encoding, message) => {
    const test = await databaseForTest()
    const name = `${nameOf(test)}_${encoding.toLowerCase()}`
    await test.query(`create database ${name} encoding '${encoding}' locale 'C' template template0`)
    onTestFinished(async () => {
      await test.query(`drop database ${name}`)
    })
    const url = databaseUrl(test.url, name)
    expect(await refusal(url)).toEqual({ exitCode: 78, message: expect.stringMatching(message) as string })
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    const { rows } = await client.query(`select from pg_namespace where nspname = 'presence_privacy'`)
    await client.end()
    expect(rows).toEqual([])
  })

  test('constraints that are switched off', async () => {
    const test = await hostileDatabase({ session_replication_role: 'replica' })
    expect(await refusal(test.url)).toEqual({
      exitCode: 78,
      message: expect.stringMatching(
        /alter role \S+ in database \S+ set session_replication_role = origin/,
      ) as string,
    })
  })

  test('rows that a policy hides from the role', async () => {
    const test = await databaseForTest()
    const role = `${nameOf(test)}_role`
    await test.query(`create role ${role} login password 'p@ss/word' nobypassrls`)
    await test.query(`grant create on database ${nameOf(test)} to ${role}`)
    await test.query(`grant usage, create on schema presence_privacy to ${role}`)
    await test.query(`grant all on all tables in schema presence_privacy to ${role}`)
    await test.query(`grant all on all sequences in schema presence_privacy to ${role}`)
    onTestFinished(async () => {
      await test.query(`drop owned by ${role}`)
      await test.query(`drop role ${role}`)
    })
    const url = new URL(test.url)
    url.username = role
    url.password = encodeURIComponent('p@ss/word')
    const app = await startApp({ url: url.href })
    await app.stop()
    await test.query('alter table presence_privacy.pairs enable row level security')
    expect(await refusal(url.href)).toEqual({
      exitCode: 78,
      message: expect.stringMatching(/Row-level security hides rows of pairs/) as string,
    })
  })

  test.each([
    [
      'a wrong password',
      (url: URL) => (url.password = 'wrong'),
      /\(28P01\).*refuses the user or the password/,
    ],
    ['no password', (url: URL) => (url.password = ''), /cannot be used/],
    [
      'a database that is not there',
      (url: URL) => (url.pathname = '/not_there'),
      /\(3D000\).*no such database/,
    ],
    [
      'a port where nothing listens',
      (url: URL) => (url.port = '1'),
      /\(ECONNREFUSED\).*Nothing answers there/,
    ],
    ['a host without a name', (url: URL) => (url.hostname = 'nowhere.invalid'), /\((ENOTFOUND|EAI_AGAIN)\)/],
  ])('%s', async (_, change, message) => {
    const test = await databaseForTest()
    const url = new URL(test.url)
    change(url)
    expect(await refusal(url.href)).toEqual({
      exitCode: 69,
      message: expect.stringMatching(message) as string,
    })
  })
})

describe('variables of libpq in the environment', () => {
  const LIBPQ = {
    PGHOST: 'nowhere.invalid',
    PGPORT: '1',
    PGUSER: 'nobody-we-know',
    PGDATABASE: 'nowhere',
    PGPASSWORD: 'wrong',
    PGPASSFILE: '/nowhere',
    PGSERVICE: 'nowhere',
    PGSSLMODE: 'verify-full',
    PGSSLNEGOTIATION: 'direct',
    PGOPTIONS: '-c datestyle=German -c statement_timeout=1 -c nonsense.nonsense=1 -c search_path=nowhere',
    PGAPPNAME: 'somebody else',
    PGTZ: 'Asia/Kathmandu',
    PGDATESTYLE: 'German',
    PGCLIENTENCODING: 'LATIN1',
    PGCLIENT_ENCODING: 'LATIN1',
    PGREPLICATION: 'database',
    PGBINARY: 'true',
    PGCONNECT_TIMEOUT: '1',
    PGTARGETSESSIONATTRS: 'read-only',
  }

  test('change nothing of what DATABASE_URL says', async () => {
    const { url } = await databaseForTest()
    const subgraph = await startSubgraph({ databaseUrl: url, env: LIBPQ })
    onTestFinished(subgraph.stop)
    await walkThroughTheApi(subgraph)
  })

  test('neither configure the embedded database nor keep it from coming up', async () => {
    const service = startProcess('src/main.ts', await temporaryFolder(), { PORT: '0', ...LIBPQ })
    await service.says(/served at http/)
  })
})
