import { noteOf, numberBetween, type Ear, type Line, type OpenLine, type Sight } from './line.ts'
import { openWebSocket } from './web-socket-line.ts'

export const WATCH =
  'subscription { presenceUpdates { change presences { user { id } presence { status activity note } } removedIds } }'
const PUBLISH =
  'mutation ($input: PublishPresenceInput!) { publishPresence(input: $input) { renewAfterSeconds } }'
const DECIDE =
  'mutation ($input: DecidePresenceAccessInput!) { decidePresenceAccess(input: $input) { results { decision } } }'
const POPUP = 'subscription { incomingPresenceRequests { change requests { id } closedIds } }'

export type GraphqlLine = Line & {
  /** As `Line.watch`, and waits for requests, too. */
  readonly watchAndWaitForRequests: () => Promise<readonly Sight[]>
  /** Allows or blocks one watcher; settles when that is acknowledged. */
  readonly decide: (watcher: string, decision: 'ALLOWED' | 'BLOCKED') => Promise<void>
}

/** graphql-transport-ws: each user at one of the endpoints, with his token. */
export function graphqlLines(options: {
  readonly endpointOf: (user: string) => string
  readonly tokenOf: (user: string) => string
}): (user: string, ear: Ear) => Promise<GraphqlLine> {
  return (user, ear) => openGraphqlLine(user, ear, options)
}

async function openGraphqlLine(
  user: string,
  ear: Ear,
  options: { readonly endpointOf: (user: string) => string; readonly tokenOf: (user: string) => string },
): Promise<GraphqlLine> {
  const waiting = new Map<string, (text: string) => void>()
  /** The next message about an operation, or of a type that belongs to none. */
  const next = (about: string): Promise<string> =>
    new Promise((resolve) => {
      waiting.set(about, resolve)
    })

  const onText = (text: string): void => {
    if (text.includes('"errors"')) {
      ear.lost(user, new Error(text))
      return
    }
    const about = idIn(text)
    const waiter = waiting.get(about)
    if (waiter !== undefined) {
      waiting.delete(about)
      waiter(text)
    } else if (about === 'publish') {
      if (text.includes('"type":"complete"')) ear.acknowledged(user)
    } else if (about === 'watch') {
      ear.shown(user, numberBetween(text, '"note":"c'), () => sightsIn(text))
    }
  }

  const line = await openWebSocket(options.endpointOf(user), {
    protocol: 'graphql-transport-ws',
    onText,
    onClosed: (error) => ear.lost(user, error),
  })
  const send = (message: object): void => line.send(JSON.stringify(message))
  const ask = (id: string, query: string, variables?: object): Promise<string> => {
    const answer = next(id)
    send({ id, type: 'subscribe', payload: { query, variables } })
    return answer
  }

  const acknowledged = next('')
  send({ type: 'connection_init', payload: { authorization: `Bearer ${options.tokenOf(user)}`, user } })
  await acknowledged

  const watch = async (): Promise<readonly Sight[]> => sightsIn(await ask('watch', WATCH))
  return {
    publish(change) {
      const input = { sessionId: 'desk', status: change.status, note: noteOf(change), leaseSeconds: 3600 }
      send({ id: 'publish', type: 'subscribe', payload: { query: PUBLISH, variables: { input } } })
    },
    watch,
    async watchAndWaitForRequests() {
      const [sights] = await Promise.all([watch(), ask('popup', POPUP)])
      return sights
    },
    async decide(watcher, decision) {
      await ask('decide', DECIDE, { input: { userIds: [watcher], decision } })
    },
    cut: () => line.cut(),
  }
}

function idIn(text: string): string {
  const at = text.indexOf('"id":"')
  return at < 0 || at > 40 ? '' : text.slice(at + 6, text.indexOf('"', at + 6))
}

function sightsIn(text: string): readonly Sight[] {
  type Update = { presences: { user: { id: string }; presence: { status: string; note: string | null } }[] }
  const { payload } = JSON.parse(text) as { payload: { data: { presenceUpdates: Update } } }
  return payload.data.presenceUpdates.presences.map(({ user, presence }) => ({
    presentity: user.id,
    status: presence.status,
    note: presence.note,
  }))
}

export type OpenGraphqlLine = (...of: Parameters<OpenLine>) => Promise<GraphqlLine>
