import { expect } from 'vitest'
import { publishPresence } from '../../src/application/publish-presence.ts'
import { parseUserId, type UserId } from '../../src/domain/user-id.ts'
import type { LiveFacts } from '../../src/application/live-ports.ts'
import type { FactsReader, Signals } from '../../src/application/ports.ts'
import { CHANNEL } from '../../src/postgres/signal.ts'
import { ROOT } from '../support/administrators.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { postgresStorage, type PostgresStorage } from '../support/postgres-storage.ts'
import { DEFAULT_CLASS } from '../support/storage.ts'
import { NAMES, OFFICE, type Engine } from './live-engine.ts'

const MOST_INSTANCES = 4

/**
 * PostgreSQL, and for each instance the adapters and the LISTEN connection of its own that an instance of the service has. Only the
 * clock of the database is not the real one: it shows what a row says. So a schedule takes its virtual time here as well, and all that
 * happens at one moment of it has happened before the next.
 */
export async function postgresEngines(): Promise<{
  /** For one schedule at a time, each with users of its own. */
  readonly next: () => Promise<Engine>
  readonly close: () => Promise<void>
}> {
  const database = await createTestDatabase()
  const clock = await clockOf(database)
  // In one class, requests end sooner than any administrator may have it.
  await database.query(`alter table presence_privacy.classes_of_service
    drop constraint classes_of_service_request_lifetime_check`)
  const storages = await Promise.all(
    Array.from({ length: MOST_INSTANCES }, () => postgresStorage(database, { poolSize: 2 })),
  )
  const [first] = storages as [PostgresStorage]
  await proveThatTheClockCounts(first, clock)
  let engines = 0
  return {
    async next() {
      engines += 1
      await first.setClass(DEFAULT_CLASS)
      await first.setClass(OFFICE)
      await first.administration.setSite({ actor: ROOT, presenceServer: 'NONE_KNOWN' })
      const stops: (() => void)[] = []
      const { synchronise } = clock
      const { hear, isMark } = marks(database, storages)
      await hear()
      return {
        storage: { ...first, facts: afterwards<FactsReader>(first.facts, synchronise) },
        users: NAMES.map((name) => parseUserId(`${name}-${engines}`)!),
        clock,
        synchronise,
        heard: hear,
        ofInstance(number) {
          const { live, signals } = storages[number]!
          return {
            live: afterwards<LiveFacts>(live, synchronise),
            signals: {
              ...signals,
              subscribeToAll(listener) {
                const stop = signals.subscribeToAll((hint) => {
                  if (typeof hint === 'string' || !hint.users.some(isMark)) listener(hint)
                })
                stops.push(stop)
                return stop
              },
            } satisfies Signals,
          }
        },
        close: () => stops.forEach((stop) => stop()),
      }
    },
    async close() {
      for (const storage of storages) await storage.close()
    },
  }
}

/**
 * Every statement asks what time it is by the name of a function, and our connections look for it in PostgreSQL's own schema. So in this
 * database, others take the names of those functions.
 */
async function clockOf(database: TestDatabase) {
  let now = Date.UTC(2026, 0, 5, 8)
  let shown = now
  await database.query('create schema virtual')
  await database.query('create table virtual.clock (shows timestamptz not null)')
  await database.query('insert into virtual.clock values (to_timestamp($1 / 1000.0))', [now])
  for (const name of ['statement_timestamp', 'clock_timestamp', 'now']) {
    await database.query(`alter function pg_catalog.${name}() rename to ${name}_of_the_machine`)
    await database.query(`create function pg_catalog.${name}() returns timestamptz language sql stable
      as 'select shows from virtual.clock'`)
  }
  return {
    now: () => now,
    advance(ms: number) {
      now += ms
    },
    async synchronise() {
      const moment = now
      if (shown === moment) return
      await database.query('update virtual.clock set shows = to_timestamp($1 / 1000.0)', [moment])
      shown = moment
    },
  }
}

/** Otherwise schedules would pass in which no lease ever ends. */
async function proveThatTheClockCounts(
  storage: PostgresStorage,
  clock: Awaited<ReturnType<typeof clockOf>>,
): Promise<void> {
  const [somebody, device] = ['somebody' as UserId, 'device']
  const leaseMs = 1000
  await publishPresence(storage, {
    ...{ user: somebody, session: device, status: 'AVAILABLE', activity: null, note: null },
    ...{ leaseMs, inactiveForMs: 0 },
  })
  const ends = async (): Promise<readonly number[]> => {
    const facts = await storage.facts.readFactsOfPairs([{ presentity: somebody, watcher: somebody }])
    return facts
      .get(somebody)!
      .presentities.get(somebody)!
      .sessions.map(({ leaseEndsAt }) => leaseEndsAt)
  }
  expect(await ends()).toEqual([clock.now() + leaseMs])
  clock.advance(leaseMs)
  await clock.synchronise()
  expect(await ends()).toEqual([])
}

/** Signals reach each connection in the order of their commits: once a mark is heard, all before it has been. */
function marks(database: TestDatabase, storages: readonly PostgresStorage[]) {
  const isMark = (user: UserId): boolean => user.startsWith('mark ')
  return {
    isMark,
    async hear() {
      const mark = `mark ${performance.now()}` as UserId
      const heard = storages.map(
        ({ signals }) =>
          new Promise<void>((resolve) => {
            const stop = signals.subscribe(mark, () => {
              stop()
              resolve()
            })
          }),
      )
      await database.query(`select pg_notify('${CHANNEL}', $1)`, [JSON.stringify([mark])])
      await Promise.all(heard)
    },
  }
}

/** The same reads, each after `before`. */
function afterwards<Reads extends object>(reads: Reads, before: () => Promise<void>): Reads {
  const after = Object.entries(reads).map(([name, read]: [string, (of: unknown) => Promise<unknown>]) => [
    name,
    async (of: unknown) => {
      await before()
      return read(of)
    },
  ])
  return Object.fromEntries(after) as Reads
}
