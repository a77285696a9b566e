import { expect, test } from 'vitest'
import { ROOT } from '../support/administrators.ts'
import { gate } from '../support/gate.ts'
import { memoryStorage } from '../support/memory-storage.ts'
import { newUser } from '../support/new-user.ts'
import { openHub, whatFollows } from '../support/open-hub.ts'
import { DEFAULT_CLASS } from '../support/storage.ts'

/** A hub that no signal reaches: what it knows of changes is what new streams read. Wim's first stream shows Pia and Zoe. */
async function withoutSignals() {
  const storage = memoryStorage()
  const looks = gate()
  const reads: string[] = []
  const opened = openHub(
    (live) => ({
      async look(look) {
        reads.push('look')
        return looks.passed(await live.look(look))
      },
      async factsOfPairs(pairs) {
        reads.push(`${String(pairs.length)} pairs`)
        return live.factsOfPairs(pairs)
      },
    }),
    { ...storage, signals: { ...storage.signals, subscribeToAll: () => () => undefined } },
  )
  const { decide, publish, watch } = opened
  const [pia, zoe, wim, wes] = [newUser('pia'), newUser('zoe'), newUser('wim'), newUser('wes')]
  for (const presentity of [pia, zoe]) {
    for (const watcher of [wim, wes]) await decide({ presentity, watcher, verdict: 'ALLOWED' })
    await publish(presentity)
  }
  const { events } = watch(wim, [pia, zoe])
  await whatFollows()
  events.length = 0
  reads.length = 0
  return { ...opened, looks, reads, pia, zoe, wim, wes, events }
}

const told = (change: string, user: string, status: string) => ({
  change,
  presences: [{ user, presence: { status, activity: null, note: null } }],
})

test('a block that a new stream reads before its signal comes is told to all streams that show the user', async () => {
  const { decide, watch, pia, wim, wes, events } = await withoutSignals()
  await decide({ presentity: pia, watcher: wim, verdict: 'BLOCKED' })
  watch(wes, [pia])
  await whatFollows()
  expect(events).toEqual([told('CHANGED', pia, 'OFFLINE')])
})

test("a watcher's own decision that their new stream reads first is told to their other streams", async () => {
  const { decide, watch, pia, wim, events } = await withoutSignals()
  await decide({ presentity: wim, watcher: pia, verdict: 'BLOCKED' })
  watch(wim, [wim])
  await whatFollows()
  expect(events).toEqual([told('CHANGED', pia, 'OFFLINE')])
})

test('settings that a new stream reads before their signal comes hold for the streams of all', async () => {
  const { storage, watch, wes, pia, zoe, events } = await withoutSignals()
  const { name } = DEFAULT_CLASS
  await storage.administration.changeClass({ actor: ROOT, name, settings: { invitationHandling: 'PROMPT' } })
  watch(wes, [wes])
  await whatFollows()
  expect(events).toHaveLength(1)
  expect(events[0]).toMatchObject({ change: 'CHANGED' })
  const [event] = events
  const presences = event !== undefined && 'presences' in event ? event.presences : []
  expect(new Set(presences.map(({ user, presence }) => `${user} ${presence.status}`))).toEqual(
    new Set([`${pia} OFFLINE`, `${zoe} OFFLINE`]),
  )
})

test('a stream that reads nothing new has nothing read for others', async () => {
  const { watch, pia, wim, wes, events, reads } = await withoutSignals()
  const streams = [watch(wes, [pia]), watch(wim, [pia])]
  await whatFollows()
  for (const stream of streams) expect(stream.events).toHaveLength(1)
  expect(reads).toEqual(['1 pairs', '1 pairs'])
  expect(events).toEqual([])
})

test("what a new stream shows and the watcher's others do not yet comes to all of them at once", async () => {
  const { publish, watch, pia, zoe, wim, events, looks } = await withoutSignals()
  // The watcher's latest stream that shows a user says what the watcher was told of them.
  const { events: second } = watch(wim, [pia])
  await whatFollows()
  second.length = 0
  await publish(pia, { status: 'BUSY' })
  looks.close()
  const { events: third } = watch(wim, [wim, pia])
  await whatFollows()
  expect([events, second, third]).toEqual([[], [], []])
  looks.open()
  await whatFollows()
  expect(events).toEqual([told('CHANGED', pia, 'BUSY')])
  expect(second).toEqual([told('CHANGED', pia, 'BUSY')])
  expect(third).toMatchObject([{ change: 'SNAPSHOT' }])

  await publish(zoe, { status: 'AWAY' })
  const { events: fourth } = watch(wim, [zoe, pia])
  await whatFollows()
  expect(fourth).toHaveLength(1)
  expect(events.slice(1)).toEqual([told('CHANGED', zoe, 'AWAY')])
})

test("a new stream's snapshot waits for nothing that only the streams of others show otherwise", async () => {
  const { publish, watch, pia, wes, looks } = await withoutSignals()
  await publish(pia, { status: 'BUSY' })
  looks.close()
  const { events } = watch(wes, [pia])
  await whatFollows()
  expect(events).toEqual([told('SNAPSHOT', pia, 'BUSY')])
  looks.open()
})

test('a stream about nobody fails, and says why', async () => {
  const { watch, wim } = await withoutSignals()
  const { events, failures } = watch(wim, [])
  await whatFollows()
  expect(events).toEqual([])
  expect(failures).toEqual([new Error('a stream is about one user at least')])
})

test('a user who is asked for twice is shown once', async () => {
  const { watch, pia, wes } = await withoutSignals()
  const { events } = watch(wes, [pia, pia])
  await whatFollows()
  expect(events).toEqual([told('SNAPSHOT', pia, 'AVAILABLE')])
})
