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

test.each(['before', 'after'] as const)(
  'a watcher who blocks somebody between the reads of their list and of their other users is shown neither (%s)',
  async (place) => {
    const opened = await betweenReads()
    const { watch, changes, silently, decide, publish, pia, wim } = opened
    const streams = [watch(wim, [pia]), watch(wim, 'CONTACTS')]
    await whatFollows()
    opened[place].close('NEXT')
    await changes(wim)
    await whatFollows()
    await silently(() => decide({ presentity: wim, watcher: pia, verdict: 'BLOCKED' }))
    opened[place].open()
    await whatFollows()
    await publish(pia, { status: 'BUSY' })
    await whatFollows()
    expect(streams.map(lastStatus)).toEqual(['OFFLINE', 'OFFLINE'])
  },
)

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
