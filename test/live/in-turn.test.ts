import { expect, test } from 'vitest'
import { Unavailable } from '../../src/application/ports.ts'
import type { ClassSettings } from '../../src/domain/class-settings.ts'
import type { UserId } from '../../src/domain/user-id.ts'
import { ROOT } from '../support/administrators.ts'
import { gate } from '../support/gate.ts'
import { newUser } from '../support/new-user.ts'
import { openHub, whatFollows, type Watching } from '../support/open-hub.ts'
import { steppedTime } from '../support/stepped-time.ts'
import { DEFAULT_CLASS } from '../support/storage.ts'

/** A hub whose looks and whose reads of facts a test holds back, and two watchers of the same two users. */
async function twoWatch() {
  const [looks, facts] = [gate(), gate()]
  const time = steppedTime()
  let arrivedUntil = Infinity
  const opened = openHub(
    (live) => ({
      async look(look) {
        await looks.passed(look)
        return live.look(look)
      },
      async factsOfPairs(pairs) {
        await facts.passed(pairs)
        return live.factsOfPairs(pairs)
      },
    }),
    undefined,
    { time, arrivedUntil: () => arrivedUntil },
  )
  const { decide, publish, watch, hub } = opened
  const [pia, zoe, wim, wes] = [newUser('pia'), newUser('zoe'), newUser('wim'), newUser('wes')]
  for (const presentity of [pia, zoe])
    for (const watcher of [wim, wes]) await decide({ presentity, watcher, verdict: 'ALLOWED' })
  await publish(pia)
  const [ofWim, ofWes] = [watch(wim, [pia]), watch(wes, [zoe, pia])]
  await whatFollows()
  for (const { events } of [ofWim, ofWes]) events.length = 0
  return {
    ...opened,
    ...{ looks, facts, pia, zoe, wim, wes, ofWim, ofWes, time },
    signalsStop: () => void (arrivedUntil = time.scheduler.now()),
    /** Something else for a watcher: what their stream had told when its turn came; null before. */
    turnOf(watcher: UserId, { events }: Watching): { readonly told: readonly unknown[] | null } {
      const turn: { told: readonly unknown[] | null } = { told: null }
      const come = () =>
        void (turn.told = events.flatMap((event) => ('presences' in event ? event.presences : [])))
      const waits = hub.inTurn(watcher)
      if (waits === undefined) come()
      else void waits.then(come)
      return turn
    },
  }
}

const shownAs = (status: string) =>
  expect.objectContaining({ presence: expect.objectContaining({ status }) as unknown }) as unknown

test('what comes for a watcher beside their streams waits for the change that was heard of before', async () => {
  const { publish, pia, wim, ofWim, turnOf, looks } = await twoWatch()
  await publish(pia, { status: 'BUSY' })
  const beforeTheLook = turnOf(wim, ofWim)
  expect(beforeTheLook.told).toBeNull()
  await whatFollows()
  expect(beforeTheLook.told).toEqual([shownAs('BUSY')])

  looks.close()
  await publish(pia, { status: 'AWAY' })
  await whatFollows()
  const duringTheLook = turnOf(wim, ofWim)
  await whatFollows()
  expect(duringTheLook.told).toBeNull()
  looks.open()
  await whatFollows()
  expect(duringTheLook.told).toEqual([shownAs('BUSY'), shownAs('AWAY')])
})

test('it waits for the look after the one under way, where that one began before the change was heard of', async () => {
  const { publish, pia, zoe, wim, ofWim, turnOf, looks } = await twoWatch()
  looks.close()
  await publish(zoe)
  await whatFollows()
  await publish(pia, { status: 'BUSY' })
  const turn = turnOf(wim, ofWim)
  looks.open()
  looks.close()
  await whatFollows()
  expect(turn.told).toBeNull()
  looks.open()
  await whatFollows()
  expect(turn.told).toEqual([shownAs('BUSY')])
})

test('so it does for a change that was heard of while the one before it was being read', async () => {
  const { publish, pia, wim, ofWim, turnOf, looks } = await twoWatch()
  looks.close()
  await publish(pia, { status: 'BUSY' })
  await whatFollows()
  await publish(pia, { status: 'AWAY' })
  const turn = turnOf(wim, ofWim)
  looks.open()
  looks.close()
  await whatFollows()
  expect(ofWim.events).toHaveLength(1)
  expect(turn.told).toBeNull()
  looks.open()
  await whatFollows()
  expect(turn.told?.at(-1)).toEqual(shownAs('AWAY'))
})

