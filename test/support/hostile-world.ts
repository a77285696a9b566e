import { createClient } from 'graphql-ws'
import { WebSocket } from 'ws'
import { newUser } from './new-user.ts'
import { postGraphQL } from './post-graphql.ts'
import { tokenOf, type TestApp } from './start-app.ts'
import { DEFAULT_CLASS, type Storage } from './storage.ts'

const PAGE = 'pageInfo { hasNextPage hasPreviousPage startCursor endCursor }'
export const SEEN = 'id presence { status activity note } presenceAccess canBeMessaged'
const REQUEST = `id user { ${SEEN} } triggers askedAt expiresAt`
export const RESULT = `user { ${SEEN} } outcome retryAt access contact request { ${REQUEST} }`
const ENTRY = `edges { cursor node { user { ${SEEN} } state reason since endsAt thenState } } ${PAGE}`
const EVERYTHING = `query ($users: [_Any!]!) {
  _entities(representations: $users) { ... on User { ${SEEN} } }
  presencePrivacy {
    appearsOffline presence { status activity note }
    incomingRequests(first: 5) { edges { cursor node { id requester { id } triggers } } ${PAGE} }
    notices(first: 5) { edges { cursor node { id requester { id } } } ${PAGE} }
    outgoingRequests(first: 5) { edges { cursor node { ${REQUEST} } } ${PAGE} }
    contacts(first: 5, orderBy: PRESENCE) { totalCount edges { cursor node { user { ${SEEN} } presence { status } access addedAt } } ${PAGE} }
    online: contacts(first: 5, filter: { statuses: [AVAILABLE, BUSY, AWAY] }) { totalCount nodes { user { id } } }
    offline: contacts(first: 5, filter: { statuses: [OFFLINE] }, orderBy: ADDED) { totalCount nodes { user { id } } }
    allowed: contacts(first: 5, filter: { access: [ALLOWED] }) { totalCount nodes { user { id } } }
    decisions(first: 5) { ${ENTRY} }
    visibleTo(first: 5) { ${ENTRY} }
    trail(first: 5) { edges { cursor node { user { id } actor cause stateBefore stateAfter at } } ${PAGE} }
  }
}`
const UPDATES = `subscription ($userIds: [ID!]) {
  presenceUpdates(userIds: $userIds) { change presences { user { id } presence { status activity note } } removedIds }
}`
const UPDATES_FOR_THE_VIEWER = UPDATES.replace('user { id }', `user { ${SEEN} }`)
const POPUP =
  'subscription { incomingPresenceRequests { change requests { id requester { id } triggers } closedIds } }'

type Say = (
  user: string,
  query: string,
  variables?: Record<string, unknown>,
  roles?: readonly string[],
) => Promise<string>
type Mutate = (
  user: string,
  name: string,
  input: object,
  payload: string,
  roles?: readonly string[],
) => Promise<string>

/** Wim, who suspects something, Pia, whom he suspects, and all that he has been told. */
export type World = {
  readonly names: ReadonlyMap<string, string>
  readonly wim: string
  readonly pia: string
  readonly zoe: string
  readonly watchersClass: string
  readonly presentitysClass: string
  readonly say: Say
  readonly mutate: Mutate
  /** All that a user can read of these and of the user's own. */
  readonly look: (user: string, ids: readonly string[]) => Promise<string>
  /** Of each of Wim's streams. */
  readonly frames: readonly string[][]
  readonly told: string[]
  /** Ends all that Wim's and Zoe's devices say. */
  readonly disconnect: () => Promise<void>
  readonly close: () => Promise<void>
}

