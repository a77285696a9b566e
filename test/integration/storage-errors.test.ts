import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { beforeAll, describe, expect, it, onTestFinished, test } from 'vitest'
import { Unavailable } from '../../src/application/ports.ts'
import { startEmbeddedPostgres } from '../../src/embedded-postgres/start-embedded-postgres.ts'
import { openDatabase } from '../../src/postgres/database.ts'
import { migrate } from '../../src/postgres/migrate.ts'
import { actsOverApi } from '../support/acts-over-api.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { newUser } from '../support/new-user.ts'
import { databaseOptions } from '../support/postgres-storage.ts'
import { postGraphQL } from '../support/post-graphql.ts'
import { startAppForTest, tokenOf, type TestApp } from '../support/start-app.ts'
import { watchOverWebSocket } from '../support/watch-over-api.ts'
import { health } from '../support/watched-instance.ts'

const SEE =
  'query ($ids: [_Any!]!) { _entities(representations: $ids) { ... on User { id presence { status } } } }'
const ASK =
  'mutation ($input: RequestPresenceAccessInput!) { requestPresenceAccess(input: $input) { results { access } } }'
const DECISIONS = '{ presencePrivacy { decisions(first: 10) { nodes { user { id } } } } }'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})

const idsOf = (...users: string[]) => ({ ids: users.map((id) => ({ __typename: 'User', id })) })
const asking = (...userIds: string[]) => ({ input: { userIds } })

/** Every request fails in its middle with this SQLSTATE, until the test has ended. */
async function raiseWithRequests(sqlState: string): Promise<void> {
  await database.query(`
    create function presence_privacy.fail() returns trigger language plpgsql as $$ begin
      ${sqlState === '22012' ? 'perform 1 / (select 0);' : `raise exception using errcode = '${sqlState}';`}
      return new;
    end $$`)
  await database.query(`
    create trigger fail before insert on presence_privacy.outgoing_requests for each row execute function presence_privacy.fail()`)
  onTestFinished(async () => {
    await database.query('drop function presence_privacy.fail cascade')
  })
}

async function codesOf(
  app: TestApp,
  query: string,
  variables: object,
  user = newUser('wim'),
): Promise<unknown[]> {
  const { errors, text } = await postGraphQL(app.url, {
    query,
    variables: { ...variables },
    token: await tokenOf(user),
  })
  expect(text).not.toMatch(/presence_privacy|relation|select |division/)
  return errors.map(({ extensions }) => extensions?.code)
}

describe('a change that fails', () => {
  it.each([
    ['22012', 'INTERNAL_SERVER_ERROR'],
    ['23514', 'INTERNAL_SERVER_ERROR'],
    ['P0001', 'INTERNAL_SERVER_ERROR'],
    ['42501', 'PRESENCE_MISCONFIGURED'],
    ['42P01', 'PRESENCE_MISCONFIGURED'],
    ['53100', 'PRESENCE_UNAVAILABLE'],
    ['57014', 'PRESENCE_UNAVAILABLE'],
    ['40001', 'PRESENCE_UNAVAILABLE'],
  ])('with %s answers %s, and nothing of it stays', async (sqlState, code) => {
    const app = await startAppForTest(database)
    await raiseWithRequests(sqlState)
    const [wim, pia] = [newUser('wim'), newUser('pia')]
    expect(await codesOf(app, ASK, asking(pia), wim)).toEqual([code])
    expect(
      await database.query('select from presence_privacy.users where id = any($1)', [[wim, pia]]),
    ).toEqual([])
  })
})

describe('a read of many users that fails', () => {
  it.each(['infinity', '-infinity'])(
    'answers one code for the whole operation, whichever of them it is about: an end of %s',
    async (end) => {
      const app = await startAppForTest(database)
      const [wim, pia, ann] = [newUser('wim'), newUser('pia'), newUser('ann')]
      await actsOverApi(app, await tokenOf(pia)).publish('BUSY')
      // Neither is shown to wim, and neither value is one that the service writes.
      await database.query(
        `update presence_privacy.users set manual_status = 'AWAY', manual_ends_at = $2 where id = $1`,
        [pia, end],
      )
      for (const users of [[pia], [ann, pia], [pia, ann]]) {
        const codes = await codesOf(app, SEE, idsOf(...users), wim)
        expect(codes).toEqual(['INTERNAL_SERVER_ERROR'])
      }
    },
  )

  it('because a column is missing is for the operator, and streams end with that instead of trying for ever', async () => {
    const own = await createTestDatabase()
    const app = await startAppForTest(own)
    const [wim, pia] = [newUser('wim'), newUser('pia')]
    const stream = await watchOverWebSocket(app, { token: await tokenOf(wim), userIds: [pia] })
    await stream.next()
    await own.query('alter table presence_privacy.users rename column sessions to devices')
    expect(await codesOf(app, SEE, idsOf(pia), wim)).toEqual(['PRESENCE_MISCONFIGURED'])
    await becomes(app, 'not ready')
    await own.query(`select pg_notify('presence_privacy', $1)`, [JSON.stringify([pia])])
    expect(await stream.refusal()).toMatchObject({ code: 'PRESENCE_MISCONFIGURED' })
  })

  it('because a right was taken away is for the operator, until it is given back', async () => {
    const own = await createTestDatabase()
    const [role] = await own.query<{ name: string }>(`select 'plain_' || pg_backend_pid() as name`)
    const { name } = role!
    await own.query(`create role ${name} login password 'plain'`)
    await own.query(`grant usage on schema presence_privacy to ${name}`)
    await own.query(`grant all on all tables in schema presence_privacy to ${name}`)
    await own.query(`grant all on all sequences in schema presence_privacy to ${name}`)
    const url = new URL(own.url)
    url.username = name
    url.password = 'plain'
    const app = await startAppForTest({ url: url.href }, { MIGRATE: 'off' })
    onTestFinished(async () => {
      await own.query(`drop owned by ${name}`)
      await own.query(`drop role ${name}`)
    })
    expect(await codesOf(app, DECISIONS, {})).toEqual([])
    await own.query(`revoke select on presence_privacy.pairs from ${name}`)
    expect(await codesOf(app, DECISIONS, {})).toEqual(['PRESENCE_MISCONFIGURED'])
    await becomes(app, 'not ready')
    await own.query(`grant select on presence_privacy.pairs to ${name}`)
    expect(await codesOf(app, DECISIONS, {})).toEqual([])
    await becomes(app, 'ready')
    await own.query(`revoke insert, update, delete on all tables in schema presence_privacy from ${name}`)
    await becomes(app, 'not ready')
  })
})

