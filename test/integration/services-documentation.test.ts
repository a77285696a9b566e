import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { createTestDatabase } from '../support/database.ts'
import { askGraphQL } from '../support/post-graphql.ts'
import { startAppForTest, tokenOf } from '../support/start-app.ts'

const page = readFileSync(new URL('../../docs/services.md', import.meta.url), 'utf8')

const steps = [...page.matchAll(/```graphql\n([\s\S]*?)```\n\n```json\n([\s\S]*?)```/g)].map(
  ([, query = '', answer = '']) => ({ query, answer: JSON.parse(answer) as unknown }),
)

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

  expect(steps).toHaveLength(page.match(/```graphql/g)?.length ?? 0)
  expect(steps.length).toBeGreaterThan(3)
  for (const { query, answer } of steps) {
    const [, user] = /^# asked by (\w+)/.exec(query) ?? []
    const data = user === undefined ? as('exchange', query, { roles: ['service'] }) : as(user, query)
    expect(await data).toEqual(withAnyTime(answer))
  }
  const { presencePrivacy } = await as(
    'pia',
    '{ presencePrivacy { incomingRequests { nodes { requester { id } } } } }',
  )
  expect(presencePrivacy).toEqual({ incomingRequests: { nodes: [{ requester: { id: 'zoe' } }] } })
})

/** The page leaves out times. */
function withAnyTime(shown: unknown): unknown {
  if (shown === '…') return expect.any(String)
  if (Array.isArray(shown)) return shown.map(withAnyTime)
  if (typeof shown !== 'object' || shown === null) return shown
  return Object.fromEntries(Object.entries(shown).map(([key, value]) => [key, withAnyTime(value)]))
}
