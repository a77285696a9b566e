import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { readSdl } from '../../src/graphql/schema.ts'
import { createTestDatabase } from '../support/database.ts'
import { askGraphQL } from '../support/post-graphql.ts'
import { startAppForTest, tokenOf } from '../support/start-app.ts'

const page = readFileSync(new URL('../../docs/privacy-list.md', import.meta.url), 'utf8')

/** What an operation of the page answers there; null where the page shows no answer. */
const steps = [...page.matchAll(/```graphql\n([\s\S]*?)```(?:\n\n```json\n([\s\S]*?)```)?/g)].map(
  ([, query = '', answer]) => ({
    query,
    answer: answer === undefined ? null : (JSON.parse(answer) as unknown),
  }),
)

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
    if (answer !== null) expect(data).toEqual(withAnythingFor('…', answer))
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

/** The page leaves out ids and times. */
function withAnythingFor(mark: string, shown: unknown): unknown {
  if (shown === mark) return expect.any(String)
  if (Array.isArray(shown)) return shown.map((item) => withAnythingFor(mark, item))
  if (typeof shown !== 'object' || shown === null) return shown
  return Object.fromEntries(Object.entries(shown).map(([key, value]) => [key, withAnythingFor(mark, value)]))
}
