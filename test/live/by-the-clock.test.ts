import { expect, onTestFinished, test, vi } from 'vitest'
import { addContactsAndAsk } from '../../src/application/manage-contacts.ts'
import { Unavailable } from '../../src/application/ports.ts'
import type { PresenceEvent } from '../../src/live/presence-event.ts'
import { memoryStorage } from '../support/memory-storage.ts'
import { newUser } from '../support/new-user.ts'
import { openHub, whatFollows, type HubsTime } from '../support/open-hub.ts'
import { NEVER_MS } from '../support/policy.ts'
import { steppedTime } from '../support/stepped-time.ts'

const SECOND = 1000

/** A hub whose scheduler's clock and database's clock go on together, though they show different times. */
function atOneTime(options: Omit<HubsTime, 'time'> = {}) {
  const time = steppedTime()
  const storage = memoryStorage()
  const reads: { readonly at: number; readonly read: string }[] = []
  const world = { readsFail: false }
  const read = <Answer>(what: string, answer: () => Promise<Answer>): Promise<Answer> => {
    reads.push({ at: time.scheduler.now(), read: what })
    return world.readsFail ? Promise.reject(new Unavailable(new Error('no connection'))) : answer()
  }
  const opened = openHub(
    (live) => ({
      look: (look) => read('look', () => live.look(look)),
      factsOfPairs: (pairs) => read('facts', () => live.factsOfPairs(pairs)),
    }),
    storage,
    { time, ...options },
  )
  return {
    ...opened,
    ...{ time, reads, world },
    async pass(ms: number): Promise<void> {
      for (let passed = 0; passed < ms; passed += 50) {
        storage.clock.advance(50)
        await time.pass(50)
      }
    },
  }
}

const statuses = (events: readonly PresenceEvent[]): readonly string[] =>
  events.flatMap((event) =>
    'presences' in event
      ? event.presences.map(({ presence }) => `${event.change} ${presence.status}`)
      : [event.change],
  )

test('each stream gets a snapshot by the clock, at a phase of its own, whatever else it is told', async () => {
  const phases = [0.2, 0.7]
  const { publish, decide, watch, pass, storage } = atOneTime({
    snapshotEveryMs: 10 * SECOND,
    random: () => phases.shift() ?? 0,
  })
  const [pia, zoe, wim, wes] = [newUser('pia'), newUser('zoe'), newUser('wim'), newUser('wes')]
  await decide({ presentity: pia, watcher: wim, verdict: 'ALLOWED' })
  await publish(pia)
  const [first, second] = [watch(wim, [pia]), watch(wes, [zoe])]
  await pass(1.5 * SECOND)
  expect(statuses(first.events)).toEqual(['SNAPSHOT AVAILABLE'])
  await pass(SECOND)
  expect(statuses(first.events)).toEqual(['SNAPSHOT AVAILABLE', 'SNAPSHOT AVAILABLE'])
  expect(statuses(second.events)).toEqual(['SNAPSHOT OFFLINE'])
  await publish(pia, { status: 'BUSY' })
  await pass(5 * SECOND)
  expect(statuses(first.events).slice(2)).toEqual(['CHANGED BUSY'])
  expect(statuses(second.events)).toEqual(['SNAPSHOT OFFLINE', 'SNAPSHOT OFFLINE'])
  await pass(4 * SECOND)
  expect(statuses(first.events).slice(3)).toEqual([])
  await pass(SECOND)
  expect(statuses(first.events).slice(3)).toEqual(['SNAPSHOT BUSY'])
  await pass(5 * SECOND)
  expect(statuses(second.events).slice(2)).toEqual(['SNAPSHOT OFFLINE'])
  expect(storage.clock.now()).toBeGreaterThan(0)
})

