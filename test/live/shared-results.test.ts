import { expect, onTestFinished, test } from 'vitest'
import { addContactsAndAsk, removeContacts } from '../../src/application/manage-contacts.ts'
import { decideAccess } from '../../src/application/manage-decisions.ts'
import { publishPresence } from '../../src/application/publish-presence.ts'
import type { PublishableStatus } from '../../src/domain/presence.ts'
import type { UserId } from '../../src/domain/user-id.ts'
import { eventually } from '../support/eventually.ts'
import { postStream } from '../support/event-stream-client.ts'
import { newUser } from '../support/new-user.ts'
import { POLICY } from '../support/policy.ts'
import { serveMemory, type MemoryServer } from '../support/serve-memory.ts'
import { connect } from '../support/web-socket-client.ts'

type Asked = {
  readonly query: string
  readonly operationName?: string
  readonly variables: Readonly<Record<string, unknown>>
}

/** Two operations that differ in everything but their words, and a fragment that they share. */
const TWO_IN_ONE = /* GraphQL */ `
  subscription Now($ids: [ID!], $told: Boolean! = true, $his: Boolean = false, $noted: Boolean = true) {
    now: presenceUpdates(userIds: $ids) {
      change
      presences @include(if: $told) {
        ...Told
      }
      removedIds @skip(if: $told)
    }
  }
  subscription Then($ids: [ID!], $told: Boolean! = false, $his: Boolean = false, $noted: Boolean = false) {
    then: presenceUpdates(userIds: $ids) {
      removedIds @include(if: $told)
      kind: change
      presences {
        ...Told
        ... on UserPresence {
          presence {
            as: status
          }
        }
      }
    }
  }
  fragment Told on UserPresence {
    presence {
      status
      ...Noted @include(if: $noted)
    }
    user {
      __typename
      id
      ...His @include(if: $his)
    }
  }
  fragment Noted on Presence {
    note
    activity
  }
  fragment His on User {
    access: presenceAccess
    presence {
      mine: note
    }
  }
`

const PLAIN =
  'subscription ($ids: [ID!]) { presenceUpdates(userIds: $ids) { presences { presence { status } } } }'
const PLAIN_OTHERWISE = PLAIN.replace('status', 'status: note')

/** Asked of the same users on one socket: in words that are alike, and must not be taken for each other. */
function allWords(ids: readonly string[]): readonly Asked[] {
  const values: Readonly<Record<string, unknown>>[] = [
    { ids, noted: true },
    { noted: true, ids },
    { ids, noted: false },
    { ids, noted: true, told: true },
    { ids, noted: true, told: false },
    { ids, noted: false, his: true },
    { ids, noted: true, his: true },
    { ids: ids.toReversed(), noted: true, his: false },
    { ids, noted: true, unknown: { toString: 'told' } },
    { ids: null, noted: true },
    { noted: true },
    // Each of these is an error of its own, at every event.
    { ids, noted: null },
    { ids },
    { ids, noted: true, his: null },
  ]
  return [
    ...['Now', 'Then'].flatMap((operationName) =>
      values.map((variables) => ({ query: TWO_IN_ONE, operationName, variables })),
    ),
    { query: PLAIN, variables: { ids } },
    { query: PLAIN_OTHERWISE, variables: { ids } },
    { query: `${PLAIN} `, variables: { ids: [ids[0]] } },
    { query: PLAIN.replace('$ids: [ID!]', '$ids: [ID!] = ["nobody"]'), variables: {} },
  ]
}

