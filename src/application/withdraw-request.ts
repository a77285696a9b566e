import type { UserId } from '../domain/user-id.ts'
import { outgoingAt } from '../domain/request.ts'
import { withdraw } from '../domain/withdraw.ts'
import { changePrivacy } from './change-privacy.ts'
import type { PrivacyStore } from './privacy-store.ts'

export type WithdrawnRequest =
  | { readonly outcome: 'WITHDRAWN' | 'ALREADY_ALLOWED' | 'EXPIRED'; readonly presentity: UserId }
  | { readonly outcome: 'NOT_FOUND' }

/** A watcher takes a request back. Whether it was denied before makes no difference to him. */
export async function withdrawRequest(
  store: PrivacyStore,
  { watcher, request: id }: { readonly watcher: UserId; readonly request: string },
): Promise<WithdrawnRequest> {
  const others = await store.presentitiesOf({ watcher, ids: [id] })
  if (others.length === 0) return { outcome: 'NOT_FOUND' }
  const scope = {
    name: 'withdrawRequest',
    by: watcher,
    kind: 'REQUEST' as const,
    others,
    othersFound: true,
    outgoing: [id],
  }
  return changePrivacy<WithdrawnRequest>(store, scope, (snapshot) => {
    const found = snapshot.outgoing.get(id)
    if (found === undefined) return { result: { outcome: 'NOT_FOUND' } }
    const { presentity } = found
    switch (outgoingAt(found.request, snapshot.now).state) {
      case 'OPEN': {
        const of = { presentity, watcher }
        const pair = withdraw(snapshot.pair(of), snapshot.now)
        return { pairs: [{ ...of, pair, cause: 'WITHDRAWN' }], result: { outcome: 'WITHDRAWN', presentity } }
      }
      case 'WITHDRAWN':
        return { result: { outcome: 'WITHDRAWN', presentity } }
      case 'ALLOWED':
        return { result: { outcome: 'ALREADY_ALLOWED', presentity } }
      case 'EXPIRED':
        return { result: { outcome: 'EXPIRED', presentity } }
    }
  })
}
