import { expect, test } from 'vitest'
import { gate } from '../support/gate.ts'
import { memoryStorage } from '../support/memory-storage.ts'
import { newUser } from '../support/new-user.ts'
import { openHub, whatFollows, type Watching } from '../support/open-hub.ts'
import { putOnContactList } from '../support/put-on-contact-list.ts'

/** One tick reads what it needs at two moments, or by two statements. A test lets something happen between them, and withholds its signal. */
async function betweenReads() {
  const storage = memoryStorage()
  const [before, after] = [gate(), gate()]
  const world = { withheld: false }
  const opened = openHub(
    (live) => ({
      async factsOfPairs(pairs) {
        await before.passed(pairs)
        return after.passed(await live.factsOfPairs(pairs))
      },
    }),
    {
      ...storage,
      signals: {
        ...storage.signals,
        subscribeToAll: (listener) =>
          storage.signals.subscribeToAll((hint) => {
            if (!world.withheld) listener(hint)
          }),
      },
    },
  )
  const [pia, wim, wes] = [newUser('pia'), newUser('wim'), newUser('wes')]
  for (const watcher of [wim, wes]) await opened.decide({ presentity: pia, watcher, verdict: 'ALLOWED' })
  await opened.publish(pia)
  await putOnContactList(storage, { watcher: wim, presentities: [pia] })
  const somebody = newUser('somebody')
  return {
    ...opened,
    ...{ pia, wim, wes, before, after },
    changes: (user: typeof pia) => opened.decide({ presentity: user, watcher: somebody, verdict: 'BLOCKED' }),
    async silently(act: () => Promise<unknown>): Promise<void> {
      world.withheld = true
      await act()
      world.withheld = false
    },
  }
}

const lastStatus = ({ events }: Watching) =>
  events.flatMap((event) => ('presences' in event ? event.presences : [])).at(-1)?.presence.status

test('a block between the two reads of one tick hides its presentity, though one of them has read it', async () => {
  const { watch, changes, silently, decide, publish, after, pia, wim, wes } = await betweenReads()
  const [ofWim, ofWes] = [watch(wim, [pia]), watch(wes, [pia])]
  await whatFollows()
  after.close('NEXT')
  // The first read is for Wim, who has not moved, and the second for Wes, who has.
  await Promise.all([changes(pia), changes(wes)])
  await whatFollows()
  await silently(() => decide({ presentity: pia, watcher: wim, verdict: 'BLOCKED' }))
  after.open()
  await whatFollows()
  expect([ofWim, ofWes].map(lastStatus)).toEqual(['OFFLINE', 'AVAILABLE'])
  await publish(pia, { status: 'BUSY' })
  await whatFollows()
  expect([ofWim, ofWes].map(lastStatus)).toEqual(['OFFLINE', 'BUSY'])
})

test('a watcher who blocks somebody between the reads of their list and of their other users is shown neither', async () => {
  const { watch, changes, silently, decide, publish, before, pia, wim } = await betweenReads()
  const streams = [watch(wim, [pia]), watch(wim, 'CONTACTS')]
  await whatFollows()
  before.close('NEXT')
  await changes(wim)
  await whatFollows()
  await silently(() => decide({ presentity: wim, watcher: pia, verdict: 'BLOCKED' }))
  before.open()
  await whatFollows()
  expect(streams.map(lastStatus)).toEqual(['OFFLINE', 'OFFLINE'])
  await publish(pia, { status: 'BUSY' })
  await whatFollows()
  expect(streams.map(lastStatus)).toEqual(['OFFLINE', 'OFFLINE'])
})

test('a block that is read for another watcher alone hides its presentity from the one whom it concerns', async () => {
  const { watch, changes, silently, decide, publish, pia, wim, wes } = await betweenReads()
  const [ofWim, ofWes] = [watch(wim, [pia]), watch(wes, [pia])]
  await whatFollows()
  await silently(() => decide({ presentity: pia, watcher: wes, verdict: 'BLOCKED' }))
  await changes(wim)
  await whatFollows()
  expect([ofWim, ofWes].map(lastStatus)).toEqual(['AVAILABLE', 'OFFLINE'])
  await publish(pia, { status: 'BUSY' })
  await whatFollows()
  expect([ofWim, ofWes].map(lastStatus)).toEqual(['BUSY', 'OFFLINE'])
})

test('a stream that begins during a read, and is blocked before that read, is not shown by it', async () => {
  const { watch, changes, silently, decide, publish, before, pia, wim, wes } = await betweenReads()
  watch(wim, [pia])
  await whatFollows()
  before.close('NEXT')
  await changes(pia)
  await whatFollows()
  const ofWes = watch(wes, [pia])
  await whatFollows()
  await silently(() => decide({ presentity: pia, watcher: wes, verdict: 'BLOCKED' }))
  before.open()
  await whatFollows()
  expect(lastStatus(ofWes)).toBe('OFFLINE')
  await publish(pia, { status: 'BUSY' })
  await whatFollows()
  expect(lastStatus(ofWes)).toBe('OFFLINE')
})

test('a watcher who blocks somebody else while a decision is read for them is shown that at once', async () => {
  const { watch, changes, silently, decide, publish, before, pia, wim } = await betweenReads()
  const zoe = newUser('zoe')
  await decide({ presentity: zoe, watcher: wim, verdict: 'ALLOWED' })
  await publish(zoe)
  const { events } = watch(wim, [pia, zoe])
  await whatFollows()
  before.close('NEXT')
  // A read of revisions finds that Pia has decided something: Pia's pairs are read next.
  await silently(() => changes(pia))
  await publish(pia, { status: 'BUSY' })
  await whatFollows()
  await silently(() => decide({ presentity: wim, watcher: zoe, verdict: 'BLOCKED' }))
  before.open()
  await whatFollows()
  const told = events.slice(1).flatMap((event) => ('presences' in event ? event.presences : []))
  expect(told).toMatchObject([
    { user: pia, presence: { status: 'BUSY' } },
    { user: zoe, presence: { status: 'OFFLINE' } },
  ])
})

test('what is read at one moment is not read again', async () => {
  const { watch, changes, hub, pia, wim, wes } = await betweenReads()
  watch(wim, [pia])
  watch(wim, 'CONTACTS')
  watch(wes, [pia])
  await whatFollows()
  for (const users of [[pia], [wim], [pia, wim], [pia, wes]]) {
    const { ticks } = hub.readings()
    await Promise.all(users.map(changes))
    await whatFollows()
    expect(hub.readings().ticks).toBe(ticks + 1)
  }
})
