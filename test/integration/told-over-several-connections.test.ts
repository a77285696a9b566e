import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase } from '../support/database.ts'
import { postStream, type RawStream } from '../support/event-stream-client.ts'
import { eventually } from '../support/eventually.ts'
import { newUser } from '../support/new-user.ts'
import {
  actingPair,
  actingUser,
  PIA_GOES,
  type ActingPair,
  type ActingUser,
  type ActOfPair,
} from '../support/pia-goes.ts'
import { postGraphQL } from '../support/post-graphql.ts'
import { startApp, type TestApp } from '../support/start-app.ts'
import { connect, type Message, type RawClient } from '../support/web-socket-client.ts'

/**
 * Wim watches Pia over two sockets and event streams at once, and sends many kinds of operations when Pia has become Offline. The test holds every byte
 * that Wim is sent against what Wim is sent where Pia has left: frames with their numbers, replies with their headers, errors.
 */
let app: TestApp
beforeAll(async () => {
  app = await startApp(await createTestDatabase())
})
afterAll(() => app.stop())

/** What leaves Pia Offline to Wim. */
const PIA_STAYS_AWAY: Readonly<Record<string, ActOfPair>> = {
  'Pia does nothing': () => Promise.resolve(),
  'Pia blocks Wim': PIA_GOES['Pia blocks Wim'],
  'Pia blocks Wim and comes': async ({ pia, wim }) => {
    await pia.decide(wim.id, 'BLOCKED')
    await pia.publish('BUSY', { note: 'secret' })
  },
  'Pia comes, appearing offline': async ({ pia }) => {
    await pia.appearOffline(true)
    await pia.publish('BUSY', { note: 'secret' })
  },
  'Pia blocks Wim and forgets it': async ({ pia, wim }) => {
    await pia.decide(wim.id, 'BLOCKED')
    await pia.forget(wim.id)
  },
}

const SEEN = 'id presence { status activity note } presenceAccess canBeMessaged'
const PRESENCES = `streamId sequence change presences { user { ${SEEN} } presence { status activity note } } removedIds`
const UPDATES = `subscription ($userIds: [ID!], $nonce: String) { presenceUpdates(userIds: $userIds, nonce: $nonce) { ${PRESENCES} } }`
const SHARED =
  'subscription ($userIds: [ID!]) { presenceUpdates(userIds: $userIds) { sequence change presences { user { id } presence { status } } } }'
const POPUP =
  'subscription { incomingPresenceRequests { sequence change requests { requester { id } } closedIds } }'
const EVERYTHING = `query ($users: [_Any!]!) {
  _entities(representations: $users) { ... on User { ${SEEN} } }
  presencePrivacy {
    outgoingRequests(first: 5) { nodes { user { id } triggers } pageInfo { hasNextPage } }
    contacts(first: 5, orderBy: PRESENCE) { totalCount nodes { user { ${SEEN} } access } }
  }
}`
const ASK = `mutation ($input: RequestPresenceAccessInput!) {
  requestPresenceAccess(input: $input) { results { user { ${SEEN} } outcome retryAt access contact request { triggers } } } }`
const ADD = `mutation ($input: AddPresenceContactsInput!) {
  addPresenceContacts(input: $input) { results { user { ${SEEN} } outcome } } }`
const REMOVE =
  'mutation ($input: RemovePresenceContactsInput!) { removePresenceContacts(input: $input) { results { outcome } } }'

/** The stream that shows Wim a friend, whose notes tell that everything before them has been told. */
const MARKS = 'marks'
const MARK =
  'subscription ($userIds: [ID!]) { presenceUpdates(userIds: $userIds) { presences { presence { note } } } }'

/** Everything that Wim is sent, connection by connection. */
class Watching {
  readonly said: string[] = []
  readonly #pair: ActingPair
  readonly #friend: ActingUser
  readonly #sockets: readonly RawClient[]
  readonly #streams: readonly RawStream[]
  #marks = 0

