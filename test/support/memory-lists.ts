import type { Page, PageRequest, PrivacyLists, WaitingItem } from '../../src/application/ports.ts'
import { incomingAt, outgoingAt, type IncomingItem } from '../../src/domain/request.ts'
import { compareBytes, type UserId } from '../../src/domain/user-id.ts'
import type { MemoryTables } from './memory-tables.ts'

/** The lists of one user's own, from memory. */
export function memoryLists(tables: MemoryTables): PrivacyLists {
  const itemsOf = (presentity: UserId): { watcher: UserId; item: IncomingItem }[] =>
    [...tables.incoming.values()]
      .filter((row) => row.presentity === presentity)
      .map(({ watcher, item }) => ({ watcher, item: incomingAt(item, tables.clock.now()) }))
  const waitingOf = (presentity: UserId, kind: IncomingItem['kind']): WaitingItem[] =>
    itemsOf(presentity)
      .filter((entry): entry is WaitingItem => entry.item.state === 'OPEN' && entry.item.kind === kind)
      .sort((a, b) => byTimeAndId(a.item, b.item))

  return {
    async edges({ presentity, stored, prefix, after, limit }) {
      await Promise.resolve()
      const edges = [...tables.pairs.values()]
        .filter((row) => row.presentity === presentity && row.watcher.startsWith(prefix))
        .filter(({ watcher }) => after === null || compareBytes(watcher, after) > 0)
        .filter(({ edge }) =>
          stored.some(
            ({ state, replacedBlock }) => edge.state === state && edge.replacedBlock === replacedBlock,
          ),
        )
        .sort((a, b) => compareBytes(a.watcher, b.watcher))
        .slice(0, limit)
        .map(({ watcher, edge, incomingId }) => {
          const item = incomingId === null ? undefined : tables.incoming.get(incomingId)?.item
          return { watcher, edge, request: edge.state === 'PENDING' && isOpen(item) ? item : null }
        })
      return { now: tables.clock.now(), edges }
    },

    async waiting({ presentity, kind, page }) {
      await Promise.resolve()
      return pageOf(waitingOf(presentity, kind), ({ item }) => item, page)
    },

    async asked({ watcher, page }) {
      await Promise.resolve()
      const open = [...tables.outgoing.values()]
        .filter((row) => row.watcher === watcher)
        .map(({ presentity, request }) => ({
          presentity,
          request: outgoingAt(request, tables.clock.now()),
        }))
        .filter(({ request }) => request.state === 'OPEN')
        .sort((a, b) => byTimeAndId(a.request, b.request))
      return pageOf(open, ({ request }) => request, page)
    },

    async popup({ presentity, limit, known }) {
      await Promise.resolve()
      const asked = new Set(known)
      return {
        now: tables.clock.now(),
        requests: waitingOf(presentity, 'REQUEST').slice(0, limit),
        notices: waitingOf(presentity, 'NOTICE').slice(0, limit),
        closed: itemsOf(presentity)
          .map(({ item }) => item)
          .filter(({ id, state }) => asked.has(id) && state !== 'OPEN' && state !== 'ABSORBED')
          .sort(byTimeAndId),
      }
    },
  }
}

function isOpen(item: IncomingItem | undefined): item is WaitingItem['item'] {
  return item?.state === 'OPEN'
}

type Placed = { readonly askedAt: number; readonly id: string }

function byTimeAndId(a: Placed, b: Placed): number {
  return a.askedAt - b.askedAt || (a.id < b.id ? -1 : Number(a.id > b.id))
}

function pageOf<Item>(
  items: readonly Item[],
  placeOf: (item: Item) => Placed,
  { first, after }: PageRequest,
): Page<Item> {
  const rest =
    after === null
      ? items
      : items.filter((item) => byTimeAndId(placeOf(item), { askedAt: after.at, id: after.id }) > 0)
  return { items: rest.slice(0, first), hasNextPage: rest.length > first }
}
