import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { Page, PageRequest, Position } from '../../src/application/ports.ts'
import type { IncomingItem } from '../../src/domain/request.ts'
import type { UserId } from '../../src/domain/user-id.ts'
import { NO_PAIR } from '../../src/domain/pair.ts'
import { onEachStorage } from '../support/each-storage.ts'
import { newUser } from '../support/new-user.ts'
import type { Storage } from '../support/storage.ts'
import { openItem, openRequest, writes } from '../support/writes.ts'

onEachStorage((storage) => {
  describe('what waits for a presentity', () => {
    it('is listed oldest first, items of one millisecond in the order of their ids', async () => {
      const [pia, now] = [newUser('pia'), await timeOf(storage())]
      const items = [3, 1, 2, 1, 1].map((second) => openItem(now + second * 1000))
      await put(storage(), pia, items)

      expect(await waiting(storage(), pia)).toEqual([...items].sort(byPlace).map(({ id }) => id))
    })

    it('is nobody else’s, of one kind, open, and has not expired', async () => {
      const [pia, eve, now] = [newUser('pia'), newUser('eve'), await timeOf(storage())]
      const request = openItem(now)
      const notice = openItem(now, { kind: 'NOTICE', endsAt: null })
      const resolved = (['ALLOWED', 'BLOCKED', 'WITHDRAWN', 'DISMISSED', 'ABSORBED'] as const).map((state) =>
        openItem(now, { state }),
      )
      const over = openItem(now - 7_200_000, { endsAt: now - 1 })
      await put(storage(), pia, [request, notice, over, ...resolved])

      expect(await waiting(storage(), pia)).toEqual([request.id])
      expect(await waiting(storage(), pia, 'NOTICE')).toEqual([notice.id])
      expect(await waiting(storage(), eve)).toEqual([])
    })

    it('comes with who asks, and as it is stored', async () => {
      const [pia, now] = [newUser('pia'), await timeOf(storage())]
      const item = openItem(now, { triggers: ['INSTANT_MESSAGE', 'CONTACT_ADDED', 'CALL'] })
      const [watcher] = await put(storage(), pia, [item])

      const page = { first: 10, after: null }
      expect(await storage().lists.waiting({ presentity: pia, kind: 'REQUEST', page })).toEqual({
        items: [{ watcher, item }],
        hasNextPage: false,
      })
    })

    it('leaves the list when its time has come', async () => {
      const [pia, now] = [newUser('pia'), await timeOf(storage())]
      await put(storage(), pia, [openItem(now, { endsAt: now + 60_000 })])

      expect(await waiting(storage(), pia)).toHaveLength(1)
      await storage().passTime(60_000)
      expect(await waiting(storage(), pia)).toEqual([])
    })

    it('is read page by page without a gap or a repeat while items arrive and are resolved', async () => {
      const [pia, now] = [newUser('pia'), await timeOf(storage())]
      const items = Array.from({ length: 9 }, (_, place) => openItem(now + Math.floor(place / 3))).sort(
        byPlace,
      )
      const watchers = await put(storage(), pia, items)
      const page = (after: Position | null) =>
        storage().lists.waiting({ presentity: pia, kind: 'REQUEST', page: { first: 3, after } })
      const idsOf = ({ items: found }: Awaited<ReturnType<typeof page>>) => found.map(({ item }) => item.id)

      const first = await page(null)
      // One that was read already is resolved, and so is one that was not; a new one comes last.
      await put(storage(), pia, [{ ...items[2]!, state: 'DISMISSED' }], [watchers[2]!])
      await put(storage(), pia, [{ ...items[4]!, state: 'DISMISSED' }], [watchers[4]!])
      const late = openItem(now + 5_000)
      await put(storage(), pia, [late])
      const second = await page(placeOf(items[2]!))
      const third = await page(placeOf(items[6]!))
      const last = await page(placeOf(late))

      const ids = items.map(({ id }) => id)
      expect(idsOf(first)).toEqual(ids.slice(0, 3))
      expect(idsOf(second)).toEqual([ids[3], ids[5], ids[6]])
      expect(idsOf(third)).toEqual([ids[7], ids[8], late.id])
      expect([first.hasNextPage, second.hasNextPage, third.hasNextPage]).toEqual([true, true, false])
      expect(last).toEqual({ items: [], hasNextPage: false })
    })
  })

  describe('what a watcher has asked', () => {
    it('is listed oldest first and page by page, open and not expired', async () => {
      const [wim, now] = [newUser('wim'), await timeOf(storage())]
      const open = Array.from({ length: 5 }, (_, place) => openRequest(now + Math.floor(place / 2))).sort(
        byPlace,
      )
      const over = openRequest(now - 7_200_000, { endsAt: now - 1 })
      const states = (['ALLOWED', 'WITHDRAWN', 'EXPIRED'] as const).map((state) =>
        openRequest(now, { state }),
      )
      const presentities = await ask(storage(), wim, [...open, over, ...states])
      const page = (pageRequest: PageRequest) => storage().lists.asked({ watcher: wim, page: pageRequest })

      const pages = [await page({ first: 2, after: null })]
      while (pages.at(-1)!.hasNextPage) {
        const { request } = pages.at(-1)!.items.at(-1)!
        pages.push(await page({ first: 2, after: placeOf(request) }))
      }
      expect(pages.map(({ items }) => items.length)).toEqual([2, 2, 1])
      expect(pages.flatMap(({ items }) => items)).toEqual(
        open.map((request, place) => ({ presentity: presentities[place], request })),
      )
    })

    it('is nobody else’s, and leaves the list when its time has come', async () => {
      const [wim, eve, now] = [newUser('wim'), newUser('eve'), await timeOf(storage())]
      const asked = async (watcher: UserId) =>
        (await storage().lists.asked({ watcher, page: { first: 10, after: null } })).items.length
      await ask(storage(), wim, [openRequest(now, { endsAt: now + 60_000 })])

      expect(await asked(wim)).toBe(1)
      expect(await asked(eve)).toBe(0)
      await storage().passTime(60_000)
      expect(await asked(wim)).toBe(0)
    })
  })

  describe('a popup', () => {
    it('of a user for whom nothing waits is empty, and tells the time', async () => {
      const look = { presentity: newUser('pia'), limit: 10, known: [] }
      const popup = await storage().lists.popup(look)
      expect(popup).toEqual({ now: expect.any(Number) as number, requests: [], notices: [], closed: [] })
    })

    it('shows the oldest of each kind, up to its limit', async () => {
      const [pia, now] = [newUser('pia'), await timeOf(storage())]
      const requests = [1, 2, 3].map((second) => openItem(now + second))
      const notices = [1, 2, 3].map((second) => openItem(now + second, { kind: 'NOTICE', endsAt: null }))
      await put(storage(), pia, [...notices, ...requests].reverse())

      const known = [...requests, ...notices].map(({ id }) => id)
      const popup = await storage().lists.popup({ presentity: pia, limit: 2, known })

      expect(popup.requests.map(({ item }) => item)).toEqual(requests.slice(0, 2))
      expect(popup.notices.map(({ item }) => item)).toEqual(notices.slice(0, 2))
      expect(popup.closed).toEqual([])
    })

    it('tells what became of the items that it is asked about, expired ones too', async () => {
      const [pia, now] = [newUser('pia'), await timeOf(storage())]
      const open = openItem(now)
      const closed = (['ALLOWED', 'BLOCKED', 'WITHDRAWN', 'DISMISSED'] as const).map((state, place) =>
        openItem(now + place, { state }),
      )
      const acknowledged = openItem(now + 10, { kind: 'NOTICE', state: 'ACKNOWLEDGED', endsAt: null })
      const over = openItem(now - 7_200_000, { endsAt: now - 1 })
      const unasked = openItem(now, { state: 'ALLOWED' })
      await put(storage(), pia, [open, ...closed, acknowledged, over, unasked])

      const known = [over, ...closed, acknowledged, open].map(({ id }) => id)
      const popup = await storage().lists.popup({ presentity: pia, limit: 10, known })

      expect(popup.requests.map(({ item }) => item.id)).toEqual([open.id])
      expect(popup.closed).toEqual([{ ...over, state: 'EXPIRED' }, ...closed, acknowledged])
    })

    it('tells nothing of items that are somebody else’s, that reached nobody, or that never were', async () => {
      const [pia, eve, now] = [newUser('pia'), newUser('eve'), await timeOf(storage())]
      const items = [openItem(now), openItem(now, { state: 'DISMISSED' })]
      const absorbed = openItem(now, { state: 'ABSORBED' })
      await put(storage(), pia, items)
      await put(storage(), eve, [absorbed])

      const known = [...items.map(({ id }) => id), absorbed.id, randomUUID(), 'no id at all']
      const popup = await storage().lists.popup({ presentity: eve, limit: 10, known })

      expect(popup).toMatchObject({ requests: [], notices: [], closed: [] })
    })
  })
})

