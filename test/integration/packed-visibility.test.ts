import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PackedVisibility20261129220000 } from '../../migrations/20261129220000-packed-visibility.ts'
import { migrate, migrationSource, pendingMigrations } from '../../src/postgres/migrate.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'

/** Each plain column with two values that it may have beside all others' first ones. A column that is missing here fails the first test. */
const VALUES: Readonly<Record<string, Readonly<Record<string, readonly [string, string]>>>> = {
  pairs: {
    watcher_id: [`'wim'`, `'win'`],
    presentity_id: [`'pia'`, `'pim'`],
    edge_state: [`'PENDING'`, `'BLOCKED'`],
    edge_origin: [`'REQUESTED'`, `'SET'`],
    edge_since: [`'2026-01-01'`, `'2026-01-02'`],
    edge_ends_at: [`'2026-02-01'`, `'2026-02-02'`],
    replaced_block: ['false', 'true'],
    shown_when_asked: ['false', 'true'],
    view_access: [`'PENDING'`, `'PENDING'`],
    view_ends_at: [`'2026-03-01'`, `'2026-03-02'`],
    cooldown_seconds: ['1', '2'],
    cools_until: ['null', `'2026-04-02'`],
    contact_since: ['null', `'2026-05-02'`],
    watcher_blocks_from: ['null', `'2026-06-02'`],
    incoming_id: ['null', 'gen_random_uuid()'],
    outgoing_id: ['null', 'gen_random_uuid()'],
  },
  users: {
    id: [`'pia'`, `'pim'`],
    class_id: ['1', '2'],
    invitation_handling: [`'PROMPT'`, `'AUTO_ACCEPT'`],
    presence_server: [`'NONE_KNOWN'`, `'OCS_2007'`],
    appear_offline: ['false', 'true'],
    manual_status: [`'AWAY'`, `'BE_RIGHT_BACK'`],
    manual_ends_at: ['null', `'2026-02-02'`],
    asked_minute_since: ['null', 'now()'],
    asked_minute_count: ['0', '1'],
    asked_day_since: ['null', 'now()'],
    asked_day_count: ['0', '1'],
    sessions: [`'[]'`, `'[{}]'`],
    session_ends_at: ['now()', `'2026-02-02'`],
    revision: ['1', '2'],
  },
  classes_of_service: {
    id: ['2', '3'],
    name: [`'one'`, `'two'`],
    invitation_handling: [`'PROMPT'`, `'AUTO_ACCEPT'`],
    pending_shown: ['false', 'true'],
    appear_offline_allowed: ['false', 'true'],
    appear_offline_forbidden_at: ['null', `'2026-02-02'`],
    max_contacts: ['1', '2'],
    request_lifetime_seconds: ['60', '61'],
    requests_per_minute: ['1', '2'],
    requests_per_day: ['1', '2'],
    request_cooldown_seconds: ['1', '2'],
    revision: ['1', '2'],
  },
}
const ID_OF_CLASS = '2'

let client: pg.Client
beforeAll(async () => {
  client = await connected(await createTestDatabase())
})
afterAll(() => client.end())

async function connected({ url }: TestDatabase): Promise<pg.Client> {
  const made = new pg.Client(url)
  await made.connect()
  return made
}

describe.each(Object.entries(VALUES))('the packed column of %s', (table, columns) => {
  it('is known to this test with all its plain columns', async () => {
    const { rows } = await client.query<{ name: string }>(
      `select column_name as name from information_schema.columns
      where table_schema = 'presence_privacy' and table_name = $1 and column_name <> 'visibility'`,
      [table],
    )
    expect(rows.map(({ name }) => name).sort()).toEqual(Object.keys(columns).sort())
  })

  it.each(Object.entries(columns))('follows a change of %s', async (column, [, changed]) => {
    await client.query('begin')
    try {
      if (table !== 'classes_of_service') await client.query(CLASS)
      const names = Object.keys(columns)
      await client.query(
        `insert into presence_privacy.${table} (${names.join(', ')})
        values (${names.map((name) => columns[name]![0]).join(', ')})`,
      )
      const alone = table === 'classes_of_service' ? `where id <> 1` : ''
      const packed = async (set: string) => {
        const { rows } = await client.query<{ visibility: string }>(
          `update presence_privacy.${table} set ${set} ${alone} returning visibility`,
        )
        expect(rows).toHaveLength(1)
        return rows[0]!.visibility
      }
      const followed = await packed(`${column} = ${changed}`)
      const afresh = await packed(names.map((name) => `${name} = ${name}`).join(', '))
      expect(followed).toBe(afresh)
    } finally {
      await client.query('rollback')
    }
  })
})