  constructor(
    pair: ActingPair,
    friend: ActingUser,
    { sockets, streams }: { sockets: readonly RawClient[]; streams: readonly RawStream[] },
  ) {
    this.#pair = pair
    this.#friend = friend
    this.#sockets = sockets
    this.#streams = streams
  }

  static async begin(pair: ActingPair): Promise<Watching> {
    const { pia, wim } = pair
    const friend = await actingUser(app, newUser('friend'))
    await friend.decide(wim.id, 'ALLOWED')
    const sockets = [await connect(app.webSocketUrl, wim.token), await connect(app.webSocketUrl, wim.token)]
    const [one, two] = sockets as [RawClient, RawClient]
    await subscribe(one, 'both', UPDATES, { userIds: [pia.id, wim.id], nonce: 'a nonce' })
    await subscribe(one, 'contacts', UPDATES, {})
    await subscribe(two, 'shared', SHARED, { userIds: [pia.id] })
    await subscribe(two, 'popup', POPUP, {})
    await subscribe(two, 'himself', SHARED, { userIds: [wim.id] })
    for (const socket of sockets) await subscribe(socket, MARKS, MARK, { userIds: [friend.id] })
    const streams = []
    for (const [query, variables] of [
      [UPDATES, { userIds: [wim.id, pia.id] }],
      [POPUP, {}],
    ] as const) {
      const stream = await postStream(app.url, { query, variables, token: wim.token })
      await eventually('it begins', () => stream.texts.length > 0)
      streams.push(stream)
    }
    return new Watching(pair, friend, { sockets, streams })
  }

