import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { createTestDatabase } from '../support/database.ts'
import { askGraphQL } from '../support/post-graphql.ts'
import { startAppForTest, tokenOf } from '../support/start-app.ts'

const page = readFileSync(new URL('../../docs/devices.md', import.meta.url), 'utf8')

const steps = [
  ...page.matchAll(/```graphql\n# asked by (\w+)\n([\s\S]*?)```\n\n```json\n([\s\S]*?)```/g),
].map(([, user = '', query = '', answer = '']) => ({ user, query, answer: JSON.parse(answer) as unknown }))

it('the page for devices tells a story that happens so, step by step', async () => {
  const app = await startAppForTest(await createTestDatabase())
  expect(steps).toHaveLength(page.match(/```graphql/g)?.length ?? 0)
  expect(steps.length).toBeGreaterThan(2)
  for (const { user, query, answer } of steps) {
    const told = await askGraphQL(app.url, { query, token: await tokenOf(user) })
    expect(told).toEqual(withAnyValue(answer))
  }
})

/** The page leaves out times. */
function withAnyValue(shown: unknown): unknown {
  if (shown === '…') return expect.anything()
  if (typeof shown !== 'object' || shown === null) return shown
  return Object.fromEntries(Object.entries(shown).map(([key, value]) => [key, withAnyValue(value)]))
}
