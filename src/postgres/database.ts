import type pg from 'pg'
import { DataSource, type EntityManager, type QueryRunner } from 'typeorm'
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js'
import { migrations } from '../../migrations/index.ts'
import { throughPooler } from './through-pooler.ts'
import { endPoolWithin, PresenceClient } from './client.ts'
import { connectionOptions } from './connection-options.ts'
import { AdministrativeActEntity, AdministrativeActUserEntity } from './entities/administrative-act.ts'
import { ClassOfServiceEntity } from './entities/class-of-service.ts'
import { PairEntity } from './entities/pair.ts'
import { AnswerEntity, IncomingItemEntity, OutgoingRequestEntity } from './entities/request.ts'
import { SiteSettingsEntity } from './entities/site-settings.ts'
import { ErasedUserEntity, TrailEntity } from './entities/trail.ts'
import { UserEntity } from './entities/user.ts'
import { requireFitServer } from './fit-server.ts'
import type { UserId } from '../domain/user-id.ts'
import { hotConnections } from './hot-connections.ts'
import { liveConnections } from './live-connections.ts'
import { readFromPool, type Read } from './read.ts'
import { commitWithoutDoubt } from './commit.ts'
import { repeatOnConflict } from './repeat-on-conflict.ts'
import { provenReads, provenStatements } from './proven-statements.ts'
import { PROVE_SERVER, ServerIdentity, type ServerRow } from './server-identity.ts'
import { reach } from './storage-error.ts'
import { inTwoTrips, type TwoTrips } from './two-trips.ts'

/** Everything lives in a PostgreSQL schema of its own, so that it can share a database. */
export const SCHEMA = 'presence_privacy'

/** What is under way when the pool closes is over soon, or its server does not answer. */
const END_WITHIN_MS = 1000

export type DatabaseOptions = {
  readonly url: string
  /** `transaction`: the URL leads to a pooler in transaction mode, which carries neither start-up settings nor named statements. */
  readonly pooler: 'none' | 'transaction'
  readonly poolSize: number
  /** Beside the pool, for what is read most; none behind a pooler, which would take a connection of its own for each. */
  readonly readConnections: number
  readonly statementTimeoutMs: number
  readonly lockTimeoutMs: number
  readonly connectTimeoutMs: number
  /** Which server it has to be. Default: whichever is found first, and what follows it. */
  readonly identity?: ServerIdentity
  /** Hears of connections that broke while idle; they are replaced by themselves. */
  readonly onIdleError?: (error: unknown) => void
}

/** Runs one statement; rows by column name. */
export type Query = <Row>(sql: string, parameters: readonly unknown[]) => Promise<Row[]>

/** What a transaction does: through `query`, or through the repositories of `manager`, whose errors are its own to name. */
export type Work<Result> = (query: Query, manager: EntityManager) => Promise<Result>

export type PoolState = {
  readonly open: number
  /** Of these. */
  readonly idle: number
  /** How many wait for one. */
  readonly waiting: number
  /** Of the connections beside the pool: how many there are, and how many statements are under way on them. */
  readonly reads: { readonly open: number; readonly underWay: number }
}

/** What statements are sent by. */
export type Statements = {
  /** One statement on its own. Throws what `storageError` names. */
  readonly query: Query
  /** The same for statements that only read, and are made for being planned once. */
  readonly read: Read
  /**
   * All statements of `work`, at once or not at all. Throws what `storageError` names, or what `work` itself throws. After a conflict with
   * another transaction, `work` runs again.
   */
  readonly transaction: <Result>(work: Work<Result>) => Promise<Result>
  /** The same in two round trips, for what reads first and then writes. */
  readonly inTwoTrips: <Read, Result>(steps: TwoTrips<Read, Result>) => Promise<Result>
  /** Whatever the server does, a statement has its answer or its error after so long: the wait for a connection is part of it. */
  readonly answersWithinMs: number
}

/** Its own statements are the service's, which has no caller. Every statement proves what `provenStatements` says. */
export type Database = Statements & {
  /** The same for a caller: they fail with `UserErased` once the caller was erased. */
  readonly as: (caller: UserId) => Statements
  /** The reading part of `as`. It is quickly made, and most operations need no more. */
  readonly readsAs: (caller: UserId) => Pick<Statements, 'query' | 'read'>
  /** As `query`, over connections of its own, which verify open streams whatever else goes on. */
  readonly liveQuery: Query
  readonly dataSource: DataSource
  /** Of the pool, now. */
  readonly connections: () => PoolState
  readonly close: () => Promise<void>
}

/** The tables as TypeORM sees them; the migrations are what makes them. `connection` says how its connections are opened. */
export function dataSource(options: {
  readonly connection: object
  readonly poolSize?: number
  readonly onIdleError?: (error: unknown) => void
}): DataSource {
  return new DataSource({
    type: 'postgres',
    schema: SCHEMA,
    entities: [
      ClassOfServiceEntity,
      SiteSettingsEntity,
      UserEntity,
      PairEntity,
      IncomingItemEntity,
      OutgoingRequestEntity,
      AnswerEntity,
      TrailEntity,
      ErasedUserEntity,
      AdministrativeActEntity,
      AdministrativeActUserEntity,
    ],
    migrations,
    migrationsTableName: 'migrations',
    synchronize: false,
    installExtensions: false,
    poolSize: options.poolSize ?? 1,
    poolErrorHandler: options.onIdleError ?? (() => undefined),
    extra: { ...options.connection, Client: PresenceClient },
  })
}

