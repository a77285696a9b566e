import type { AskedRequest } from '../../src/application/ports.ts'
import type { Seen } from '../../src/application/what-is-seen.ts'
import type { UserId } from '../../src/domain/user-id.ts'
import { askGraphQL } from './post-graphql.ts'
import { tokenOf } from './start-app.ts'
import { LEASE_MS, SESSION, type Added, type Answered, type TwinDeeds, type Waiting } from './twin-deeds.ts'

const REQUEST = `id user { id } triggers askedAt expiresAt`
const RESULT = `user { id } outcome retryAt access contact request { ${REQUEST} }`
const SEEN = `presence { status activity note } presenceAccess canBeMessaged`
const POPUP = `
  incomingRequests(first: 500) { nodes { id requester { id } triggers } }
  notices(first: 500) { nodes { id requester { id } triggers } }`

type UserNode = { readonly id: UserId }
type RequestNode = {
  readonly id: string
  readonly user: UserNode
  readonly triggers: AskedRequest['request']['triggers']
  readonly askedAt: string
  readonly expiresAt: string
}
type ResultNode = Pick<Answered, 'outcome' | 'access' | 'contact'> & {
  readonly user: UserNode
  readonly retryAt: string | null
  readonly request: RequestNode | null
}
type AddedNode = {
  readonly user: UserNode
  readonly outcome: Added['outcome']
  readonly asked: ResultNode | null
}
type SeenNode = Pick<Seen, 'presence' | 'canBeMessaged'> & { readonly presenceAccess: Seen['access'] }
type WaitingNode = {
  readonly id: string
  readonly requester: UserNode
  readonly triggers: Waiting['item']['triggers']
}
type PopupNode = {
  readonly incomingRequests: { readonly nodes: readonly WaitingNode[] }
  readonly notices: { readonly nodes: readonly WaitingNode[] }
}

