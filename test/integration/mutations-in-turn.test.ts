import { afterAll, beforeAll, expect, it } from 'vitest'
import { createTestDatabase } from '../support/database.ts'
import { askGraphQL } from '../support/post-graphql.ts'
import { startApp, tokenOf, type TestApp } from '../support/start-app.ts'

let app: TestApp
beforeAll(async () => {
  app = await startApp(await createTestDatabase())
})
afterAll(() => app.stop())

it('each mutation of one operation shows what is true after it', async () => {
  const as = async (user: string, query: string) => askGraphQL(app.url, { query, token: await tokenOf(user) })
  await as(
    'pia',
    `mutation {
      publishPresence(input: { status: BUSY }) { session { id } }
      decidePresenceAccess(input: { userIds: ["wim"], decision: ALLOWED }) { results { decision } }
    }`,
  )
  const decided = 'results { user { presence { status } } }'
  const answer = await as(
    'wim',
    `mutation {
      before: decidePresenceAccess(input: { userIds: ["pia"], decision: ALLOWED }) { ${decided} }
      after: decidePresenceAccess(input: { userIds: ["pia"], decision: BLOCKED }) { ${decided} }
    }`,
  )
  expect(answer).toEqual({
    before: { results: [{ user: { presence: { status: 'BUSY' } } }] },
    after: { results: [{ user: { presence: { status: 'OFFLINE' } } }] },
  })
})
