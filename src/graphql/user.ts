import type { Seen } from '../application/what-is-seen.ts'
import type { UserResolvers } from '../generated/resolver-types.ts'

/** What this subgraph adds to the graph's users. */
export const user: UserResolvers = {
  presence: ({ id }, _args, { looks }) => of(looks.at(id), ({ presence }) => presence),
  presenceAccess: ({ id }, _args, { looks }) => of(looks.at(id), ({ access }) => access),
  canBeMessaged: ({ id }, _args, { looks }) => of(looks.at(id), ({ canBeMessaged }) => canBeMessaged),
}

/** Without waiting where there is nothing to wait for: a contact list has hundreds of these fields. */
function of<Part>(
  seen: Seen | null | Promise<Seen | null>,
  part: (seen: Seen) => Part,
): Part | null | Promise<Part | null> {
  const shown = (known: Seen | null): Part | null => (known === null ? null : part(known))
  return seen instanceof Promise ? seen.then(shown) : shown(seen)
}
