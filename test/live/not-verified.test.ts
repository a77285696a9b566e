import { expect, test } from 'vitest'
import { Unavailable } from '../../src/application/ports.ts'
import { gate } from '../support/gate.ts'
import { newUser } from '../support/new-user.ts'
import { openHub, whatFollows } from '../support/open-hub.ts'
import { steppedTime } from '../support/stepped-time.ts'

type World = { readsFail: boolean; arrivedUntil: number }

/** Streams about Pia, who is online, and Zoe, who is not. Reads fail, or signals do not arrive, when a test says so. */
async function streams() {
  const time = steppedTime()
  const world: World = { readsFail: false, arrivedUntil: Infinity }
  const read = <Answer>(answer: () => Promise<Answer>): Promise<Answer> =>
    world.readsFail ? Promise.reject(new Unavailable(new Error('no connection'))) : answer()
  const opened = openHub(
    (live) => ({
      look: (look) => read(() => live.look(look)),
      factsOfPairs: (pairs) => read(() => live.factsOfPairs(pairs)),
    }),
    undefined,
    { time, arrivedUntil: () => world.arrivedUntil },
  )
  const { decide, publish, watch } = opened
  const [pia, zoe, wim, wes] = [newUser('pia'), newUser('zoe'), newUser('wim'), newUser('wes')]
  for (const presentity of [pia, zoe]) await decide({ presentity, watcher: wim, verdict: 'ALLOWED' })
  await publish(pia)
  const [sees, seesNobody] = [watch(wim, [pia, zoe]), watch(wes, [pia, zoe])]
  await time.pass(1000)
  for (const { events } of [sees, seesNobody]) events.length = 0
  return { ...opened, time, world, pia, zoe, wim, wes, sees, seesNobody }
}

const shown = (user: string, status: string) => ({ user, presence: { status, activity: null, note: null } })

test.each<[string, Partial<World>]>([
  ['reads fail', { readsFail: true }],
  ['signals do not arrive', { arrivedUntil: 1000 }],
])(
  'where %s for 10 s, everybody is shown Offline, and a snapshot follows when it is over',
  async (_, trouble) => {
    const { time, world, hub, problems, publish, pia, zoe, sees, seesNobody } = await streams()
    Object.assign(world, trouble)
    await time.pass(8500)
    expect([sees.events, seesNobody.events]).toEqual([[], []])
    expect(hub.readings().blind).toBe(false)
    await time.pass(2500)
    expect(hub.readings().blind).toBe(true)
    expect(sees.events).toEqual([{ change: 'CHANGED', presences: [shown(pia, 'OFFLINE')] }])
    // Who was shown nobody is told nothing.
    expect(seesNobody.events).toEqual([])
    expect(problems).toContainEqual(
      new Error('what streams show could not be verified for 10 s: they show everybody Offline'),
    )

    // Whatever happens and is read meanwhile, nothing is shown; and it is said once.
    await publish(pia, { status: 'BUSY' })
    await time.pass(20_000)
    expect(sees.events).toHaveLength(1)
    expect(seesNobody.events).toEqual([])

    Object.assign(world, { readsFail: false, arrivedUntil: Infinity })
    await time.pass(3000)
    expect(hub.readings().blind).toBe(false)
    expect(sees.events.slice(1)).toEqual([
      { change: 'SNAPSHOT', presences: [shown(pia, 'BUSY'), shown(zoe, 'OFFLINE')] },
    ])
    expect(seesNobody.events).toEqual([
      { change: 'SNAPSHOT', presences: [shown(pia, 'OFFLINE'), shown(zoe, 'OFFLINE')] },
    ])
    await publish(zoe)
    await whatFollows()
    expect(sees.events.slice(2)).toEqual([{ change: 'CHANGED', presences: [shown(zoe, 'AVAILABLE')] }])

    // The next time it is the same again.
    sees.events.length = 0
    Object.assign(
      world,
      trouble.arrivedUntil === undefined ? trouble : { arrivedUntil: time.scheduler.now() },
    )
    await time.pass(12_000)
    expect(sees.events).toEqual([
      { change: 'CHANGED', presences: [shown(pia, 'OFFLINE'), shown(zoe, 'OFFLINE')] },
    ])
  },
)