  async asks(query: string, variables: object): Promise<void> {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${this.#pair.wim.token}` }
    const response = await fetch(app.url, {
      method: 'POST',
      headers,
      body: JSON.stringify({ query, variables }),
    })
    const said = [...response.headers].filter(([name]) => name !== 'date' && name !== 'x-request-id')
    this.said.push(`${JSON.stringify(said)} ${await response.text()}`)
  }

  /** Until the stream of contacts, which is told apart from all others, has been told too. */
  async changesContacts(mutation: string, input: object): Promise<void> {
    const [{ texts }] = this.#sockets as [RawClient]
    const told = (): number => texts.filter((text) => idIn(text) === 'contacts').length
    const before = told()
    await this.asks(mutation, { input })
    await eventually('the contacts are told', () => told() > before)
    await this.settled()
  }

  /** Until all that was done before has been told, and nothing more comes. */
  async settled(): Promise<void> {
    this.#marks += 1
    const note = `mark ${String(this.#marks)}`
    await this.#friend.publish('AVAILABLE', { note })
    for (const { texts } of this.#sockets)
      await eventually(note, () => texts.some((text) => text.includes(`"note":"${note}"`)))
    const count = (): number =>
      [...this.#sockets, ...this.#streams].reduce((sum, { texts }) => sum + texts.length, 0)
    for (let before = -1, quiet = 0; quiet < 4;) {
      quiet = count() === before ? quiet + 1 : 0
      before = count()
      await new Promise((resolve) => setTimeout(resolve, 40))
    }
  }

  send(message: Message): void {
    for (const socket of this.#sockets) socket.send(message)
  }

  async subscribes(id: string, query: string, variables: object): Promise<void> {
    await Promise.all(this.#sockets.map((socket) => subscribe(socket, id, query, variables)))
  }

  async close(): Promise<void> {
    for (const stream of this.#streams) stream.cut()
    for (const socket of this.#sockets) await socket.close()
  }

  told(): readonly (readonly string[])[] {
    const { pia, wim } = this.#pair
    const ids = new Map<string, string>()
    const plain = (text: string): string =>
      text
        .replaceAll(pia.id, '<pia>')
        .replaceAll(wim.id, '<wim>')
        .replace(/content-length","\d+/g, 'content-length","<length>')
        .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>')
        .replace(/"streamId":"([^"]*)"/g, (_, id: string) => {
          if (!ids.has(id)) ids.set(id, `<stream ${String(ids.size)}>`)
          return `"streamId":"${ids.get(id)!}"`
        })
    // What is read for each event of a stream takes its time: of two streams that are told at once, either may come first.
    const byOperation = (texts: readonly string[]): string[] =>
      [...texts].sort((one, other) => idIn(one).localeCompare(idIn(other)))
    return [
      ...this.#sockets.map(({ texts }) =>
        byOperation(texts.filter((text) => idIn(text) !== MARKS).map(plain)),
      ),
      ...[...this.#streams, { texts: this.said }].map(({ texts }) => texts.map(plain)),
    ]
  }
}

/** Until the first answer has come. */
async function subscribe(client: RawClient, id: string, query: string, variables: object): Promise<void> {
  const answers = (): number => client.texts.filter((text) => idIn(text) === id).length
  const before = answers()
  client.send({ id, type: 'subscribe', payload: { query, variables } })
  await eventually(`${id} begins`, () => answers() > before)
}

function idIn(text: string): string {
  return (JSON.parse(text) as { readonly id?: string }).id ?? ''
}

async function tell(cause: ActOfPair, begin: ActOfPair): Promise<readonly (readonly string[])[]> {
  const pair = await actingPair(app)
  const { pia, wim } = pair
  await wim.publish('AVAILABLE')
  await begin(pair)
  const watching = await Watching.begin(pair)
  const input = { userIds: [pia.id] }
  const everything = { users: [pia, wim].map(({ id }) => ({ __typename: 'User', id })) }
  try {
    await watching.changesContacts(ADD, input)
    await cause(pair)
    await watching.settled()
    await watching.asks(EVERYTHING, everything)
    await watching.asks(ASK, { input: { ...input, trigger: 'CALL' } })
    await watching.settled()
    await wim.publish('BUSY')
    await watching.settled()
    watching.send({ type: 'ping', payload: { of: 'his own' } })
    await watching.subscribes('more', UPDATES, input)
    await watching.subscribes('wrong', UPDATES, { userIds: [] })
    await watching.settled()
    watching.send({ id: 'more', type: 'complete' })
    await watching.subscribes('more', SHARED, input)
    await watching.settled()
    await watching.changesContacts(REMOVE, input)
    await wim.decide(pia.id, 'BLOCKED')
    await watching.settled()
    await wim.forget(pia.id)
    await watching.settled()
    await watching.changesContacts(ADD, input)
    await watching.asks(EVERYTHING, everything)
    await watching.settled()
    return watching.told()
  } finally {
    await watching.close()
  }
}

test.each([
  {
    when: 'Pia was shown to Wim',
    causes: PIA_GOES,
    begin: async ({ pia, wim }: ActingPair) => {
      await pia.publish('AVAILABLE')
      await pia.decide(wim.id, 'ALLOWED')
    },
  },
  { when: 'Pia was never shown to Wim', causes: PIA_STAYS_AWAY, begin: () => Promise.resolve() },
  {
    when: 'Wim has asked Pia',
    causes: PIA_STAYS_AWAY,
    begin: ({ pia, wim }: ActingPair) =>
      postGraphQL(app.url, {
        query: ASK,
        variables: { input: { userIds: [pia.id], trigger: 'DIRECT' } },
        token: wim.token,
      }),
  },
])(
  'a watcher of several connections is sent the same bytes whatever hides a presentity, when $when',
  { timeout: 120_000 },
  async ({ causes, begin }) => {
    const told = new Map<string, readonly (readonly string[])[]>()
    for (const [name, cause] of Object.entries(causes)) told.set(name, await tell(cause, begin))
    const [first] = [...told.values()]
    for (const [name, transcript] of told) expect(transcript, name).toEqual(first)
    expect(first?.every((texts) => texts.length > 0)).toBe(true)
    expect(JSON.stringify(first)).not.toContain('GRAPHQL_VALIDATION_FAILED')
  },
)
