import { join } from 'node:path'
import type { DisclosurePolicy } from '../application/what-is-seen.ts'
import { AppFailure, databaseFailure, EXIT_UNAVAILABLE } from '../app-failure.ts'
import type { StoreConfig } from '../config.ts'
import { EmbeddedPostgresError } from '../embedded-postgres/embedded-postgres-error.ts'
import { findRunningPostgres } from '../embedded-postgres/find-running.ts'
import { startEmbeddedPostgres } from '../embedded-postgres/start-embedded-postgres.ts'
import { postgresAdapters } from '../postgres/adapters.ts'
import { openDatabase } from '../postgres/database.ts'
import { migrate, pendingMigrations } from '../postgres/migrate.ts'

/** One command has one thing to do at a time. */
const POOL_SIZE = 2

export type Adapters = ReturnType<typeof postgresAdapters> & { readonly policy: DisclosurePolicy }

export type Server = {
  readonly url: string
  readonly directUrl: string
  readonly pooler: 'none' | 'transaction'
  /** Only we use it, so there is nobody who could be surprised by a migration. */
  readonly ours: boolean
  readonly stop: () => Promise<void>
}

/** What a command works on, each opened when it is first asked for, and all of it closed at the end. */
export type Opened = {
  readonly server: () => Promise<Server>
  readonly store: () => Promise<Adapters>
  readonly close: () => Promise<void>
}

/** An embedded server is started for the time of the command, unless it runs already. */
export function openOnDemand(config: StoreConfig): Opened {
  const opened: (() => Promise<void>)[] = []
  const server = once(async () => {
    const found = await serverOf(config)
    opened.push(found.stop)
    return found
  })
  const store = once(async () => {
    const found = await server()
    const database = await reach(async () => {
      if (found.ours) await migrate({ url: found.directUrl })
      await requireMigrated(found)
      const { url, pooler } = found
      return openDatabase({ ...config.database, url, pooler, poolSize: POOL_SIZE })
    }, config.database.server.kind)
    opened.push(database.close)
    return { ...postgresAdapters(database, config.privacy), policy: config.privacy }
  })
  return {
    server,
    store,
    async close() {
      for (const close of opened.reverse()) await close()
    },
  }
}

function once<T>(open: () => Promise<T>): () => Promise<T> {
  let opening: Promise<T> | undefined
  return () => (opening ??= open())
}

export async function reach<T>(step: () => Promise<T>, server: 'external' | 'embedded'): Promise<T> {
  try {
    return await step()
  } catch (error) {
    throw error instanceof AppFailure ? error : databaseFailure(error, server)
  }
}

async function serverOf({ database, dataDir }: StoreConfig): Promise<Server> {
  if (database.server.kind === 'external') {
    return { ...database.server, ours: false, stop: () => Promise.resolve() }
  }
  const dataFolder = join(dataDir, 'postgres')
  return (await runningOn(dataFolder)) ?? (await startedOn(dataFolder))
}

async function runningOn(dataFolder: string): Promise<Server | null> {
  const url = await findRunningPostgres(dataFolder)
  return url === null
    ? null
    : { url, directUrl: url, pooler: 'none', ours: false, stop: () => Promise.resolve() }
}

async function startedOn(dataFolder: string): Promise<Server> {
  try {
    const postgres = await startEmbeddedPostgres({ dataFolder })
    const { url } = postgres
    return { url, directUrl: url, pooler: 'none', ours: true, stop: () => postgres.stop() }
  } catch (error) {
    if (!(error instanceof EmbeddedPostgresError)) throw error
    // The service was starting at the same moment.
    const running = error.code === 'FOLDER_IN_USE' ? await runningOn(dataFolder) : null
    if (running !== null) return running
    throw new AppFailure(EXIT_UNAVAILABLE, error.message, error)
  }
}

async function requireMigrated({ directUrl }: Server): Promise<void> {
  const pending = await pendingMigrations({ url: directUrl })
  if (pending.length === 0) return
  throw new AppFailure(
    EXIT_UNAVAILABLE,
    `The database lacks ${pending.join(', ')}. Run: npm run admin -- migrate`,
  )
}
