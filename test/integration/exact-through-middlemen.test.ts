import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest'
import { WebSocket } from 'ws'
import {
  applyPresenceUpdate,
  ON_SCREEN,
  type PresenceUpdate,
  type ShownPresences,
} from '../../client/presence-updates.ts'
import { webSocketClient } from '../../client/web-socket-client.ts'
import { actsOverApi } from '../support/acts-over-api.ts'
import { createTestDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { FAULTS, middleman, type Middleman } from '../support/middleman.ts'
import { askGraphQL } from '../support/post-graphql.ts'
import { startApp, tokenOf, type TestApp } from '../support/start-app.ts'

/** Two instances of one database: with snapshots by the clock, and as good as without. */
let soon: TestApp
let never: TestApp
beforeAll(async () => {
  const database = await createTestDatabase()
  soon = await startApp(database, { STREAM_SNAPSHOT_SECONDS: '2' })
  never = await startApp(database, { STREAM_SNAPSHOT_SECONDS: '86400' })
})
afterAll(() => Promise.all([soon.stop(), never.stop()]))

/** The document of the client, and what there would be of it without a nonce, or without a name and a number as well. */
const DOCUMENTS = {
  exact: ON_SCREEN,
  'without a nonce': ON_SCREEN.replace(', $nonce: String', '').replace(', nonce: $nonce', ''),
  plain: ON_SCREEN.replace(', $nonce: String', '')
    .replace(', nonce: $nonce', '')
    .replace(/streamId\s+sequence/, ''),
}

type Page = { shown: ShownPresences<{ id: string }>; readonly changes: string[] }

let users = 0
let ids: { readonly pia: string; readonly zoe: string; readonly wim: string }
beforeEach(async () => {
  users += 1
  ids = { pia: `pia ${users}`, zoe: `zoe ${users}`, wim: `wim ${users}` }
  for (const user of ['pia', 'zoe'] as const) {
    const acts = await as(user)
    await acts.publish('AVAILABLE')
    await acts.decide(ids.wim, 'ALLOWED')
  }
})

const as = async (user: keyof typeof ids) => actsOverApi(soon, await tokenOf(ids[user]))

async function between(app: TestApp): Promise<Middleman> {
  const gateway = await middleman(app.webSocketUrl)
  onTestFinished(gateway.close)
  return gateway
}

/** A tab of Wim's with the client that we hand out. Tabs of one test have one token, as pages of one session do. */
function open(gateway: Middleman, document: keyof typeof DOCUMENTS, token: string): Page {
  const client = webSocketClient({ url: gateway.url, freshToken: () => token, webSocketImpl: WebSocket })
  onTestFinished(() => client.dispose())
  const page: Page = { shown: new Map(), changes: [] }
  client.subscribe<{ presenceUpdates: PresenceUpdate }>(
    { query: DOCUMENTS[document], variables: { userIds: [ids.pia, ids.zoe] } },
    {
      next({ data, errors }) {
        if (data == null) throw new Error(JSON.stringify(errors))
        page.changes.push(data.presenceUpdates.change)
        page.shown = applyPresenceUpdate(page.shown, data.presenceUpdates)
      },
      error: (error) => {
        throw new Error(JSON.stringify(error))
      },
      complete: () => undefined,
    },
  )
  return page
}

type Told = { readonly id: string; readonly presence: { readonly status: string } }

/** What a query says, of the server itself. */
async function truth(): Promise<string> {
  const { _entities } = await askGraphQL<{ _entities: Told[] }>(soon.url, {
    query:
      'query ($them: [_Any!]!) { _entities(representations: $them) { ... on User { id presence { status } } } }',
    variables: { them: [ids.pia, ids.zoe].map((id) => ({ __typename: 'User', id })) },
    token: await tokenOf(ids.wim),
  })
  return _entities.map(({ id, presence }) => `${id}: ${presence.status}`).join()
}

const picture = ({ shown }: Page): string =>
  [...shown.values()]
    .map(({ user, presence }) => `${user.id}: ${presence.status}`)
    .sort()
    .join()

const becomesTrue = (page: Page, withinMs = 10_000): Promise<void> =>
  eventually('the page shows what is', async () => picture(page) === (await truth()), { withinMs })

/** Longer than the client takes to come back (full jitter of up to 2 s). */
const staysWrong = async (page: Page): Promise<void> => {
  await new Promise((resolve) => setTimeout(resolve, 3000))
  expect(picture(page)).not.toBe(await truth())
}

test(
  'a tab that comes late is joined with nobody: it shows what is, and without a nonce it would begin in the middle',
  { timeout: 30_000 },
  async () => {
    const gateway = await between(never)
    const token = await tokenOf(ids.wim)
    const first = [open(gateway, 'exact', token), open(gateway, 'plain', token)]
    for (const page of first) await becomesTrue(page)
    const late = { exact: open(gateway, 'exact', token), plain: open(gateway, 'plain', token) }
    const unnamed = open(gateway, 'without a nonce', token)
    await becomesTrue(unnamed)
    const lateAndNumbered = open(gateway, 'without a nonce', token)
    await eventually('all are there', () => gateway.subscriptions().here === 6)
    expect(gateway.subscriptions().upstream).toBe(4)
    await becomesTrue(late.exact)
    await (await as('zoe')).publish('BUSY')
    for (const page of [...first, late.exact, unnamed]) await becomesTrue(page)
    await staysWrong(late.plain)
    // A number alone tells it at least that it has not begun at the beginning: it shows nothing that is wrong.
    expect(picture(lateAndNumbered)).toBe('')
  },
)

/** A snapshot by the clock would hide what a page without names and numbers has lost. */
test.each(['drops the oldest', 'sends the oldest once more, after the others'] as const)(
  'through a middleman that %s a page shows what is at the end, and without name and number it would not',
  { timeout: 30_000 },
  async (fault) => {
    const gateway = await between(never)
    const token = await tokenOf(ids.wim)
    const pages = { exact: open(gateway, 'exact', token), plain: open(gateway, 'plain', token) }
    for (const page of Object.values(pages)) await becomesTrue(page)
    await happensMeanwhile(gateway)
    gateway.handOver(FAULTS[fault])
    await becomesTrue(pages.exact)
    await staysWrong(pages.plain)
    await becomesTrue(pages.exact)
  },
)

test(
  'through a middleman that drops the newest, and after which nothing comes, the snapshot by the clock tells it',
  { timeout: 30_000 },
  async () => {
    const token = await tokenOf(ids.wim)
    const gateways = { soon: await between(soon), never: await between(never) }
    const pages = { soon: open(gateways.soon, 'exact', token), never: open(gateways.never, 'exact', token) }
    for (const page of Object.values(pages)) await becomesTrue(page)
    await happensMeanwhile(...Object.values(gateways))
    for (const gateway of Object.values(gateways)) gateway.handOver(FAULTS['drops the newest'])
    // At the latest 2 s for the snapshot, which shows the gap, and 2 s until the client has come back.
    await becomesTrue(pages.soon, 5000)
    await staysWrong(pages.never)
  },
)

test('events that come twice change nothing, and nothing begins anew', { timeout: 30_000 }, async () => {
  const gateway = await between(never)
  const page = open(gateway, 'exact', await tokenOf(ids.wim))
  await becomesTrue(page)
  await happensMeanwhile(gateway)
  gateway.handOver(FAULTS['doubles all, one after another'])
  await becomesTrue(page)
  await (await as('zoe')).publish('AVAILABLE')
  await becomesTrue(page)
  expect(page.changes.filter((change) => change === 'SNAPSHOT')).toHaveLength(1)
})

test(
  'a middleman that subscribes anew upstream has begun another stream: its snapshot is taken, and what was missed is there',
  { timeout: 30_000 },
  async () => {
    const gateway = await between(never)
    const page = open(gateway, 'exact', await tokenOf(ids.wim))
    await becomesTrue(page)
    gateway.reconnect()
    await (await as('pia')).publish('BUSY')
    await becomesTrue(page)
    await (await as('zoe')).publish('AWAY')
    await becomesTrue(page)
    expect(page.changes.filter((change) => change === 'SNAPSHOT')).toHaveLength(2)
  },
)

/** Pia and then Zoe change, and the events about it wait at the middleman. */
async function happensMeanwhile(...gateways: Middleman[]): Promise<void> {
  for (const gateway of gateways) gateway.hold()
  const eventsWait = (count: number): Promise<void> =>
    eventually(`${count} events wait for each page`, () =>
      gateways.every((gateway) => gateway.held().every((held) => held >= count)),
    )
  const [pia, zoe] = [await as('pia'), await as('zoe')]
  await pia.publish('BUSY')
  await eventsWait(1)
  await pia.publish('AWAY')
  await eventsWait(2)
  await zoe.publish('BUSY')
  await eventsWait(3)
}
