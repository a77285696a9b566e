import { expect, it } from 'vitest'
import { NO_REVISION } from '../../src/application/live-ports.ts'
import { hubState } from '../../src/live/hub-state.ts'
import { memoryStorage } from '../support/memory-storage.ts'
import { newUser } from '../support/new-user.ts'
import { POLICY } from '../support/policy.ts'
import { DEFAULT_CLASS } from '../support/storage.ts'

it('nothing is due for a stream that has ended', () => {
  const hub = hubState({ live: memoryStorage().live, ...POLICY })
  const revisions = { settings: NO_REVISION, watcher: NO_REVISION, presentities: new Map() }
  const facts = {
    now: 0,
    watcherClass: DEFAULT_CLASS,
    presentities: new Map(),
    revisions,
    watcherErased: false,
  }
  const sink = { isReady: () => true, deliver: () => undefined, fail: () => undefined }
  const begin = () =>
    hub.list.addStream(
      { watcher: newUser('wim'), facts },
      { followsContacts: false, sink, since: 0, snapshotAt: 1 },
    )
  const [ended, kept] = [begin(), begin()]
  for (const stream of [ended, kept]) hub.snapshots.set(stream, stream.snapshotAt)
  hub.list.removeStream(ended)
  expect(hub.snapshots.size()).toBe(1)
})