/** Opens the pool. Throws when the database cannot be reached, and `UnfitServer` when its answers would be wrong. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  // The server's own timeout comes first; this one is for a server that no longer answers at all.
  const patienceMs = options.statementTimeoutMs + 2000
  const { url, pooler, connectTimeoutMs, identity = new ServerIdentity() } = options
  const timeouts = { statementTimeoutMs: options.statementTimeoutMs, lockTimeoutMs: options.lockTimeoutMs }
  const named = (applicationName: string) => ({
    ...{ url, pooler, connectTimeoutMs, timeouts, identity, applicationName },
    namedStatements: pooler === 'none',
  })
  const source = dataSource({
    poolSize: options.poolSize,
    ...(options.onIdleError && { onIdleError: options.onIdleError }),
    connection: {
      ...connectionOptions(named('presence-privacy')),
      query_timeout: patienceMs,
      // Statements that nobody waits between are sent at once.
      pipeline: true,
      // Turnover would discard the prepared statements.
      idleTimeoutMillis: 0,
      maxLifetimeSeconds: 3600,
    },
  })
  await source.initialize()
  const pool = (source.driver as PostgresDriver).master as pg.Pool
  const run = <Row>(sql: string, parameters: readonly unknown[]) => source.query<Row[]>(sql, [...parameters])
  try {
    await requireFitServer(run, { pooler })
    if (pooler !== 'none') identity.admitPooledServer(await run<ServerRow>(PROVE_SERVER, []))
  } catch (error) {
    await source.destroy()
    throw error
  }
  const hot =
    options.pooler === 'none'
      ? hotConnections({
          most: options.readConnections,
          connection: {
            ...{ url, connectTimeoutMs, timeouts, identity },
            applicationName: 'presence-privacy reads',
            planCacheMode: 'force_generic_plan',
          },
          patienceMs,
          onBroken: options.onIdleError ?? (() => undefined),
        })
      : null
  const live = liveConnections({
    connection: { ...connectionOptions(named('presence-privacy live')), query_timeout: patienceMs },
    onIdleError: options.onIdleError ?? (() => undefined),
  })
  const plain: Statements = {
    answersWithinMs: connectTimeoutMs + patienceMs,
    read: hot?.read ?? readFromPool(pool),
    query: <Row>(sql: string, parameters: readonly unknown[]) =>
      repeatOnConflict(() => reach(async () => rowsOf<Row>(await source.query(sql, [...parameters])))),
    transaction: (work) => repeatOnConflict(() => runTransaction(source, work)),
    inTwoTrips: (steps) => repeatOnConflict(() => inTwoTrips(pool, steps)),
  }
  const led = (statements: Statements) =>
    pooler === 'none' ? statements : throughPooler(statements, identity)
  const proofOf = (caller: UserId | null) => ({ caller, pooledServer: pooler === 'none' ? null : identity })
  const statements = led(plain)
  return {
    ...provenStatements(statements, proofOf(null)),
    as: (caller) => provenStatements(statements, proofOf(caller)),
    readsAs: (caller) => provenReads(statements, proofOf(caller)),
    liveQuery: provenReads(led({ ...plain, query: live.query }), proofOf(null)).query,
    dataSource: source,
    connections() {
      const { open = 0, reading = 0 } = hot?.state() ?? {}
      const { totalCount, idleCount, waitingCount } = pool
      return {
        open: totalCount,
        idle: idleCount,
        waiting: waitingCount,
        reads: { open, underWay: reading },
      }
    },
    async close() {
      await Promise.all([
        hot?.close(),
        live.close(),
        endPoolWithin(pool, END_WITHIN_MS, () => source.destroy()),
      ])
    },
  }
}

async function runTransaction<Result>(source: DataSource, work: Work<Result>): Promise<Result> {
  const runner = source.createQueryRunner()
  try {
    await reach(() => runner.startTransaction())
    const result = await work(
      <Row>(sql: string, parameters: readonly unknown[]) =>
        reach(async () => rowsOf<Row>(await runner.query(sql, [...parameters]))),
      runner.manager,
    )
    const client = (await reach(() => runner.connect())) as pg.PoolClient
    await commitWithoutDoubt(client, () => reach(() => runner.commitTransaction()))
    return result
  } catch (error) {
    await abandon(runner)
    throw error
  } finally {
    await runner.release().catch(() => undefined)
  }
}

/** A transaction whose connection is gone has been rolled back by the server already. */
async function abandon(runner: QueryRunner): Promise<void> {
  if (!runner.isTransactionActive || runner.isReleased) return
  await runner.rollbackTransaction().catch(() => undefined)
}

/** TypeORM answers an UPDATE or DELETE with its rows and their number, anything else with its rows. */
function rowsOf<Row>(answer: unknown): Row[] {
  const [first, count] = answer as [unknown, unknown]
  return (Array.isArray(first) && typeof count === 'number' ? first : answer) as Row[]
}
