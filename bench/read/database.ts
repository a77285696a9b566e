import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { startEmbeddedPostgres } from '../../src/embedded-postgres/start-embedded-postgres.ts'
import { migrate } from '../../src/postgres/migrate.ts'
import { postmasterIn, processorTimeOfCluster } from '../processor-time.ts'
import type { Scene } from './scene.ts'
import { storeScene } from './store-scene.ts'

export type Database = {
  readonly url: string
  /** Of all its processes so far, in microseconds. */
  readonly processorTime: () => Promise<number>
  readonly stop: () => Promise<void>
}

/** As one sets them for a server of this size whose tables fit into memory; durable, as the default is. */
const SETTINGS = {
  shared_buffers: '4GB',
  effective_cache_size: '12GB',
  random_page_cost: '1.1',
  max_wal_size: '8GB',
  checkpoint_timeout: '30min',
  maintenance_work_mem: '512MB',
}

/**
 * A PostgreSQL of its own with a scene in it. In a folder that is named it stays, and is found there the next time; else it is gone
 * at the end.
 */
export async function startDatabase(scene: Scene, keptIn?: string): Promise<Database> {
  const folder = await folderOf(scene, keptIn)
  const filled = join(folder, 'filled')
  if (!existsSync(filled)) {
    const first = await startEmbeddedPostgres({ dataFolder: folder })
    try {
      await changeSettings(first.url)
    } finally {
      await first.stop()
    }
  }
  const postgres = await startEmbeddedPostgres({ dataFolder: folder })
  try {
    await migrate({ url: postgres.url, log: () => undefined })
    if (!existsSync(filled)) await storeScene(postgres.url, scene)
    await writeFile(filled, '')
    await readIntoMemory(postgres.url)
    const postmaster = await postmasterIn(folder)
    return {
      url: postgres.url,
      processorTime: () => processorTimeOfCluster(postmaster),
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }

  async function stop(): Promise<void> {
    await postgres.stop()
    if (keptIn === undefined) await rm(folder, { recursive: true, force: true })
  }
}

async function folderOf({ pairs }: Scene, keptIn: string | undefined): Promise<string> {
  if (keptIn === undefined) return mkdtemp(join(tmpdir(), 'presence-privacy-bench-'))
  const folder = join(keptIn, String(pairs))
  await mkdir(folder, { recursive: true })
  return folder
}

async function changeSettings(url: string): Promise<void> {
  const client = new pg.Client(url)
  await client.connect()
  try {
    for (const [name, value] of Object.entries(SETTINGS))
      await client.query(`alter system set ${name} = '${value}'`)
  } finally {
    await client.end()
  }
}

/** What has been started anew reads from the disk for a while. */
async function readIntoMemory(url: string): Promise<void> {
  const client = new pg.Client(url)
  await client.connect()
  try {
    await client.query('create extension if not exists pg_prewarm')
    await client.query(`
      select pg_prewarm(oid) from pg_class
      where relnamespace = 'presence_privacy'::regnamespace and relkind in ('r', 'i')`)
  } finally {
    await client.end()
  }
}
