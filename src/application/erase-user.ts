import { randomUUID } from 'node:crypto'
import type { Administrator } from '../domain/administrative-act.ts'
import { erasedToken } from '../domain/trail.ts'
import type { UserId } from '../domain/user-id.ts'
import type { PersonalRecords } from './account-ports.ts'

/**
 * Forgets a user: every row of hers, what others decided about her and asked of her included. In the trail and among the acts of
 * administrators she becomes a random token that nobody is told the meaning of. A token of hers that is still valid makes nothing anew. All or nothing; may be repeated.
 * Throws `Unavailable`.
 */
export async function eraseUser(
  records: PersonalRecords,
  { user, actor }: { readonly user: UserId; readonly actor: Administrator },
): Promise<void> {
  await records.erase({ user, actor, token: erasedToken(randomUUID()) })
}
