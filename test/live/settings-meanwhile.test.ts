import { expect, test } from 'vitest'
import { memoryStorage } from '../support/memory-storage.ts'
import { newUser } from '../support/new-user.ts'
import { ROOT } from '../support/administrators.ts'
import { DEFAULT_CLASS } from '../support/storage.ts'
import { gate } from '../support/gate.ts'
import { openHub, whatFollows, type OpenedHub, type Watching } from '../support/open-hub.ts'
import { steppedTime, type SteppedTime } from '../support/stepped-time.ts'

/** Reads whose answers are held back until they are let go: each says what was stored when it was asked. */
function heldAnswers() {
  const facts = gate()
  const looks = gate()
  const opened = openHub((live) => ({
    look: async (look) => looks.passed(await live.look(look)),
    factsOfPairs: async (pairs) => facts.passed(await live.factsOfPairs(pairs)),
  }))
  return { ...opened, facts, looks }
}

/** From now on, everybody sees their contacts alone. */
async function showContactsAlone({ storage }: Pick<OpenedHub, 'storage'>): Promise<void> {
  const { name } = DEFAULT_CLASS
  await storage.administration.changeClass({ actor: ROOT, name, settings: { invitationHandling: 'PROMPT' } })
}

function lastShown({ events }: Watching): unknown {
  return events.flatMap((event) => ('presences' in event ? event.presences : [])).at(-1)?.presence
}

async function somebodyIsWatched() {
  const opened = heldAnswers()
  const [pia, zoe, wim, wes] = [newUser('pia'), newUser('zoe'), newUser('wim'), newUser('wes')]
  for (const watcher of [wim, wes]) await opened.decide({ presentity: pia, watcher, verdict: 'ALLOWED' })
  await opened.publish(pia)
  opened.watch(wes, [pia, zoe])
  await whatFollows()
  return { ...opened, pia, zoe, wim }
}

test('a stream that read the settings of before, and begins before the tick that their change sets off, shows what they allow', async () => {
  const opened = await somebodyIsWatched()
  opened.facts.close()
  const stream = opened.watch(opened.wim, [opened.pia])
  await whatFollows()
  await showContactsAlone(opened)
  opened.facts.open()
  await whatFollows()
  expect(lastShown(stream)).toMatchObject({ status: 'OFFLINE' })
})

test('so does one that begins while another look is under way', async () => {
  const opened = await somebodyIsWatched()
  opened.facts.close()
  const stream = opened.watch(opened.wim, [opened.pia])
  opened.looks.close()
  await opened.publish(opened.zoe)
  await whatFollows()
  await showContactsAlone(opened)
  opened.facts.open()
  await whatFollows()
  opened.looks.open()
  await whatFollows()
  expect(lastShown(stream)).toMatchObject({ status: 'OFFLINE' })
})

test('so does one that is the only stream', async () => {
  const opened = heldAnswers()
  const [pia, wim] = [newUser('pia'), newUser('wim')]
  await opened.decide({ presentity: pia, watcher: wim, verdict: 'ALLOWED' })
  await opened.publish(pia)
  opened.facts.close('NEXT')
  const stream = opened.watch(wim, [pia])
  await whatFollows()
  await showContactsAlone(opened)
  await whatFollows()
  opened.facts.open()
  await whatFollows()
  expect(lastShown(stream)).toMatchObject({ status: 'OFFLINE' })
})

/** Two watchers of the same users, whom no signal of settings reaches. */
async function withoutSignalsOfSettings(time?: SteppedTime) {
  const storage = memoryStorage()
  const opened = openHub(
    undefined,
    {
      ...storage,
      signals: {
        ...storage.signals,
        subscribeToAll: (listener) =>
          storage.signals.subscribeToAll((hint) => {
            if (hint !== 'SETTINGS') listener(hint)
          }),
      },
    },
    time && { time },
  )
  const [pia, zoe, wim, wes] = [newUser('pia'), newUser('zoe'), newUser('wim'), newUser('wes')]
  for (const presentity of [pia, zoe]) {
    for (const watcher of [wim, wes]) await opened.decide({ presentity, watcher, verdict: 'ALLOWED' })
    await opened.publish(presentity)
  }
  const streams = [opened.watch(wim, [pia]), opened.watch(wim, [zoe]), opened.watch(wes, [zoe])]
  await whatFollows()
  return { ...opened, pia, zoe, wim, wes, streams }
}

const OFFLINE_TO_ALL = ['OFFLINE', 'OFFLINE', 'OFFLINE'].map((status) => ({ status }))

test('settings whose signal is lost hold for everybody as soon as anybody is read anew', async () => {
  const ways = [
    ({ decide, pia }) => decide({ presentity: pia, watcher: newUser('somebody'), verdict: 'BLOCKED' }),
    ({ decide, wes }) => decide({ presentity: wes, watcher: newUser('somebody'), verdict: 'BLOCKED' }),
    ({ publish, zoe }) => publish(zoe, { status: 'BUSY' }),
  ] satisfies ((of: Awaited<ReturnType<typeof withoutSignalsOfSettings>>) => Promise<void>)[]
  for (const way of ways) {
    const opened = await withoutSignalsOfSettings()
    await showContactsAlone(opened)
    await whatFollows()
    for (const stream of opened.streams) expect(stream.events).toHaveLength(1)
    await way(opened)
    await whatFollows()
    expect(opened.streams.map(lastShown)).toMatchObject(OFFLINE_TO_ALL)
    for (const stream of opened.streams) expect(stream.events).toHaveLength(2)
  }
})

test('they hold within 3 s where nobody does anything: the hub finds them when it makes sure that it can read', async () => {
  const time = steppedTime()
  const opened = await withoutSignalsOfSettings(time)
  await time.pass(5000)
  await showContactsAlone(opened)
  await time.pass(3000)
  expect(opened.streams.map(lastShown)).toMatchObject(OFFLINE_TO_ALL)
})
