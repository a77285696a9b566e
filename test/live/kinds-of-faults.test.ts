import { expect, test } from 'vitest'
import { whatIsSeen } from '../../src/application/what-is-seen.ts'
import type { SightFacts } from '../../src/application/sight-facts.ts'
import { decideAccess } from '../../src/application/manage-decisions.ts'
import { requestAccess } from '../../src/application/request-access.ts'
import { watchIncoming } from '../../src/live/watch-incoming.ts'
import { memoryStorage } from '../support/memory-storage.ts'
import { newUser } from '../support/new-user.ts'
import { openHub, whatFollows } from '../support/open-hub.ts'
import { ALWAYS_ITS_TURN, POLICY } from '../support/policy.ts'

test('a change of the activity alone is sent, of the note alone, and of the status alone', async () => {
  const { watch, decide, publish } = openHub()
  const [pia, wim] = [newUser('pia'), newUser('wim')]
  await decide({ presentity: pia, watcher: wim, verdict: 'ALLOWED' })
  const { events } = watch(wim, [pia])
  const said = [
    { status: 'BUSY', activity: null, note: null },
    { status: 'BUSY', activity: 'IN_A_CALL', note: null },
    { status: 'BUSY', activity: 'IN_A_CALL', note: 'soon' },
    { status: 'AWAY', activity: 'IN_A_CALL', note: 'soon' },
  ] as const
  await whatFollows()
  for (const each of said) {
    await publish(pia, each)
    await whatFollows()
  }
  const told = events.slice(1).map((event) => 'presences' in event && event.presences[0]?.presence)
  expect(told).toEqual(said)
})

test('a request that comes while the popup is being read is told', async () => {
  const storage = memoryStorage()
  const [pia, wim, zoe] = [newUser('pia'), newUser('wim'), newUser('zoe')]
  const ask = (watcher: typeof wim) =>
    requestAccess(storage.privacy, { watcher, presentities: [pia], trigger: 'DIRECT', addToContacts: false })
  let meanwhile: (() => Promise<unknown>) | undefined
  const popup = watchIncoming(
    {
      ...storage,
      hub: ALWAYS_ITS_TURN,
      lists: {
        ...storage.lists,
        async popup(of) {
          const read = await storage.lists.popup(of)
          const act = meanwhile
          meanwhile = undefined
          await act?.()
          return read
        },
      },
    },
    pia,
  )
  meanwhile = () => ask(wim)
  expect(await popup.next()).toMatchObject({ value: { change: 'SNAPSHOT', requests: [] } })
  expect(await popup.next()).toMatchObject({ value: { change: 'ADDED', items: [{ watcher: wim }] } })
  meanwhile = () => ask(zoe)
  await decideAccess(storage.privacy, { presentity: pia, watchers: [wim], verdict: 'BLOCKED', endsAt: null })
  expect(await popup.next()).toMatchObject({ value: { change: 'RESOLVED' } })
  expect(await popup.next()).toMatchObject({ value: { change: 'ADDED', items: [{ watcher: zoe }] } })
  await popup.return?.()
})

test('of a user who is hidden no session is read: composing what nobody sees is work that can be felt', async () => {
  const storage = memoryStorage()
  const [pia, wim] = [newUser('pia'), newUser('wim')]
  await decideAccess(storage.privacy, { presentity: pia, watchers: [wim], verdict: 'BLOCKED', endsAt: null })
  const read = await storage.facts.readFacts({ watcher: wim, presentities: [pia] })
  let reads = 0
  const of = {
    user: { ...read.presentities.get(pia)?.user },
    pair: read.presentities.get(pia)?.pair,
    get sessions() {
      reads += 1
      return []
    },
  }
  const facts = { ...read, presentities: new Map([[pia, of]]) } as unknown as SightFacts
  whatIsSeen(facts, { presentity: pia, watcher: wim }, POLICY.policy)
  expect(reads).toBe(0)
})
