import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addContactsAndAsk } from '../../src/application/manage-contacts.ts'
import { NO_REVISION } from '../../src/application/live-ports.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { newUser } from '../support/new-user.ts'
import { postgresStorage } from '../support/postgres-storage.ts'

let database: TestDatabase
let storage: Awaited<ReturnType<typeof postgresStorage>>
beforeAll(async () => {
  database = await createTestDatabase()
  storage = await postgresStorage(database)
})
afterAll(() => storage.close())

const NOBODY = { presentities: [], watchers: new Map() } as const

test('each commit that changes settings changes their revision, also one that took its number first and comes last', async () => {
  const clients = [0, 1].map(() => new pg.Client({ connectionString: database.url }))
  const [first, second] = clients as [pg.Client, pg.Client]
  await Promise.all(clients.map((client) => client.connect()))
  await first.query(
    `insert into presence_privacy.classes_of_service (name, revision)
     values ('other', nextval('presence_privacy.revisions'))`,
  )
  const raise = (table: string, where: string): string =>
    `update presence_privacy.${table} set revision = nextval('presence_privacy.revisions') where ${where}`
  const pairs = [
    [raise('classes_of_service', `name = 'other'`), raise('classes_of_service', 'id = 1')],
    [raise('site_settings', 'true'), raise('classes_of_service', 'id = 1')],
    [raise('classes_of_service', 'id = 1'), raise('site_settings', 'true')],
  ] as const
  for (const [numberedFirst, numberedLast] of pairs) {
    await first.query('begin')
    await first.query(numberedFirst)
    await second.query(numberedLast)
    const before = await storage.live.look(NOBODY)
    await first.query('commit')
    const after = await storage.live.look(NOBODY)
    expect(after.settings).not.toBe(before.settings)
  }
  await Promise.all(clients.map((client) => client.end()))
})

test('a watcher who had no row, and gets one, has moved', async () => {
  const [pia, wim] = [newUser('pia'), newUser('wim')]
  const look = async () =>
    (await storage.live.look({ presentities: [pia], watchers: new Map([[wim, NO_REVISION]]) })).moved
  expect(await look()).toEqual([])
  await addContactsAndAsk(storage.privacy, { watcher: wim, presentities: [pia] })
  expect(await look()).toEqual([wim])
})
