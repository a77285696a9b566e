import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decideAccess } from '../../src/application/manage-decisions.ts'
import { publishPresence } from '../../src/application/publish-presence.ts'
import { requestAccess } from '../../src/application/request-access.ts'
import { setPreference } from '../../src/application/set-preference.ts'
import { viewPresence } from '../../src/application/view-presence.ts'
import type { UserId } from '../../src/domain/user-id.ts'
import { openDatabase, type Database } from '../../src/postgres/database.ts'
import { postgresFactsReader } from '../../src/postgres/facts-reader.ts'
import { postgresPresenceSessions } from '../../src/postgres/presence-sessions.ts'
import { postgresPrivacyLists } from '../../src/postgres/privacy-lists.ts'
import { postgresPrivacyStore } from '../../src/postgres/privacy-store.ts'
import { postgresSignals, type PostgresSignals } from '../../src/postgres/signals.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { newUser } from '../support/new-user.ts'
import { missingPgbouncer, startPgbouncer } from '../support/pgbouncer.ts'
import { databaseOptions } from '../support/postgres-storage.ts'
import { POLICY } from '../support/policy.ts'

const missing = missingPgbouncer()
const required = process.env['CI'] === 'true'
const POOL_SIZE = 5

describe.skipIf(missing !== null && !required)(
  `pgbouncer in transaction mode${missing === null ? '' : ` (${missing})`}`,
  () => {
    let test: TestDatabase
    let pooler: Awaited<ReturnType<typeof startPgbouncer>>
    let setting: string

    beforeAll(async () => {
      if (missing !== null) throw new Error(missing)
      test = await createTestDatabase()
      const [names] = await test.query<{
        setting: string
      }>(`select 'alter role ' || quote_ident(current_user) || ' in database '
      || quote_ident(current_database()) as setting`)
      setting = names!.setting
      pooler = await startPgbouncer({ url: test.url, poolSize: POOL_SIZE })
    })
    afterAll(() => pooler.stop())

    const open = (pooled: 'none' | 'transaction') =>
      openDatabase(databaseOptions(pooler.url, { pooler: pooled, poolSize: 20, connectTimeoutMs: 20_000 }))

    it('is refused as if it were the server itself: it would not carry what a server is told', async () => {
      await expect(open('none')).rejects.toThrow('unsupported startup parameter')
    })

    it('is refused while its role has no timeouts, with the statements that set them', async () => {
      const refused = open('transaction')
      await expect(refused).rejects.toThrow(/alter role \S+ in database \S+ set statement_timeout/)
      await expect(refused).rejects.toThrow(/alter role \S+ in database \S+ set lock_timeout/)
      await expect(refused).rejects.toThrow(
        /alter role \S+ in database \S+ set idle_in_transaction_session_timeout/,
      )
    })

    describe('once its role has timeouts', () => {
      let database: Database
      let signals: PostgresSignals

      beforeAll(async () => {
        for (const name of ['statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout']) {
          await test.query(`${setting} set ${name} = '10s'`)
        }
        // Connections that the pooler has made before do not know of them.
        await pooler.stop()
        pooler = await startPgbouncer({ url: test.url, poolSize: POOL_SIZE })
        database = await open('transaction')
        signals = await postgresSignals({
          url: test.url,
          onProblem: (error) => {
            throw error
          },
        })
      })
      afterAll(async () => {
        await signals.close()
        await database.close()
      })

      it('carries 200 operations of all kinds at once on five connections', async () => {
        const privacy = postgresPrivacyStore(database)
        const ports = {
          facts: postgresFactsReader(database),
          sessions: postgresPresenceSessions(database, POLICY.policy),
          ...POLICY,
        }
        const lists = postgresPrivacyLists(database.query)
        const users = Array.from({ length: 40 }, () => newUser())
        const operations = Array.from({ length: 40 }, (_, number) => {
          const presentity = users[number]!
          const watcher = users[(number + 1) % users.length]!
          return [
            publish(ports, presentity),
            decideAccess(privacy, { presentity, watchers: [watcher], verdict: 'ALLOWED', endsAt: null }),
            setPreference(privacy, { user: presentity, change: { invitationHandling: 'AUTO_ACCEPT' } }),
            lists.popup({ presentity, limit: 10, known: [] }),
            viewPresence(ports, { watcher, presentities: users }),
          ]
        }).flat()
        expect(operations).toHaveLength(200)
        await Promise.all(operations)

        for (const [number, presentity] of users.entries()) {
          const watcher = users[(number + 1) % users.length]!
          const seen = await viewPresence(ports, { watcher, presentities: [presentity] })
          expect(seen.get(presentity)).toEqual({
            presence: { status: 'AVAILABLE', activity: null, note: null },
            access: 'ALLOWED',
            canBeMessaged: true,
          })
        }
        const [used] = await test.query<{ connections: number }>(
          `select count(*)::int as connections from pg_stat_activity
        where datname = current_database() and application_name = 'presence-privacy'`,
        )
        expect(used?.connections).toBeGreaterThan(0)
        expect(used?.connections).toBeLessThanOrEqual(POOL_SIZE)
      })

      it('carries changes whose signals are heard by whoever listens on the server itself', async () => {
        const [pia, wim] = [newUser('pia'), newUser('wim')]
        let heard = 0
        const stop = signals.subscribe(pia, () => (heard += 1))
        await requestAccess(postgresPrivacyStore(database), {
          watcher: wim,
          presentities: [pia],
          trigger: 'CALL',
          addToContacts: false,
        })
        await eventually('the signal is heard', () => heard > 0)
        stop()
      })
    })
  },
)

function publish(ports: Parameters<typeof publishPresence>[0], user: UserId) {
  const said = { session: 'desk', status: 'AVAILABLE', activity: null, note: null } as const
  return publishPresence(ports, { user, ...said, leaseMs: 600_000 })
}
