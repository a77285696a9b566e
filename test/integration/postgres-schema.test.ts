import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { createInterface } from 'node:readline'
import { describe, expect, it } from 'vitest'
import { migrations } from '../../migrations/index.ts'
import { migrate, migrationSource, pendingMigrations } from '../../src/postgres/migrate.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

const MIGRATIONS = migrations.map((Migration) => new Migration().name)

async function unmigrated(): Promise<TestDatabase> {
  const database = await createTestDatabase()
  await database.query('drop schema presence_privacy cascade')
  return database
}

describe('the schema', () => {
  it('is what the entities say: TypeORM finds nothing to change', async () => {
    const { url } = await createTestDatabase()
    const source = migrationSource(url)
    await source.initialize()
    try {
      const { upQueries } = await source.driver.createSchemaBuilder().log()
      expect(upQueries.map(({ query }) => query)).toEqual([])
    } finally {
      await source.destroy()
    }
  })

  it('has no constraint and no index but those that a migration names', async () => {
    const database = await createTestDatabase()
    const folder = new URL('../../migrations/', import.meta.url)
    const files = await Promise.all(
      (await readdir(folder)).map((file) => readFile(new URL(file, folder), 'utf8')),
    )
    const words = new Set(files.flatMap((text) => text.split(/\W+/)))
    const named = await database.query<{ name: string }>(`
      select conname as name from pg_constraint
      where connamespace = 'presence_privacy'::regnamespace and contype <> 'n'
        and conrelid <> 'presence_privacy.migrations'::regclass
      union
      select indexname from pg_indexes where schemaname = 'presence_privacy' and tablename <> 'migrations'`)

    expect(named.length).toBeGreaterThan(10)
    expect(named.map(({ name }) => name).filter((name) => !words.has(name))).toEqual([])
  })

  it('has a default class of service from the start, and the next one gets a number of its own', async () => {
    const database = await createTestDatabase()
    expect(await database.query('select * from presence_privacy.classes_of_service')).toEqual([
      {
        id: 1,
        name: 'default',
        invitation_handling: 'USER_DEFINED',
        pending_shown: true,
        appear_offline_allowed: true,
        appear_offline_forbidden_at: null,
        max_contacts: 500,
        request_lifetime_seconds: 1_209_600,
        requests_per_minute: 100,
        requests_per_day: 1000,
        request_cooldown_seconds: 60,
        revision: '1',
        visibility: '00000001U11fffca2fec4c82000',
      },
    ])
    expect(
      await database.query(
        `insert into presence_privacy.classes_of_service (name) values ('another') returning id`,
      ),
    ).toEqual([{ id: 2 }])
  })
})

describe('migrating', () => {
  it('brings an empty database up to date, and does nothing the second time', async () => {
    const { url } = await unmigrated()
    const lines: string[] = []
    const log = (line: string): void => void lines.push(line)

    expect(await pendingMigrations({ url })).toEqual(MIGRATIONS)
    await migrate({ url, log })
    expect(await pendingMigrations({ url })).toEqual([])
    await migrate({ url, log })
    expect(lines).toEqual(MIGRATIONS.map((name) => `migrated: ${name}`))
  })

  it('by several processes at once happens once', async () => {
    const { url } = await unmigrated()
    const children = await Promise.all([1, 2, 3].map(() => migratingChild(url)))
    const said = await Promise.all(children.map((child) => child.migrate()))

    expect(said.map(({ code }) => code)).toEqual([0, 0, 0])
    expect(said.flatMap(({ lines }) => lines)).toEqual(MIGRATIONS.map((name) => `migrated: ${name}`))
    expect(await pendingMigrations({ url })).toEqual([])
  })

  it('undone and done again leads to the same schema', async () => {
    const { url } = await createTestDatabase()
    const source = migrationSource(url)
    await source.initialize()
    try {
      for (const _ of MIGRATIONS) await source.undoLastMigration()
      expect(await pendingMigrations({ url })).toEqual(MIGRATIONS)
      await migrate({ url })
      expect((await source.driver.createSchemaBuilder().log()).upQueries).toEqual([])
    } finally {
      await source.destroy()
    }
  })
})

describe('the sessions of users', () => {
  const MIGRATION = 'SessionsOfUsers20261123000000'
  const NOTE = String.raw`"until" {five}, \u0000 'NULL' ü 😀`

  it('come into their rows as they are, and out of them again', async () => {
    const database = await createTestDatabase()
    const source = migrationSource(database.url)
    await source.initialize()
    const undo = async () => {
      for (const _ of MIGRATIONS.slice(MIGRATIONS.indexOf(MIGRATION))) await source.undoLastMigration()
    }
    const stored = () =>
      database.query(`select user_id, id, status, activity, note, may_appear_offline,
          published_at, active_at, lease_ends_at
        from presence_privacy.presence_sessions order by user_id, id`)
    try {
      await undo()
      await database.query(`insert into presence_privacy.users (id) values ('pia'), ('wim'), ('silent')`)
      await database.query(
        `insert into presence_privacy.presence_sessions
           (user_id, id, status, activity, note, may_appear_offline, published_at, active_at, lease_ends_at)
         values
           ('pia', 'desk', 'BUSY', 'IN_A_CALL', $1, true,
             '2030-01-01T00:00:00.123Z', '2029-12-31T23:59:59.999Z', '2030-01-01T00:05:00.001Z'),
           ('pia', 'ocs/line', 'AWAY', null, null, false,
             '2030-01-01T00:00:00Z', '2030-01-01T00:00:00Z', '2030-01-01T00:01:00.456Z'),
           ('wim', 'ended', 'IDLE', null, null, false,
             '2020-01-01T00:00:00Z', '2020-01-01T00:00:00Z', '2020-01-01T00:01:00Z')`,
        [NOTE],
      )
      const before = await stored()

      await migrate({ url: database.url })
      const rows = await database.query<{
        id: string
        sessions: readonly object[] | null
        ends: Date | null
      }>(`select id, sessions, session_ends_at as ends from presence_privacy.users order by id`)
      expect(rows.map(({ id, sessions, ends }) => [id, sessions?.length ?? 0, ends?.toISOString()])).toEqual([
        ['pia', 2, '2030-01-01T00:05:00.001Z'],
        ['silent', 0, undefined],
        ['wim', 1, '2020-01-01T00:01:00.000Z'],
      ])
      expect(rows[0]?.sessions).toContainEqual({
        ...{ id: 'desk', status: 'BUSY', activity: 'IN_A_CALL', note: NOTE, mayAppearOffline: true },
        publishedAt: Date.parse('2030-01-01T00:00:00.123Z'),
        activeAt: Date.parse('2029-12-31T23:59:59.999Z'),
        leaseEndsAt: Date.parse('2030-01-01T00:05:00.001Z'),
      })

      await undo()
      expect(await stored()).toEqual(before)
    } finally {
      await source.destroy()
    }
  })
})

/** A process that is ready to migrate, so that several can begin at the same moment. */
async function migratingChild(url: string) {
  const script = fileURLToPath(new URL('../support/migrate-child.ts', import.meta.url))
  const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), script, url], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const lines: string[] = []
  const output = createInterface({ input: child.stdout })
  await once(output, 'line')
  output.on('line', (line) => lines.push(line))
  return {
    async migrate() {
      child.stdin.write('go\n')
      const [code] = (await once(child, 'close')) as [number | null]
      return { code, lines }
    },
  }
}
