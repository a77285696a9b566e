import { afterEach, describe, expect, it } from 'vitest'
import { Unavailable } from '../../src/application/ports.ts'
import { requestAccess } from '../../src/application/request-access.ts'
import type { UserId } from '../../src/domain/user-id.ts'
import { openDatabase, type Database, type DatabaseOptions } from '../../src/postgres/database.ts'
import { postgresFactsReader } from '../../src/postgres/facts-reader.ts'
import { postgresPrivacyStore } from '../../src/postgres/privacy-store.ts'
import { postgresSignals } from '../../src/postgres/signals.ts'
import { createTestDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { newUser } from '../support/new-user.ts'
import { databaseOptions } from '../support/postgres-storage.ts'
import { tcpProxy } from '../support/tcp-proxy.ts'
import { look } from '../support/writes.ts'

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function open(url: string, options: Partial<DatabaseOptions> = {}): Promise<Database> {
  const database = await openDatabase(
    databaseOptions(url, { poolSize: 1, statementTimeoutMs: 500, ...options }),
  )
  closing.push(database.close)
  return database
}

async function proxied() {
  const test = await createTestDatabase()
  const proxy = await tcpProxy(test.url)
  closing.push(proxy.close)
  return { test, proxy }
}

const backendOf = async ({ query }: Database): Promise<number> => {
  const [row] = await query<{ pid: number }>('/* test */ select pg_backend_pid() as pid', [])
  return row!.pid
}

const ask = (database: Database, watcher: UserId, presentity: UserId) =>
  requestAccess(postgresPrivacyStore(database), {
    watcher,
    presentities: [presentity],
    trigger: 'CALL',
    addToContacts: false,
  })

describe('connections that have gone silent', () => {
  it('fail once, and are not used again', async () => {
    const { proxy } = await proxied()
    const database = await open(proxy.url, { poolSize: 2 })
    await Promise.all([database.query('/* test */ select 1', []), database.query('/* test */ select 1', [])])
    proxy.goSilent()

    const failed = await Promise.allSettled([backendOf(database), backendOf(database)])
    expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    for (const each of failed) {
      const { reason } = each as PromiseRejectedResult & { reason: Error }
      expect(reason).toBeInstanceOf(Unavailable)
      expect((reason.cause as Error).message).toContain('Query read timeout')
    }
    const healed = await Promise.all([backendOf(database), backendOf(database), backendOf(database)])
    expect(new Set(healed).size).toBe(2)
  })

  it('in the middle of a change: it fails whole, its locks are released, and the same may be asked again', async () => {
    const { test, proxy } = await proxied()
    const database = await open(proxy.url)
    const [pia, wim] = [newUser('pia'), newUser('wim')]
    const broken = postgresPrivacyStore(database).change(
      { name: 'test', kind: 'REQUEST' as const, by: wim, others: [pia] },
      (snapshot) => {
        proxy.goSilent()
        return look(() => snapshot.now)(snapshot)
      },
    )
    // Nothing to write, so what is never answered is the commit.
    await expect(broken).rejects.toBeInstanceOf(Unavailable)

    const told = await ask(database, wim, pia)
    expect(told[0]?.access).toBe('PENDING')
    const items = await test.query('select 1 from presence_privacy.incoming_items where presentity_id = $1', [
      pia,
    ])
    expect(items).toHaveLength(1)
  })

  it(
    'that carried signals are replaced, and every listener looks once for what it may have missed',
    { timeout: 60_000 },
    async () => {
      const { test, proxy } = await proxied()
      const problems: unknown[] = []
      const signals = await postgresSignals({ url: proxy.url, onProblem: (error) => problems.push(error) })
      closing.push(signals.close)
      const database = await open(test.url)
      const [pia, wim] = [newUser('pia'), newUser('wim')]
      let heard = 0
      signals.subscribe(pia, () => (heard += 1))
      const lookedAgain: { readonly whileListening: boolean }[] = []
      signals.subscribeToAll((hint) => {
        if (hint === 'ANYTHING') lookedAgain.push({ whileListening: signals.listening() })
      })
      proxy.goSilent()
      await ask(database, wim, pia)
      expect(heard).toBe(0)

      await eventually('the silence is noticed and the signals are back', () => heard > 0, {
        withinMs: 20_000,
      })
      expect(problems.length).toBeGreaterThan(0)
      expect(signals.listening()).toBe(true)
      // A look before LISTEN stands would miss what is signalled between the two.
      expect(lookedAgain).toEqual([{ whileListening: true }])
      await ask(database, wim, pia)
      await eventually('signals arrive again', () => heard > 1)
    },
  )
})

describe('a server that ends its connections', () => {
  const end = (test: Awaited<ReturnType<typeof createTestDatabase>>, pid: number) =>
    test.query('select pg_terminate_backend($1, 5000)', [pid])

  it('while they are idle: nobody notices', async () => {
    const test = await createTestDatabase()
    const idle: unknown[] = []
    const database = await open(test.url, { onIdleError: (error) => idle.push(error) })
    const before = await backendOf(database)
    await end(test, before)
    await eventually('the pool has noticed', () => idle.length > 0)

    expect(await backendOf(database)).not.toBe(before)
  })

  it('in a statement: it fails as unavailable, and the next one works', async () => {
    const test = await createTestDatabase()
    const database = await open(test.url, { statementTimeoutMs: 20_000 })
    const pid = await backendOf(database)
    const slow = database.query('/* test */ select pg_sleep(10)', [])
    const failed = expect(slow).rejects.toBeInstanceOf(Unavailable)
    await eventually('the statement runs', async () => {
      const running = await test.query("select 1 from pg_stat_activity where pid = $1 and state = 'active'", [
        pid,
      ])
      return running.length > 0
    })
    await end(test, pid)

    await failed
    expect(await backendOf(database)).not.toBe(pid)
  })

  it('in a transaction: nothing of it is written, and the next one works', async () => {
    const test = await createTestDatabase()
    const database = await open(test.url)
    const pid = await backendOf(database)
    const add = `/* test */ insert into presence_privacy.users (id) values ($1)`
    const broken = database.transaction(async (query) => {
      await query(add, ['written'])
      await end(test, pid)
      await query(add, ['never written'])
    })
    await expect(broken).rejects.toBeInstanceOf(Unavailable)
    expect(await test.query('select id from presence_privacy.users')).toEqual([])

    await database.transaction((query) => query(add, ['again']))
    expect(await test.query('select id from presence_privacy.users')).toEqual([{ id: 'again' }])
  })

  it('between the statements of a transaction, unseen: the next statement fails as unavailable', async () => {
    const test = await createTestDatabase()
    const database = await open(test.url)
    const pid = await backendOf(database)
    const broken = database.transaction(async (query) => {
      await query('/* test */ select 1', [])
      await end(test, pid)
      // Long enough for the client to hear of it, and for TypeORM to take the connection away beneath the transaction.
      await eventually('the connection is gone', async () => {
        const left = await test.query('select 1 from pg_stat_activity where pid = $1', [pid])
        return left.length === 0
      })
      await new Promise((resolve) => setImmediate(resolve))
      await query('/* test */ select 1', [])
    })
    await expect(broken).rejects.toBeInstanceOf(Unavailable)
    expect(await backendOf(database)).not.toBe(pid)
  })
})

it('a server that has become read-only is left: connections to it are not kept until it can write again', async () => {
  const test = await createTestDatabase()
  const [name] = await test.query<{ name: string }>('select quote_ident(current_database()) as name')
  await test.query(`alter database ${name!.name} set default_transaction_read_only = on`)
  const database = await open(test.url, { poolSize: 2 })
  const [pia, wim] = [newUser('pia'), newUser('wim')]
  const facts = () => postgresFactsReader(database).readFacts({ watcher: wim, presentities: [pia] })
  await expect(facts()).rejects.toBeInstanceOf(Unavailable)
  for (const _ of ['once', 'and on another connection']) {
    await expect(ask(database, wim, pia)).rejects.toBeInstanceOf(Unavailable)
  }

  await test.query(`alter database ${name!.name} reset default_transaction_read_only`)
  const told = await ask(database, wim, pia)
  expect(told[0]?.access).toBe('PENDING')
  await expect(facts()).resolves.toBeDefined()
})

it('every connection has timeouts for its statements, its locks and its idle transactions', async () => {
  const test = await createTestDatabase()
  const { query } = await open(test.url, { statementTimeoutMs: 1234, lockTimeoutMs: 567 })
  const [set] = await query<Record<string, string>>(
    `/* test */ select current_setting('statement_timeout') as statement,
      current_setting('lock_timeout') as lock, current_setting('idle_in_transaction_session_timeout') as idle`,
    [],
  )
  expect(set).toEqual({ statement: '1234ms', lock: '567ms', idle: '2468ms' })
})

it('a change that waits too long for another one fails as unavailable, and works once the other is done', async () => {
  const test = await createTestDatabase()
  const [database, other] = [
    await open(test.url, { lockTimeoutMs: 200, statementTimeoutMs: 5_000 }),
    await open(test.url, { statementTimeoutMs: 5_000 }),
  ]
  const [pia, wim] = [newUser('pia'), newUser('wim')]
  await ask(database, wim, pia)
  await other.transaction(async (query) => {
    await query('/* test */ select 1 from presence_privacy.users where id = $1 for update', [pia])
    await expect(ask(database, wim, pia)).rejects.toBeInstanceOf(Unavailable)
  })
  await expect(ask(database, wim, pia)).resolves.toHaveLength(1)
})
