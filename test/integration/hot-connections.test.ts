import { afterEach, describe, expect, it } from 'vitest'
import { Unavailable } from '../../src/application/ports.ts'
import { openDatabase, type Database, type DatabaseOptions } from '../../src/postgres/database.ts'
import { postgresFactsReader } from '../../src/postgres/facts-reader.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { newUser } from '../support/new-user.ts'
import { databaseOptions } from '../support/postgres-storage.ts'
import { tcpProxy } from '../support/tcp-proxy.ts'

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function open(url: string, options: Partial<DatabaseOptions> = {}): Promise<Database> {
  const database = await openDatabase(
    databaseOptions(url, { poolSize: 1, readConnections: 1, statementTimeoutMs: 500, ...options }),
  )
  closing.push(database.close)
  return database
}

const look = (database: Database) =>
  postgresFactsReader(database).readSight({ watcher: newUser('wim'), presentities: [newUser('pia')] })

const backendOf = async ({ read }: Database): Promise<number> => {
  const [row] = await read('/* test */ select pg_backend_pid()', [])
  return Number(row?.[0])
}

const end = (test: TestDatabase, pid: number) => test.query('select pg_terminate_backend($1, 5000)', [pid])

describe('connections for reading', () => {
  it('carry many looks at once, on few of them', async () => {
    const test = await createTestDatabase()
    const database = await open(test.url, { readConnections: 3 })
    await Promise.all(Array.from({ length: 100 }, () => look(database)))
    expect(database.connections().reads).toEqual({ open: 3, underWay: 0 })
  })

  it('plan a look once, whatever it is about', async () => {
    const test = await createTestDatabase()
    const database = await open(test.url)
    for (let times = 0; times < 20; times += 1) await look(database)
    const [plans] = await database.read(
      `/* test */ select generic_plans, custom_plans from pg_prepared_statements where name like 'viewPresence%'`,
      [],
    )
    expect(plans).toEqual(['20', '0'])
  })

  it('have the timeouts of all others', async () => {
    const test = await createTestDatabase()
    const database = await open(test.url, { statementTimeoutMs: 1234 })
    const [set] = await database.read(`/* test */ select current_setting('statement_timeout')`, [])
    expect(set).toEqual(['1234ms'])
    const slow = database.read('/* test */ select pg_sleep(10)', [])
    await expect(slow).rejects.toBeInstanceOf(Unavailable)
  })
})

describe('a connection for reading that breaks', () => {
  it('by being ended while idle is replaced, and nobody notices', async () => {
    const test = await createTestDatabase()
    const broken: unknown[] = []
    const database = await open(test.url, { onIdleError: (error) => broken.push(error) })
    const before = await backendOf(database)
    await end(test, before)
    await eventually('it is known to be gone', () => broken.length > 0)
    await expect(look(database)).resolves.toBeDefined()
    expect(await backendOf(database)).not.toBe(before)
  })

  it('with looks under way fails them all as unavailable, and the next one works', async () => {
    const test = await createTestDatabase()
    const database = await open(test.url, { statementTimeoutMs: 20_000 })
    const pid = await backendOf(database)
    const slow = [database.read('/* test */ select pg_sleep(10)', []), look(database), look(database)]
    const failed = Promise.allSettled(slow)
    await eventually('the first one runs', async () => {
      const running = await test.query("select 1 from pg_stat_activity where pid = $1 and state = 'active'", [
        pid,
      ])
      return running.length > 0
    })
    await end(test, pid)
    for (const each of await failed) {
      expect((each as PromiseRejectedResult).reason).toBeInstanceOf(Unavailable)
    }
    await expect(look(database)).resolves.toBeDefined()
  })

  it('by going silent is cut after its timeout, and another one serves', async () => {
    const test = await createTestDatabase()
    const proxy = await tcpProxy(test.url)
    closing.push(proxy.close)
    const database = await open(proxy.url)
    await look(database)
    proxy.goSilent()
    const failed = await Promise.allSettled([look(database), look(database)])
    for (const each of failed) expect((each as PromiseRejectedResult).reason).toBeInstanceOf(Unavailable)
    await expect(look(database)).resolves.toBeDefined()
  })

  it('by falling behind is cut, though it answers: nobody waits for longer than the timeout', async () => {
    const test = await createTestDatabase()
    const database = await open(test.url)
    const slow = () => database.read('/* test */ select pg_sleep(0.4)', [])
    const began = performance.now()
    const answers = await Promise.allSettled(Array.from({ length: 15 }, slow))
    expect(performance.now() - began).toBeLessThan(5000)
    expect(answers.at(0)).toMatchObject({ status: 'fulfilled' })
    expect(answers.at(-1)).toMatchObject({ status: 'rejected', reason: expect.any(Unavailable) as unknown })
    await expect(look(database)).resolves.toBeDefined()
  })

  it('with its server gone fails closed, and works as soon as the server is back', async () => {
    const test = await createTestDatabase()
    const proxy = await tcpProxy(test.url)
    closing.push(proxy.close)
    const database = await open(proxy.url)
    await look(database)
    proxy.unplug()
    await expect(look(database)).rejects.toBeInstanceOf(Unavailable)
    await expect(look(database)).rejects.toBeInstanceOf(Unavailable)
    proxy.plugIn()
    await expect(look(database)).resolves.toBeDefined()
  })

  it('is not opened again after the end', async () => {
    const test = await createTestDatabase()
    const database = await open(test.url)
    await look(database)
    await database.close()
    closing.pop()
    await expect(look(database)).rejects.toBeInstanceOf(Unavailable)
  })
})
