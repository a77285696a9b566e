import type { Hint } from '../application/ports.ts'
import type { UserId } from '../domain/user-id.ts'

/** What is heard from now on, until it is stopped. */
export type HeardMeanwhile = { readonly all: () => Hint; readonly stop: () => void }

/** Remembers hints for those who cannot act on them yet: what they are reading may be older. */
export function hintsMeanwhile() {
  type Heard = { readonly users: Set<UserId>; anything: boolean }
  const listeners = new Set<Heard>()
  return {
    hear(hint: Hint): void {
      for (const heard of listeners) {
        if (hint === 'ANYTHING') heard.anything = true
        else if (hint !== 'SETTINGS') hint.users.forEach((user) => heard.users.add(user))
      }
    },

    listen(): HeardMeanwhile {
      const heard: Heard = { users: new Set(), anything: false }
      listeners.add(heard)
      return {
        all: () => (heard.anything ? 'ANYTHING' : { users: [...heard.users] }),
        stop: () => listeners.delete(heard),
      }
    },

    isHearing: () => listeners.size > 0,
  }
}
