import type { Page, PageRequest, Position } from '../application/ports.ts'
import { badInput } from './errors.ts'
import { isIssuedId } from './input.ts'

const MAX_PAGE = 500

/** The page that a client asks for. */
export function pageRequest({ first, after }: { first: number; after?: string | null }): PageRequest {
  if (first < 1 || first > MAX_PAGE) throw badInput('first', `Ask for 1 to ${String(MAX_PAGE)}.`)
  return { first, after: after == null ? null : positionOf(after) }
}

/** A page as a Relay connection; `nodeOf` and `positionOf` say what of an item is shown, and where it stands. */
export function connection<Item, Node>(
  page: Page<Item>,
  request: PageRequest,
  shape: { readonly node: (item: Item) => Node; readonly position: (item: Item) => Position },
) {
  const edges = page.items.map((item) => ({
    node: shape.node(item),
    cursor: cursorOf(shape.position(item)),
  }))
  return {
    edges,
    nodes: edges.map(({ node }) => node),
    pageInfo: {
      hasNextPage: page.hasNextPage,
      hasPreviousPage: request.after !== null,
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
