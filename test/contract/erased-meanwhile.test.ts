import { expect, it } from 'vitest'
import { acceptAllPending } from '../../src/application/accept-all-pending.ts'
import { eraseUser } from '../../src/application/erase-user.ts'
import { requestAccess } from '../../src/application/request-access.ts'
import { respondToRequests } from '../../src/application/respond-to-requests.ts'
import { settleWhatHasEnded } from '../../src/application/sweep.ts'
import { withdrawRequest } from '../../src/application/withdraw-request.ts'
import type { UserId } from '../../src/domain/user-id.ts'
import { ROOT } from '../support/administrators.ts'
import { onEachStorage } from '../support/each-storage.ts'
import { newUser } from '../support/new-user.ts'

onEachStorage((storage) => {
  const erase = (user: UserId) => eraseUser(storage().records, { user, actor: ROOT })

  /** Wim has asked pia. */
  async function asked() {
    const [pia, wim] = [newUser('pia'), newUser('wim')]
    const asking = { watcher: wim, presentities: [pia], trigger: 'CALL', addToContacts: false } as const
    const [outcome] = await requestAccess(storage().privacy, asking)
    return { pia, wim, request: outcome!.request!.id }
  }

  /** Lets a user be erased between the read and what follows from it. */
  function thenErased<Args extends readonly unknown[], Found>(
    read: (...args: Args) => Promise<Found>,
    user: UserId,
  ) {
    return async (...args: Args): Promise<Found> => {
      const found = await read(...args)
      await erase(user)
      return found
    }
  }

  /** Nothing is stored of a user, not even that they are one: by themselves, and by another. */
  async function expectNothingOf(gone: UserId, other: UserId): Promise<void> {
    const read = await storage().facts.readFacts({ watcher: other, presentities: [gone] })
    expect([...read.presentities.keys()]).toEqual([])
    for (const [watcher, presentity] of [
      [gone, other],
      [other, gone],
    ] as const) {
      const { views } = await storage().records.viewsOf({ watcher, after: null, limit: 10 })
      expect(views.map((view) => view.presentity)).not.toContain(presentity)
    }
  }

  it('a watcher who is erased while all that waits is accepted is not made anew', async () => {
    const { pia, wim } = await asked()
    const { privacy: store, lists } = storage()
    const accepted = await acceptAllPending(
      { store, lists: { ...lists, waiting: thenErased(lists.waiting, wim) } },
      { presentity: pia, actor: pia },
    )
    expect(accepted).toEqual({ accepted: 0, hasMore: false })
    await expectNothingOf(wim, pia)
  })

  it('a watcher who is erased while they are answered is not made anew', async () => {
    const { pia, wim } = await asked()
    const { privacy, lists } = storage()
    const { requests } = await lists.popup({ presentity: pia, limit: 10, known: [] })
    const presented = requests.map(({ item }) => item.id)
    const answer = { presentity: pia, presented, ticked: presented }
    const options = { addTickedToContacts: true, alwaysAccept: false, clientKey: null }
    const store = { ...privacy, watchersOf: thenErased(privacy.watchersOf, wim) }
    expect(await respondToRequests(store, { ...answer, ...options })).toEqual({
      answered: {
        outcomes: presented.map((id) => ({ id, outcome: 'NOT_FOUND' })),
        ...{ contacts: [], alwaysAcceptRefused: null },
      },
    })
    await expectNothingOf(wim, pia)
  })

  it('a presentity who is erased while a request to them is withdrawn is not made anew', async () => {
    const { pia, wim, request } = await asked()
    const { privacy } = storage()
    const store = { ...privacy, presentitiesOf: thenErased(privacy.presentitiesOf, pia) }
    expect(await withdrawRequest(store, { watcher: wim, request })).toEqual({ outcome: 'NOT_FOUND' })
    await expectNothingOf(pia, wim)
  })

  it('a presentity who is erased while a sweep is under way is not made anew', async () => {
    const { pia, wim } = await asked()
    const { privacy: store } = storage()
    const found = [{ presentity: pia, watcher: wim }]
    const endedPairs = thenErased(() => Promise.resolve(found.splice(0)), pia)
    const leftovers = { ...storage().leftovers, endedPairs }
    await settleWhatHasEnded({ store, leftovers }, new AbortController().signal)
    await expectNothingOf(pia, wim)
  })
})
