import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { forgetWhatIsOld, settleWhatHasEnded } from '../../src/application/sweep.ts'
import { createTestDatabase } from '../support/database.ts'
import { SECRETS, SECRETS_OF_ONE_WHO_HAS_ALLOWED, WATCHERS_ACTS } from '../support/hostile-acts.ts'
import { normalised, openWorld, type World } from '../support/hostile-world.ts'
import { postgresStorage, type PostgresStorage } from '../support/postgres-storage.ts'
import { startApp, type TestApp } from '../support/start-app.ts'
import { seededRandom } from './live-random.ts'

/**
 * Wim suspects that Pia has blocked him. He lives the same life in two worlds: in the open one Pia does nothing, and in the secret one she does
 * everything that he must not learn. Whatever he is told, byte by byte but for random ids and times, has to be the same in both: answers, errors,
 * lists with their cursors, counts and orders, and the frames of his streams. A failing story prints what was done; HOSTILE_STORIES tells more of
 * them, SIMULATION_SEED others.
 */
const STORIES = Number(process.env['HOSTILE_STORIES'] ?? 6)
const STEPS = 22
const HOUR_MS = 3_600_000

let app: TestApp
let storage: PostgresStorage

beforeAll(async () => {
  const database = await createTestDatabase()
  storage = await postgresStorage(database)
  app = await startApp(database, { MAX_SUBSCRIPTIONS_PER_USER: '100' })
})
afterAll(async () => {
  await app.stop()
  await storage.close()
})

async function settled(worlds: readonly World[]): Promise<void> {
  const counts = () => worlds.map(({ frames }) => frames.map(({ length }) => length).join()).join()
  for (let before = '', quiet = 0; quiet < 3;) {
    const now = counts()
    quiet = now === before ? quiet + 1 : 0
    before = now
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
}

/** Leases of Wim and Zoe never end by time alone: they are random by a tenth, and a stream notices their ends in its own time. */
async function pass(worlds: readonly World[], ms: number): Promise<void> {
  if (ms >= HOUR_MS) for (const world of worlds) await world.disconnect()
  await settled(worlds)
  await storage.passTime(ms)
  const never = new AbortController().signal
  const ports = { store: storage.privacy, leftovers: storage.leftovers }
  await settleWhatHasEnded(ports, never)
  await forgetWhatIsOld({ ...ports, retention: { requestsMs: 24 * HOUR_MS } }, never)
}

async function tell(seed: number, secrets: typeof SECRETS = SECRETS): Promise<void> {
  const worlds = [await openWorld(app, storage), await openWorld(app, storage)] as const
  const [open, secret] = worlds
  const story: string[] = []
  const random = seededRandom(seed)
  const letIn = random.chance(0.4)
  try {
    await settled(worlds)
    if (letIn) {
      story.push('pia allows')
      for (const { pia, wim } of worlds)
        await open.mutate(
          pia,
          'decidePresenceAccess',
          { userIds: [wim], decision: 'ALLOWED' },
          'results { decision }',
        )
      await SECRETS[random.pick(SECRETS_OF_ONE_WHO_HAS_ALLOWED)]!(secret, random)
    }
    for (let step = 0; step < STEPS; step += 1) {
      if (random.chance(0.6)) {
        const name = random.pick(Object.keys(secrets))
        story.push(`  pia ${name}`)
        await secrets[name]!(secret, seededRandom(seed + step))
        await settled(worlds)
      }
      if (random.chance(0.15)) {
        const ms = random.pick([30_000, 130_000, 2 * HOUR_MS, 15 * 24 * HOUR_MS])
        story.push(`  ${String(ms)} ms pass`)
        await pass(worlds, ms)
      }
      const name = random.pick(Object.keys(WATCHERS_ACTS))
      story.push(`wim ${name}`)
      for (const world of worlds)
        world.told.push(await WATCHERS_ACTS[name]!(world, seededRandom(seed * 1000 + step)))
      await settled(worlds)
      for (const world of worlds) world.told.push(await world.look(world.wim, [world.pia, world.zoe]))
      expect(normalised(secret, secret.told), story.join('\n')).toEqual(normalised(open, open.told))
      for (const [place, frames] of open.frames.entries())
        expect(
          normalised(secret, secret.frames[place]!),
          `${story.join('\n')}\nstream ${String(place)}`,
        ).toEqual(normalised(open, frames))
    }
    expect(open.told.join('')).not.toContain('GRAPHQL_VALIDATION_FAILED')
    expect(open.frames.map(({ length }) => length > 0)).toEqual(open.frames.map(() => true))
  } finally {
    for (const world of worlds) await world.close()
  }
}

describe('a watcher who suspects that he was blocked', () => {
  const first = Number(process.env['SIMULATION_SEED'] ?? 1)
  it.each(Array.from({ length: STORIES }, (_, place) => first + place))(
    'reads nothing else than where nothing was done, in the story of seed %i',
    { timeout: 60_000 },
    (seed) => tell(seed),
  )

  it('would notice if he were let in, if only for a moment', { timeout: 60_000 }, async () => {
    const letIn: typeof SECRETS = {
      'allows and is there': async ({ pia, wim, mutate }) => {
        await mutate(
          pia,
          'decidePresenceAccess',
          { userIds: [wim], decision: 'ALLOWED' },
          'results { decision }',
        )
        return mutate(
          pia,
          'publishPresence',
          { sessionId: 'desk', status: 'BUSY', leaseSeconds: 3600 },
          'session { id }',
        )
      },
    }
    await expect(tell(first, letIn)).rejects.toThrow('pia allows and is there')
  })
})