test('a watcher who subscribes beside others is told over a socket the same bytes as alone', async () => {
  const server = await serveMemory()
  const [pia, zoe, wim, kim] = [newUser('pia'), newUser('zoë'), newUser('wim'), newUser('kim')]
  const { publish, allow, add, remove } = deeds(server)
  await allow(pia, wim)
  await allow(zoe, kim)
  await publish(pia, 'BUSY', 'until fïve')
  for (const watcher of [wim, kim]) await add(watcher, pia)

  const words = allWords([pia, zoe])
  const streamsOf = async (who: UserId) => {
    const shared = await overOneSocket(server, who, words)
    const alone = await Promise.all(words.map((asked) => overSse(server, who, asked)))
    return words.map((asked, place) => ({ who, asked, shared: () => shared(place), alone: alone[place]! }))
  }
  const streams = [...(await streamsOf(wim)), ...(await streamsOf(kim))]
  const agree = async (moment: string): Promise<void> => {
    const different = (): unknown[] =>
      streams.flatMap(({ who, asked, shared, alone }) =>
        JSON.stringify(shared()) === JSON.stringify(alone())
          ? []
          : [{ who, asked, shared: shared(), alone: alone() }],
      )
    await eventually(moment, () => different().length === 0).catch(() => undefined)
    expect(different(), moment).toEqual([])
  }
  await eventually('everybody has something', () => streams.every(({ alone }) => alone().length > 0))
  await agree('everybody has his snapshot')

  const steps: [string, () => Promise<unknown>][] = [
    ['Pia is away', () => publish(pia, 'AWAY', 'ünch')],
    ['Zoe comes', () => publish(zoe, 'AVAILABLE', null)],
    ['a contact is added', () => add(kim, zoe)],
    ['another one is allowed', () => allow(zoe, wim)],
    ['a contact is removed', () => remove(wim, pia)],
    ['she has left', () => server.storage.sessions.end({ user: pia, id: 'desk' })],
  ]
  for (const [moment, step] of steps) {
    const before = streams.map(({ shared }) => shared().length)
    await step()
    await eventually(`somebody hears: ${moment}`, () =>
      streams.some(({ shared }, place) => shared().length > before[place]!),
    )
    await agree(moment)
  }
  const told = streams.filter(({ shared }) => shared().length > 1)
  expect(told.length).toBeGreaterThan(words.length)
})

function deeds({ storage }: MemoryServer) {
  return {
    publish: (user: UserId, status: PublishableStatus, note: string | null) =>
      publishPresence(
        { ...storage, ...POLICY },
        { user, session: 'desk', status, activity: null, note, leaseMs: 600_000 },
      ),
    allow: (presentity: UserId, watcher: UserId) =>
      decideAccess(storage.privacy, { presentity, watchers: [watcher], verdict: 'ALLOWED', endsAt: null }),
    add: (watcher: UserId, contact: UserId) =>
      addContactsAndAsk(storage.privacy, { watcher, presentities: [contact] }),
    remove: (watcher: UserId, contact: UserId) =>
      removeContacts(storage.privacy, { watcher, presentities: [contact] }),
  }
}

/** The payloads of each operation so far, all of them on one socket. */
async function overOneSocket(
  { url, tokenOf }: MemoryServer,
  watcher: UserId,
  words: readonly Asked[],
): Promise<(place: number) => readonly string[]> {
  const client = await connect(url, await tokenOf(watcher))
  onTestFinished(client.close)
  for (const [place, payload] of words.entries())
    client.send({ type: 'subscribe', id: `"${String(place)}é`, payload })
  return (place) =>
    client.texts.flatMap((text) => {
      const { type, id, payload } = JSON.parse(text) as { type: string; id?: string; payload?: unknown }
      return type === 'next' && id === `"${String(place)}é` ? [JSON.stringify(payload)] : []
    })
}

async function overSse(
  { url, tokenOf }: MemoryServer,
  watcher: UserId,
  asked: Asked,
): Promise<() => readonly string[]> {
  const stream = await postStream(url.replace(/^ws/, 'http'), { ...asked, token: await tokenOf(watcher) })
  onTestFinished(async () => {
    stream.cut()
    await stream.ended
  })
  return () =>
    stream.texts.flatMap((text) =>
      text.startsWith('event: next') ? [text.slice(text.indexOf('data: ') + 'data: '.length)] : [],
    )
}
