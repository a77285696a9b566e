import { expect, test } from 'vitest'
import { newUser } from '../support/new-user.ts'
import { ROOT } from '../support/administrators.ts'
import { DEFAULT_CLASS } from '../support/storage.ts'
import { gate } from '../support/gate.ts'
import { openHub, whatFollows, type OpenedHub, type Watching } from '../support/open-hub.ts'

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
