import { expect, it } from 'vitest'
import { createTestDatabase } from '../support/database.ts'
import { pageOf, stepsOn } from '../support/documented-steps.ts'
import { askGraphQL } from '../support/post-graphql.ts'
import { startAppForTest, tokenOf } from '../support/start-app.ts'

const steps = stepsOn(pageOf('services'))

it('the page for services tells a story that happens so, step by step', async () => {
  const app = await startAppForTest(await createTestDatabase())
  const as = async (user: string, query: string, claims = {}) =>
    askGraphQL(app.url, { query, token: await tokenOf(user, claims) })
  await as('pia', 'mutation { publishPresence(input: { status: AVAILABLE }) { session { id } } }')
  await as('pia', 'mutation { setPresencePreference(input: { appearOffline: true }) { refused { field } } }')
  await as(
    'pia',
    'mutation { decidePresenceAccess(input: { userIds: ["wim"], decision: ALLOWED }) { results { decision } } }',
  )

  expect(steps.length).toBeGreaterThan(3)
  for (const { query, user, answer } of steps) {
    const data = user === undefined ? as('exchange', query, { roles: ['service'] }) : as(user, query)
    expect(await data).toEqual(answer)
  }
  const { presencePrivacy } = await as(
    'pia',
    '{ presencePrivacy { incomingRequests { nodes { requester { id } } } } }',
  )
  expect(presencePrivacy).toEqual({ incomingRequests: { nodes: [{ requester: { id: 'zoe' } }] } })
})