const CLASS = `insert into presence_privacy.classes_of_service (id, name) values (${ID_OF_CLASS}, 'another')`

describe('the migration that packs', () => {
  async function beforeIt(): Promise<TestDatabase> {
    const older = await createTestDatabase()
    const source = migrationSource(older.url)
    await source.initialize()
    try {
      const later = [new PackedVisibility20261129220000().name]
      for (const _ of later) await source.undoLastMigration()
      expect(await pendingMigrations({ url: older.url })).toEqual(later)
    } finally {
      await source.destroy()
    }
    await older.query(
      `insert into presence_privacy.users (id) select 'user ' || n from generate_series(1, 3000) n`,
    )
    await older.query(`
      insert into presence_privacy.pairs (watcher_id, presentity_id, edge_state, contact_since)
      select 'user ' || n % 30, 'user ' || n, 'ALLOWED', now() from generate_series(1, 3000) n where n > 29`)
    return older
  }

  const unpacked = (of: TestDatabase) =>
    of.query(`
      select u.id from presence_privacy.users u
      where u.visibility is distinct from '00000001N0' || repeat(' ', 16) || 'fffca2fec4c82000'
      union all
      select p.presentity_id from presence_privacy.pairs p
      where p.visibility !~ '^A00N(fffca2fec4c82000){2}0003[0-9a-f]{12}fffca2fec4c82000$'`)

  it('packs what there was, while others write and read, and lets no reader wait for long', async () => {
    const older = await beforeIt()
    const [writer, reader] = [await connected(older), await connected(older)]
    try {
      await reader.query(`set statement_timeout = 3000`)
      await writer.query('begin')
      await writer.query(`update presence_privacy.users set revision = revision where id = 'user 7'`)
      await writer.query(`update presence_privacy.pairs set cooldown_seconds = 0 where watcher_id = 'user 7'`)
      let over = false
      const migrating = migrate({ url: older.url }).finally(() => (over = true))
      await eventually('it waits for the writer', async () => {
        const [row] = await older.query<{ waits: boolean }>(
          `select exists (select from pg_locks where not granted) as waits`,
        )
        return row!.waits
      })
      const until = performance.now() + 4000
      while (performance.now() < until) await reader.query('select count(*) from presence_privacy.pairs')
      expect(over).toBe(false)
      await writer.query(`insert into presence_privacy.users (id) values ('of the release before')`)
      await writer.query('commit')
      await migrating
      expect(await unpacked(older)).toEqual([])
    } finally {
      await writer.end()
      await reader.end()
    }
  })

  it('comes to an end while others write on and on, which moves rows within the table', async () => {
    const older = await beforeIt()
    const writer = await connected(older)
    try {
      await older.query(`
        insert into presence_privacy.pairs (watcher_id, presentity_id, edge_state, contact_since)
        select 'user of many', 'user ' || n, 'ALLOWED', now() from generate_series(1, 30000) n`)
      let over = false
      const migrating = migrate({ url: older.url }).finally(() => (over = true))
      while (!over) {
        await writer.query(
          `update presence_privacy.pairs set cooldown_seconds = 0 where hashtext(presentity_id) % 50 = $1`,
          [Math.floor(Math.random() * 50)],
        )
      }
      await migrating
      expect(await unpacked(older)).toEqual([])
    } finally {
      await writer.end()
    }
  })

  it('can be repeated when it was interrupted, wherever', async () => {
    const older = await beforeIt()
    const source = migrationSource(older.url)
    await source.initialize()
    const runner = source.createQueryRunner()
    try {
      await new PackedVisibility20261129220000().up(runner)
      await new PackedVisibility20261129220000().up(runner)
      expect(await unpacked(older)).toEqual([])
    } finally {
      await runner.release()
      await source.destroy()
    }
  })
})
