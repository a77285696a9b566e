import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { startEmbeddedPostgres } from '../../src/embedded-postgres/start-embedded-postgres.ts'
import { migrate } from '../../src/postgres/migrate.ts'
import { databaseUrl } from './database-url.ts'

/** What a test file needs to make databases of its own; see database.ts. */
export interface TestCluster {
  /** A superuser's URL, to a database that is not under test. */
  readonly adminUrl: string
  /** Every database of this run is called `<run>_…`, so that runs can share a server. */
  readonly run: string
  /** Migrated, empty, and closed to connections: cloning fails while anybody is connected to the original. */
  readonly template: string
}

declare module 'vitest' {
  interface ProvidedContext {
    cluster: TestCluster
  }
}

/**
 * One server for a whole run: the one that TEST_DATABASE_URL names (as superuser), or an embedded one that is thrown
 * away with all its data. One template database is migrated, once.
 */
export default async function setUpCluster(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env['TEST_DATABASE_URL']
  const server = given === undefined || given === '' ? await startThrowaway() : useGiven(given)
  try {
    const run = `presence_test_${randomBytes(4).toString('hex')}`
    const template = `${run}_template`
    await execute(server.adminUrl, `create database ${template}`)
    await migrate({ url: databaseUrl(server.adminUrl, template) })
    await execute(server.adminUrl, `alter database ${template} with is_template true allow_connections false`)
    project.provide('cluster', { adminUrl: server.adminUrl, run, template })
    return () => server.tearDown(run)
  } catch (error) {
    await server.tearDown('')
    throw error
  }
}

interface Server {
  readonly adminUrl: string
  tearDown(run: string): Promise<void>
}

async function startThrowaway(): Promise<Server> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'presence-privacy-tests-'))
  const postgres = await startEmbeddedPostgres({
    dataFolder,
    durable: false,
    onExit: (failure) => {
      throw failure
    },
  }).catch(async (error: unknown) => {
    await rm(dataFolder, { recursive: true, force: true })
    throw error
  })
  return {
    adminUrl: postgres.url,
    async tearDown() {
      await postgres.stop()
      await rm(dataFolder, { recursive: true, force: true })
    },
  }
}

function useGiven(adminUrl: string): Server {
  return {
    adminUrl,
    async tearDown(run) {
      const left = await execute(adminUrl, `select datname from pg_database where datname like '${run}\\_%'`)
      for (const { datname } of left) {
        await execute(adminUrl, `alter database ${datname} with is_template false`)
        await execute(adminUrl, `drop database ${datname} with (force)`)
      }
    },
  }
}

async function execute(url: string, sql: string): Promise<{ datname: string }[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<{ datname: string }>(sql)).rows
  } finally {
    await client.end()
  }
}
