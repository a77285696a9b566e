import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { createTestDatabase } from '../support/database.ts'
import { askGraphQL } from '../support/post-graphql.ts'
import { startAppForTest, tokenOf } from '../support/start-app.ts'

const page = readFileSync(new URL('../../docs/account.md', import.meta.url), 'utf8')

const steps = [...page.matchAll(/```graphql\n([\s\S]*?)```\n\n```json\n([\s\S]*?)```/g)].map(
  ([, query = '', answer = '']) => ({ query, answer: JSON.parse(answer) as unknown }),
)

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

  expect(steps).toHaveLength(page.match(/```graphql/g)?.length ?? 0)
  expect(steps.length).toBeGreaterThan(3)
  for (const { query, answer } of steps) {
    const [, user, role] = /^# asked by (\w+)(?: as (\w+))?/.exec(query) ?? []
    expect(await as(user!, query, role)).toEqual(withAnyText(answer))
  }
})

/** The page leaves out times and ids. */
function withAnyText(shown: unknown): unknown {
  if (shown === '…') return expect.any(String)
  if (Array.isArray(shown)) return shown.map(withAnyText)
  if (typeof shown !== 'object' || shown === null) return shown
  return Object.fromEntries(Object.entries(shown).map(([key, value]) => [key, withAnyText(value)]))
}
