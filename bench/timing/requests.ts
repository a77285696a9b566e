import { decideAccess, deleteDecisions } from '../../src/application/manage-decisions.ts'
import { requestAccess } from '../../src/application/request-access.ts'
import type { UserId } from '../../src/domain/user-id.ts'
import { newUser } from '../../test/support/new-user.ts'
import { requestOf } from './exchange.ts'
import { shuffled, type Cause, type Scenario } from './scenario.ts'
import type { Stage } from './stage.ts'

const WATCHERS = 10
/** Whom a watcher asks again and again, of each cause. */
const ASKED_AGAIN = 8
/** Steps of setting up. */
const AT_ONCE = 4
const MUTATION =
  'mutation ($users: [ID!]!) { requestPresenceAccess(input: { userIds: $users }) { results { outcome access } } }'

type Of = { readonly presentity: UserId; readonly watcher: UserId }
type Step = (stage: Stage, of: Of) => Promise<unknown>

const decide =
  (verdict: 'ALLOWED' | 'BLOCKED'): Step =>
  ({ ports: { store } }, { presentity, watcher }) =>
    decideAccess(store, { presentity, watchers: [watcher], verdict, endsAt: null })
const allow = decide('ALLOWED')
const block = decide('BLOCKED')
const ask: Step = ({ ports: { store } }, { presentity, watcher }) =>
  requestAccess(store, { watcher, presentities: [presentity], trigger: 'DIRECT', addToContacts: false })
const remove: Step = ({ ports: { store } }, { presentity, watcher }) =>
  deleteDecisions(store, { presentity, watchers: [watcher] })

const DELIVERED: readonly Step[] = [ask]
const ALLOWED: readonly Step[] = [allow]

/** Watchers who have asked and wait, and ask again. */
const WAITING: Readonly<Record<string, readonly Step[]>> = {
  delivered: DELIVERED,
  'absorbed: blocked ahead': [block, ask],
  'absorbed: denied': [ask, block],
  'absorbed: dismissed': [ask, remove],
  'delivered again': DELIVERED,
  'delivered, planted': DELIVERED,
}

/** Watchers who have been let in, and ask again. */
const LET_IN: Readonly<Record<string, readonly Step[]>> = {
  allowed: ALLOWED,
  'absorbed: blocked since': [allow, block],
  'delivered: taken back since': [allow, remove, ask],
  'allowed again': ALLOWED,
  'allowed, planted': ALLOWED,
}

export async function askingAgain(stage: Stage): Promise<readonly Scenario[]> {
  return [
    await askingScenario(stage, { name: 'ask again while waiting', causes: WAITING }),
    await askingScenario(stage, { name: 'ask again when let in', causes: LET_IN }),
  ]
}

async function askingScenario(
  stage: Stage,
  { name, causes }: { readonly name: string; readonly causes: Readonly<Record<string, readonly Step[]>> },
): Promise<Scenario> {
  const watchers = Array.from({ length: WATCHERS }, () => newUser('watcher'))
  const requests = new Map(Object.keys(causes).map((cause) => [cause, [] as Buffer[]]))
  for (let each = 0; each < ASKED_AGAIN; each++) {
    for (const watcher of watchers) {
      const token = await stage.tokenOf(watcher)
      for (const [cause, steps] of shuffled(Object.entries(causes), stage.random)) {
        const presentity = newUser('presentity')
        for (const step of steps) await step(stage, { presentity, watcher })
        requests.get(cause)?.push(asking(token, presentity, cause))
      }
    }
  }
  return scenarioOf(
    name,
    [...requests].map(([cause, those]) => ({
      name: cause,
      // The same watcher in each turn, whatever the cause.
      request: (sample) => those[sample % those.length] as Buffer,
    })),
  )
}

/** Watchers who ask somebody for the first time; each pair can be asked once. */
export async function askingFirst(stage: Stage, samples: number): Promise<Scenario> {
  const causes = {
    delivered: { known: true, blocks: false },
    'absorbed: blocked ahead': { known: true, blocks: true },
    'never seen': { known: false, blocks: false },
    'delivered again': { known: true, blocks: false },
    'delivered, planted': { known: true, blocks: false },
  }
  const watchers = Array.from({ length: WATCHERS }, () => newUser('watcher'))
  const tokens = await Promise.all(watchers.map((watcher) => stage.tokenOf(watcher)))
  const users = Object.entries(causes).map(([name, cause]) => ({
    ...cause,
    name,
    presentities: Array.from({ length: samples }, () => newUser('presentity')),
  }))
  const known = users.flatMap((cause) => (cause.known ? cause.presentities : []))
  await stage.online(shuffled(known, stage.random))
  const blocking = users.flatMap(({ blocks, presentities }) =>
    blocks
      ? presentities.map((presentity, sample) => ({
          presentity,
          watcher: watchers[sample % WATCHERS] as UserId,
        }))
      : [],
  )
  for (let done = 0; done < blocking.length; done += AT_ONCE) {
    await Promise.all(blocking.slice(done, done + AT_ONCE).map((of) => block(stage, of)))
  }
  return scenarioOf(
    'ask for the first time',
    users.map(({ name, presentities }) => ({
      name,
      request(sample) {
        const presentity = presentities[sample]
        if (presentity === undefined) throw new Error('nobody is left to be asked')
        return asking(tokens[sample % WATCHERS] ?? '', presentity, name)
      },
    })),
  )
}

function asking(token: string, presentity: UserId, cause: string): Buffer {
  const planted = cause.endsWith('planted') ? 1 : 0
  return requestOf({ token, query: MUTATION, variables: { users: [presentity] }, planted })
}

function scenarioOf(name: string, all: readonly Cause[]): Scenario {
  const [again, planted] = all.slice(-2) as [Cause, Cause]
  return { name, causes: all.slice(0, -2), again, planted }
}
