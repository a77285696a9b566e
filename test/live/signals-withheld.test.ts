import { expect, test } from 'vitest'
import { eraseUser } from '../../src/application/erase-user.ts'
import { UserErased, type Hint } from '../../src/application/ports.ts'
import { ROOT } from '../support/administrators.ts'
import { gate } from '../support/gate.ts'
import { memoryStorage } from '../support/memory-storage.ts'
import { newUser } from '../support/new-user.ts'
import { openHub, whatFollows } from '../support/open-hub.ts'
import { putOnContactList } from '../support/put-on-contact-list.ts'

/** Signals trigger reads and decide nothing. Here a test withholds those of some acts: the next read finds what they were about. */
async function withheld() {
  const storage = memoryStorage()
  const world = { withheld: false }
  const listeners: ((hint: Hint) => void)[] = []
  const looks = gate()
  const opened = openHub((live) => ({ look: async (look) => looks.passed(await live.look(look)) }), {
    ...storage,
    signals: {
      ...storage.signals,
      subscribeToAll(listener) {
        listeners.push(listener)
        return storage.signals.subscribeToAll((hint) => {
          if (!world.withheld) listener(hint)
        })
      },
    },
  })
  const [pia, zoe, wim, wes] = [newUser('pia'), newUser('zoe'), newUser('wim'), newUser('wes')]
  for (const presentity of [pia, zoe]) {
    for (const watcher of [wim, wes]) await opened.decide({ presentity, watcher, verdict: 'ALLOWED' })
    await opened.publish(presentity)
  }
  const silently = async (act: () => Promise<unknown>): Promise<void> => {
    world.withheld = true
    await act()
    world.withheld = false
  }
  const hear = (hint: Hint): void => listeners.forEach((listener) => listener(hint))
  return { ...opened, ...{ looks, pia, zoe, wim, wes, silently, hear } }
}

type Withheld = Awaited<ReturnType<typeof withheld>>

/** Acts that make the hub read Pia: the sessions, the facts at once, or both beside each other. */
const CAUSES: Readonly<Record<string, (of: Withheld) => Promise<unknown>>> = {
  'Pia changes her status': ({ publish, pia }) => publish(pia, { status: 'BUSY' }),
  'Pia decides about somebody else': ({ decide, pia }) =>
    decide({ presentity: pia, watcher: newUser('somebody'), verdict: 'BLOCKED' }),
  'she does both': ({ publish, decide, pia }) =>
    Promise.all([
      publish(pia, { status: 'BUSY' }),
      decide({ presentity: pia, watcher: newUser('somebody'), verdict: 'BLOCKED' }),
    ]),
}

test.each(Object.entries(CAUSES))(
  'everything of a watcher who has decided something unheard is told in one frame: %s',
  async (_, cause) => {
    const opened = await withheld()
    const { watch, decide, publish, silently, pia, zoe, wim, wes } = opened
    const { events } = watch(wim, [pia, zoe])
    const others = watch(wes, [pia, zoe])
    await whatFollows()
    await silently(async () => {
      await decide({ presentity: wim, watcher: zoe, verdict: 'BLOCKED' })
      await publish(pia, { note: 'said unheard' })
    })
    await cause(opened)
    await whatFollows()
    expect(events.slice(1)).toMatchObject([
      {
        change: 'CHANGED',
        presences: [
          { user: pia, presence: { status: expect.stringMatching(/BUSY|AVAILABLE/) as unknown } },
          { user: zoe, presence: { status: 'OFFLINE' } },
        ],
      },
    ])
    expect(others.events.slice(1)).toMatchObject([{ change: 'CHANGED', presences: [{ user: pia }] }])
  },
)

test.each(Object.entries(CAUSES))(
  'a block that was not heard of hides its presentity with the next frame that would show them: %s',
  async (_, cause) => {
    const opened = await withheld()
    const { watch, decide, silently, pia, zoe, wim, wes } = opened
    const { events } = watch(wim, [pia, zoe])
    const others = watch(wes, [pia, zoe])
    await whatFollows()
    await silently(() => decide({ presentity: pia, watcher: wim, verdict: 'BLOCKED' }))
    await cause(opened)
    await whatFollows()
    expect(events.slice(1)).toMatchObject([
      { change: 'CHANGED', presences: [{ user: pia, presence: { status: 'OFFLINE' } }] },
    ])
    expect(JSON.stringify(others.events.slice(1))).not.toContain('OFFLINE')
  },
)