/** Deeds done over the API, each user with a token of his own. */
export function deedsOverHttp(url: string): TwinDeeds {
  const tokens = new Map<UserId, Promise<string>>()
  const say = async <Data>(
    user: UserId,
    query: string,
    variables: Record<string, unknown> = {},
  ): Promise<Data> => {
    const token = tokens.get(user) ?? tokenOf(user)
    tokens.set(user, token)
    return askGraphQL<Data>(url, { query, variables, token: await token })
  }
  /** One mutation, whose payload is all that is asked for. */
  const mutate = async <Payload>(
    user: UserId,
    [name, inputType]: [string, string],
    input: object,
    payload: string,
  ) => {
    const query = `mutation($input: ${inputType}!) { payload: ${name}(input: $input) { ${payload} } }`
    return (await say<{ payload: Payload }>(user, query, { input })).payload
  }

  return {
    async ask({ watcher, presentities, trigger, addToContacts }) {
      const input = { userIds: presentities, trigger, addToContacts }
      const { results } = await mutate<{ results: ResultNode[] }>(
        watcher,
        ['requestPresenceAccess', 'RequestPresenceAccessInput'],
        input,
        `results { ${RESULT} }`,
      )
      return results.map(answeredOf)
    },

    async withdraw({ watcher, request }) {
      const names: [string, string] = ['withdrawPresenceRequest', 'WithdrawPresenceRequestInput']
      return (await mutate<{ outcome: string }>(watcher, names, { requestId: request }, 'outcome')).outcome
    },

    async addContacts({ watcher, presentities }) {
      const { results } = await mutate<{ results: AddedNode[] }>(
        watcher,
        ['addPresenceContacts', 'AddPresenceContactsInput'],
        { userIds: presentities },
        `results { user { id } outcome asked { ${RESULT} } }`,
      )
      return results.map(addedOf)
    },

    async removeContacts({ watcher, presentities }) {
      const { results } = await mutate<{ results: { outcome: string }[] }>(
        watcher,
        ['removePresenceContacts', 'RemovePresenceContactsInput'],
        { userIds: presentities },
        'results { outcome }',
      )
      return results.map(({ outcome }) => outcome)
    },

    async decide({ presentity, watchers, verdict, endsAt }) {
      const { results } = await mutate<{
        results: { user: UserNode; decision: string; endsAt: string | null }[]
      }>(
        presentity,
        ['decidePresenceAccess', 'DecidePresenceAccessInput'],
        {
          userIds: watchers,
          decision: verdict,
          endsAt: endsAt === null ? null : new Date(endsAt).toISOString(),
        },
        'results { user { id } decision endsAt }',
      )
      return new Map(results.map(({ user, ...decided }) => [user.id, decided]))
    },

    deleteDecisions: ({ presentity, watchers }) =>
      mutate(
        presentity,
        ['deletePresenceDecisions', 'DeletePresenceDecisionsInput'],
        { userIds: watchers },
        'results { decision }',
      ),

    async popup(presentity) {
      const { own } = await say<{ own: PopupNode }>(presentity, `{ own: presencePrivacy { ${POPUP} } }`)
      return popupOf(own)
    },

    async respond({ presentity, presented, ticked, ...options }) {
      const { contacts } = await mutate<{ contacts: AddedNode[] }>(
        presentity,
        ['respondToRequests', 'RespondToRequestsInput'],
        { presentedIds: presented, tickedIds: ticked, ...options },
        `contacts { user { id } outcome asked { ${RESULT} } }`,
      )
      return contacts.map(addedOf)
    },

    choose: (user, choice) =>
      mutate(user, ['setPresencePreference', 'SetPresencePreferenceInput'], choice, '__typename'),

    publish: (user, { status, activity, note }) =>
      mutate(
        user,
        ['publishPresence', 'PublishPresenceInput'],
        { sessionId: SESSION, status, activity, note, leaseSeconds: LEASE_MS / 1000 },
        'session { id }',
      ),

    disconnect: (user) =>
      mutate(user, ['endPresenceSession', 'EndPresenceSessionInput'], { sessionId: SESSION }, '__typename'),

    async observe(watcher, users) {
      const { entities, own } = await say<{
        entities: readonly SeenNode[]
        own: PopupNode & {
          readonly outgoingRequests: { readonly nodes: readonly RequestNode[] }
          readonly contacts: { readonly nodes: readonly { user: UserNode & SeenNode; addedAt: string }[] }
        }
      }>(
        watcher,
        `query($users: [_Any!]!) {
          entities: _entities(representations: $users) { ... on User { ${SEEN} } }
          own: presencePrivacy {
            ${POPUP}
            outgoingRequests(first: 500) { nodes { ${REQUEST} } }
            contacts(first: 500) { nodes { user { id ${SEEN} } addedAt } }
          }
        }`,
        { users: users.map((id) => ({ __typename: 'User', id })) },
      )
      return {
        seen: new Map(entities.map((seen, place) => [users[place]!, seenOf(seen)])),
        contacts: own.contacts.nodes.map(({ user, addedAt }) => ({
          user: user.id,
          seen: seenOf(user),
          addedAt: Date.parse(addedAt),
        })),
        asked: own.outgoingRequests.nodes.map((node) => ({
          presentity: node.user.id,
          request: requestOf(node),
        })),
        popup: popupOf(own),
      }
    },
  }
}

function answeredOf({ user, retryAt, request, ...rest }: ResultNode): Answered {
  return {
    ...rest,
    presentity: user.id,
    retryAt: retryAt === null ? null : Date.parse(retryAt),
    request: request && requestOf(request),
  }
}

function requestOf({ id, triggers, askedAt, expiresAt }: RequestNode): AskedRequest['request'] {
  return { id, state: 'OPEN', triggers, askedAt: Date.parse(askedAt), endsAt: Date.parse(expiresAt) }
}

function addedOf({ user, outcome, asked }: AddedNode): Added {
  return { user: user.id, outcome, asked: asked && answeredOf(asked) }
}

function seenOf({ presence, presenceAccess, canBeMessaged }: SeenNode): Seen {
  return { presence, access: presenceAccess, canBeMessaged }
}

function popupOf({ incomingRequests, notices }: PopupNode) {
  return { requests: incomingRequests.nodes.map(waitingOf), notices: notices.nodes.map(waitingOf) }
}

function waitingOf({ id, requester, triggers }: WaitingNode): Waiting {
  return { watcher: requester.id, item: { id, triggers } }
}
