import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { join, resolve } from 'node:path'
import pg from 'pg'
import { openClusterFolder, type ClusterFolder } from './cluster-folder.ts'
import { removeUnfinished } from './create-cluster.ts'
import { connectionTo, DATABASE_NAME, databaseUrl } from './database-url.ts'
import { EmbeddedPostgresError } from './embedded-postgres-error.ts'
import { disarmLeftoverLock, lockHolder } from './leftover-lock.ts'
import { startServerProcess, type ServerProcess } from './server-process.ts'

/** A free port can be taken between our look and the server's bind. Five times in a row is no accident any more. */
const portAttempts = 5

export type EmbeddedPostgresOptions = {
  /** Made if it does not exist; data and password persist in it between starts. */
  readonly dataFolder: string
  /** Default true. False gives up fsync and the like: for data that nobody minds losing, as in tests. */
  readonly durable?: boolean
  /** Receives each line of the server's log. It holds no statements and no values. */
  readonly log?: (line: string) => void
  /** Called once when the server ends without having been stopped. It is not started again: whoever uses it should end. */
  readonly onExit?: (failure: EmbeddedPostgresError) => void
  /** Chooses the port, anew for each attempt. Default: a free one. */
  readonly pickPort?: () => Promise<number>
}

export type EmbeddedPostgres = {
  /** Connects as superuser to the database `presence_privacy`, over loopback, with the password: never log it. */
  readonly url: string
  /** Ends the server within this time, or else within seconds, and may be called again. Connections that are still open are cut. */
  stop(limit?: { readonly withinMs: number }): Promise<void>
}

/**
 * Starts a real PostgreSQL on a folder, for development and tests. Cold (with initdb) it takes 1-3 s, warm 0.2-0.5 s.
 * The server listens on 127.0.0.1 only, never runs as root, and ends with this process, however that ends.
 *
 * @throws EmbeddedPostgresError with a stable `code` and a message that says what to do
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const dataFolder = resolve(options.dataFolder)
  const folder = await openClusterFolder(dataFolder, options.durable ?? true)
  const { server, port } = await startOnFreePort(folder, dataFolder, options)
  const { password } = folder
  try {
    await createDatabase({ password, port, database: 'postgres' })
    await removeUnfinished(dataFolder)
  } catch (cause) {
    await server.stop()
    throw startFailed(dataFolder, `${(cause as Error).message}\n${server.lastLines()}`, cause)
  }

  let stopping: Promise<void> | undefined
  void server.ended.then((how) => {
    if (stopping === undefined) options.onExit?.(crashed(dataFolder, how, server.lastLines()))
  })
  return { url: databaseUrl({ password, port }), stop: (limit) => (stopping ??= server.stop(limit)) }
}

async function startOnFreePort(
  folder: ClusterFolder,
  dataFolder: string,
  options: EmbeddedPostgresOptions,
): Promise<{ server: ServerProcess; port: number }> {
  const { durable = true, log = () => undefined, pickPort = findFreePort } = options
  let lockDisarmed = false
  for (let attempt = 1; attempt <= portAttempts; attempt++) {
    const port = await pickPort()
    const server = startServerProcess({ folder, port, durable, log })
    if (await server.ready) return { server, port }
    await server.stop()
    const said = server.lastLines()
    if (said.includes('could not create any TCP/IP sockets')) continue
    if (!said.includes('lock file') && !said.includes('pre-existing shared memory block')) {
      throw startFailed(dataFolder, `${await server.ended}\n${said}`)
    }
    if (lockDisarmed || !(await disarmLeftoverLock(folder.pgdata)))
      throw await inUse(dataFolder, folder.pgdata)
    lockDisarmed = true
  }
  throw new EmbeddedPostgresError(
    'PORTS_TAKEN',
    `PostgreSQL found ${portAttempts} ports of 127.0.0.1 taken, one after the other. Start again, or set DATABASE_URL ` +
      'to a PostgreSQL of your own.',
  )
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

async function createDatabase(to: Parameters<typeof connectionTo>[0]): Promise<void> {
  const client = new pg.Client({ ...connectionTo(to), connectionTimeoutMillis: 10_000 })
  await client.connect()
  try {
    const found = await client.query('select from pg_database where datname = $1', [DATABASE_NAME])
    if (found.rowCount === 0) await client.query(`create database ${DATABASE_NAME}`)
  } finally {
    await client.end()
  }
}

async function inUse(dataFolder: string, pgdata: string): Promise<EmbeddedPostgresError> {
  const holder = await lockHolder(pgdata)
  const lockFile = join(pgdata, 'postmaster.pid')
  return new EmbeddedPostgresError(
    'FOLDER_IN_USE',
    'garbled' in holder
      ? `The lock file ${lockFile} names no process: it was cut off, as in a crash, or another server is just starting. Start ` +
          `again; if that does not help and no PostgreSQL runs on ${dataFolder}, remove the file.`
      : `The data folder ${dataFolder} is in use by another PostgreSQL server, process ${holder.process}, most ` +
          'likely of a second copy of this program. Stop that one, or give this one another folder. If the process is no ' +
          `PostgreSQL server, it only carries the number of one that was killed: then remove ${lockFile}.`,
  )
}

function startFailed(dataFolder: string, said: string, cause?: unknown): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    'START_FAILED',
    `PostgreSQL did not start on ${dataFolder}. If the data are damaged, restore a copy, or move the folder away to ` +
      `start with empty data. It said:\n${said}`,
    { cause },
  )
}

function crashed(dataFolder: string, how: string, said: string): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    'CRASHED',
    `PostgreSQL on ${dataFolder} has ended unexpectedly (${how}). Start again: committed data are recovered. Its last ` +
      `words:\n${said}`,
  )
}
