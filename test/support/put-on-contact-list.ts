import type { UserId } from '../../src/domain/user-id.ts'
import type { Storage } from './storage.ts'
import { writes } from './writes.ts'

/** Puts users on somebody's contact list in one moment, and does nothing else: nobody is asked, and nothing is withdrawn. */
export async function putOnContactList(
  { privacy }: Storage,
  { watcher, presentities }: { readonly watcher: UserId; readonly presentities: readonly UserId[] },
): Promise<void> {
  await privacy.change(
    { name: 'test', kind: 'REQUEST' as const, by: watcher, others: presentities },
    (snapshot) => ({
      writes: writes({
        pairs: presentities.map((presentity) => {
          const of = { presentity, watcher }
          return { ...of, pair: { ...snapshot.pair(of), contactSince: snapshot.now } }
        }),
      }),
      result: null,
    }),
  )
}
