import type { UserId } from '../domain/user-id.ts'
import { askSeveral } from './ask-several.ts'
import { changePrivacy } from './change-privacy.ts'
import { UserErased, type PairOf } from './ports.ts'
import type { PrivacyStore } from './privacy-store.ts'

/** A call or an instant message from a watcher to another user, whatever came of it. */
export type Attempt = PairOf & { readonly trigger: 'CALL' | 'INSTANT_MESSAGE' }

/**
 * A service reports what users have tried to do. Each attempt asks for access as if its user had asked himself, and counts
 * against his limits; over them, or while he must wait, it asks nothing. Nothing is returned: what came of it is none of the
 * service's business. One change for each user and trigger; throws `Unavailable` when one of them fails, and then the same may be reported again.
 */
export async function reportAttempts(
  store: PrivacyStore,
  { service, attempts }: { readonly service: UserId; readonly attempts: readonly Attempt[] },
): Promise<void> {
  for (const { watcher, trigger, presentities } of inChanges(attempts)) {
    const actor = { kind: 'SERVICE', id: service } as const
    const scope = {
      name: 'reportAttempts',
      by: watcher,
      kind: 'REQUEST' as const,
      actor,
      others: presentities,
    }
    await changePrivacy(store, scope, (snapshot) => {
      const { pairs, requestCounts } = askSeveral(snapshot, { watcher, presentities, trigger })
      return { pairs, requestCounts, result: undefined }
    }).catch(unlessErased)
  }
}

/** What somebody tries after he was erased asks nobody; the service need not know. */
function unlessErased(error: unknown): void {
  if (!(error instanceof UserErased)) throw error
}

/** In the order in which they were reported, and each presentity once. */
function inChanges(attempts: readonly Attempt[]) {
  const changes = new Map<string, { watcher: UserId; trigger: Attempt['trigger']; of: Set<UserId> }>()
  for (const { watcher, presentity, trigger } of attempts) {
    const key = `${trigger} ${watcher}`
    const change = changes.get(key) ?? { watcher, trigger, of: new Set<UserId>() }
    change.of.add(presentity)
    changes.set(key, change)
  }
  return [...changes.values()].map(({ of, ...change }) => ({ ...change, presentities: [...of] }))
}
