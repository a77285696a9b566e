import type { ChangeScope } from '../application/privacy-store.ts'
import type { Query } from './database.ts'
import { erased, KEEP_OFF_THEIR_ERASURE } from './erased-users.ts'
import { NEXT_REVISION } from './revisions.ts'
import { genericPlanParameter } from './generic-plan-parameter.ts'
import type { Send } from './two-trips.ts'

/** A condition: the parameter says whether users were found in what is stored, and the one whose id is an expression is still there. */
const stillThere = (found: string, id: string): string =>
  `((select not ${found}::boolean) or not exists (${erased(id)}))`

/**
 * Locks users, in the order of their bytes, so that no two changes wait for each other. A row that is missing is made: a user of whom
 * nothing is known is asked in exactly the same way.
 */
const LOCK_USERS = `/* lockUsers */
  insert into presence_privacy.users as u (id)
  select id from unnest(${genericPlanParameter('$1::text[]')}) as id
  where id = $2 or ${stillThere('$3', 'id')}
  order by id collate "C"
  on conflict (id) do update set revision = ${NEXT_REVISION}`

const ENSURE_USERS = `/* ensureUsers */
  insert into presence_privacy.users (id)
  select id from unnest(${genericPlanParameter('$1::text[]')}) as missing (id)
  where not exists (select from presence_privacy.users u where u.id = missing.id) and ${stillThere('$2', 'id')}
  order by id collate "C"
  on conflict (id) do nothing`

/**
 * Locks the pairs of a decision in both directions, in the order of their keys; two users who decide about each other meet here. A
 * row that is missing is made, as nothing else could be locked.
 */
const LOCK_PAIRS = `/* lockPairs */
  insert into presence_privacy.pairs as p (watcher_id, presentity_id)
  select watcher_id, presentity_id
  from unnest(${genericPlanParameter('$2::text[]')}) as other (id)
  cross join lateral (values ($1::text, other.id), (other.id, $1::text)) as pair (watcher_id, presentity_id)
  where ${stillThere('$3', 'other.id')}
  order by watcher_id collate "C", presentity_id collate "C"
  on conflict (watcher_id, presentity_id) do update set watcher_id = p.watcher_id`

/**
 * Makes the rows of users that a decision is about, in a transaction of its own and before it begins: it must hold none of them, and
 * a row that is made is held until the end of its transaction.
 */
export function ensureUsers(send: Send, { kind, others, othersFound = false }: ChangeScope): void {
  if (kind === 'DECISION' && others.length > 0) send(ENSURE_USERS, [others, othersFound])
}

/** Locks all that a change may touch. */
export async function lock(query: Query, scope: ChangeScope): Promise<void> {
  const { kind, by, others, othersFound = false } = scope
  const notHeld = namedAndNotHeld(scope)
  await Promise.all([
    notHeld.length === 0 ? null : query(KEEP_OFF_THEIR_ERASURE, [notHeld]),
    query(LOCK_USERS, [kind === 'REQUEST' ? [by, ...others] : [by], by, othersFound]),
    kind === 'REQUEST' || others.length === 0 ? null : query(LOCK_PAIRS, [by, others, othersFound]),
  ])
}

/** Whoever a change writes down without holding his row. */
function namedAndNotHeld({ kind, by, actor, others }: ChangeScope): readonly string[] {
  const acts = actor === undefined || actor.id === by ? [] : [actor.id]
  return kind === 'DECISION' ? [...others, ...acts] : acts
}
