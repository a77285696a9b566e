import type { PlacedEntry, TrailPageRequest, TrailPosition } from '../application/read-trail.ts'
import type { Page } from '../application/ports.ts'
import type { EdgeState } from '../domain/edge.ts'
import { shownToken } from '../domain/trail.ts'
import { parseUserId } from '../domain/user-id.ts'
import { connectionOf, requireFirst } from './connection.ts'
import { badInput } from './errors.ts'

export function trailPage({
  first,
  after,
}: {
  readonly first: number
  readonly after?: string | null
}): TrailPageRequest {
  return { first: requireFirst(first), after: after == null ? null : positionOf(after) }
}

/** What a presentity reads of her own decisions. */
export function ownTrailConnection(page: Page<PlacedEntry>, request: TrailPageRequest) {
  return trailConnection(page, request, ({ watcher, actor, cause, before, after, at }) => {
    // A token is no id.
    const id = parseUserId(watcher)
    return {
      user: id === undefined ? null : { id },
      ...{ actor: actor.kind, cause, at },
      ...{ stateBefore: decidedIn(before), stateAfter: decidedIn(after) },
    }
  })
}

/** What an auditor reads. */
export function auditConnection(page: Page<PlacedEntry>, request: TrailPageRequest) {
  return trailConnection(page, request, (entry) => {
    const { presentity, watcher, actor, cause, before, after, at, recordedAt } = entry
    return {
      ...{ presentityId: shownToken(presentity), watcherId: shownToken(watcher) },
      ...{ actor: actor.kind, actorId: actor.id === null ? null : shownToken(actor.id) },
      ...{ cause, at, recordedAt },
      ...{ stateBefore: decidedIn(before), stateAfter: decidedIn(after) },
    }
  })
}

function trailConnection<Node>(
  page: Page<PlacedEntry>,
  { after }: TrailPageRequest,
  node: (entry: PlacedEntry) => Node,
) {
  const cursor = ({ position }: PlacedEntry): string => cursorOf(position)
  return connectionOf(page, { hasPreviousPage: after !== null, node, cursor })
}

function decidedIn(state: EdgeState): Exclude<EdgeState, 'NONE'> | null {
  return state === 'NONE' ? null : state
}

/** An id as the trail and the acts of administrators have them. */
export const SEALED_ID = /^[\w-]{22}$/

export function cursorOf({ at, id, part }: TrailPosition): string {
  return Buffer.from(`${String(at)}.${id}.${String(part)}`).toString('base64url')
}

function positionOf(cursor: string): TrailPosition {
  const [, at, id = '', part] =
    /^(\d{1,15})\.([^.]*)\.(\d)$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? []
  if (at === undefined || part === undefined || !SEALED_ID.test(id)) {
    throw badInput('after', 'Pass the endCursor of a page of this list, unchanged.')
  }
  return { at: Number(at), id, part: Number(part) }
}
