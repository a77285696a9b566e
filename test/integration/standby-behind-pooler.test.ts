import { isDeepStrictEqual } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { migrate } from '../../src/postgres/migrate.ts'
import { actsOverApi } from '../support/acts-over-api.ts'
import { debianPostgres, missingPostgres, type DebianPostgres } from '../support/debian-postgres.ts'
import { eventually } from '../support/eventually.ts'
import { newUser } from '../support/new-user.ts'
import { missingPgbouncer, startPgbouncer } from '../support/pgbouncer.ts'
import { postGraphQL } from '../support/post-graphql.ts'
import { queryOnce } from '../support/postgres-on-folder.ts'
import { startApp, startAppForTest, tokenOf, type TestApp } from '../support/start-app.ts'
import { tcpProxy, type TcpProxy } from '../support/tcp-proxy.ts'
import { health, isReady } from '../support/watched-instance.ts'

const missing = missingPostgres() ?? missingPgbouncer()
const required = process.env['CI'] === 'true'

const OWN = '{ presencePrivacy { presence { status } } }'

describe.skipIf(missing !== null && !required)(
  `a primary and a standby behind pgbouncer${missing === null ? '' : ` (${missing})`}`,
  () => {
    let servers: DebianPostgres
    let primary: string
    let standby: string
    let another: string
    /** Where the pooler finds its server, and where the service does. */
    let pooled: TcpProxy
    let direct: TcpProxy
    let pooler: Awaited<ReturnType<typeof startPgbouncer>>
    let app: TestApp
    const pia = newUser('pia')

    const settings = () => ({ DATABASE_POOLER: 'transaction', DATABASE_DIRECT_URL: direct.url })

    beforeAll(async () => {
      if (missing !== null) throw new Error(missing)
      servers = await debianPostgres()
      primary = await servers.primary()
      another = await servers.primary()
      for (const server of [primary, another]) {
        await migrate({ url: server })
        for (const name of ['statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout'])
          await queryOnce(server, `alter role postgres in database postgres set ${name} = '10s'`)
      }
      standby = await servers.standbyOf(primary)
      pooled = await tcpProxy(primary)
      direct = await tcpProxy(primary)
      pooler = await startPgbouncer({ url: pooled.url, poolSize: 5 })
      app = await startApp({ url: pooler.url }, settings())
      await actsOverApi(app, await tokenOf(pia)).publish('BUSY')
    }, 120_000)
    afterAll(async () => {
      await app.stop()
      await pooler.stop()
      await pooled.close()
      await direct.close()
      await servers.stop()
    }, 60_000)

    const own = async () => postGraphQL(app.url, { query: OWN, token: await tokenOf(pia) })
    const told = async () => {
      const { data, errors } = await own()
      return errors[0]?.extensions?.code ?? data?.['presencePrivacy']
    }
    const expectRefused = async (): Promise<void> => {
      const wrong = { status: 'not ready', database: 'unavailable', signals: 'ok' }
      await eventually('it is not ready, for what the pooler leads to', async () =>
        isDeepStrictEqual(await health(app), wrong),
      )
      // The pooler is asked once a second, and readiness may have found out before.
      await eventually('it is not read', async () => (await told()) === 'PRESENCE_UNAVAILABLE')
      await expect(actsOverApi(app, await tokenOf(pia)).publish('AWAY')).rejects.toThrow(
        'PRESENCE_UNAVAILABLE',
      )
    }
    /** Also of what the clock has not found wrong yet. */
    const expectNothingShown = async (): Promise<void> => {
      const answers = new Set<unknown>()
      for (let asked = 0; asked < 40; asked++) answers.add(await told())
      expect([...answers]).toEqual(['PRESENCE_UNAVAILABLE'])
    }
    const expectServed = async (): Promise<void> => {
      await eventually('it is ready', () => isReady(app), { withinMs: 20_000 })
      expect(await told()).toEqual({ presence: { status: 'BUSY' } })
    }

    it('an instance does not start while the pooler leads to another cluster than its direct address', async () => {
      await expectServed()
      direct.leadTo(another)
      const start = startAppForTest({ url: pooler.url }, settings())
      await expect(start).rejects.toThrow(/cannot be used.* another cluster/)
      direct.leadTo(primary)
      await expectServed()
    })

    it('an instance whose pooler comes to lead to another cluster refuses reads and changes at once, and is not ready', async () => {
      pooled.leadTo(another)
      await expectNothingShown()
      await expectRefused()
      pooled.leadTo(primary)
      await expectServed()
    })

    it('so does one whose pooler stays with the old primary when its direct address has followed a promotion', async () => {
      await queryOnce(standby, 'select pg_promote()')
      direct.leadTo(standby)
      await expectRefused()
      pooled.leadTo(standby)
      await expectServed()
    }, 60_000)

    it('so does one whose pooler goes back to the old primary', async () => {
      pooled.leadTo(primary)
      await expectNothingShown()
      await expectRefused()
      pooled.leadTo(standby)
      await expectServed()
    })
  },
)
