import { randomUUID } from 'node:crypto'
import { parseUserId, type UserId } from '../../src/domain/user-id.ts'

/** A user of whom nothing is stored yet. */
export function newUser(name = 'user'): UserId {
  const id = parseUserId(`${name}-${randomUUID()}`)
  if (id === undefined) throw new Error(`no id: ${name}`)
  return id
}
