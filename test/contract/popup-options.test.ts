import { describe, expect, it } from 'vitest'
import { requestAccess } from '../../src/application/request-access.ts'
import { respondToRequests } from '../../src/application/respond-to-requests.ts'
import { withdrawRequest } from '../../src/application/withdraw-request.ts'
import type { UserId } from '../../src/domain/user-id.ts'
import { onEachStorage } from '../support/each-storage.ts'
import { newUser } from '../support/new-user.ts'
import { DEFAULT_CLASS } from '../support/storage.ts'

onEachStorage((storage) => {
  const ask = async (watcher: UserId, presentity: UserId) => {
    const asking = { watcher, presentities: [presentity], trigger: 'DIRECT', addToContacts: false } as const
    const [asked] = await requestAccess(storage().privacy, asking)
    return asked?.request?.id as string
  }
  const waitingFor = async (presentity: UserId) => {
    const { requests } = await storage().lists.popup({ presentity, limit: 10, known: [] })
    return requests
  }
  const idOf = async (presentity: UserId, watcher: UserId) =>
    (await waitingFor(presentity)).find((each) => each.watcher === watcher)?.item.id as string
  /** All are ticked, and added to the contacts. */
  const answer = async (presentity: UserId, ticked: readonly string[]) => {
    const responded = await respondToRequests(storage().privacy, {
      ...{ presentity, presented: ticked.toReversed(), ticked, clientKey: null },
      ...{ addTickedToContacts: true, alwaysAccept: false },
    })
    if ('refused' in responded) throw new Error(responded.refused.fault)
    const { outcomes, contacts } = responded.answered
    return {
      outcomes: Object.fromEntries(outcomes.map(({ id, outcome }) => [id, outcome])),
      contacts: contacts.map(({ user, outcome, asked }) => [user, outcome, asked?.outcome ?? null]),
    }
  }

  describe('whoever a popup adds to the contact list', () => {
    it('is added in ticked order while there is room, and only who is added is asked; the answers apply to all', async () => {
      const [pia, wim, eva] = [newUser('pia'), newUser('wim'), newUser('eva')]
      const name = `class of ${pia}`
      await storage().setClass({ ...DEFAULT_CLASS, name, maxContacts: 1 })
      await storage().setUser(pia, { classOfService: name })
      for (const watcher of [wim, eva]) await ask(watcher, pia)
      const [ofWim, ofEva] = [await idOf(pia, wim), await idOf(pia, eva)]

      const { outcomes, contacts } = await answer(pia, [ofEva, ofWim])

      expect(contacts).toEqual([
        [eva, 'ADDED', 'ASKED'],
        [wim, 'CONTACT_LIST_FULL', null],
      ])
      expect(outcomes).toEqual({ [ofEva]: 'APPLIED', [ofWim]: 'APPLIED' })
      expect(await waitingFor(eva)).toMatchObject([{ watcher: pia, item: { triggers: ['CONTACT_ADDED'] } }])
      expect(await waitingFor(wim)).toEqual([])
    })

    it('is asked as anybody is: it counts against the limits of the one who answers', async () => {
      const [pia, wim] = [newUser('pia'), newUser('wim')]
      const name = `class of ${pia}`
      await storage().setClass({ ...DEFAULT_CLASS, name, requestLimits: { perMinute: 1, perDay: 10 } })
      await storage().setUser(pia, { classOfService: name })
      await ask(wim, pia)
      await answer(pia, [await idOf(pia, wim)])

      const asking = {
        watcher: pia,
        presentities: [newUser()],
        trigger: 'DIRECT',
        addToContacts: false,
      } as const
      expect(await requestAccess(storage().privacy, asking)).toMatchObject([{ outcome: 'LIMITED' }])
    })

    it('is added though the request was withdrawn meanwhile', async () => {
      const [pia, wim] = [newUser('pia'), newUser('wim')]
      const request = await ask(wim, pia)
      const presented = await idOf(pia, wim)
      await withdrawRequest(storage().privacy, { watcher: wim, request })

      expect(await answer(pia, [presented])).toEqual({
        outcomes: { [presented]: 'WITHDRAWN' },
        contacts: [[wim, 'ADDED', 'ASKED']],
      })
    })

    it('is nobody by an id that the presentity was never shown', async () => {
      const [pia, max, wim] = [newUser('pia'), newUser('max'), newUser('wim')]
      await ask(wim, max)
      const ofMax = await idOf(max, wim)

      expect(await answer(pia, [ofMax])).toEqual({ outcomes: { [ofMax]: 'NOT_FOUND' }, contacts: [] })
    })
  })
})
