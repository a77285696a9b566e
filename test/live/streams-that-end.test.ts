import { expect, test } from 'vitest'
import { eraseUser } from '../../src/application/erase-user.ts'
import { addContactsAndAsk, removeContacts } from '../../src/application/manage-contacts.ts'
import { Unavailable, UserErased } from '../../src/application/ports.ts'
import type { PresenceEvent } from '../../src/live/presence-event.ts'
import { ROOT } from '../support/administrators.ts'
import { gate } from '../support/gate.ts'
import { newUser } from '../support/new-user.ts'
import { openHub, whatFollows } from '../support/open-hub.ts'
import { putOnContactList } from '../support/put-on-contact-list.ts'
import { steppedTime } from '../support/stepped-time.ts'

const MISTAKE = new Error('a mistake')

/** Wim and Wes watch Pia, and Zed watches Zoe. */
async function threeStreams() {
  const [looks, facts] = [gate(), gate()]
  const time = steppedTime()
  const opened = openHub(
    (live) => ({
      look: async (look) => looks.passed(await live.look(look)),
      factsOfPairs: async (pairs) => facts.passed(await live.factsOfPairs(pairs)),
    }),
    undefined,
    { time },
  )
  const { decide, publish, watch } = opened
  const [pia, zoe] = [newUser('pia'), newUser('zoe')]
  const [wim, wes, zed] = [newUser('wim'), newUser('wes'), newUser('zed')]
  for (const presentity of [pia, zoe]) {
    for (const watcher of [wim, wes, zed]) await decide({ presentity, watcher, verdict: 'ALLOWED' })
    await publish(presentity)
  }
  const [ofWim, ofWes, ofZed] = [watch(wim, [pia]), watch(wes, [pia]), watch(zed, [zoe])]
  await whatFollows()
  const failures = () => [ofWim, ofWes, ofZed].map((stream) => stream.failures)
  return { ...opened, ...{ looks, facts, time, pia, zoe, wim, wes, zed, ofWim, ofWes, ofZed, failures } }
}

const statuses = (events: readonly PresenceEvent[]): readonly string[] =>
  events.flatMap((event) =>
    'presences' in event ? event.presences.map(({ presence }) => `${event.change} ${presence.status}`) : [],
  )

test('a read that fails by a mistake ends the streams that it was about, and no others', async () => {
  const { looks, publish, pia, zoe, failures, ofZed, time, hub, problems } = await threeStreams()
  looks.close('NEXT')
  await publish(pia, { status: 'BUSY' })
  await whatFollows()
  looks.fail(MISTAKE)
  await whatFollows()
  expect(failures()).toEqual([[MISTAKE], [MISTAKE], []])
  expect(problems).toEqual([MISTAKE])
  expect(hub.readings()).toMatchObject({ streams: 1, presentities: 1, failures: 1, doubtful: 0 })
  await publish(zoe, { status: 'BUSY' })
  await time.pass(500)
  expect(statuses(ofZed.events)).toEqual(['SNAPSHOT AVAILABLE', 'CHANGED BUSY'])
})

test("a mistake in what is read of a watcher's own ends the streams of that watcher alone", async () => {
  const { facts, decide, pia, wes, failures } = await threeStreams()
  facts.close('NEXT')
  await decide({ presentity: wes, watcher: pia, verdict: 'BLOCKED' })
  await whatFollows()
  facts.fail(MISTAKE)
  await whatFollows()
  expect(failures()).toEqual([[], [MISTAKE], []])
})

test('a mistake in a read about nobody, by which the hub makes sure that it can, ends all streams', async () => {
  const { looks, time, failures, hub } = await threeStreams()
  looks.close()
  await time.pass(3000)
  looks.fail(MISTAKE)
  await whatFollows()
  expect(failures()).toEqual([[MISTAKE], [MISTAKE], [MISTAKE]])
  expect(hub.readings().streams).toBe(0)
})

test('an erased user is shown nothing more: each stream of theirs ends with that error, and the others go on', async () => {
  const { storage, watch, publish, wim, zoe, pia, failures, ofWes } = await threeStreams()
  await putOnContactList(storage, { watcher: wim, presentities: [zoe] })
  const contacts = watch(wim, 'CONTACTS')
  await whatFollows()
  await eraseUser(storage.records, { user: wim, actor: ROOT })
  await whatFollows()
  expect(failures()).toEqual([[expect.any(UserErased)], [], []])
  expect(contacts.failures).toEqual([expect.any(UserErased)])
  await publish(pia, { status: 'BUSY' })
  await whatFollows()
  expect(statuses(ofWes.events)).toEqual(['SNAPSHOT AVAILABLE', 'CHANGED BUSY'])

  for (const interest of [[pia], 'CONTACTS'] as const) {
    const again = watch(wim, interest)
    await whatFollows()
    expect(again.events).toEqual([])
    expect(again.failures).toEqual([expect.any(UserErased)])
  }
})

