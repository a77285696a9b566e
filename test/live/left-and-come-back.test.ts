import { expect, test } from 'vitest'
import { Unavailable } from '../../src/application/ports.ts'
import { eventually } from '../support/eventually.ts'
import { gate } from '../support/gate.ts'
import { newUser } from '../support/new-user.ts'
import { openHub, whatFollows } from '../support/open-hub.ts'
import { putOnContactList } from '../support/put-on-contact-list.ts'

test('facts of a watcher who has left are not taken for those since the watcher came back', async () => {
  const facts = gate()
  const looks = gate()
  const { hub, watch, decide, publish } = openHub((live) => ({
    factsOfPairs: async (pairs) => facts.passed(await live.factsOfPairs(pairs)),
    async look(look) {
      await looks.passed(look)
      return live.look(look)
    },
  }))
  const [pia, wim] = [newUser('pia'), newUser('wim')]
  await decide({ presentity: pia, watcher: wim, verdict: 'ALLOWED' })
  await publish(pia)
  const first = watch(wim, [pia])
  await whatFollows()

  facts.close('NEXT')
  const second = watch(wim, [pia])
  await whatFollows()
  await decide({ presentity: wim, watcher: pia, verdict: 'BLOCKED' })
  await whatFollows()
  expect(first.events.at(-1)).toMatchObject({ presences: [{ presence: { status: 'OFFLINE' } }] })

  looks.close('NEXT')
  await publish(wim)
  await whatFollows()
  first.close()
  facts.open()
  await whatFollows()
  looks.fail(new Unavailable(new Error('no connection')))
  await eventually(
    'the hub looks again',
    () => hub.readings().failures === 1 && hub.readings().doubtful === 0,
  )
  await whatFollows()

  expect(second.events.at(-1)).toMatchObject({ presences: [{ presence: { status: 'OFFLINE' } }] })
})

test('somebody who is looked at by nobody any more is forgotten, however late something about her ends', async () => {
  const { hub, storage, watch, decide, publish } = openHub()
  const [pia, wim] = [newUser('pia'), newUser('wim')]
  const inAYear = storage.clock.now() + 365 * 24 * 3_600_000
  await decide({ presentity: pia, watcher: wim, verdict: 'ALLOWED', endsAt: inAYear })
  await publish(pia)
  for (let time = 0; time < 10; time += 1) {
    const { close } = watch(wim, [pia])
    await whatFollows()
    close()
  }
  expect(hub.readings()).toMatchObject({ streams: 0, presentities: 0, due: 0 })
})

test('nor is somebody kept whom nobody watches any more when their facts arrive', async () => {
  const reads = gate()
  const { hub, watch, decide, publish } = openHub((live) => ({
    look: async (look) => reads.passed(await live.look(look)),
    factsOfPairs: async (pairs) => reads.passed(await live.factsOfPairs(pairs)),
  }))
  const [pia, zoe, wim, wes] = [newUser('pia'), newUser('zoe'), newUser('wim'), newUser('wes')]
  await decide({ presentity: pia, watcher: wim, verdict: 'ALLOWED' })
  await publish(pia)
  watch(wes, [zoe])
  const causes = [
    () => publish(pia, { status: 'BUSY' }),
    () => decide({ presentity: pia, watcher: zoe, verdict: 'BLOCKED' }),
    () => decide({ presentity: wim, watcher: zoe, verdict: 'BLOCKED' }),
  ]
  for (const cause of causes) {
    const { close } = watch(wim, [pia])
    await whatFollows()
    expect(hub.readings()).toMatchObject({ presentities: 2, due: 1 })
    reads.close()
    await cause()
    await whatFollows()
    close()
    reads.open()
    await whatFollows()
    expect(hub.readings()).toMatchObject({ streams: 1, presentities: 1, due: 0, doubtful: 0 })
  }
})

test('nor are the contacts of a watcher who leaves while their list is read', async () => {
  const lists = gate()
  const { hub, watch, decide, storage } = openHub((live) => ({
    contactFacts: async (of) => lists.passed(await live.contactFacts(of)),
  }))
  const [pia, zoe, wim] = [newUser('pia'), newUser('zoe'), newUser('wim')]
  await putOnContactList(storage, { watcher: wim, presentities: [pia] })
  const { close } = watch(wim, 'CONTACTS')
  await whatFollows()
  lists.close()
  await decide({ presentity: wim, watcher: zoe, verdict: 'BLOCKED' })
  await whatFollows()
  close()
  lists.open()
  await whatFollows()
  expect(hub.readings()).toMatchObject({ streams: 0, presentities: 0, due: 0, doubtful: 0 })
})

test('of somebody who has gone offline nothing ends by time any more', async () => {
  const { hub, watch, decide, publish, endSession } = openHub()
  const [pia, wim] = [newUser('pia'), newUser('wim')]
  await decide({ presentity: pia, watcher: wim, verdict: 'ALLOWED' })
  await publish(pia)
  watch(wim, [pia])
  await whatFollows()
  expect(hub.readings().due).toBe(1)
  await endSession(pia)
  await whatFollows()
  expect(hub.readings().due).toBe(0)
})