function sayingOver(url: string): Pick<World, 'say' | 'mutate' | 'look'> {
  const say: Say = async (user, query, variables = {}, roles = []) => {
    const token = await tokenOf(user, roles.length === 0 ? {} : { roles })
    return (await postGraphQL(url, { query, variables, token })).text
  }
  return {
    say,
    mutate(user, name, input, payload, roles) {
      const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`
      return say(
        user,
        `mutation ($input: ${type}!) { ${name}(input: $input) { ${payload} } }`,
        { input },
        roles,
      )
    },
    look: (user, ids) => say(user, EVERYTHING, { users: ids.map((id) => ({ __typename: 'User', id })) }),
  }
}

/** A world of three users on a server: Zoe, whom Wim may see, is there so that there is something to see. */
export async function openWorld(
  { url, webSocketUrl }: Pick<TestApp, 'url' | 'webSocketUrl'>,
  storage: Storage,
): Promise<World> {
  const { say, mutate, look } = sayingOver(url)
  const [wim, pia, zoe] = [newUser('wim'), newUser('pia'), newUser('zoe')]
  const [watchersClass, presentitysClass] = [newUser('class-of-wim'), newUser('class-of-pia')]
  await storage.setClass({
    ...DEFAULT_CLASS,
    ...{
      name: watchersClass,
      requestLimits: { perMinute: 6, perDay: 40 },
      maxContacts: 2,
      requestCooldownMs: 120_000,
    },
  })
  await storage.setClass({ ...DEFAULT_CLASS, name: presentitysClass })
  await storage.setUser(wim, { classOfService: watchersClass })
  await mutate(zoe, 'decidePresenceAccess', { userIds: [wim], decision: 'ALLOWED' }, 'results { decision }')
  await mutate(
    zoe,
    'publishPresence',
    { sessionId: 'desk', status: 'BUSY', note: 'zoe', leaseSeconds: 3600 },
    'session { id }',
  )
  const client = createClient({
    url: webSocketUrl,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${await tokenOf(wim)}` },
    lazy: false,
  })
  const names = new Map(
    Object.entries({ wim, pia, zoe, watchersClass, presentitysClass }).map(([name, id]) => [
      id as string,
      name,
    ]),
  )
  const frames: string[][] = []
  for (const [query, variables] of [
    [UPDATES, { userIds: [pia, zoe] }],
    [UPDATES, {}],
    [UPDATES_FOR_THE_VIEWER, { userIds: [zoe, pia, wim] }],
    [POPUP, {}],
  ] as const) {
    const frame: string[] = []
    frames.push(frame)
    client.subscribe(
      { query, variables },
      {
        next: (result) => void frame.push(JSON.stringify(result)),
        error: (error) => void frame.push(`error ${JSON.stringify(error)}`),
        complete: () => void frame.push('complete'),
      },
    )
  }
  return {
    ...{ names, say, mutate, look },
    wim,
    pia,
    zoe,
    watchersClass,
    presentitysClass,
    frames,
    told: [],
    async disconnect() {
      for (const user of [wim, zoe])
        for (const sessionId of ['desk', 'phone'])
          await mutate(user, 'endPresenceSession', { sessionId }, 'ended')
    },
    close: async () => client.dispose(),
  }
}

/** What was told in a world, without what is random or a time, so that it can be held against another world. */
export function normalised(world: World, texts: readonly string[]): string[] {
  const ids = new Map<string, string>()
  const plain = (text: string): string => {
    let shown = text
    for (const [id, name] of world.names) shown = shown.replaceAll(id, `<${name}>`)
    return shown
      .replace(/[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/g, (id) => {
        if (!ids.has(id)) ids.set(id, `<id ${String(ids.size)}>`)
        return ids.get(id)!
      })
      .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>')
  }
  return texts.map((text) =>
    plain(
      text.replace(/"((?:start|end)?[cC]ursor)":"([^"]*)"/g, (_, name: string, cursor: string) => {
        const decoded = Buffer.from(cursor, 'base64url').toString()
        return `"${name}":"${decoded.replace(/\b1[0-9]{12}\b/, '<time>').replace(/\.[\w-]{22}\./, '.<sealed>.')}"`
      }),
    ),
  )
}