test('an erased watcher whose stream of contacts is their only one is shown nothing more either', async () => {
  const { storage, watch, zoe, hub } = await threeStreams()
  const wyn = newUser('wyn')
  await putOnContactList(storage, { watcher: wyn, presentities: [zoe] })
  const { failures } = watch(wyn, 'CONTACTS')
  await whatFollows()
  expect(hub.readings().streams).toBe(4)
  await eraseUser(storage.records, { user: wyn, actor: ROOT })
  await whatFollows()
  expect(failures).toEqual([expect.any(UserErased)])
  expect(hub.readings().streams).toBe(3)
})

test('a stream that cannot take an event ends with what went wrong, gets nothing more, and nobody else misses anything', async () => {
  const { hub, storage, publish, wim, pia, zoe, ofWes, ofWim } = await threeStreams()
  await putOnContactList(storage, { watcher: wim, presentities: [pia] })
  const took: string[] = []
  const failed: unknown[] = []
  hub.open({
    watcher: wim,
    interest: 'CONTACTS',
    sink: {
      isReady: () => true,
      deliver({ change }) {
        took.push(change)
        if (change !== 'SNAPSHOT') throw MISTAKE
      },
      fail: (error) => failed.push(error),
    },
  })
  await whatFollows()
  const { events } = hub.readings()
  await Promise.all([
    removeContacts(storage.privacy, { watcher: wim, presentities: [pia] }),
    addContactsAndAsk(storage.privacy, { watcher: wim, presentities: [zoe] }),
    publish(pia, { status: 'BUSY' }),
  ])
  await whatFollows()
  expect(took).toEqual(['SNAPSHOT', 'REMOVED'])
  expect(failed).toEqual([MISTAKE])
  expect(statuses(ofWim.events)).toEqual(['SNAPSHOT AVAILABLE', 'CHANGED BUSY'])
  expect(statuses(ofWes.events)).toEqual(['SNAPSHOT AVAILABLE', 'CHANGED BUSY'])
  expect(hub.readings()).toMatchObject({ streams: 3, events: events + 3 })
})

test('a stream that is closed before its first facts are read is told nothing, not even that they could not be', async () => {
  const { facts, watch, wim, pia, hub } = await threeStreams()
  facts.close()
  const [read, failing] = [watch(wim, [pia]), watch(wim, [pia])]
  await whatFollows()
  read.close()
  facts.open()
  await whatFollows()
  facts.close()
  const third = watch(wim, [pia])
  await whatFollows()
  third.close()
  facts.fail(new Unavailable(MISTAKE))
  await whatFollows()
  expect([read.events, read.failures, third.events, third.failures]).toEqual([[], [], [], []])
  expect(failing.events).toHaveLength(1)
  expect(hub.readings().streams).toBe(4)
})

test('a hub that is closed tells nobody anything, takes no stream, and waits for nothing', async () => {
  const { hub, facts, watch, publish, time, wim, pia, ofWim, failures } = await threeStreams()
  facts.close()
  const begins = watch(wim, [pia])
  await whatFollows()
  hub.close()
  facts.open()
  await publish(pia, { status: 'BUSY' })
  await time.pass(15_000)
  expect(ofWim.events).toHaveLength(1)
  expect(failures()).toEqual([[], [], []])
  expect(begins.failures).toEqual([expect.any(Unavailable)])
  expect(hub.readings()).toMatchObject({ streams: 0, doubtful: 0, blind: false })
  expect(time.waiting()).toBe(0)
})

test('a hub that is closed does not repeat a look that fails then', async () => {
  const { hub, looks, publish, time, pia, problems } = await threeStreams()
  looks.close()
  await publish(pia, { status: 'BUSY' })
  await whatFollows()
  hub.close()
  const { ticks } = hub.readings()
  looks.fail(new Unavailable(MISTAKE))
  await time.pass(2000)
  expect(problems).toHaveLength(1)
  expect(hub.readings().ticks).toBe(ticks)
  expect(time.waiting()).toBe(0)
})

test('a hub at which nobody looks, or has failed to, waits for nothing', async () => {
  const { hub, facts, watch, wim, pia, time, ofWim, ofWes, ofZed } = await threeStreams()
  facts.close()
  const begins = watch(wim, [pia])
  await whatFollows()
  facts.fail(new Unavailable(MISTAKE))
  for (const { close } of [ofWim, ofWes, ofZed]) close()
  await time.pass(1000)
  expect(begins.failures).toHaveLength(1)
  expect(time.waiting()).toBe(0)
  expect(hub.readings()).toMatchObject({ streams: 0, presentities: 0, due: 0, doubtful: 0 })
})
