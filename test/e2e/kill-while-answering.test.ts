import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { askGraphQL, postGraphQL } from '../support/post-graphql.ts'
import { startSubgraph, type RunningSubgraph } from '../support/start-subgraph.ts'
import { issuerKey } from '../support/token-issuer.ts'

const ROUNDS = 6
const ANSWERS_PER_ROUND = 12
const PRESENTED_PER_ANSWER = 4
const ANSWERED_AT_ONCE = 4

const ASK = `mutation ($userId: ID!) {
  requestPresenceAccess(input: { userIds: [$userId] }) { results { access } }
}`
const WAITING = `{ presencePrivacy { incomingRequests(first: 500) { nodes { id requester { id } } } } }`
const RESPOND = `mutation ($presentedIds: [ID!]!, $tickedIds: [ID!]!, $clientKey: String!) {
  respondToRequests(input: { presentedIds: $presentedIds, tickedIds: $tickedIds, clientKey: $clientKey }) {
    outcomes { id outcome decision }
  }
}`
const ACCESS = `query ($userId: ID!) {
  _entities(representations: [{ __typename: "User", id: $userId }]) { ... on User { presenceAccess } }
}`

type Request = { readonly id: string; readonly requester: { readonly id: string } }
type Answer = { readonly requests: readonly Request[]; readonly variables: Record<string, unknown> }
type Outcomes = { respondToRequests: { outcomes: { id: string; outcome: string; decision: string }[] } }

describe('the server, killed without a warning while answers flow', () => {
  const key = issuerKey()
  let dataDir: string
  let subgraph: RunningSubgraph

  const start = async () => {
    subgraph = await startSubgraph({ databaseUrl: '', key, env: { DATA_DIR: dataDir } })
  }
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'killed while answering '))
    await start()
  })
  afterAll(async () => {
    await subgraph.stop()
    await rm(dataDir, { recursive: true, force: true })
  })

  const as = async <Data>(user: string, query: string, variables: Record<string, unknown> = {}) =>
    askGraphQL<Data>(subgraph.url, { query, variables, token: await subgraph.tokenOf(user) })

  /** Everybody asks Pia; the answers that she will give tick every other one. */
  const answersTo = async (pia: string, round: number): Promise<Answer[]> => {
    const watchers = Array.from(
      { length: ANSWERS_PER_ROUND * PRESENTED_PER_ANSWER },
      (_, index) => `wim-${String(round)}-${String(index)}`,
    )
    await Promise.all(watchers.map((watcher) => as(watcher, ASK, { userId: pia })))
    const waiting = await waitingFor(pia)
    return Array.from({ length: ANSWERS_PER_ROUND }, (_, index) => {
      const requests = waiting.slice(index * PRESENTED_PER_ANSWER, (index + 1) * PRESENTED_PER_ANSWER)
      const presentedIds = requests.map(({ id }) => id)
      const tickedIds = presentedIds.filter((_id, place) => place % 2 === 0)
      return {
        requests,
        variables: { presentedIds, tickedIds, clientKey: `answer-${String(round)}-${String(index)}` },
      }
    })
  }

  const waitingFor = async (pia: string) => {
    const data = await as<{ presencePrivacy: { incomingRequests: { nodes: Request[] } } }>(pia, WAITING)
    return data.presencePrivacy.incomingRequests.nodes
  }

  /** Gives the answers, several at once, until so many were acknowledged; then kills the server under the others. */
  const answerAndKill = async (pia: string, answers: readonly Answer[], killAfter: number) => {
    const token = await subgraph.tokenOf(pia)
    const acknowledged = new Set<Answer>()
    const left = [...answers]
    const device = async () => {
      for (let answer = left.shift(); answer !== undefined; answer = left.shift()) {
        const { data } = await postGraphQL<Outcomes>(subgraph.url, {
          query: RESPOND,
          variables: answer.variables,
          token,
        })
        if (data !== null) acknowledged.add(answer)
        if (acknowledged.size === killAfter) await subgraph.kill()
      }
    }
    await Promise.allSettled(Array.from({ length: ANSWERED_AT_ONCE }, device))
    return acknowledged
  }

  it(`loses no acknowledged answer, leaves none half done and no PostgreSQL behind, ${String(ROUNDS)} times`, async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const pia = `pia-${String(round)}`
      const answers = await answersTo(pia, round)
      const postgres = await postmasterOf(dataDir)
      const acknowledged = await answerAndKill(pia, answers, 1 + round)
      expect(acknowledged.size).toBeGreaterThan(round)
      expect(acknowledged.size).toBeLessThan(ANSWERS_PER_ROUND)
      await eventually('PostgreSQL has ended with the server', () => !isRunning(postgres))

      await start()
      const open = new Set((await waitingFor(pia)).map(({ id }) => id))
      for (const answer of answers) {
        const stillOpen = answer.requests.filter(({ id }) => open.has(id)).length
        if (acknowledged.has(answer)) expect(stillOpen, 'an acknowledged answer is there').toBe(0)
        else expect([0, PRESENTED_PER_ANSWER], 'an answer is whole or not at all').toContain(stillOpen)
      }
      for (const answer of answers) {
        const { respondToRequests } = await as<Outcomes>(pia, RESPOND, answer.variables)
        expect(respondToRequests.outcomes).toEqual(
          answer.requests.map(({ id }, place) => ({
            id,
            outcome: 'APPLIED',
            decision: place % 2 === 0 ? 'ALLOWED' : 'BLOCKED',
          })),
        )
      }
      expect(await waitingFor(pia)).toEqual([])
      const [ticked, unticked] = answers.at(-1)?.requests ?? []
      expect(await accessOf(ticked, pia)).toBe('ALLOWED')
      expect(await accessOf(unticked, pia)).toBe('PENDING')
    }
  }, 120_000)

  const accessOf = async (request: Request | undefined, pia: string) => {
    const data = await as<{ _entities: { presenceAccess: string }[] }>(request?.requester.id ?? '', ACCESS, {
      userId: pia,
    })
    return data._entities[0]?.presenceAccess
  }
})

async function postmasterOf(dataDir: string): Promise<number> {
  const lock = await readFile(join(dataDir, 'postgres', 'cluster', 'data', 'postmaster.pid'), 'utf8')
  return Number(lock.split('\n')[0])
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
