import { expect, test } from 'vitest'
import type { Shown } from '../../src/live/presence-event.ts'
import { newUser } from '../support/new-user.ts'
import { openHub, whatFollows, type Watching } from '../support/open-hub.ts'

/** The presence of the one user that a stream was told of first: the object itself, by which results are shared. */
function firstShown({ events: [event] }: Watching): Shown | undefined {
  return event !== undefined && 'presences' in event ? event.presences[0] : undefined
}

test('all who are shown the same presence of a user get one object, and the user gets another', async () => {
  const { publish, decide, watch } = openHub()
  const [pia, wim, wes, zed] = [newUser('pia'), newUser('wim'), newUser('wes'), newUser('zed')]
  for (const watcher of [wim, zed]) await decide({ presentity: pia, watcher, verdict: 'ALLOWED' })
  await publish(pia)
  const streams: Watching[] = []
  for (const watcher of [wim, wes, zed, pia]) {
    streams.push(watch(watcher, [pia]))
    await whatFollows()
  }
  const [allowed, hidden, alsoAllowed, herself] = streams.map(firstShown)
  expect(allowed).toMatchObject({ user: pia, presence: { status: 'AVAILABLE' } })
  expect(alsoAllowed).toBe(allowed)
  expect(hidden).toMatchObject({ user: pia, presence: { status: 'OFFLINE' } })
  expect(herself).toEqual(allowed)
  expect(herself).not.toBe(allowed)
})

test('a user who is offline is one object, for those who may see them and for all others', async () => {
  const { decide, watch } = openHub()
  const [pia, wim, wes] = [newUser('pia'), newUser('wim'), newUser('wes')]
  await decide({ presentity: pia, watcher: wim, verdict: 'ALLOWED' })
  const streams = [wim, wes, pia].map((watcher) => watch(watcher, [pia]))
  await whatFollows()
  const [allowed, hidden, herself] = streams.map(firstShown)
  expect(allowed).toMatchObject({ user: pia, presence: { status: 'OFFLINE' } })
  expect(hidden).toBe(allowed)
  expect(herself).toBe(allowed)
})
