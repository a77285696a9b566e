import type { UserId } from '../../src/domain/user-id.ts'
import { eventually } from './eventually.ts'
import { newUser } from './new-user.ts'
import type { Storage } from './storage.ts'
import { writes } from './writes.ts'

/** What is heard of some users. */
export type Listening = {
  /** Of whom something has been heard since this was asked the last time, each as often as it was, and nothing is on its way. */
  readonly heard: () => Promise<readonly UserId[]>
  readonly stop: () => void
}

/** Listens to users on `elsewhere`, which may be another instance than where the changes are made. */
export function listenTo(
  storage: Storage,
  users: readonly UserId[],
  elsewhere: Pick<Storage, 'signals'> = storage,
): Listening {
  const last = newUser('last')
  let heard: UserId[] = []
  const known = new Set([...users, last])
  const stop = elsewhere.signals.subscribeToAll((hint) => {
    if (typeof hint === 'object') heard.push(...hint.users.filter((user) => known.has(user)))
  })
  return {
    async heard() {
      // Signals keep their order, so whoever has heard this one has heard all before it.
      const scope = { name: 'test', kind: 'REQUEST' as const, by: last, others: [] }
      await storage.privacy.change(scope, () => ({ writes: writes({ signal: [last] }), result: null }))
      await eventually('the last signal is heard', () => heard.includes(last))
      const before = heard.filter((user) => user !== last)
      heard = []
      return before
    },
    stop,
  }
}
