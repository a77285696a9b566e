import { expect, it } from 'vitest'
import { decideAccess } from '../../src/application/manage-decisions.ts'
import { publishPresence } from '../../src/application/publish-presence.ts'
import { viewPresence } from '../../src/application/view-presence.ts'
import type { FactsReader } from '../../src/application/ports.ts'
import type { UserId } from '../../src/domain/user-id.ts'
import { memoryStorage } from '../support/memory-storage.ts'
import { POLICY } from '../support/policy.ts'
import { postGraphQL } from '../support/post-graphql.ts'
import { serveMemory } from '../support/serve-memory.ts'
import type { Storage } from '../support/storage.ts'

const [pia, zoe, wim] = ['pia', 'zoe', 'wim'] as [UserId, UserId, UserId]
const FACES = `query Faces($representations: [_Any!]!) {
  _entities(representations: $representations) { ... on User { id presence { status } presenceAccess canBeMessaged } } }`
/** More than it takes until an operation is compiled. */
const TIMES = 6

/** Both let wim see them, and are busy. */
async function shown(storage: Storage): Promise<void> {
  for (const presentity of [pia, zoe]) {
    const said = { session: 'desk', status: 'BUSY', activity: null, note: null, leaseMs: 600_000 } as const
    await publishPresence({ ...storage, ...POLICY }, { user: presentity, ...said })
    await decideAccess(storage.privacy, { presentity, watchers: [wim], verdict: 'ALLOWED', endsAt: null })
  }
}

/** What devices of pia say cannot be made out, which only deciding finds. */
function failingFor(facts: FactsReader): Pick<FactsReader, 'readSight' | 'readContactSight'> {
  const failing: FactsReader['readSight'] = async (look) => {
    const read = await facts.readSight(look)
    const presentities = new Map(read.presentities)
    const of = presentities.get(pia)
    if (of !== undefined) presentities.set(pia, { ...of, sessions: 'none' as never })
    return { ...read, presentities }
  }
  return {
    readSight: failing,
    readContactSight: ({ watcher }) => failing({ watcher, presentities: [pia, zoe] }),
  }
}

it('a decision about one user that fails, fails what is seen of all', async () => {
  const storage = memoryStorage()
  await shown(storage)
  const facts = { ...storage.facts, ...failingFor(storage.facts) }
  const look = (...presentities: UserId[]) =>
    viewPresence({ facts, ...POLICY }, { watcher: wim, presentities })

  expect((await look(zoe)).get(zoe)?.presence.status).toBe('BUSY')
  await expect(look(zoe, pia)).rejects.toThrow()
  await expect(look(pia, zoe)).rejects.toThrow()
})

it('over HTTP, all users alike are answered with null and one code, and nobody is shown Offline', async () => {
  const { storage, url, tokenOf } = await serveMemory()
  await shown(storage)
  Object.assign(storage.facts, failingFor({ ...storage.facts }))
  const representations = [zoe, pia, 'nobody'].map((id) => ({ __typename: 'User', id }))
  const token = await tokenOf(wim)

  for (let times = 0; times < TIMES; times += 1) {
    const { data, errors } = await postGraphQL<{ _entities: Record<string, unknown>[] }>(
      url.replace(/^ws/, 'http'),
      {
        ...{ query: FACES, variables: { representations }, token },
      },
    )
    expect(data?._entities).toEqual(
      [zoe, pia, 'nobody'].map((id) => ({ id, presence: null, presenceAccess: null, canBeMessaged: null })),
    )
    expect(errors.map(({ extensions }) => extensions?.code)).toEqual(['INTERNAL_SERVER_ERROR'])
  }
})
