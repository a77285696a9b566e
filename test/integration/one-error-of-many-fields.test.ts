import { expect, test } from 'vitest'
import { Misconfigured, Unavailable } from '../../src/application/ports.ts'
import { decideAccess } from '../../src/application/manage-decisions.ts'
import type { UserId } from '../../src/domain/user-id.ts'
import { postGraphQL } from '../support/post-graphql.ts'
import { serveMemory } from '../support/serve-memory.ts'

const FIELDS = Array.from({ length: 29 }, (_, alias) => `f${String(alias)}: canBeMessaged`).join(' ')
const ENTITIES = `query Faces($representations: [_Any!]!) { _entities(representations: $representations) { ... on User { ${FIELDS} } } }`
const DECISIONS = `{ presencePrivacy { decisions(first: 100) { nodes { user { presence { status } presenceAccess canBeMessaged } } } } }`
/** More than it takes until an operation is compiled. */
const TIMES = 6

async function failingServer(why: Error) {
  const { storage, url, tokenOf } = await serveMemory()
  const token = await tokenOf('wim')
  const watchers = Array.from({ length: 100 }, (_, number) => `user-${String(number)}` as UserId)
  const decided = { presentity: 'wim' as UserId, watchers, verdict: 'ALLOWED', endsAt: null } as const
  await decideAccess(storage.privacy, decided)
  Object.assign(storage.facts, { readSight: () => Promise.reject(why) })
  return (query: string, variables = {}) =>
    postGraphQL(url.replace(/^ws/, 'http'), { query, variables, token })
}

test('a storage that cannot be read is told once, however many fields it makes null', async () => {
  const ask = await failingServer(new Unavailable(new Error('gone')))
  const representations = Array.from({ length: 1000 }, (_, number) => ({
    __typename: 'User',
    id: `user-${String(number)}`,
  }))
  const nothing = Object.fromEntries(Array.from({ length: 29 }, (_, alias) => [`f${String(alias)}`, null]))
  for (let times = 0; times < TIMES; times++) {
    const { data, errors } = await ask(ENTITIES, { representations })
    expect(errors).toMatchObject([
      { path: ['_entities', 0, 'f0'], extensions: { code: 'PRESENCE_UNAVAILABLE' } },
    ])
    expect(data).toEqual({ _entities: representations.map(() => nothing) })
  }
})

test('so is one that cannot be read once a list of users has been', async () => {
  const ask = await failingServer(new Misconfigured(new Error('a column is missing')))
  const { data, errors } = await ask(DECISIONS)
  expect(errors).toMatchObject([{ extensions: { code: 'PRESENCE_MISCONFIGURED' } }])
  const nodes = Array.from({ length: 100 }, () => ({
    user: { presence: null, presenceAccess: null, canBeMessaged: null },
  }))
  expect(data).toEqual({ presencePrivacy: { decisions: { nodes } } })
})
