import { MAX_PRESENTED } from '../domain/answer.ts'
import { parseUserId, type UserId } from '../domain/user-id.ts'
import { badInput } from './errors.ts'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const CLIENT_TOKEN = /^[A-Za-z0-9._:-]{1,64}$/

/** Distinct users other than the caller, in the order given. */
export function otherUsers(
  field: string,
  ids: readonly string[],
  { viewer, most }: { readonly viewer: UserId; readonly most: number },
): readonly UserId[] {
  const users = anyUsers(field, ids, { most })
  if (users.includes(viewer)) {
    throw badInput(field, 'This is for other users, not for the caller himself.')
  }
  return users
}

/** Distinct users, in the order given; the caller may be among them. */
export function anyUsers(
  field: string,
  ids: readonly string[],
  { most }: { readonly most: number },
): readonly UserId[] {
  if (ids.length === 0) throw badInput(field, 'Name at least one user.')
  if (ids.length > most) throw badInput(field, `Name at most ${String(most)} users at once.`)
  return [...new Set(ids.map((id) => anyUser(field, id)))]
}

export function anyUser(field: string, id: string): UserId {
  const user = parseUserId(id)
  if (user !== undefined) return user
  throw badInput(field, 'A user id is 1 to 255 bytes of well-formed text without control characters.')
}

/** Ids of items of a popup, of which those that cannot be ours simply are not found. */
export function popupIds(field: string, ids: readonly string[]): readonly string[] {
  if (ids.length > MAX_PRESENTED) {
    throw badInput(field, `Answer at most ${String(MAX_PRESENTED)} requests at once.`)
  }
  return ids
}

/** Whether an id can be one that this subgraph has given out. */
export function isIssuedId(id: string): boolean {
  return UUID.test(id)
}

/** A name that a client makes up: of a session, or of an answer. */
export function clientToken(field: string, value: string): string {
  if (isClientToken(value)) return value
  throw badInput(field, 'Use 1 to 64 characters of A-Z a-z 0-9 . _ : -')
}

export function isClientToken(value: string): boolean {
  return CLIENT_TOKEN.test(value)
}

/** A list of so many; each of them is judged alone. */
export function atMost<Item>(field: string, items: readonly Item[], most: number): readonly Item[] {
  if (items.length > 0 && items.length <= most) return items
  throw badInput(field, `Give 1 to ${String(most)}; these are ${String(items.length)}.`)
}
