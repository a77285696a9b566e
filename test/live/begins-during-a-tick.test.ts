import { expect, test } from 'vitest'
import { publishPresence } from '../../src/application/publish-presence.ts'
import { eventually } from '../support/eventually.ts'
import { gate } from '../support/gate.ts'
import { newUser } from '../support/new-user.ts'
import { openHub, whatFollows } from '../support/open-hub.ts'
import { POLICY } from '../support/policy.ts'

function heldLooks() {
  const looks = gate()
  const opened = openHub((live) => ({
    async look(look) {
      await looks.passed(look)
      return live.look(look)
    },
  }))
  return { ...opened, looks }
}

test('an end by time before a tick reads is told to a stream that the tick leaves out', async () => {
  const { storage, publish, decide, watch, looks } = heldLooks()
  const [pia, wim, wes] = [newUser('pia'), newUser('wim'), newUser('wes')]
  for (const watcher of [wim, wes]) await decide({ presentity: pia, watcher, verdict: 'ALLOWED' })
  await publish(pia)
  const phone = { user: pia, session: 'phone', activity: null, note: null } as const
  await publishPresence({ ...storage, ...POLICY }, { ...phone, status: 'BUSY', leaseMs: 60_000 })
  watch(wim, [pia])
  await whatFollows()

  looks.close()
  await publish(pia, { note: 'something else' })
  await whatFollows()
  const { events } = watch(wes, [pia])
  await whatFollows()
  storage.clock.advance(70_000)
  looks.open()
  await whatFollows()
  await eventually('the end of the busy session is told', () => {
    const [shown] = events.flatMap((event) => ('presences' in event ? event.presences : [])).slice(-1)
    return shown?.presence.status === 'AVAILABLE'
  })
})

test('streams that begin while somebody is being looked at make no further look', async () => {
  const { hub, publish, decide, watch, looks } = heldLooks()
  const [pia, wim] = [newUser('pia'), newUser('wim')]
  const others = Array.from({ length: 20 }, () => newUser('watcher'))
  for (const watcher of [wim, ...others]) await decide({ presentity: pia, watcher, verdict: 'ALLOWED' })
  await publish(pia)
  watch(wim, [pia])
  await whatFollows()

  looks.close()
  await publish(pia, { status: 'BUSY' })
  await whatFollows()
  const { ticks } = hub.readings()
  const streams = others.map((watcher) => watch(watcher, [pia]))
  await whatFollows()
  looks.open()
  await whatFollows()
  for (const { events } of streams)
    expect(events).toMatchObject([
      { change: 'SNAPSHOT', presences: [{ user: pia, presence: { status: 'BUSY' } }] },
    ])
  expect(hub.readings().ticks).toBe(ticks)
})
