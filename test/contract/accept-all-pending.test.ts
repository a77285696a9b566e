import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { acceptAllPending } from '../../src/application/accept-all-pending.ts'
import { listEdges } from '../../src/application/list-edges.ts'
import { decideAccess } from '../../src/application/manage-decisions.ts'
import type { PrivacyLists, WaitingItem } from '../../src/application/ports.ts'
import { requestAccess } from '../../src/application/request-access.ts'
import { setPreference } from '../../src/application/set-preference.ts'
import { withdrawRequest } from '../../src/application/withdraw-request.ts'
import { ask } from '../../src/domain/ask.ts'
import { LISTED_STATES } from '../../src/domain/listed-edge.ts'
import type { UserId } from '../../src/domain/user-id.ts'
import { onEachStorage } from '../support/each-storage.ts'
import { listenTo } from '../support/listen-to.ts'
import { newUser } from '../support/new-user.ts'
import { openItem, writes } from '../support/writes.ts'

onEachStorage((storage) => {
  const askOne = async (presentity: UserId, watcher: UserId) => {
    const [asked] = await requestAccess(storage().privacy, {
      watcher,
      presentities: [presentity],
      trigger: 'DIRECT',
      addToContacts: false,
    })
    return asked!
  }
  const block = (presentity: UserId, watchers: readonly UserId[]) =>
    decideAccess(storage().privacy, { presentity, watchers, verdict: 'BLOCKED', endsAt: null })
  /** Of each entry of a privacy list: whom it is about, what is decided, and why. */
  const listed = async (presentity: UserId) => {
    const list = { presentity, states: LISTED_STATES, search: '', first: 500, after: null }
    const { edges } = await listEdges(storage().lists, list)
    return edges.map(({ watcher, edge }) => [watcher, edge.state, edge.origin])
  }
  const popupOf = (presentity: UserId) => storage().lists.popup({ presentity, limit: 10, known: [] })
  const acceptAll = (presentity: UserId, lists: PrivacyLists = storage().lists) =>
    acceptAllPending({ store: storage().privacy, lists }, { presentity, actor: presentity })

  describe('accepting all that waits', () => {
    it('allows every open request, tells its watchers, and touches nothing that is decided', async () => {
      const [pia, eve] = [newUser('pia'), newUser('eve')]
      const [one, other, blocked, absorbed, withdrawn] = fiveUsers()
      for (const watcher of [one, other, blocked, withdrawn]) await askOne(pia, watcher)
      await block(pia, [blocked, absorbed])
      await askOne(pia, absorbed)
      const { items } = await storage().lists.asked({ watcher: withdrawn, page: { first: 1, after: null } })
      await withdrawRequest(storage().privacy, { watcher: withdrawn, request: items[0]!.request.id })
      await askOne(eve, one)

      expect(await acceptAll(pia)).toEqual({ accepted: 2, hasMore: false })

      expect(await listed(pia)).toEqual([
        [one, 'ALLOWED', 'ANSWERED'],
        [other, 'ALLOWED', 'ANSWERED'],
        [blocked, 'BLOCKED', 'SET'],
        [absorbed, 'BLOCKED', 'SET'],
      ])
      expect(await listed(eve)).toEqual([[one, 'PENDING', 'REQUESTED']])
      const facts = await storage().facts.readFacts({ watcher: one, presentities: [pia] })
      expect(facts.presentities.get(pia)?.pair.view.access).toBe('ALLOWED')
      expect((await popupOf(pia)).requests).toEqual([])
      expect(await acceptAll(pia)).toEqual({ accepted: 0, hasMore: false })
    })

    it.each([
      [499, 1],
      [500, 1],
      [501, 2],
      [1001, 3],
    ])('goes on in batches until none is left: %i are read in %i pages', async (count, pages) => {
      const pia = newUser('pia')
      const watchers = Array.from({ length: count }, () => newUser())
      await askAtOnce(pia, watchers)
      const lists = counted(storage().lists.waiting)

      expect(await acceptAll(pia, lists)).toEqual({ accepted: count, hasMore: false })
      expect(lists.pages()).toBe(pages)
      expect((await popupOf(pia)).requests).toEqual([])
    })

    it('signals nobody where nothing waits', async () => {
      const pia = newUser('pia')
      const listening = listenTo(storage(), [pia])
      expect(await acceptAll(pia)).toEqual({ accepted: 0, hasMore: false })
      expect(await listening.heard()).toEqual([])
      listening.stop()
    })

    it('leaves what is beyond ten thousand for another call, and says so', async () => {
      const pia = newUser('pia')
      const page = { items: await waitingItems(500), hasNextPage: true }
      const endless = counted(() => Promise.resolve(page))
      const accepted = await acceptAll(pia, endless)
      // None of them is really there, so none is counted.
      expect(accepted).toEqual({ accepted: 0, hasMore: true })
      expect(endless.pages()).toBe(20)
    })

    it('decides what is open at that moment: not what was withdrawn or blocked since the list was read', async () => {
      const pia = newUser('pia')
      const [stays, withdraws, blocked] = fiveUsers()
      await askOne(pia, stays)
      const withdrawn = await askOne(pia, withdraws)
      await askOne(pia, blocked)
      const meanwhile = {
        ...storage().lists,
        async waiting(of: Parameters<PrivacyLists['waiting']>[0]) {
          const page = await storage().lists.waiting(of)
          await withdrawRequest(storage().privacy, { watcher: withdraws, request: withdrawn.request!.id })
          await block(pia, [blocked])
          return page
        },
      }

      const accepted = await acceptAll(pia, meanwhile)

      expect(accepted).toEqual({ accepted: 1, hasMore: false })
      expect(await listed(pia)).toEqual([
        [stays, 'ALLOWED', 'ANSWERED'],
        [blocked, 'BLOCKED', 'SET'],
      ])
    })

    it('leaves notices to be acknowledged', async () => {
      const [pia, wim] = [newUser('pia'), newUser('wim')]
      await setPreference(storage().privacy, { user: pia, change: { invitationHandling: 'AUTO_ACCEPT' } })
      await askOne(pia, wim)

      expect(await acceptAll(pia)).toEqual({ accepted: 0, hasMore: false })
      const popup = await popupOf(pia)
      expect(popup.notices).toMatchObject([{ watcher: wim }])
    })
  })

  /** Lists that say how often what waits was read. */
  function counted(waiting: PrivacyLists['waiting']) {
    let pages = 0
    return {
      ...storage().lists,
      waiting(of: Parameters<PrivacyLists['waiting']>[0]) {
        pages += 1
        return waiting(of)
      },
      pages: () => pages,
    }
  }

  /** Many watchers ask one presentity, in few changes. */
  async function askAtOnce(presentity: UserId, watchers: readonly UserId[]): Promise<void> {
    const scope = { name: 'test', kind: 'REQUEST' as const, by: presentity, others: watchers }
    await storage().privacy.change(scope, ({ now: at, pair }) => ({
      writes: writes({
        pairs: watchers.map((watcher) => {
          const of = { presentity, watcher }
          const asked = ask(pair(of), {
            now: at,
            trigger: 'DIRECT',
            handling: 'PROMPT',
            pendingShown: false,
            endsAt: at + 3_600_000,
            cooldownMs: 0,
            ids: { incoming: randomUUID(), outgoing: randomUUID() },
          })
          return { ...of, pair: asked.pair }
        }),
      }),
      result: null,
    }))
  }

  async function waitingItems(count: number): Promise<WaitingItem[]> {
    const { now: askedAt } = await popupOf(newUser())
    return Array.from({ length: count }, () => ({
      watcher: newUser(),
      item: { ...openItem(askedAt), state: 'OPEN' },
    }))
  }
})

/** In the order in which lists have them. */
function fiveUsers(): readonly [UserId, UserId, UserId, UserId, UserId] {
  return [newUser('1'), newUser('2'), newUser('3'), newUser('4'), newUser('5')]
}