test('a snapshot by the clock reads everything of its watcher, and what has changed goes to their other streams with it', async () => {
  const phases = [0.1, 0.9]
  const storage = memoryStorage()
  const silent = { ...storage, signals: { ...storage.signals, subscribeToAll: () => () => undefined } }
  const time = steppedTime()
  const { publish, decide, watch } = openHub(undefined, silent, {
    time,
    snapshotEveryMs: 10 * SECOND,
    random: () => phases.shift() ?? 0,
  })
  const [pia, zoe, wim] = [newUser('pia'), newUser('zoe'), newUser('wim')]
  for (const presentity of [pia, zoe]) {
    await decide({ presentity, watcher: wim, verdict: 'ALLOWED' })
    await publish(presentity)
  }
  const [first, second] = [watch(wim, [pia]), watch(wim, [zoe])]
  await time.pass(500)
  await publish(zoe, { status: 'BUSY' })
  await decide({ presentity: zoe, watcher: wim, verdict: 'BLOCKED' })
  await time.pass(1500)
  expect(statuses(first.events)).toEqual(['SNAPSHOT AVAILABLE', 'SNAPSHOT AVAILABLE'])
  expect(statuses(second.events)).toEqual(['SNAPSHOT AVAILABLE', 'CHANGED OFFLINE'])
})

test('a stream that has ended, and one that does not read, get no snapshot by the clock', async () => {
  const { watch, pass, publish, decide, hub } = atOneTime({ snapshotEveryMs: 10 * SECOND, random: () => 0.1 })
  const [pia, wim] = [newUser('pia'), newUser('wim')]
  await decide({ presentity: pia, watcher: wim, verdict: 'ALLOWED' })
  await publish(pia)
  const [ended, unread] = [watch(wim, [pia]), watch(wim, [pia])]
  await pass(500)
  ended.close()
  unread.reads(false)
  await pass(5 * SECOND)
  expect(statuses(ended.events)).toEqual(['SNAPSHOT AVAILABLE'])
  expect(statuses(unread.events)).toEqual(['SNAPSHOT AVAILABLE'])
  await publish(pia, { status: 'BUSY' })
  unread.reads(true)
  await whatFollows()
  expect(statuses(unread.events)).toEqual(['SNAPSHOT AVAILABLE', 'SNAPSHOT BUSY'])
  expect(hub.readings().streams).toBe(1)
})

test('nothing is read when the next snapshot of a stream that has ended would be due', async () => {
  const phases = [0.1, 0.9]
  const { watch, pass, reads } = atOneTime({
    snapshotEveryMs: 10 * SECOND,
    random: () => phases.shift() ?? 0,
  })
  const [pia, wim, wes] = [newUser('pia'), newUser('wim'), newUser('wes')]
  const { close } = watch(wim, [pia])
  watch(wes, [pia])
  await pass(500)
  close()
  reads.length = 0
  await pass(8 * SECOND)
  expect(reads.length).toBeLessThanOrEqual(4)
})

test('with nothing to do, the hub reads every 2 s or so, to be sure that it could; and not at all while nobody looks', async () => {
  const { watch, pass, reads } = atOneTime()
  const [pia, wim] = [newUser('pia'), newUser('wim')]
  const { close } = watch(wim, [pia])
  await pass(500)
  reads.length = 0
  await pass(60 * SECOND)
  expect(reads.every(({ read }) => read === 'look')).toBe(true)
  const pauses = reads.slice(1).map(({ at }, place) => at - (reads[place]?.at ?? 0))
  expect(Math.min(...pauses)).toBeGreaterThan(2000)
  expect(Math.max(...pauses)).toBeLessThanOrEqual(2500)
  close()
  await pass(5 * SECOND)
  reads.length = 0
  await pass(60 * SECOND)
  expect(reads).toEqual([])
})

