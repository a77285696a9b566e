import { expect, it } from 'vitest'
import { createTestDatabase } from '../support/database.ts'
import { pageOf, stepsOn } from '../support/documented-steps.ts'
import { askGraphQL } from '../support/post-graphql.ts'
import { startAppForTest, tokenOf } from '../support/start-app.ts'

const steps = stepsOn(pageOf('account'))

it('the page about the account tells a story that happens so, step by step', async () => {
  const app = await startAppForTest(await createTestDatabase())
  const as = async (user: string, query: string, role?: string) =>
    askGraphQL(app.url, { query, token: await tokenOf(user, { roles: role === undefined ? [] : [role] }) })
  const ask = 'mutation { requestPresenceAccess(input: { userIds: ["alice"] }) { results { access } } }'
  const decide = (decision: string) =>
    `mutation { decidePresenceAccess(input: { userIds: ["bob"], decision: ${decision} }) { results { decision } } }`
  await as('bob', ask)
  const { presencePrivacy } = (await as(
    'alice',
    '{ presencePrivacy { incomingRequests { nodes { id } } } }',
  )) as { presencePrivacy: { incomingRequests: { nodes: [{ id: string }] } } }
  const [{ id }] = presencePrivacy.incomingRequests.nodes
  await as(
    'alice',
    `mutation { respondToRequests(input: { presentedIds: ["${id}"], tickedIds: ["${id}"] }) { outcomes { outcome } } }`,
  )
  await as('alice', decide('BLOCKED'))
  await as('bob', ask)

  expect(steps.length).toBeGreaterThan(3)
  for (const { query, user, role, answer } of steps) {
    expect(await as(user!, query, role)).toEqual(answer)
  }
})