test('it does not wait for what is heard of later: changes without end would hold it back for good', async () => {
  const { publish, pia, wim, ofWim, turnOf, looks } = await twoWatch()
  looks.close()
  await publish(pia, { status: 'BUSY' })
  await whatFollows()
  const turn = turnOf(wim, ofWim)
  await publish(pia, { status: 'AWAY' })
  looks.open()
  looks.close()
  await whatFollows()
  expect(turn.told).toEqual([shownAs('AWAY')])
  looks.open()
})

test("nor where the first change is the watcher's own, or turns out to be a decision", async () => {
  const { decide, publish, pia, zoe, wim, ofWim, turnOf, looks, facts } = await twoWatch()
  facts.close()
  await decide({ presentity: wim, watcher: pia, verdict: 'BLOCKED' })
  const first = turnOf(wim, ofWim)
  await whatFollows()
  await decide({ presentity: wim, watcher: zoe, verdict: 'BLOCKED' })
  facts.open()
  facts.close()
  await whatFollows()
  expect(first.told).toEqual([shownAs('OFFLINE')])
  facts.open()
  await decide({ presentity: wim, watcher: pia, verdict: 'ALLOWED' })
  await whatFollows()

  looks.close()
  await publish(pia, { status: 'BUSY' })
  await whatFollows()
  const second = turnOf(wim, ofWim)
  await decide({ presentity: pia, watcher: wim, verdict: 'BLOCKED' })
  facts.close()
  looks.open()
  await whatFollows()
  expect(second.told).toBeNull()
  facts.open()
  facts.close()
  await whatFollows()
  expect(second.told).toEqual(['OFFLINE', 'AVAILABLE', 'OFFLINE'].map(shownAs))
  facts.open()
})

test('it waits for nothing that the streams of others show, and for nothing where nothing was heard of', async () => {
  const { publish, hub, zoe, wim, looks } = await twoWatch()
  expect(hub.inTurn(wim)).toBeUndefined()
  expect(hub.inTurn(newUser('nobody'))).toBeUndefined()
  looks.close()
  await publish(zoe)
  expect(hub.inTurn(wim)).toBeUndefined()
  await whatFollows()
  expect(hub.inTurn(wim)).toBeUndefined()
  expect(hub.inTurn(newUser('nobody'))).toBeUndefined()
  looks.open()
})

test("it waits for what the watcher's own decision hides", async () => {
  const { decide, pia, zoe, wim, ofWim, turnOf, facts } = await twoWatch()
  facts.close()
  await decide({ presentity: wim, watcher: pia, verdict: 'BLOCKED' })
  const beforeTheRead = turnOf(wim, ofWim)
  await whatFollows()
  const duringTheRead = turnOf(wim, ofWim)
  await whatFollows()
  expect([beforeTheRead.told, duringTheRead.told]).toEqual([null, null])
  facts.open()
  await whatFollows()
  expect(beforeTheRead.told).toEqual([shownAs('OFFLINE')])
  expect(duringTheRead.told).toEqual([shownAs('OFFLINE')])

  // Nothing that the stream shows has changed: it waits all the same.
  facts.close()
  await decide({ presentity: wim, watcher: zoe, verdict: 'BLOCKED' })
  await whatFollows()
  const turn = turnOf(wim, ofWim)
  await whatFollows()
  expect(turn.told).toBeNull()
  facts.open()
  await whatFollows()
  expect(turn.told).toEqual([shownAs('OFFLINE')])
})

test('it comes right after the frame, and does not wait for what the same tick reads for others', async () => {
  const { decide, publish, pia, wim, wes, ofWim, ofWes, turnOf, looks, facts } = await twoWatch()
  looks.close()
  facts.close()
  await decide({ presentity: wes, watcher: pia, verdict: 'BLOCKED' })
  await publish(pia, { status: 'BUSY' })
  await whatFollows()
  const [turnOfWim, turnOfWes] = [turnOf(wim, ofWim), turnOf(wes, ofWes)]
  looks.open()
  await whatFollows()
  expect(turnOfWim.told).toEqual([shownAs('BUSY')])
  expect(turnOfWes.told).toBeNull()
  facts.open()
  await whatFollows()
  expect(turnOfWes.told).toEqual([shownAs('OFFLINE')])
})

