import type pg from 'pg'
import type { EntityMetadata } from 'typeorm'
import { cut, endWithin } from './client.ts'
import { presenceClient, type ConnectionOptions } from './connection-options.ts'
import { requireFitServer } from './fit-server.ts'
import { proveTables } from './prove-tables.ts'
import { PROVE_SERVER, type ServerIdentity, type ServerRow } from './server-identity.ts'

/** An instance writes at most this often to find out whether it can. */
const PROVE_EVERY_MS = 1000
/** A commit that takes longer is as good as none: whoever waits for it is told so in time. */
const PROOF_TIMEOUT_MS = 2500
/** A proof counts for so long: the next one is begun a second after it, and has its time. */
const PROOF_COUNTS_MS = PROVE_EVERY_MS + PROOF_TIMEOUT_MS + 500
const END_WITHIN_MS = 300

export type WriteWatch = {
  /** Whether the last write succeeded, and was not too long ago. Sends no statement. */
  readonly canWrite: () => boolean
  readonly close: () => Promise<void>
}

export type WatchedServer = {
  /** Leads to the server itself. */
  readonly directUrl: string
  /** Leads to the pooler; without a pooler, the same as `directUrl`. */
  readonly url: string
  readonly pooler: 'none' | 'transaction'
  /** The tables that have to be there. */
  readonly tables: readonly EntityMetadata[]
  /** The server that both have to lead to. */
  readonly identity: ServerIdentity
  /** Called with the cause when writes begin to fail, once each time. */
  readonly onProblem: (error: unknown) => void
}

/**
 * Writes once a second, on a connection that nothing else uses, and remembers how that went: a health check that asked by itself could
 * be made to write by whoever may call it, and would wait for a server that does not answer. Behind a pooler, a second connection
 * finds out whether the pooler answers, whether its sessions have the settings that statements rely on, and which server it leads to.
 * Resolves after the first attempt, whatever became of it.
 */
export async function watchWrites(watched: WatchedServer): Promise<WriteWatch> {
  const { directUrl, url, pooler, tables, identity, onProblem } = watched
  const direct = { ...connectionTo(directUrl, 'none'), identity }
  const proofs = [
    await repeatProof({ connection: direct, prove: proveWrites(tables), onProblem }),
    ...(pooler === 'none'
      ? []
      : [
          await repeatProof({
            connection: connectionTo(url, pooler),
            prove: proveBehind(identity),
            onProblem,
          }),
        ]),
  ]
  return {
    canWrite: () => proofs.every(({ holds }) => holds()),
    async close() {
      await Promise.all(proofs.map(({ close }) => close()))
    },
  }
}

function connectionTo(url: string, pooler: 'none' | 'transaction'): ConnectionOptions {
  return {
    ...{ url, pooler },
    applicationName: 'presence-privacy writes',
    connectTimeoutMs: PROOF_TIMEOUT_MS,
    timeouts: { statementTimeoutMs: PROOF_TIMEOUT_MS, lockTimeoutMs: PROOF_TIMEOUT_MS },
  }
}

type Prove = (client: pg.Client, isNew: boolean) => Promise<void>

async function repeatProof({
  connection,
  prove,
  onProblem,
}: {
  readonly connection: ConnectionOptions
  readonly prove: Prove
  readonly onProblem: (error: unknown) => void
}): Promise<{ readonly holds: () => boolean; readonly close: () => Promise<void> }> {
  let client: pg.Client | null = null
  let provenAt = -Infinity
  let failing = false
  let closed = false
  let timer: NodeJS.Timeout | undefined

  const connect = async (): Promise<pg.Client> => {
    const next = presenceClient(connection, { query_timeout: PROOF_TIMEOUT_MS })
    client = next
    await next.connect()
    return next
  }

  const attempt = async (): Promise<void> => {
    const began = performance.now()
    try {
      const isNew = client === null
      await prove(client ?? (await connect()), isNew)
      provenAt = began
      failing = false
    } catch (error) {
      if (client !== null) cut(client)
      client = null
      provenAt = -Infinity
      if (!failing && !closed) onProblem(error)
      failing = true
    }
    if (!closed) timer = setTimeout(() => void attempt(), PROVE_EVERY_MS)
  }
  await attempt()

  return {
    holds: () => performance.now() - provenAt < PROOF_COUNTS_MS,
    async close() {
      closed = true
      clearTimeout(timer)
      if (client !== null) await endWithin(client, END_WITHIN_MS)
    },
  }
}

/**
 * Proves that a commit reaches the disk, that a table can grow, and that our tables and rights are there.
 * - A temporary table that is emptied at each commit grows anew each time, and leaves nothing behind in catalogs or logs. Without it, a full
 *   disk would go unnoticed for a while: rows still fit into pages that exist.
 * - The commit waits for a message in PostgreSQL's write-ahead log. Logical decoding may see it, with our prefix.
 * - A migration or an operator may remove tables, columns and rights while an instance runs.
 */
function proveWrites(tables: readonly EntityMetadata[]): Prove {
  const statements = `${PROVE_WRITES},
    ${proveTables(tables)} as has_rights`
  return async (client, isNew) => {
    if (isNew) {
      await requireFitServer(run(client), { pooler: 'none' })
      await client.query(GROWING_TABLE)
    }
    const results = (await client.query(statements)) as unknown as pg.QueryResult<Partial<Proven>>[]
    const { writable, has_rights: hasRights } = results.at(-1)?.rows[0] ?? {}
    if (writable !== true)
      throw new Error('the server takes no writes: it is a standby, or default_transaction_read_only is on')
    if (hasRights !== true)
      throw new Error('the role may not write to the tables of the schema presence_privacy')
  }
}

type Proven = { readonly writable: boolean; readonly has_rights: boolean }

/** Where the role may make no temporary table, a disk that is full is found out by the first commit that fails. */
const GROWING_TABLE = `/* makeGrowingTable */
  set temp_tablespaces = '';
  do $$ begin
    create temporary table growing (at timestamptz) on commit delete rows;
  exception when insufficient_privilege then null;
  end $$`

const PROVE_WRITES = `/* proveWrites */
  do $$ begin
    if to_regclass('pg_temp.growing') is not null then insert into pg_temp.growing values (now()); end if;
  end $$;
  select
    pg_logical_emit_message(true, 'presence-privacy', 'can write') is not null
    and not pg_is_in_recovery() and current_setting('transaction_read_only') = 'off' as writable`

/** The pooler gives any of its sessions, and may lead to another server than before. */
function proveBehind(identity: ServerIdentity): Prove {
  return async (client) => {
    await requireFitServer(run(client), { pooler: 'transaction' })
    const { rows } = await client.query<ServerRow>(PROVE_SERVER)
    identity.admitPooledServer(rows)
  }
}

function run(client: pg.Client) {
  return async <Row>(sql: string, parameters: readonly unknown[]) =>
    (await client.query(sql, [...parameters])).rows as Row[]
}