test('what ends by time is told within half a second, by the clock of the database', async () => {
  const { watch, decide, publish, pass, storage } = atOneTime()
  const [pia, zoe, wim] = [newUser('pia'), newUser('zoe'), newUser('wim')]
  const inAWhile = storage.clock.now() + 20 * SECOND
  await decide({ presentity: pia, watcher: wim, verdict: 'ALLOWED' })
  await decide({ presentity: zoe, watcher: wim, verdict: 'ALLOWED', endsAt: inAWhile })
  await publish(zoe)
  await publish(pia, { leaseMs: 10 * SECOND })
  const { events } = watch(wim, [pia, zoe])
  await pass(9900)
  expect(events).toHaveLength(1)
  await pass(600)
  expect(events.slice(1)).toMatchObject([
    { change: 'CHANGED', presences: [{ user: pia, presence: { status: 'OFFLINE' } }] },
  ])
  await pass(9400)
  expect(events).toHaveLength(2)
  await pass(600)
  expect(events.slice(2)).toMatchObject([
    { change: 'CHANGED', presences: [{ user: zoe, presence: { status: 'OFFLINE' } }] },
  ])
})

test('that holds, too, after a tick about a watcher who has gone meanwhile', async () => {
  const { watch, decide, publish, pass, storage, problems } = atOneTime()
  const [pia, zoe, wim, wes] = [newUser('pia'), newUser('zoe'), newUser('wim'), newUser('wes')]
  await decide({ presentity: zoe, watcher: wes, verdict: 'ALLOWED' })
  await publish(zoe, { leaseMs: 10 * SECOND })
  const [{ close, reads }, { events }] = [watch(wim, 'CONTACTS'), watch(wes, [zoe])]
  await pass(9000)
  reads(false)
  await addContactsAndAsk(storage.privacy, { watcher: wim, presentities: [pia] })
  await pass(500)
  reads(true)
  close()
  await pass(1000)
  expect(statuses(events)).toEqual(['SNAPSHOT AVAILABLE', 'CHANGED OFFLINE'])
  expect(problems).toEqual([])
})

test('what ends by time is looked for once, and not before', async () => {
  const { watch, decide, publish, pass, reads, hub } = atOneTime()
  const [pia, wim] = [newUser('pia'), newUser('wim')]
  await decide({ presentity: pia, watcher: wim, verdict: 'ALLOWED' })
  await publish(pia, { status: 'BUSY', leaseMs: 30 * SECOND })
  watch(wim, [pia])
  await pass(20 * SECOND)
  expect(reads.length).toBeLessThanOrEqual(11)
  reads.length = 0
  await decide({ presentity: pia, watcher: newUser('somebody'), verdict: 'ALLOWED' })
  await pass(1500)
  expect(reads.map(({ read }) => read)).toEqual(['facts'])
  reads.length = 0
  await decide({ presentity: wim, watcher: newUser('somebody'), verdict: 'ALLOWED' })
  await pass(1500)
  expect(reads.map(({ read }) => read)).toEqual(['facts'])
  await pass(6000)
  expect(hub.readings().due).toBe(1)
  await pass(2000)
  expect(hub.readings().due).toBe(0)
  reads.length = 0
  await pass(20 * SECOND)
  expect(reads.length).toBeLessThanOrEqual(10)
})

test.each([
  { drawn: 0, afterMs: 125 },
  { drawn: 0.999, afterMs: 375 },
])(
  'a look that fails is repeated after $afterMs ms where $drawn is drawn, and is counted',
  async ({ drawn, afterMs }) => {
    const random = vi.spyOn(Math, 'random').mockReturnValue(drawn)
    onTestFinished(() => random.mockRestore())
    const { watch, decide, publish, pass, reads, world, hub, problems } = atOneTime({ random: () => 0.5 })
    const [pia, wim] = [newUser('pia'), newUser('wim')]
    await decide({ presentity: pia, watcher: wim, verdict: 'ALLOWED' })
    const { events, failures } = watch(wim, [pia])
    await pass(500)
    world.readsFail = true
    reads.length = 0
    await publish(pia)
    await pass(4000)
    const pauses = reads.slice(1).map(({ at }, place) => at - (reads[place]?.at ?? 0))
    expect(pauses.length).toBeGreaterThan(5)
    // Time passes in steps of 50 ms here.
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(afterMs - 50)
    expect(Math.max(...pauses)).toBeLessThanOrEqual(afterMs + 75)
    expect(hub.readings()).toMatchObject({ failures: reads.length, doubtful: 1 })
    expect(problems).toHaveLength(reads.length)
    expect(problems).toContainEqual(expect.any(Unavailable))
    world.readsFail = false
    await pass(500)
    expect(statuses(events)).toEqual(['SNAPSHOT OFFLINE', 'CHANGED AVAILABLE'])
    expect(failures).toEqual([])
    expect(hub.readings().doubtful).toBe(0)
  },
)

