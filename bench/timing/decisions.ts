import { decideAccess } from '../../src/application/manage-decisions.ts'
import { publishPresence } from '../../src/application/publish-presence.ts'
import type { UserId } from '../../src/domain/user-id.ts'
import { newUser } from '../../test/support/new-user.ts'
import { requestOf } from './exchange.ts'
import type { Cause, Scenario } from './scenario.ts'
import type { Stage } from './stage.ts'

/** As many as one mutation takes. */
const IN_BULK = 500
const PRESENTITIES_OF_EACH = 4
const LEASE_MS = 3_600_000
/** Waits of milliseconds are looked for, in acts that take tens of them: fewer samples tell them. */
const MOST_SAMPLES = 500
const LIMITS = { auc: 0.1, medians: 0.2 }
/** Of the delay that is planted elsewhere: 2 ms where it is 20 us. */
const PLANTED_TIMES = 100
/** What he does arrives at any moment of what she does. */
const LAG_MS = { bulk: 40, single: 2 }
/** The same answer, whatever was decided before. */
const MUTATION = `mutation ($users: [ID!]!, $decision: PresenceDecision!) {
  decidePresenceAccess(input: { userIds: $users, decision: $decision }) { results { __typename } }
}`
const PUBLISH = `mutation ($session: ID!) { publishPresence(input: { sessionId: $session, status: AVAILABLE }) { __typename } }`
const END = `mutation ($session: ID!) { endPresenceSession(input: { sessionId: $session }) { __typename } }`

type Decider = { readonly id: UserId; readonly token: string }
/** What she does at her turn of this number. */
type Act = (presentity: Decider, turn: number) => Buffer

/** A watcher decides about somebody while she decides about him, or does something else that is as much work. */
export async function decidingMeanwhile(stage: Stage): Promise<readonly Scenario[]> {
  const watcher = newUser('watcher')
  const crowd = Array.from({ length: IN_BULK }, () => newUser('user'))
  const him = [...crowd.slice(1), watcher]
  await stage.online([watcher, ...crowd])
  const token = await stage.tokenOf(watcher)

  const causeOf = async (name: string, lagMs: number, act: Act): Promise<Cause> => {
    const presentities = await Promise.all(
      Array.from({ length: PRESENTITIES_OF_EACH }, () => deciderOf(stage, { watcher, crowd })),
    )
    const at = (sample: number): Decider => presentities[sample % PRESENTITIES_OF_EACH] as Decider
    const planted = name.endsWith('planted') ? PLANTED_TIMES : 0
    return {
      name,
      request: (sample) =>
        requestOf({
          token,
          query: MUTATION,
          variables: { users: [at(sample).id], decision: 'ALLOWED' },
          planted,
        }),
      meanwhile: (sample) => ({
        request: act(at(sample), Math.floor(sample / PRESENTITIES_OF_EACH)),
        lagMs: stage.random() * lagMs,
      }),
    }
  }
  const scenarioOf = async (
    name: string,
    lagMs: number,
    acts: Readonly<Record<string, Act>>,
  ): Promise<Scenario> => {
    const causes: Cause[] = []
    for (const [cause, act] of Object.entries(acts)) causes.push(await causeOf(cause, lagMs, act))
    const [first] = Object.entries(acts) as [[string, Act], ...[string, Act][]]
    return {
      name,
      causes,
      again: await causeOf(`${first[0]}, again`, lagMs, first[1]),
      planted: await causeOf(`${first[0]}, planted`, lagMs, first[1]),
      mostSamples: MOST_SAMPLES,
      limits: LIMITS,
    }
  }
  return [
    await scenarioOf('decide while many are decided about', LAG_MS.bulk, {
      'not about him': decide(crowd),
      'about him among them': decide(him),
    }),
    await scenarioOf('decide while one is decided about', LAG_MS.single, {
      'not about him': decide(crowd.slice(0, 1)),
      'about him': decide([watcher]),
      'a device comes or goes': comeAndGo,
    }),
  ]
}

/** Blocked and let in by turns, so that each turn changes what is stored. */
function decide(users: readonly UserId[]): Act {
  return ({ token }, turn) =>
    requestOf({
      token,
      query: MUTATION,
      variables: { users, decision: turn % 2 === 0 ? 'BLOCKED' : 'ALLOWED' },
      planted: 0,
    })
}

const comeAndGo: Act = ({ token }, turn) =>
  requestOf({ token, query: turn % 2 === 0 ? END : PUBLISH, variables: { session: 'desk' }, planted: 0 })

async function deciderOf(
  stage: Stage,
  { watcher, crowd }: { readonly watcher: UserId; readonly crowd: readonly UserId[] },
): Promise<Decider> {
  const id = newUser('user')
  const device = { session: 'desk', status: 'AVAILABLE', activity: null, note: null } as const
  await publishPresence(stage.ports, { user: id, ...device, leaseMs: LEASE_MS })
  // Whoever is decided about later has a row of each pair already, as after any act between two.
  for (const watchers of [crowd, [watcher]]) {
    await decideAccess(stage.ports.store, { presentity: id, watchers, verdict: 'ALLOWED', endsAt: null })
  }
  return { id, token: await stage.tokenOf(id) }
}
