import { expect, test } from 'vitest'
import type { Hint } from '../../src/application/ports.ts'
import { gate } from '../support/gate.ts'
import { memoryStorage } from '../support/memory-storage.ts'
import { newUser } from '../support/new-user.ts'
import { openHub, whatFollows } from '../support/open-hub.ts'

test('signals that come back while a stream is being opened make good what was missed, for that stream as well', async () => {
  const storage = memoryStorage()
  const listeners = new Set<(hint: Hint) => void>()
  const facts = gate()
  const opened = openHub(
    (live) => ({
      factsOfPairs: async (pairs) => facts.passed(await live.factsOfPairs(pairs)),
    }),
    {
      ...storage,
      signals: {
        ...storage.signals,
        // The connection of signals is down: no hint arrives.
        subscribeToAll(listener) {
          listeners.add(listener)
          return () => listeners.delete(listener)
        },
      },
    },
  )
  const [pia, wim] = [newUser('pia'), newUser('wim')]
  await opened.decide({ presentity: pia, watcher: wim, verdict: 'ALLOWED' })
  await opened.publish(pia)
  facts.close('NEXT')
  const { events } = opened.watch(wim, [pia])
  await whatFollows()
  await opened.publish(pia, { status: 'BUSY' })
  for (const listener of listeners) listener('ANYTHING')
  facts.open()
  await whatFollows()
  expect(events.at(-1)).toMatchObject({ presences: [{ user: pia, presence: { status: 'BUSY' } }] })
})

test('a signal about somebody else that comes while a stream is being opened has nobody looked at', async () => {
  const facts = gate()
  const reads: string[] = []
  const { publish, watch, hub } = openHub((live) => ({
    factsOfPairs: async (pairs) => facts.passed(await live.factsOfPairs(pairs)),
    look: (look) => (reads.push('look'), live.look(look)),
  }))
  const [pia, zoe, wim] = [newUser('pia'), newUser('zoe'), newUser('wim')]
  facts.close('NEXT')
  const { events } = watch(wim, [pia])
  await whatFollows()
  await publish(zoe)
  facts.open()
  await whatFollows()
  expect(events).toHaveLength(1)
  expect(reads).toEqual([])
  expect(hub.readings().ticks).toBe(0)
})
