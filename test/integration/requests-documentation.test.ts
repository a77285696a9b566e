import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { createTestDatabase } from '../support/database.ts'
import { askGraphQL } from '../support/post-graphql.ts'
import { startAppForTest, tokenOf } from '../support/start-app.ts'
import { DEFAULT_CLASS } from '../support/storage.ts'

const page = readFileSync(new URL('../../docs/requests.md', import.meta.url), 'utf8')
const [, query = ''] = /```graphql\n([\s\S]*?)```/.exec(page) ?? []
const [, answer = ''] = /```json\n([\s\S]*?)```/.exec(page) ?? []

it('the page tells what is answered to a watcher who cools down, is heard, and is limited', async () => {
  const database = await createTestDatabase()
  const app = await startAppForTest(database)
  await database.query(`update presence_privacy.classes_of_service set requests_per_minute = 3`)
  const token = await tokenOf('wim')
  const { requestPresenceAccess } = await askGraphQL<{
    requestPresenceAccess: { results: { request: { id: string } }[] }
  }>(app.url, {
    query: 'mutation { requestPresenceAccess(input: { userIds: ["pia"] }) { results { request { id } } } }',
    token,
  })
  await askGraphQL(app.url, {
    query: `mutation($requestId: ID!) { withdrawPresenceRequest(input: { requestId: $requestId }) { outcome } }`,
    variables: { requestId: requestPresenceAccess.results[0]?.request.id },
    token,
  })

  const answered = await askGraphQL(app.url, { query, token })

  const shown = JSON.parse(answer, (_, value: unknown): unknown =>
    value === '…' ? expect.any(String) : value,
  ) as unknown
  expect(answered).toEqual(shown)
})

it('the page says the defaults that a new database has', () => {
  const { requestLimits, requestLifetimeMs, requestCooldownMs } = DEFAULT_CLASS
  const cells = page.split('|').map((cell) => cell.trim())
  expect(cells).toContain(`${String(requestLimits.perMinute)}, ${String(requestLimits.perDay)}`)
  expect(cells).toContain(`${String(requestLifetimeMs / 86_400_000)} days`)
  expect(cells).toContain(`${String(requestCooldownMs / 1000)} seconds`)
})
