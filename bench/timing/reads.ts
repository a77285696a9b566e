import { setTimeout as pause } from 'node:timers/promises'
import { decideAccess, deleteDecisions } from '../../src/application/manage-decisions.ts'
import { eraseUser } from '../../src/application/erase-user.ts'
import { publishPresence } from '../../src/application/publish-presence.ts'
import { requestAccess } from '../../src/application/request-access.ts'
import { setPreference } from '../../src/application/set-preference.ts'
import type { UserId } from '../../src/domain/user-id.ts'
import { ROOT } from '../../test/support/administrators.ts'
import { newUser } from '../../test/support/new-user.ts'
import { requestOf } from './exchange.ts'
import { shuffled, type Cause, type Scenario } from './scenario.ts'
import type { Stage } from './stage.ts'

/** Of each cause so many: what is particular about one user, such as the page that a row is on, must not count. */
const USERS_OF_EACH = 40
const ASKED_AT_ONCE = 10
const LEASE_MS = 3_600_000
/** Of what is over when samples are taken. */
const SHORT_MS = 2_000
const QUERY = `query ($users: [_Any!]!) { _entities(representations: $users) { ... on User { presence { status activity note } canBeMessaged } } }`

type Of = { readonly presentity: UserId; readonly watcher: UserId }
type Step = (stage: Stage, of: Of) => Promise<unknown>

const device =
  (session: string, leaseMs = LEASE_MS): Step =>
  ({ ports }, { presentity: user }) =>
    publishPresence(ports, { user, session, status: 'BUSY', activity: 'IN_A_CALL', note: 'busy', leaseMs })
const online = device('desk')
const decide =
  (verdict: 'ALLOWED' | 'BLOCKED', forMs: number | null = null): Step =>
  ({ ports: { store } }, { presentity, watcher }) =>
    decideAccess(store, {
      presentity,
      watchers: [watcher],
      verdict,
      endsAt: forMs === null ? null : Date.now() + forMs,
    })
const allow = decide('ALLOWED')
const block = decide('BLOCKED')
const ask: Step = ({ ports: { store } }, { presentity, watcher }) =>
  requestAccess(store, { watcher, presentities: [presentity], trigger: 'DIRECT', addToContacts: false })
const remove: Step = ({ ports: { store } }, { presentity, watcher }) =>
  deleteDecisions(store, { presentity, watchers: [watcher] })
const blockedByWatcher: Step = (stage, { presentity, watcher }) =>
  block(stage, { presentity: watcher, watcher: presentity })
const appearOffline: Step = ({ ports: { store } }, { presentity: user }) =>
  setPreference(store, { user, change: { appearOffline: true } })
const leave: Step = ({ ports: { sessions } }, { presentity: user }) => sessions.end({ user, id: 'desk' })
const erase: Step = ({ ports: { records } }, { presentity: user }) =>
  eraseUser(records, { user, actor: ROOT })
const fiveDevices: readonly Step[] = ['desk', 'phone', 'tablet', 'laptop', 'car'].map((id) => device(id))

const BLOCKED: readonly Step[] = [online, allow, block]

/** Each comes about by these acts, one after the other. */
const CAUSES: Readonly<Record<string, readonly Step[]>> = {
  blocked: BLOCKED,
  'not asked': [online],
  'decision taken back': [online, allow, remove],
  'pending, absorbed': [online, block, ask],
  'pending, hidden': [online, ask],
  'ended grant': [online, decide('ALLOWED', SHORT_MS)],
  'blocked by the watcher': [online, allow, blockedByWatcher],
  'appears offline, one device': [online, allow, appearOffline],
  'appears offline, five devices': [...fiveDevices, allow, appearOffline],
  'blocked, five devices': [...fiveDevices, allow, block],
  'offline, left': [online, allow, leave],
  'offline, lease ended': [device('desk', SHORT_MS), allow],
  'never seen': [],
  erased: [online, allow, erase],
}

/** For a watcher whose class shows him his contacts alone, and these are none. */
const CAUSES_OF_STRICT: Readonly<Record<string, readonly Step[]>> = {
  'no contact of a watcher who sees contacts only': [online, allow],
  'the same, and offline': [online, allow, leave],
}

/** Reads of one user, and of several at once who are all hidden for the same cause. */
export async function readScenarios(stage: Stage): Promise<readonly Scenario[]> {
  const [watcher, strict] = [newUser('watcher'), newUser('watcher')]
  await stage.seesContactsOnly(strict)
  const causes = [
    ...Object.entries(CAUSES).map(([name, steps]) => ({ name, steps, watcher })),
    ...Object.entries(CAUSES_OF_STRICT).map(([name, steps]) => ({ name, steps, watcher: strict })),
    { name: 'blocked again', steps: BLOCKED, watcher },
    { name: 'blocked, planted', steps: BLOCKED, watcher },
  ].map((cause) => ({
    ...cause,
    users: Array.from({ length: USERS_OF_EACH }, () => newUser('presentity')),
  }))
  for (let place = 0; place < USERS_OF_EACH; place++) {
    // In an order of its own each time, so that no cause has pages of its own.
    for (const { users, steps, watcher } of shuffled(causes, stage.random)) {
      const presentity = users[place]
      if (presentity === undefined) continue
      for (const step of steps) await step(stage, { presentity, watcher })
    }
  }
  await pause(SHORT_MS)
  const tokens = new Map([watcher, strict].map((user) => [user, stage.tokenOf(user)]))
  return Promise.all(
    [1, ASKED_AT_ONCE].map(async (count): Promise<Scenario> => {
      const all = await Promise.all(
        causes.map(async ({ name, users, watcher }): Promise<Cause> => {
          const token = (await tokens.get(watcher)) ?? ''
          const planted = name.endsWith('planted') ? 1 : 0
          const requests = users.map((_, place) => {
            const asked = Array.from({ length: count }, (_, next) => users[(place + next) % users.length])
            const variables = { users: asked.map((id) => ({ __typename: 'User', id })) }
            return requestOf({ token, query: QUERY, variables, planted })
          })
          return { name, request: () => requests[Math.floor(stage.random() * requests.length)] as Buffer }
        }),
      )
      const [planted, again] = [all.pop(), all.pop()] as [Cause, Cause]
      return { name: count === 1 ? 'read one' : 'read several', causes: all, again, planted }
    }),
  )
}
