import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterEach, beforeEach } from 'vitest'
import {
  startEmbeddedPostgres,
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
} from '../../src/embedded-postgres/start-embedded-postgres.ts'
import { eventually } from './eventually.ts'
import { servePostgresInChild, type PostgresChild } from './postgres-child.ts'

export type ChildOptions = Omit<Parameters<typeof servePostgresInChild>[0], 'dataFolder'>

/** A folder for one test, and servers on it. */
export type PostgresPlace = {
  /** Removed after the test. Its name has spaces and letters beyond ASCII, as home folders do. */
  readonly folder: string
  /** Below it; does not exist yet. */
  readonly dataFolder: string
  /** In this process. */
  readonly start: (options?: Partial<EmbeddedPostgresOptions>) => Promise<EmbeddedPostgres>
  /** In a process of its own. */
  readonly startInChild: (options?: ChildOptions) => Promise<PostgresChild>
}

/** Gives each test of the file a place, and ends all that was started there after the test. */
export function usePostgresPlace(): PostgresPlace {
  const running: EmbeddedPostgres[] = []
  const children: PostgresChild[] = []
  const place = { folder: '', dataFolder: '' }

  beforeEach(async () => {
    place.folder = await mkdtemp(join(tmpdir(), 'embedded postgres ünïcode '))
    place.dataFolder = join(place.folder, '.data', 'postgres')
  })

  afterEach(async () => {
    for (const child of children.splice(0)) await child.kill()
    for (const postgres of running.splice(0)) await postgres.stop()
    // A server that has lost its process may still be writing its last.
    await rm(place.folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
  })

  return Object.assign(place, {
    async start(options: Partial<EmbeddedPostgresOptions> = {}) {
      const postgres = await startEmbeddedPostgres({
        dataFolder: place.dataFolder,
        durable: false,
        ...options,
      })
      running.push(postgres)
      return postgres
    },
    async startInChild(options: ChildOptions = {}) {
      const child = await servePostgresInChild({ dataFolder: place.dataFolder, ...options })
      children.push(child)
      return child
    },
  })
}

/** Runs one statement on a connection of its own. */
export async function queryOnce(url: string | undefined, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url ?? '' })
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows
  } finally {
    await client.end()
  }
}

/** The process id of the server itself, from its own lock file. */
export async function processOf(url: string | undefined): Promise<number> {
  const rows = await queryOnce(
    url,
    `select split_part(pg_read_file('postmaster.pid'), E'\\n', 1)::int as pid`,
  )
  return rows[0]?.['pid'] as number
}

/** A process that has ended counts as dead even while nobody has collected it: in a container, perhaps never. */
export function lives(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return process.platform !== 'linux' || !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ')
  } catch {
    return false
  }
}

export async function gone(pid: number): Promise<void> {
  await eventually(`process ${pid} has gone`, () => !lives(pid))
}
