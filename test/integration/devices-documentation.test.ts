import { expect, it } from 'vitest'
import { createTestDatabase } from '../support/database.ts'
import { pageOf, stepsOn } from '../support/documented-steps.ts'
import { askGraphQL } from '../support/post-graphql.ts'
import { startAppForTest, tokenOf } from '../support/start-app.ts'

const steps = stepsOn(pageOf('devices'), expect.anything())

it('the page for devices tells a story that happens so, step by step', async () => {
  const app = await startAppForTest(await createTestDatabase())
  expect(steps.length).toBeGreaterThan(2)
  for (const { user, query, answer } of steps) {
    const told = await askGraphQL(app.url, { query, token: await tokenOf(user!) })
    expect(told).toEqual(answer)
  }
})
