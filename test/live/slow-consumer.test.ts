import { expect, test } from 'vitest'
import { decideAccess } from '../../src/application/manage-decisions.ts'
import { publishPresence } from '../../src/application/publish-presence.ts'
import { SlowConsumer, type PresenceEvent } from '../../src/live/presence-event.ts'
import { presenceHub } from '../../src/live/presence-hub.ts'
import { memoryStorage } from '../support/memory-storage.ts'
import { newUser } from '../support/new-user.ts'
import { NEVER_MS, POLICY } from '../support/policy.ts'
import { steppedTime } from '../support/stepped-time.ts'

test('a stream that is not read is closed 30 s after there was something for it, and one that is read goes on', async () => {
  const storage = memoryStorage()
  const time = steppedTime()
  const hub = presenceHub({
    live: storage.live,
    signals: { ...storage.signals, arrivedUntil: () => time.scheduler.now() },
    ...POLICY,
    scheduler: time.scheduler,
    snapshotEveryMs: NEVER_MS,
    onProblem: () => undefined,
  })
  const [pia, wim] = [newUser('pia'), newUser('wim')]
  await decideAccess(storage.privacy, { presentity: pia, watchers: [wim], verdict: 'ALLOWED', endsAt: null })
  const consumer = (ready: boolean) => {
    const events: PresenceEvent[] = []
    const failures: unknown[] = []
    const state = { ready, events, failures }
    hub.open({
      watcher: wim,
      interest: { users: [pia] },
      sink: {
        isReady: () => state.ready,
        deliver: (event) => events.push(event),
        fail: (error) => failures.push(error),
      },
    })
    return state
  }
  const [reads, stalls] = [consumer(true), consumer(true)]
  await time.pass(1000)
  stalls.ready = false
  await time.pass(60_000)
  expect(stalls.failures).toEqual([])

  await publishPresence(
    { ...storage, ...POLICY },
    { user: pia, session: null, status: 'BUSY', activity: null, note: null, leaseMs: 600_000 },
  )
  await time.pass(29_000)
  expect(stalls.failures).toEqual([])
  await time.pass(2000)
  expect(stalls.failures).toEqual([expect.any(SlowConsumer)])
  expect(stalls.events.map(({ change }) => change)).toEqual(['SNAPSHOT'])
  expect(reads.events.map(({ change }) => change)).toEqual(['SNAPSHOT', 'CHANGED'])
  expect(reads.failures).toEqual([])
  expect(hub.readings().streams).toBe(1)
  hub.close()
})