async function becomes(app: TestApp, status: string): Promise<void> {
  await eventually(
    `it is ${status}`,
    async () => ((await health(app)) as { status: string }).status === status,
  )
}

describe('a change that meets somebody else', () => {
  const locking = async (user: string) => {
    const session = new pg.Client({ connectionString: database.url })
    await session.connect()
    onTestFinished(() => session.end())
    // The server finds a deadlock for whoever waits for so long: this one does not.
    await session.query(`set deadlock_timeout = '30s'`)
    await session.query('begin')
    const lock = (id: string) =>
      session.query('select from presence_privacy.users where id = $1 for update', [id])
    await lock(user)
    return { lock, end: () => session.query('rollback') }
  }
  const someoneWaits = () =>
    eventually('a change waits', async () => {
      const waiting = await database.query(
        `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%lockUsers%'`,
      )
      return waiting.length > 0
    })

  it('in a deadlock is repeated by us: the caller hears nothing of it', async () => {
    const app = await startAppForTest(database)
    const [pia, wim] = [newUser('pia'), newUser('wim')]
    await actsOverApi(app, await tokenOf(pia)).publish('BUSY')
    await actsOverApi(app, await tokenOf(wim)).publish('BUSY')
    const other = await locking(wim)
    const asked = codesOf(app, ASK, asking(pia), wim)
    await someoneWaits()
    await other.lock(pia)
    await other.end()
    expect(await asked).toEqual([])
  })

  it('and gets no lock in time is unavailable, and may be repeated', async () => {
    const app = await startAppForTest(database, { DATABASE_LOCK_TIMEOUT_MS: '300' })
    const [pia, wim] = [newUser('pia'), newUser('wim')]
    await actsOverApi(app, await tokenOf(pia)).publish('BUSY')
    const other = await locking(pia)
    expect(await codesOf(app, ASK, asking(pia), wim)).toEqual(['PRESENCE_UNAVAILABLE'])
    await other.end()
    expect(await codesOf(app, ASK, asking(pia), wim)).toEqual([])
  })

  it('and has its statement cancelled is unavailable', async () => {
    const app = await startAppForTest(database)
    const [pia, wim] = [newUser('pia'), newUser('wim')]
    await actsOverApi(app, await tokenOf(pia)).publish('BUSY')
    const other = await locking(pia)
    const asked = codesOf(app, ASK, asking(pia), wim)
    await someoneWaits()
    await database.query(
      `select pg_cancel_backend(pid) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    )
    expect(await asked).toEqual(['PRESENCE_UNAVAILABLE'])
    await other.end()
  })
})

test(
  'a commit that was not confirmed by a standby is not acknowledged, though the server calls it a success',
  { timeout: 60_000 },
  async () => {
    const dataFolder = await mkdtemp(join(tmpdir(), 'presence-privacy-commit-'))
    const server = await startEmbeddedPostgres({ dataFolder, durable: false })
    onTestFinished(async () => {
      await server.stop()
      await rm(dataFolder, { recursive: true, force: true })
    })
    await migrate({ url: server.url })
    const admin = new pg.Client({ connectionString: server.url })
    await admin.connect()
    await admin.query('alter database presence_privacy set synchronous_commit = on')
    await admin.query(`alter system set synchronous_standby_names = 'nobody'`)
    await admin.query('select pg_reload_conf()')
    const store = await openDatabase(databaseOptions(server.url))
    onTestFinished(async () => {
      await store.close()
      await admin.end()
    })
    const cancelCommit = () =>
      eventually('a commit waits for the standby, and is cancelled', async () => {
        const { rowCount } = await admin.query(
          `select pg_cancel_backend(pid) from pg_stat_activity where wait_event = 'SyncRep'`,
        )
        return rowCount === 1
      })
    const making = '/* test */ insert into presence_privacy.users (id) values ($1)'
    const acts = [
      () => store.transaction((query) => query(making, [newUser()])),
      () =>
        store.inTwoTrips({
          read: () => Promise.resolve(null),
          write(send) {
            send(making, [newUser()])
          },
        }),
    ]
    for (const act of acts) {
      const acting = act().catch((error: unknown) => error)
      await cancelCommit()
      const failure = await acting
      expect(failure).toBeInstanceOf(Unavailable)
      expect(failure).toMatchObject({ cause: { code: '01000' } })
    }
  },
)
