import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DEFAULT_CLASS_NAME, SETTING_RANGES } from '../../src/domain/class-settings.ts'
import type { UserId } from '../../src/domain/user-id.ts'
import { startEmbeddedPostgres } from '../../src/embedded-postgres/start-embedded-postgres.ts'
import { postgresAdapters } from '../../src/postgres/adapters.ts'
import { openDatabase } from '../../src/postgres/database.ts'
import { administrators, ROOT } from '../../test/support/administrators.ts'
import { POLICY } from '../../test/support/policy.ts'
import { databaseOptions } from '../../test/support/postgres-storage.ts'
import { DEFAULT_CLASS } from '../../test/support/storage.ts'
import { START_OPTIONS } from '../../test/support/start-options.ts'
import { TRUST, tokensOf } from '../built-subgraph.ts'
import { forkServer } from '../fork-server.ts'
import { named, ring } from '../live/scene.ts'
import { storeScene, storeSessions } from '../live/store-scene.ts'
import { randomOf } from './scenario.ts'

/** Over a handful of pages PostgreSQL plans in another way than over many. */
const BYSTANDERS = 20_000
const CONTACTS_OF_EACH = 10
/** In memory, a commit waits as it does on a disk, and not for the disk: that would hide more than it tells. */
const IN_MEMORY = '/dev/shm'

const SERVER = new URL('measured-server.js', import.meta.url)

export type Stage = Awaited<ReturnType<typeof openStage>>

/** The built service on a PostgreSQL of its own, with its use cases for whoever sets up what is measured. */
export async function openStage({ seed, plantedUs }: { readonly seed: number; readonly plantedUs: number }) {
  const folder = existsSync(IN_MEMORY) ? IN_MEMORY : tmpdir()
  const dataFolder = await mkdtemp(join(folder, 'presence-privacy-timing-'))
  const postgres = await startEmbeddedPostgres({ dataFolder })
  const server = await forkServer(SERVER, {
    execArgv: START_OPTIONS,
    env: {
      NODE_ENV: 'production',
      PORT: '0',
      DATABASE_URL: postgres.url,
      // What is over is to stay as it is found.
      SWEEP_INTERVAL_SECONDS: '0',
      ...TRUST,
      // One user asks here as often as a hundred do elsewhere.
      USER_WORK_PER_SECOND: '100000000',
      PLANTED_US: String(plantedUs),
    },
  })
  const database = await openDatabase(databaseOptions(postgres.url))
  const adapters = postgresAdapters(database, POLICY.policy)
  const { setClass, setUser } = administrators(adapters.administration)
  const bystanders = named('bystander', BYSTANDERS)
  await storeScene(postgres.url, {
    users: bystanders,
    contacts: ring(bystanders, CONTACTS_OF_EACH),
    denied: '',
  })
  await storeSessions(postgres.url, bystanders)
  // Nobody is to be told that he has asked too much, or too soon.
  await adapters.administration.changeClass({
    actor: ROOT,
    name: DEFAULT_CLASS_NAME,
    settings: {
      requestsPerMinute: SETTING_RANGES.requestsPerMinute.most,
      requestsPerDay: SETTING_RANGES.requestsPerDay.most,
      requestCooldownSeconds: 0,
    },
  })
  return {
    url: server.url,
    folder,
    random: randomOf(seed),
    ports: { ...adapters, ...POLICY },
    async tokenOf(user: UserId) {
      const { [user]: token = '' } = await tokensOf([user])
      return token
    },
    async seesContactsOnly(watcher: UserId) {
      const name = 'sees contacts only'
      await setClass({ ...DEFAULT_CLASS, name, invitationHandling: 'PROMPT' })
      await setUser(watcher, { classOfService: name })
    },
    /** Makes users who are there, with a device, by the thousand. */
    async online(users: readonly UserId[]) {
      await storeScene(postgres.url, { users, contacts: {}, denied: '' })
      await storeSessions(postgres.url, users)
    },
    /** Lets PostgreSQL tidy up and look at what is there, as it does by itself sooner or later. */
    settle: () => database.query('vacuum analyze', []),
    async close() {
      await database.close()
      await server.stop()
      await postgres.stop()
      await rm(dataFolder, { recursive: true, force: true })
    },
  }
}
