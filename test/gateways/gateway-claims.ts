import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { postGraphQL } from '../support/post-graphql.ts'
import {
  addContact,
  appearOffline,
  askAccess,
  contactList,
  decide,
  LOOK,
  look,
  pollPopup,
  publish,
  removeContact,
  requirePrompt,
  respond,
  search,
  type UserSeen,
} from './acts.ts'
import type { ComposedService } from './compose.ts'
import type { Gateway } from './hive-gateway.js'
import { startGraph, type Graph } from './start-graph.ts'

/** What holds behind every gateway; `more` adds what holds behind this one. */
export function claimBehind(
  startGateway: (services: readonly ComposedService[]) => Promise<Gateway>,
  more: (graph: () => Graph) => void = () => undefined,
): void {
  let graph: Graph
  beforeAll(async () => {
    graph = await startGraph(startGateway)
  }, 60_000)
  afterAll(() => graph.stop())

  test('names and presence of several users come in one query, of each what he grants', async () => {
    const [alice, bob, carol] = await Promise.all(['alice', 'bob', 'carol'].map((id) => graph.as(id)))
    await publish(bob!, { status: 'BUSY', activity: 'IN_A_MEETING', note: 'Back at 3' })
    await publish(carol!, { status: 'BUSY', activity: 'IN_A_MEETING', note: 'Back at 3' })
    await decide(bob!, { watcher: 'alice', decision: 'ALLOWED' })
    await decide(carol!, { watcher: 'alice', decision: 'BLOCKED' })

    expect(await look(alice!, ['carol', 'bob', 'dave'])).toEqual([
      { id: 'carol', name: 'Carol Costa', presence: OFFLINE, presenceAccess: 'NONE' },
      {
        id: 'bob',
        name: 'Bob Brandt',
        presence: { status: 'BUSY', activity: 'IN_A_MEETING', note: 'Back at 3' },
        presenceAccess: 'ALLOWED',
      },
      { id: 'dave', name: 'Dave Dietz', presence: OFFLINE, presenceAccess: 'NONE' },
    ])
  })

  test('a denied user is byte for byte one who is offline, appears offline, has not answered, or is unknown', async () => {
    const [dave, erin, frank, grace] = await Promise.all(
      ['dave', 'erin', 'frank', 'grace'].map((id) => graph.as(id)),
    )
    for (const online of [erin!, frank!, grace!]) await publish(online, { status: 'AVAILABLE', note: 'Here' })
    await decide(erin!, { watcher: 'dave', decision: 'BLOCKED' })
    await decide(frank!, { watcher: 'dave', decision: 'ALLOWED' })
    await appearOffline(frank!)
    await askAccess(dave!, { presentity: 'grace' })

    const query = LOOK.replace('presenceAccess', '')
    const bytesOf = async (id: string) => {
      const { text, data } = await dave!.post(query, { ids: [id] })
      const { name } = (data as { users: [{ name: string }] }).users[0]
      return text.replace(id, '<id>').replace(name, '<name>')
    }
    const unknown = await bytesOf('heidi')
    expect(unknown).toContain('OFFLINE')
    expect(await bytesOf('erin')).toBe(unknown)
    expect(await bytesOf('frank')).toBe(unknown)
    expect(await bytesOf('grace')).toBe(unknown)
  })

  test('somebody asks, the other finds it in the popup by name, ticks it, and is seen', async () => {
    const [grace, heidi] = await Promise.all(['grace', 'heidi'].map((id) => graph.as(id)))
    await publish(heidi!, { status: 'AVAILABLE', note: 'At my desk' })

    const [asked] = await askAccess(grace!, { presentity: 'heidi' })
    expect(asked).toMatchObject({ user: { id: 'heidi', name: 'Heidi Huber' }, access: 'PENDING' })
    expect(await look(grace!, ['heidi'])).toMatchObject([{ presence: OFFLINE, presenceAccess: 'PENDING' }])

    const popup = await pollPopup(heidi!)
    expect(popup).toEqual([{ id: expect.any(String), requester: { id: 'grace', name: 'Grace Gomez' } }])
    expect(popup[0]!.id).not.toBe(asked!.request!.id)

    const ids = popup.map(({ id }) => id)
    expect(await respond(heidi!, { presented: ids, ticked: ids })).toEqual([
      { id: ids[0], outcome: 'APPLIED', decision: 'ALLOWED' },
    ])
    expect(await pollPopup(heidi!)).toEqual([])
    expect(await look(grace!, ['heidi'])).toMatchObject([
      { presence: { status: 'AVAILABLE', note: 'At my desk' }, presenceAccess: 'ALLOWED' },
    ])
  })

  test('a directory search finds everybody, and shows those who denied or have not answered as those who are offline', async () => {
    const [ivan, bob, carol, dave] = await Promise.all(
      ['ivan', 'bob', 'carol', 'dave'].map((id) => graph.as(id)),
    )
    await publish(bob!, { status: 'BUSY', activity: 'IN_A_MEETING', note: 'Back at 3' })
    for (const hidden of [carol!, dave!]) await publish(hidden, { status: 'AVAILABLE', note: 'Here' })
    await decide(bob!, { watcher: 'ivan', decision: 'ALLOWED' })
    await decide(carol!, { watcher: 'ivan', decision: 'BLOCKED' })
    await askAccess(ivan!, { presentity: 'dave' })

    const found = await search(ivan!, 'o')
    expect(found.map(({ name }) => name)).toEqual(['Bob Brandt', 'Carol Costa', 'Grace Gomez'])
    expect(statusesOf(found)).toEqual({ bob: 'BUSY', carol: 'OFFLINE', grace: 'OFFLINE' })
    const everybody = await search(ivan!, '')
    expect(everybody).toHaveLength(8)
    for (const { id, presence } of everybody.filter((each) => each.id !== 'bob')) {
      expect(presence, id).toEqual(OFFLINE)
    }
  })

  test('whose class requires PROMPT finds everybody Offline who is not in the contact list', async () => {
    const [judy, bob, carol, root] = await Promise.all([
      graph.as('judy'),
      graph.as('bob'),
      graph.as('carol'),
      graph.as('root', { roles: ['administrator'] }),
    ])
    for (const presentity of [bob, carol]) {
      await publish(presentity, { status: 'BUSY', activity: 'IN_A_MEETING', note: 'Back at 3' })
      await decide(presentity, { watcher: 'judy', decision: 'ALLOWED' })
    }
    const statuses = async () => statusesOf(await search(judy, 'o'))
    expect(await statuses()).toEqual({ bob: 'BUSY', carol: 'BUSY', grace: 'OFFLINE' })

    await requirePrompt(root, ['judy'])
    expect(await statuses()).toEqual({ bob: 'OFFLINE', carol: 'OFFLINE', grace: 'OFFLINE' })
    expect(await addContact(judy, { presentity: 'bob' })).toEqual(['ADDED'])
    expect(await addContact(judy, { presentity: 'heidi' })).toEqual(['ADDED'])
    expect(await statuses()).toEqual({ bob: 'BUSY', carol: 'OFFLINE', grace: 'OFFLINE' })
    expect(await contactList(judy)).toEqual([
      {
        user: { name: 'Bob Brandt', presence: { status: 'BUSY' } },
        presence: { status: 'BUSY' },
        access: 'ALLOWED',
      },
      {
        user: { name: 'Heidi Huber', presence: { status: 'OFFLINE' } },
        presence: { status: 'OFFLINE' },
        access: 'PENDING',
      },
    ])

    for (const presentity of ['bob', 'heidi']) {
      expect(await removeContact(judy, { presentity })).toEqual(['REMOVED'])
    }
    expect(await statuses()).toEqual({ bob: 'OFFLINE', carol: 'OFFLINE', grace: 'OFFLINE' })
    expect(await contactList(judy)).toEqual([])
  })

  test('a requester whom the other subgraph does not know leaves the popup whole, and can be answered', async () => {
    const [stranger, erin] = await Promise.all(['nobody-there', 'erin'].map((id) => graph.as(id)))
    await askAccess(stranger!, { presentity: 'erin' }).catch(() => undefined)
    const { data } = await erin!.post(POPUP)
    const { nodes } = (data as { presencePrivacy: { incomingRequests: { nodes: PopupNode[] } } })
      .presencePrivacy.incomingRequests
    expect(nodes).toEqual([{ id: expect.any(String), requester: null }])
    expect(await respond(erin!, { presented: [nodes[0]!.id], ticked: [] })).toMatchObject([
      { outcome: 'APPLIED', decision: 'BLOCKED' },
    ])
  })

  // Gateways merge equal requests that are under way at the same moment.
  test('two users who ask the same at the same moment get each their own answer', async () => {
    const [alice, bob, heidi] = await Promise.all(['alice', 'bob', 'heidi'].map((id) => graph.as(id)))
    await publish(bob!, { status: 'BUSY', activity: 'IN_A_MEETING', note: 'Back at 3' })
    await decide(bob!, { watcher: 'alice', decision: 'ALLOWED' })
    await decide(bob!, { watcher: 'heidi', decision: 'BLOCKED' })

    const rounds = await Promise.all(
      Array.from({ length: 20 }, () => Promise.all([look(alice!, ['bob']), look(heidi!, ['bob'])])),
    )
    for (const [[seenByAlice], [seenByHeidi]] of rounds) {
      expect(seenByAlice?.presence?.status).toBe('BUSY')
      expect(seenByHeidi?.presence).toEqual(OFFLINE)
    }
  })

  test('the code of a refused input reaches the client', async () => {
    const alice = await graph.as('alice')
    const { errors } = await alice.post(
      `mutation { requestPresenceAccess(input: { userIds: ["alice"] }) { results { access } } }`,
    )
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }])
  })

  test('a request without a token gets names and no presence', async () => {
    const { data, errors } = await postGraphQL(graph.gateway.url, {
      query: LOOK,
      variables: { ids: ['bob'] },
    })
    expect(data).toEqual({ users: [{ id: 'bob', name: 'Bob Brandt', presence: null, presenceAccess: null }] })
    expect(codesOf(errors)).toEqual(['UNAUTHENTICATED'])
  })

  more(() => graph)

  describe('while this subgraph is stopped', () => {
    beforeAll(() => graph.stopPresence())

    test('names still come, and presence is null with an error', async () => {
      const alice = await graph.as('alice')
      const { data, errors } = await alice.post(LOOK, { ids: ['bob', 'carol'] })
      expect(data).toEqual({
        users: [
          { id: 'bob', name: 'Bob Brandt', presence: null, presenceAccess: null },
          { id: 'carol', name: 'Carol Costa', presence: null, presenceAccess: null },
        ],
      })
      expect(errors).not.toEqual([])
    })

    test('presence is there again once it runs, as if nothing had been', async () => {
      await graph.restartPresence()
      const alice = await graph.as('alice')
      expect(await look(alice, ['bob'])).toMatchObject([
        { presence: { status: 'BUSY', note: 'Back at 3' }, presenceAccess: 'ALLOWED' },
      ])
    }, 60_000)
  })
}

type PopupNode = { id: string; requester: { name: string } | null }

const POPUP = /* GraphQL */ `
  {
    presencePrivacy {
      incomingRequests {
        nodes {
          id
          requester {
            name
          }
        }
      }
    }
  }
`

const OFFLINE = { status: 'OFFLINE', activity: null, note: null }

function statusesOf(users: readonly UserSeen[]): Record<string, string | undefined> {
  return Object.fromEntries(users.map(({ id, presence }) => [id, presence?.status]))
}

function codesOf(errors: readonly { extensions?: { code?: string } }[]): (string | undefined)[] {
  return [...new Set(errors.map(({ extensions }) => extensions?.code))]
}
