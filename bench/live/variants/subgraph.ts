import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbeddedPostgres } from '../../../src/embedded-postgres/start-embedded-postgres.ts'
import { checkoutIn, startServer, tokensOf } from '../../built-subgraph.ts'
import { postmasterIn, processorTimeOf, processorTimeOfCluster } from '../../processor-time.ts'
import { named, type Scene } from '../scene.ts'
import { storeScene, storeSessions } from '../store-scene.ts'
import type { RunningVariant } from './variant.ts'

/** Users with a device, beside those of the scene: over a handful of pages PostgreSQL plans in another way than over many. */
const BYSTANDERS = 20_000

export type Database = {
  readonly url: string
  readonly processorTime: () => Promise<number>
  readonly stop: () => Promise<void>
}

export type RunningSubgraph = RunningVariant & {
  readonly database: Database
  readonly urls: readonly string[]
}

/** A durable PostgreSQL of its own, as in production. */
export async function startDatabase(): Promise<Database> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'presence-privacy-bench-'))
  const postgres = await startEmbeddedPostgres({ dataFolder })
  const postmaster = await postmasterIn(dataFolder)
  return {
    url: postgres.url,
    processorTime: () => processorTimeOfCluster(postmaster),
    async stop() {
      await postgres.stop()
      await rm(dataFolder, { recursive: true, force: true })
    },
  }
}

/** Some instances on one database; watchers are spread over them. */
export async function startSubgraph(
  scene: Scene,
  {
    instances,
    execArgv = [],
    against,
  }: {
    readonly instances: 1 | 2
    readonly execArgv?: string[]
    /** The built checkout of the commit before, which is started in this one's place. */
    readonly against?: string
  },
): Promise<RunningSubgraph> {
  const database = await startDatabase()
  const from = against === undefined ? {} : { checkout: checkoutIn(against) }
  const servers = [await startServer(database.url, { execArgv, ...from })]
  const bystanders = named('bystander', BYSTANDERS)
  await storeSessions(database.url, bystanders)
  await storeScene(database.url, { ...scene, users: [...scene.users, ...bystanders] })
  if (instances === 2) servers.push(await startServer(database.url, { execArgv }))
  const urls = servers.map(({ url }) => url.replace(/^http/, 'ws'))
  return {
    name: against !== undefined ? 'before' : instances === 1 ? 'subgraph' : 'subgraph of two',
    database,
    urls,
    address: { protocol: 'graphql', urls, tokens: await tokensOf(scene.users) },
    async processorTime() {
      const times = await Promise.all([
        database.processorTime(),
        ...servers.map(({ pid }) => processorTimeOf(pid)),
      ])
      return times.reduce((sum, each) => sum + each, 0)
    },
    async stop() {
      await Promise.all(servers.map((server) => server.stop()))
      await database.stop()
    },
  }
}