test('who does not read when everybody is hidden is shown everybody Offline as soon as they read', async () => {
  const { time, world, publish, pia, zoe, sees } = await streams()
  sees.reads(false)
  world.readsFail = true
  await time.pass(11_000)
  expect(sees.events).toEqual([])
  sees.reads(true)
  expect(sees.events).toEqual([
    { change: 'SNAPSHOT', presences: [shown(pia, 'OFFLINE'), shown(zoe, 'OFFLINE')] },
  ])
  sees.reads(true)
  expect(sees.events).toHaveLength(1)
  world.readsFail = false
  await publish(pia, { status: 'AWAY' })
  await time.pass(3000)
  expect(sees.events.slice(1)).toEqual([
    { change: 'SNAPSHOT', presences: [shown(pia, 'AWAY'), shown(zoe, 'OFFLINE')] },
  ])
})

test('who reads again only when it is over is shown what is true, and nothing else', async () => {
  const { time, world, publish, pia, zoe, sees } = await streams()
  sees.reads(false)
  await publish(pia, { status: 'BUSY' })
  world.readsFail = true
  await time.pass(11_000)
  world.readsFail = false
  await time.pass(3000)
  expect(sees.events).toEqual([])
  sees.reads(true)
  await whatFollows()
  expect(sees.events).toEqual([
    { change: 'SNAPSHOT', presences: [shown(pia, 'BUSY'), shown(zoe, 'OFFLINE')] },
  ])
})

test('no stream begins while nothing can be verified; where there was none, the first one tries for itself', async () => {
  const { time, world, hub, watch, pia, wim, sees, seesNobody } = await streams()
  world.arrivedUntil = 1000
  await time.pass(11_000)
  const refused = watch(wim, [pia])
  await whatFollows()
  expect(refused.events).toEqual([])
  expect(refused.failures).toEqual([new Unavailable(new Error('streams cannot be verified'))])
  for (const { close } of [sees, seesNobody]) close()
  world.arrivedUntil = Infinity
  // Nobody looks: nothing is read, and nothing need be verified.
  await time.pass(60_000)
  const begins = watch(wim, [pia])
  await whatFollows()
  expect(begins.failures).toEqual([])
  expect(begins.events).toEqual([{ change: 'SNAPSHOT', presences: [shown(pia, 'AVAILABLE')] }])
  expect(hub.readings().blind).toBe(false)
  await time.pass(20_000)
  expect(begins.events).toHaveLength(1)
})

test('the first stream cannot begin either where signals have not arrived for 10 s', async () => {
  const { time, world, watch, pia, wim, sees, seesNobody } = await streams()
  for (const { close } of [sees, seesNobody]) close()
  world.arrivedUntil = time.scheduler.now()
  await time.pass(9000)
  const inTime = watch(wim, [pia])
  await whatFollows()
  expect(inTime.failures).toEqual([])
  inTime.close()
  await time.pass(1000)
  const tooLate = watch(wim, [pia])
  await whatFollows()
  expect(tooLate.failures).toEqual([expect.any(Unavailable)])
})

test('a first stream that took long to begin is hidden like any other when nothing can be verified', async () => {
  const time = steppedTime()
  const begins = gate()
  const world = { readsFail: false }
  const { decide, publish, watch, hub, problems } = openHub(
    (live) => ({
      look: (look) =>
        world.readsFail ? Promise.reject(new Unavailable(new Error('no connection'))) : live.look(look),
      factsOfPairs: async (pairs) => begins.passed(await live.factsOfPairs(pairs)),
    }),
    undefined,
    { time },
  )
  expect(hub.readings()).toMatchObject({ blind: false, streams: 0, ticks: 0 })
  const [pia, wim] = [newUser('pia'), newUser('wim')]
  await decide({ presentity: pia, watcher: wim, verdict: 'ALLOWED' })
  await publish(pia)
  begins.close('NEXT')
  const { events } = watch(wim, [pia])
  await time.pass(2000)
  expect(problems).toEqual([])
  begins.open()
  await time.pass(1000)
  world.readsFail = true
  await time.pass(12_000)
  expect(events.slice(1)).toEqual([{ change: 'CHANGED', presences: [shown(pia, 'OFFLINE')] }])
})

test('a stream that cannot be begun fails alone', async () => {
  const { world, hub, watch, publish, pia, wim, sees } = await streams()
  world.readsFail = true
  const { failures, events } = watch(wim, [pia])
  await whatFollows()
  expect(failures).toEqual([expect.any(Unavailable)])
  expect(events).toEqual([])
  world.readsFail = false
  await publish(pia, { status: 'BUSY' })
  await whatFollows()
  expect(sees.events).toEqual([{ change: 'CHANGED', presences: [shown(pia, 'BUSY')] }])
  expect(hub.readings().streams).toBe(2)
})
