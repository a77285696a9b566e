import { expect, test } from 'vitest'
import { ROOT } from '../support/administrators.ts'
import { newUser } from '../support/new-user.ts'
import { openHub, whatFollows, type OpenedHub } from '../support/open-hub.ts'
import { DEFAULT_CLASS } from '../support/storage.ts'

const showContactsAlone = ({ storage }: Pick<OpenedHub, 'storage'>) =>
  storage.administration.changeClass({
    actor: ROOT,
    name: DEFAULT_CLASS.name,
    settings: { invitationHandling: 'PROMPT' },
  })

test.each(['first', 'last'])(
  'what one look shows to one watcher is not shown to another, who was hidden from it (%s)',
  async (place) => {
    const { watch, decide, publish } = openHub()
    const [pia, wim, wes, zed] = [newUser('pia'), newUser('wim'), newUser('wes'), newUser('zed')]
    const hidden = [wim, zed]
    for (const watcher of hidden) await decide({ presentity: pia, watcher, verdict: 'BLOCKED' })
    await decide({ presentity: pia, watcher: wes, verdict: 'ALLOWED' })
    const watchers = place === 'first' ? [wim, zed, wes, pia] : [pia, wes, wim, zed]
    const streams = watchers.map((watcher) => ({ watcher, events: watch(watcher, [pia]).events }))
    await whatFollows()
    await publish(pia, { status: 'BUSY' })
    await whatFollows()
    for (const { watcher, events } of streams)
      expect(events.slice(1)).toMatchObject(
        hidden.includes(watcher)
          ? []
          : [{ change: 'CHANGED', presences: [{ user: pia, presence: { status: 'BUSY' } }] }],
      )
  },
)

test.each(['before', 'after'])(
  'a watcher whose class shows contacts alone is not shown what others publish (%s their stream began)',
  async (moment) => {
    const opened = openHub()
    const { watch, decide, publish } = opened
    const [pia, wim] = [newUser('pia'), newUser('wim')]
    await decide({ presentity: pia, watcher: wim, verdict: 'ALLOWED' })
    if (moment === 'before') await showContactsAlone(opened)
    // What was signalled by then is over: nothing reads the class again.
    await whatFollows()
    const { events } = watch(wim, [pia])
    await whatFollows()
    if (moment === 'after') await showContactsAlone(opened)
    await whatFollows()
    for (const status of ['AVAILABLE', 'BUSY'] as const) {
      await publish(pia, { status })
      await whatFollows()
    }
    expect(events).toMatchObject([{ change: 'SNAPSHOT', presences: [{ presence: { status: 'OFFLINE' } }] }])
  },
)

test('a watcher who closes one of their streams is told in the others what they decide', async () => {
  const { watch, decide, publish } = openHub()
  const [pia, wim] = [newUser('pia'), newUser('wim')]
  await decide({ presentity: pia, watcher: wim, verdict: 'ALLOWED' })
  await publish(pia)
  const [{ close }, { events }] = [watch(wim, [pia]), watch(wim, [pia])]
  await whatFollows()
  close()
  await decide({ presentity: wim, watcher: pia, verdict: 'BLOCKED' })
  await whatFollows()
  expect(events.slice(1)).toMatchObject([{ presences: [{ user: pia, presence: { status: 'OFFLINE' } }] }])
})

test('of what one step tells, the stream that began first is told first, whatever was decided first', async () => {
  const { hub, decide, publish } = openHub()
  const [pia, zoe, wim] = [newUser('pia'), newUser('zoe'), newUser('wim')]
  const told: string[] = []
  for (const presentity of [pia, zoe]) {
    await decide({ presentity, watcher: wim, verdict: 'ALLOWED' })
    hub.open({
      watcher: wim,
      interest: { users: [presentity] },
      sink: {
        isReady: () => true,
        deliver: ({ change }) => told.push(`${presentity === pia ? 'first' : 'second'}: ${change}`),
        fail: () => undefined,
      },
    })
    await whatFollows()
  }
  for (const order of [
    [pia, zoe],
    [zoe, pia],
  ]) {
    told.length = 0
    await Promise.all(order.map((user) => publish(user, { note: order.join(' ') })))
    await whatFollows()
    expect(told).toEqual(['first: CHANGED', 'second: CHANGED'])
  }
})
