import type { Page, PageRequest, Position } from '../application/ports.ts'
import { badInput } from './errors.ts'
import { isIssuedId } from './input.ts'

export const MAX_PAGE = 500

/** The page that a client asks for. */
export function pageRequest({ first, after }: { first: number; after?: string | null }): PageRequest {
  return { first: requireFirst(first), after: after == null ? null : positionOf(after) }
}

/** How many a client asks for, if it is a page. */
export function requireFirst(first: number): number {
  if (first < 1 || first > MAX_PAGE) throw badInput('first', `Ask for 1 to ${String(MAX_PAGE)}.`)
  return first
}

/** A page as a Relay connection; `nodeOf` and `positionOf` say what of an item is shown, and where it stands. */
export function connection<Item, Node>(
  page: Page<Item>,
  request: PageRequest,
  shape: { readonly node: (item: Item) => Node; readonly position: (item: Item) => Position },
) {
  return connectionOf(page, {
    hasPreviousPage: request.after !== null,
    node: shape.node,
    cursor: (item) => cursorOf(shape.position(item)),
  })
}

/** The same for a list with cursors of its own. */
export function connectionOf<Item, Node>(
  page: Page<Item>,
  shape: {
    readonly hasPreviousPage: boolean
    readonly node: (item: Item) => Node
    readonly cursor: (item: Item) => string
  },
) {
  const edges = page.items.map((item) => ({ node: shape.node(item), cursor: shape.cursor(item) }))
  return {
    edges,
    nodes: edges.map(({ node }) => node),
    pageInfo: {
      hasNextPage: page.hasNextPage,
      hasPreviousPage: shape.hasPreviousPage,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  }
}

function cursorOf({ at, id }: Position): string {
  return Buffer.from(`${String(at)}.${id}`).toString('base64url')
}

function positionOf(cursor: string): Position {
  const [at = '', id = ''] = Buffer.from(cursor, 'base64url').toString().split('.')
  if (!/^\d{1,15}$/.test(at) || !isIssuedId(id)) {
    throw badInput('after', 'Pass the endCursor of a page of this list, unchanged.')
  }
  return { at: Number(at), id }
}
