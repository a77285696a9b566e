/** The number of the lock that an erasure holds alone, and an act about users shares with others. */
export const ERASURES = `hashtextextended('presence_privacy.erase', 0)`

/**
 * A condition for `exists`: whether the user whose id is the expression `id` was erased. Only a digest is kept: enough to know the
 * id again when its token comes back, and nothing that could be read.
 */
export function erased(id: string): string {
  return `select from presence_privacy.erased_users where id_digest = ${digestOf(id)}`
}

export function digestOf(id: string): string {
  return `sha256(convert_to(${id}::text, 'UTF8'))`
}