test('a stream that reads again within 30 s goes on: it is told the latest, and its time begins anew', async () => {
  const { watch, decide, publish, pass } = atOneTime({ snapshotEveryMs: NEVER_MS })
  const [pia, wim] = [newUser('pia'), newUser('wim')]
  await decide({ presentity: pia, watcher: wim, verdict: 'ALLOWED' })
  const { events, failures, reads } = watch(wim, [pia])
  await pass(500)
  for (const status of ['BUSY', 'AWAY', 'AVAILABLE'] as const) {
    reads(false)
    await publish(pia, { status: 'DO_NOT_DISTURB' })
    await publish(pia, { status })
    await pass(20 * SECOND)
    reads(true)
    await pass(500)
    expect(statuses(events).slice(-1)).toEqual([`CHANGED ${status}`])
  }
  expect(events).toHaveLength(4)
  expect(failures).toEqual([])
})

test('a stream that reads again when nothing has changed has nothing read', async () => {
  const { watch, decide, publish, pass, hub } = atOneTime()
  const [pia, wim] = [newUser('pia'), newUser('wim')]
  await decide({ presentity: pia, watcher: wim, verdict: 'ALLOWED' })
  await publish(pia)
  const { reads, events, close } = watch(wim, [pia])
  // Its first facts are not read yet.
  reads(true)
  await pass(500)
  const { ticks } = hub.readings()
  reads(false)
  reads(true)
  await whatFollows()
  expect(hub.readings()).toMatchObject({ ticks, doubtful: 0 })
  expect(events).toHaveLength(1)
  watch(wim, [pia])
  await whatFollows()
  reads(false)
  await publish(pia, { status: 'BUSY' })
  await whatFollows()
  const after = hub.readings().ticks
  close()
  reads(true)
  await whatFollows()
  expect(hub.readings()).toMatchObject({ ticks: after, doubtful: 0 })
})

test('a change that is taken back before it is read is not told', async () => {
  const { watch, decide, publish, pass, endSession } = atOneTime()
  const [pia, wim] = [newUser('pia'), newUser('wim')]
  await decide({ presentity: pia, watcher: wim, verdict: 'ALLOWED' })
  const { events, reads } = watch(wim, [pia])
  await pass(500)
  reads(false)
  await publish(pia)
  await pass(500)
  await endSession(pia)
  await pass(500)
  reads(true)
  await pass(500)
  expect(statuses(events)).toEqual(['SNAPSHOT OFFLINE'])
})

test('a stream of contacts that does not read while its list changes is shown all of it when it reads, or is closed', async () => {
  const { watch, pass, storage } = atOneTime()
  const [pia, zoe, wim] = [newUser('pia'), newUser('zoe'), newUser('wim')]
  const add = (contact: typeof pia) =>
    addContactsAndAsk(storage.privacy, { watcher: wim, presentities: [contact] })
  const [late, never] = [watch(wim, 'CONTACTS'), watch(wim, 'CONTACTS')]
  await pass(500)
  for (const { reads } of [late, never]) reads(false)
  await add(pia)
  await pass(20 * SECOND)
  await add(zoe)
  expect([late.events.length, never.events.length]).toEqual([1, 1])
  late.reads(true)
  await pass(500)
  expect(late.events.slice(1)).toMatchObject([{ change: 'SNAPSHOT', presences: [{}, {}] }])
  await pass(11 * SECOND)
  expect(never.failures).toHaveLength(1)
  expect(late.failures).toEqual([])
})