type Placed = { readonly askedAt: number; readonly id: string }

function byPlace(a: Placed, b: Placed): number {
  return a.askedAt - b.askedAt || (a.id < b.id ? -1 : 1)
}

function placeOf({ askedAt, id }: Placed): Position {
  return { at: askedAt, id }
}

async function timeOf(storage: Storage): Promise<number> {
  return (await storage.facts.readFacts({ watcher: newUser(), presentities: [] })).now
}

/** Puts items before a presentity, each of a watcher of its own. */
async function put(
  storage: Storage,
  presentity: UserId,
  items: readonly IncomingItem[],
  watchers: readonly UserId[] = items.map(() => newUser('watcher')),
): Promise<readonly UserId[]> {
  await storage.privacy.change(
    { name: 'test', kind: 'REQUEST' as const, by: presentity, others: watchers },
    () => ({
      writes: writes({
        incoming: items.map((item, place) => ({ presentity, watcher: watchers[place]!, item })),
      }),
      result: null,
    }),
  )
  return watchers
}

/** Makes requests of a watcher, each to a presentity of its own. */
async function ask(
  storage: Storage,
  watcher: UserId,
  requests: readonly ReturnType<typeof openRequest>[],
): Promise<readonly UserId[]> {
  const presentities = requests.map(() => newUser('presentity'))
  await storage.privacy.change(
    { name: 'test', kind: 'REQUEST' as const, by: watcher, others: presentities },
    () => ({
      writes: writes({
        pairs: requests.map((outgoing, place) => ({
          presentity: presentities[place]!,
          watcher,
          pair: { ...NO_PAIR, outgoing },
        })),
      }),
      result: null,
    }),
  )
  return presentities
}

async function waiting(
  storage: Storage,
  presentity: UserId,
  kind: IncomingItem['kind'] = 'REQUEST',
): Promise<readonly string[]> {
  const page: Page<{ item: IncomingItem }> = await storage.lists.waiting({
    presentity,
    kind,
    page: { first: 100, after: null },
  })
  return page.items.map(({ item }) => item.id)
}
