import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { causesOfOffline, type CausesOfOffline } from '../support/causes-of-offline.ts'
import { createTestDatabase } from '../support/database.ts'
import { newUser } from '../support/new-user.ts'
import { askGraphQL, postGraphQL } from '../support/post-graphql.ts'
import { postgresStorage, type PostgresStorage } from '../support/postgres-storage.ts'
import { startApp, tokenOf, type TestApp } from '../support/start-app.ts'

const SEEN = `query ($representations: [_Any!]!) {
  _entities(representations: $representations) {
    ... on User { id presence { status activity note } presenceAccess }
  }
}`
const OWN = `{ presencePrivacy { outgoingRequests(first: 500) { nodes { user { id presence { status activity note } } } } } }`
const ASK = `mutation ($userIds: [ID!]!) {
  requestPresenceAccess(input: { userIds: $userIds }) {
    results { user { id presenceAccess } access request { triggers } contact }
  }
}`

describe('everything that leads to Offline, over the API', () => {
  let storage: PostgresStorage
  let app: TestApp
  let told: CausesOfOffline
  let token: string
  beforeAll(async () => {
    const database = await createTestDatabase()
    storage = await postgresStorage(database)
    told = await causesOfOffline(storage)
    app = await startApp(database)
    token = await tokenOf(told.watcher)
  })
  afterAll(async () => {
    await app.stop()
    await storage.close()
  })

  const ask = (query: string, variables: Record<string, unknown> = {}) =>
    postGraphQL(app.url, { query, variables, token })
  const representation = (id: string) => ({ __typename: 'User', id })

  it('gives the same bytes for each user alone, but for the id and what the watcher was told', async () => {
    const bytes = new Map<string, string[]>()
    for (const { cause, group, presentity, access } of told.causes) {
      const { text } = await ask(SEEN, { representations: [representation(presentity)] })
      expect(text, cause).toContain(`"presenceAccess":"${access}"`)
      const shown = text.replace(presentity, '<id>').replace(`"${access}"`, '"<access>"')
      bytes.set(shown, [...(bytes.get(shown) ?? []), `${group}: ${cause}`])
    }
    expect([...bytes.keys()]).toHaveLength(1)
    const unknown = newUser('unknown')
    const { text } = await ask(SEEN, { representations: [representation(unknown)] })
    expect(text.replace(unknown, '<id>').replace('"NONE"', '"<access>"')).toBe([...bytes.keys()][0])
  })

  it('gives them the same in one list, mixed with somebody who is shown, each once for each time it is asked for', async () => {
    const ids = told.causes.flatMap(({ presentity }) => [presentity, told.shown, presentity])
    const data = await askGraphQL<{ _entities: { id: string; presence: unknown }[] }>(app.url, {
      query: SEEN,
      variables: { representations: ids.map(representation) },
      token,
    })
    expect(data._entities.map(({ id }) => id)).toEqual(ids)
    for (const { id, presence } of data._entities) {
      if (id === told.shown) expect(presence).toMatchObject({ status: 'BUSY', note: 'with a customer' })
      else expect(JSON.stringify(presence)).toBe('{"status":"OFFLINE","activity":null,"note":null}')
    }
  })

  it('shows them the same wherever a user is nested', async () => {
    const { text } = await ask(OWN)
    const nodes = (JSON.parse(text) as Own).data.presencePrivacy.outgoingRequests.nodes
    expect(nodes.length).toBeGreaterThan(5)
    expect(new Set(nodes.map(({ user }) => JSON.stringify(user.presence)))).toEqual(
      new Set(['{"status":"OFFLINE","activity":null,"note":null}']),
    )
  })

  it('answers a further request the same within each group', async () => {
    const answers = new Map<string, Set<string>>()
    for (const { group, presentity } of told.causes) {
      const { text } = await ask(ASK, { userIds: [presentity] })
      answers.set(group, (answers.get(group) ?? new Set()).add(text.replaceAll(presentity, '<id>')))
    }
    for (const [group, texts] of answers) expect([...texts], group).toHaveLength(1)
  })
})

type Own = {
  data: { presencePrivacy: { outgoingRequests: { nodes: { user: { presence: unknown } }[] } } }
}
