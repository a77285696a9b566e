import { expect, it } from 'vitest'
import { readSdl } from '../../src/graphql/schema.ts'
import { createTestDatabase } from '../support/database.ts'
import { pageOf, stepsOn } from '../support/documented-steps.ts'
import { askGraphQL } from '../support/post-graphql.ts'
import { startAppForTest, tokenOf } from '../support/start-app.ts'

const page = pageOf('privacy-list')
const steps = stepsOn(page)

it('the page tells a story that happens so, step by step', async () => {
  const app = await startAppForTest(await createTestDatabase())
  const as = async (user: string, query: string) =>
    askGraphQL(app.url, { query, token: await tokenOf(user), variables: { noticeIds: ['none'] } })
  await as(
    'wim',
    'mutation { requestPresenceAccess(input: { userIds: ["pia"], trigger: CALL }) { results { access } } }',
  )
  await as(
    'pia',
    'mutation { decidePresenceAccess(input: { userIds: ["eve"], decision: BLOCKED }) { results { decision } } }',
  )

  expect(steps).toHaveLength(6)
  for (const { query, answer } of steps) {
    const data = await as('pia', query)
    if (answer !== undefined) expect(data).toEqual(answer)
  }
})

it('the page says why of every entry that there can be', () => {
  const [, table = ''] = /\| `reason` [^\n]*\n([\s\S]*?)\n\n/.exec(page) ?? []
  const said = [...table.matchAll(/^\| `(\w+)`/gm)].map(([, reason]) => reason)
  const [, values = ''] = /enum PresencePrivacyReason \{([\s\S]*?)\}/.exec(readSdl()) ?? []
  expect(said).toEqual(
    values
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => /^[A-Z_]+$/.test(line)),
  )
  expect(said.length).toBeGreaterThan(3)
})
