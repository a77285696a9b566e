import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { createInterface } from 'node:readline'
import { describe, expect, it } from 'vitest'
import { migrations } from '../../migrations/index.ts'
import { dataSource } from '../../src/postgres/database.ts'
import { migrate, pendingMigrations } from '../../src/postgres/migrate.ts'
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
    const source = dataSource({ url, extra: {} })
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
        max_contacts: 500,
        request_lifetime_seconds: 1_209_600,
        requests_per_minute: 100,
        requests_per_day: 1000,
        request_cooldown_seconds: 60,
        revision: '1',
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
    const source = dataSource({ url, extra: {} })
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