test('it waits for the tick that reads its watcher anew, where one tick cannot read all who are concerned', async () => {
  const { decide, publish, watch, storage, pia, turnOf, looks, facts } = await twoWatch()
  const watchers = Array.from({ length: 60 }, () => newUser('watcher'))
  const streams = watchers.map((watcher) => ({ watcher, stream: watch(watcher, [pia]) }))
  await whatFollows()
  for (const { watcher } of streams) await decide({ presentity: pia, watcher, verdict: 'ALLOWED' })
  await whatFollows()
  for (const { stream } of streams) stream.events.length = 0
  const lastTurn = () => turnOf(streams.at(-1)!.watcher, streams.at(-1)!.stream)
  const hide = (settings: Partial<ClassSettings>) =>
    storage.administration.changeClass({ actor: ROOT, name: DEFAULT_CLASS.name, settings })

  facts.close()
  await hide({ invitationHandling: 'PROMPT' })
  const first = lastTurn()
  await whatFollows()
  facts.open()
  facts.close()
  await whatFollows()
  expect(streams[0]?.stream.events).toHaveLength(1)
  expect(first.told).toBeNull()
  facts.open()
  await whatFollows()
  expect(first.told).toEqual([shownAs('OFFLINE')])

  // The same where the tick finds by itself what has changed, of the watchers and of Pia.
  await hide({ invitationHandling: 'USER_DEFINED' })
  await whatFollows()
  looks.close()
  await publish(pia, { status: 'BUSY' })
  await whatFollows()
  const second = lastTurn()
  await hide({ invitationHandling: 'PROMPT' })
  await decide({ presentity: pia, watcher: newUser('somebody'), verdict: 'BLOCKED' })
  facts.close()
  looks.open()
  await whatFollows()
  facts.open()
  facts.close()
  await whatFollows()
  expect(streams[0]?.stream.events.at(-1)).toMatchObject({ presences: [shownAs('OFFLINE')] })
  expect(second.told).toBeNull()
  // Nor is anything told to them before all of theirs is.
  expect(streams.at(-1)?.stream.events).toHaveLength(2)
  facts.open()
  await whatFollows()
  expect(second.told?.at(-1)).toEqual(shownAs('OFFLINE'))
})

test('it waits until a change that could not be read is told', async () => {
  const { publish, pia, wim, ofWim, turnOf, looks, time } = await twoWatch()
  looks.close()
  await publish(pia, { status: 'BUSY' })
  await whatFollows()
  const turn = turnOf(wim, ofWim)
  looks.fail(new Unavailable(new Error('no connection')))
  await whatFollows()
  expect(turn.told).toBeNull()
  await time.pass(1000)
  expect(turn.told).toEqual([shownAs('BUSY')])
})

test('it comes where streams end by a mistake, where nothing can be verified any more, and where the hub is closed', async () => {
  const mistaken = await twoWatch()
  mistaken.looks.close()
  await mistaken.publish(mistaken.pia, { status: 'BUSY' })
  await whatFollows()
  const first = mistaken.turnOf(mistaken.wim, mistaken.ofWim)
  mistaken.looks.fail(new Error('a mistake'))
  await whatFollows()
  expect(mistaken.ofWim.failures).toHaveLength(1)
  expect(first.told).toEqual([])

  const blind = await twoWatch()
  blind.looks.close()
  await blind.publish(blind.pia, { status: 'BUSY' })
  await whatFollows()
  const second = blind.turnOf(blind.wim, blind.ofWim)
  await blind.time.pass(9000)
  expect(second.told).toBeNull()
  await blind.time.pass(3000)
  expect(blind.hub.readings().blind).toBe(true)
  expect(second.told).toEqual([shownAs('OFFLINE')])
  expect(blind.hub.inTurn(blind.wim)).toBeUndefined()

  const closed = await twoWatch()
  closed.looks.close()
  await closed.publish(closed.pia, { status: 'BUSY' })
  await whatFollows()
  const third = closed.turnOf(closed.wim, closed.ofWim)
  closed.hub.close()
  await whatFollows()
  expect(third.told).toEqual([])
})
