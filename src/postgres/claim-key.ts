import { UserErased } from '../application/ports.ts'
import type { PrivacyStore } from '../application/privacy-store.ts'
import type { Statements } from './database.ts'
import { erased, KEEP_OFF_THEIR_ERASURE } from './erased-users.ts'

/** A key that is there already is left as it is, and waited for where another instance is just storing it. */
const CLAIM_KEY = `/* claimKey */
  insert into presence_privacy.answers as a (presentity_id, client_key, fingerprint, result, answered_at)
  select $1, $2, $3, '{}', statement_timestamp()
  where not exists (${erased('$1')})
  on conflict (presentity_id, client_key) do update set fingerprint = a.fingerprint
  returning fingerprint`

export function postgresClaimKey({ inTwoTrips }: Pick<Statements, 'inTwoTrips'>): PrivacyStore['claimKey'] {
  return ({ by, clientKey, fingerprint }) =>
    inTwoTrips({
      async read(query) {
        const [, [stored]] = await Promise.all([
          query(KEEP_OFF_THEIR_ERASURE, [[by]]),
          query<{ fingerprint: string }>(CLAIM_KEY, [by, clientKey, fingerprint]),
        ])
        return stored
      },
      write(_, stored) {
        if (stored === undefined) throw new UserErased()
        return stored.fingerprint === fingerprint
      },
    })
}
