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

/** Locks beside the rows, few enough that a change of many users does not take too many, and many enough that an erasure stops few changes. */
const BUCKETS = `hashtext('presence_privacy.erase')`
const bucketOf = (id: string): string => `hashtext(${id}) & 63`

/**
 * For a change that names users $1 whose rows it does not hold: their erasure is either over before, or begins after it. Comes before
 * all other locks.
 */
export const KEEP_OFF_THEIR_ERASURE = `/* keepOffErasure */
  select pg_advisory_xact_lock_shared(${BUCKETS}, bucket)
  from (select distinct ${bucketOf('id')} as bucket from unnest($1::text[]) as id order by 1) each`

/** The other side of it. */
export const HOLD_OFF_CHANGES = `/* holdOffChanges */
  select pg_advisory_xact_lock(${BUCKETS}, ${bucketOf('$1::text')})`
