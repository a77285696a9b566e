import pg from 'pg'
import { beforeAll, describe, expect, inject, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

describe('a database for a test file', () => {
  let database: TestDatabase

  beforeAll(async () => {
    database = await createTestDatabase()
  })

  test('is migrated', async () => {
    const tables = await database.query<{ name: string }>(
      `select table_schema || '.' || table_name as name from information_schema.tables where table_name = 'migrations'`,
    )
    expect(tables).toHaveLength(1)
  })

  test('shares nothing with another, even one that is made at the same moment', async () => {
    const others = await Promise.all([createTestDatabase(), createTestDatabase(), createTestDatabase()])
    await database.query('create table mine (id text)')
    for (const other of others) {
      expect(await other.query(`select to_regclass('mine') as found`)).toEqual([{ found: null }])
    }
  })

  test('cannot be lost to somebody who connects to the template', async () => {
    const { template } = inject('cluster')
    const url = new URL(database.url)
    url.pathname = `/${template}`
    const client = new pg.Client({ connectionString: url.href })
    await expect(client.connect()).rejects.toMatchObject({ code: '55000' })
  })

  test('is gone after the file, and says who has left a connection open', async () => {
    const leaky = await createTestDatabase()
    const client = new pg.Client({ connectionString: leaky.url, application_name: 'forgetful' })
    client.on('error', () => undefined)
    await client.connect()
    const { pathname } = new URL(leaky.url)
    await expect(leaky.drop()).rejects.toThrow('forgetful')
    const found = await database.query('select from pg_database where datname = $1', [pathname.slice(1)])
    expect(found).toEqual([])
  })
})
