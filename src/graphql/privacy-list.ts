import type { EdgePage } from '../application/list-edges.ts'
import type { EdgeOf } from '../application/ports.ts'
import { LISTED_STATES, type ListedState } from '../domain/listed-edge.ts'
import { parseIdPrefix, parseUserId, type UserId } from '../domain/user-id.ts'
import { connectionOf, requireFirst } from './connection.ts'
import { badInput } from './errors.ts'
import { incomingRequestOf } from './request-nodes.ts'

type PageArgs = { readonly first: number; readonly after?: string | null; readonly search?: string | null }

/** The part of the list that a client asks for. */
export function listRequest({ first, after, search }: PageArgs) {
  const prefix = parseIdPrefix(search ?? '')
  if (prefix === undefined) {
    throw badInput('search', 'Search by at most 255 bytes of well-formed text without control characters.')
  }
  return { first: requireFirst(first), after: after == null ? null : watcherOf(after), search: prefix }
}

export function statesOf(states: readonly ListedState[] | null | undefined): readonly ListedState[] {
  if (states?.length === 0) throw badInput('states', 'Name at least one state, or leave them out.')
  return states ?? LISTED_STATES
}

export function entryConnection(page: EdgePage, { after }: { readonly after: UserId | null }) {
  const connection = connectionOf(
    { items: page.edges, hasNextPage: page.hasNextPage },
    { hasPreviousPage: after !== null, node: entryOf, cursor: ({ watcher }) => cursorOf(watcher) },
  )
  // A short page ends beyond its last entry.
  const endCursor = page.end === null ? null : cursorOf(page.end)
  return { ...connection, pageInfo: { ...connection.pageInfo, endCursor } }
}

function entryOf({ watcher, edge, request }: EdgeOf) {
  const { state, origin, since, endsAt, replacedBlock } = edge
  if (state === 'NONE' || origin === null || since === null) throw new Error('nothing is decided here')
  return {
    user: { id: watcher },
    state,
    reason: origin,
    since,
    endsAt,
    thenState: replacedBlock ? ('BLOCKED' as const) : null,
    request: state === 'PENDING' && request !== null ? incomingRequestOf({ watcher, item: request }) : null,
  }
}

function cursorOf(watcher: UserId): string {
  return Buffer.from(watcher).toString('base64url')
}

function watcherOf(cursor: string): UserId {
  const watcher = parseUserId(Buffer.from(cursor, 'base64url').toString())
  if (watcher === undefined || cursorOf(watcher) !== cursor) {
    throw badInput('after', 'Pass the endCursor of a page of this list, unchanged.')
  }
  return watcher
}
