import type { UserId } from '../domain/user-id.ts'
import type { Hint, Signals } from './ports.ts'

/** Who listens to signals on this instance: the half of `Signals` that is the same wherever they come from. */
export type HintListeners = Pick<Signals, 'subscribe' | 'subscribeToAll'> & {
  /** Runs everybody whom a hint concerns. */
  readonly deliver: (hint: Hint) => void
}

export function hintListeners(): HintListeners {
  const listeners = new Map<UserId, Set<() => void>>()
  const listenersToAll = new Set<(hint: Hint) => void>()
  const usersOf = (hint: Hint): readonly UserId[] => {
    if (hint === 'ANYTHING') return [...listeners.keys()]
    return hint === 'SETTINGS' || hint.sessionsOnly === true ? [] : hint.users
  }
  return {
    subscribe(user, listener) {
      const ofUser = listeners.get(user) ?? new Set()
      listeners.set(user, ofUser.add(listener))
      return () => {
        ofUser.delete(listener)
        if (ofUser.size === 0 && listeners.get(user) === ofUser) listeners.delete(user)
      }
    },

    subscribeToAll(listener) {
      listenersToAll.add(listener)
      return () => listenersToAll.delete(listener)
    },

    deliver(hint) {
      for (const user of usersOf(hint)) for (const listener of [...(listeners.get(user) ?? [])]) listener()
      for (const listener of [...listenersToAll]) listener(hint)
    },
  }
}