test.each(
  Object.entries(CAUSES).flatMap(([name, cause]) =>
    [['CONTACTS'], ['BY NAME'], ['BY NAME', 'CONTACTS']].map((interests) => ({ name, cause, interests })),
  ),
)(
  'a watcher whose erasure was not heard of is shown nothing more: $name ($interests)',
  async ({ cause, interests }) => {
    const opened = await withheld()
    const { watch, storage, silently, pia, wim, wes } = opened
    await putOnContactList(storage, { watcher: wim, presentities: [pia] })
    const others = watch(wes, [pia])
    const streams = interests.map((interest) => watch(wim, interest === 'CONTACTS' ? interest : [pia]))
    await whatFollows()
    await silently(() => eraseUser(storage.records, { user: wim, actor: ROOT }))
    await cause(opened)
    await whatFollows()
    for (const { events, failures } of streams) {
      expect(events).toHaveLength(1)
      expect(failures).toEqual([expect.any(UserErased)])
    }
    expect(others.failures).toEqual([])
  },
)

test.each([true, false])(
  'a contact who was erased goes from the list when a signal names nobody but them (of sessions only: %s)',
  async (sessionsOnly) => {
    const { watch, storage, hear, silently, pia, zoe, wim } = await withheld()
    await putOnContactList(storage, { watcher: wim, presentities: [pia, zoe] })
    const [{ events }, byName] = [watch(wim, 'CONTACTS'), watch(wim, [pia])]
    await whatFollows()
    await silently(() => eraseUser(storage.records, { user: pia, actor: ROOT }))
    hear({ users: [pia], sessionsOnly })
    await whatFollows()
    expect(events.slice(1).at(-1)).toEqual({ change: 'REMOVED', userIds: [pia] })
    expect(byName.events.slice(1)).toMatchObject([{ presences: [{ presence: { status: 'OFFLINE' } }] }])
  },
)

test.each(['decides', 'publishes'])(
  'everything of a watcher is told in one frame, where of two users one %s and the other has decided unheard',
  async (act) => {
    const { watch, decide, publish, silently, pia, zoe, wim } = await withheld()
    const { events } = watch(wim, [pia, zoe])
    await whatFollows()
    await silently(async () => {
      await decide({ presentity: zoe, watcher: wim, verdict: 'BLOCKED' })
      await publish(pia, { status: 'BUSY' })
    })
    await Promise.all([
      act === 'decides'
        ? decide({ presentity: pia, watcher: newUser('somebody'), verdict: 'BLOCKED' })
        : publish(pia, { status: 'BUSY', note: 'heard' }),
      publish(zoe, { status: 'AWAY' }),
    ])
    await whatFollows()
    expect(events.slice(1)).toMatchObject([
      {
        change: 'CHANGED',
        presences: [
          { user: pia, presence: { status: 'BUSY' } },
          { user: zoe, presence: { status: 'OFFLINE' } },
        ],
      },
    ])
  },
)

test("a new stream waits for what is being read for the watcher's other streams, though it shows the same as they do", async () => {
  const { watch, publish, silently, looks, pia, wim } = await withheld()
  const first = watch(wim, [pia])
  await whatFollows()
  looks.close()
  await publish(pia, { status: 'BUSY' })
  await whatFollows()
  await silently(() => publish(pia, { status: 'AVAILABLE' }))
  const second = watch(wim, [pia])
  await whatFollows()
  expect(second.events).toEqual([])
  looks.open()
  await whatFollows()
  const told = [first, second].map(({ events }) =>
    events.flatMap((event) =>
      'presences' in event ? event.presences.map(({ presence }) => presence.status) : [],
    ),
  )
  expect(told).toEqual([['AVAILABLE', 'BUSY', 'AVAILABLE'], ['AVAILABLE']])
})
