import { afterEach, describe, expect, it } from 'vitest'
import { decideAccess, deleteDecisions } from '../../src/application/manage-decisions.ts'
import { Unavailable, type PrivacyLists } from '../../src/application/ports.ts'
import { requestAccess } from '../../src/application/request-access.ts'
import { respondToRequests } from '../../src/application/respond-to-requests.ts'
import { setPreference } from '../../src/application/set-preference.ts'
import { withdrawRequest } from '../../src/application/withdraw-request.ts'
import type { UserId } from '../../src/domain/user-id.ts'
import { watchIncoming, type IncomingEvent } from '../../src/live/watch-incoming.ts'
import { onEachStorage } from '../support/each-storage.ts'
import { newUser } from '../support/new-user.ts'
import { ALWAYS_ITS_TURN } from '../support/policy.ts'
import { DEFAULT_CLASS, type Storage } from '../support/storage.ts'

onEachStorage((storage) => {
  const streams: AsyncIterableIterator<IncomingEvent>[] = []
  afterEach(async () => {
    for (const stream of streams.splice(0)) await stream.return?.()
  })

  const popupOf = (presentity: UserId, lists = storage().lists) => {
    const stream = watchIncoming({ lists, signals: storage().signals, hub: ALWAYS_ITS_TURN }, presentity)
    streams.push(stream)
    return { next: async () => (await stream.next()).value as IncomingEvent, stream }
  }

  /** The storage's own lists, which cannot be reached at the looks of these numbers. */
  const failingLists = ({ looks }: { readonly looks: readonly number[] }): PrivacyLists => {
    let look = 0
    return {
      ...storage().lists,
      popup: (of) => {
        look += 1
        return looks.includes(look) ? Promise.reject(new Unavailable('unplugged')) : storage().lists.popup(of)
      },
    }
  }

  const askedBy = (presentity: UserId, watcher: UserId) =>
    requestAccess(storage().privacy, {
      watcher,
      presentities: [presentity],
      trigger: 'DIRECT',
      addToContacts: false,
    })

  const answer = (presentity: UserId, presented: readonly string[], ticked: readonly string[]) =>
    respondToRequests(storage().privacy, {
      presentity,
      presented,
      ticked,
      addTickedToContacts: false,
      alwaysAccept: false,
      clientKey: null,
    })

  describe('a popup', () => {
    it('opens with everything that waits, the longest waiting first', async () => {
      const [pia, wim, zoe] = [newUser('pia'), newUser('wim'), newUser('zoe')]
      await askedBy(pia, wim)
      await storage().passTime(1000)
      await askedBy(pia, zoe)
      const snapshot = await popupOf(pia).next()
      expect(snapshot).toMatchObject({
        change: 'SNAPSHOT',
        requests: [{ watcher: wim }, { watcher: zoe }],
        notices: [],
      })
    })

    it('opens empty where nothing waits', async () => {
      expect(await popupOf(newUser('pia')).next()).toEqual({ change: 'SNAPSHOT', requests: [], notices: [] })
    })

    it('shows a request that comes while it is open, once, however often it is repeated', async () => {
      const [pia, wim, zoe] = [newUser('pia'), newUser('wim'), newUser('zoe')]
      const popup = popupOf(pia)
      await popup.next()
      await askedBy(pia, wim)
      expect(await popup.next()).toMatchObject({ change: 'ADDED', items: [{ watcher: wim }] })
      await askedBy(pia, wim)
      await askedBy(pia, zoe)
      expect(await popup.next()).toMatchObject({ change: 'ADDED', items: [{ watcher: zoe }] })
    })

    it('closes on the other device what was answered on one', async () => {
      const [pia, wim, zoe] = [newUser('pia'), newUser('wim'), newUser('zoe')]
      await askedBy(pia, wim)
      await askedBy(pia, zoe)
      const [phone, laptop] = [popupOf(pia), popupOf(pia)]
      const ids = idsOf(await phone.next())
      await laptop.next()
      await answer(pia, ids, ids.slice(0, 1))
      for (const device of [phone, laptop]) {
        const event = await device.next()
        expect(event.change).toBe('RESOLVED')
        expect(new Set(idsOf(event))).toEqual(new Set(ids))
      }
    })

    it('tells what was withdrawn, dismissed and decided ahead', async () => {
      const [pia, wim, zoe, kim] = [newUser('pia'), newUser('wim'), newUser('zoe'), newUser('kim')]
      const [asked] = await askedBy(pia, wim)
      await askedBy(pia, zoe)
      await askedBy(pia, kim)
      const popup = popupOf(pia)
      await popup.next()
      await withdrawRequest(storage().privacy, { watcher: wim, request: asked?.request?.id ?? '' })
      expect((await popup.next()).change).toBe('WITHDRAWN')
      await deleteDecisions(storage().privacy, { presentity: pia, watchers: [zoe] })
      expect((await popup.next()).change).toBe('DISMISSED')
      await decideAccess(storage().privacy, {
        presentity: pia,
        watchers: [kim],
        verdict: 'BLOCKED',
        endsAt: null,
      })
      expect((await popup.next()).change).toBe('RESOLVED')
    })

    it('shows whom AUTO_ACCEPT let in until that is acknowledged', async () => {
      const [pia, wim] = [newUser('pia'), newUser('wim')]
      await setPreference(storage().privacy, { user: pia, change: { invitationHandling: 'AUTO_ACCEPT' } })
      const popup = popupOf(pia)
      await popup.next()
      await askedBy(pia, wim)
      const noticed = await popup.next()
      expect(noticed).toMatchObject({ change: 'NOTICED', items: [{ watcher: wim }] })
      expect(await popupOf(pia).next()).toMatchObject({ notices: [{ watcher: wim }], requests: [] })
      await answer(pia, idsOf(noticed), [])
      expect(await popup.next()).toEqual({ change: 'ACKNOWLEDGED', closedIds: idsOf(noticed) })
    })

    it('says nothing of a request that was absorbed', async () => {
      const [pia, wim, zoe] = [newUser('pia'), newUser('wim'), newUser('zoe')]
      await decideAccess(storage().privacy, {
        presentity: pia,
        watchers: [wim],
        verdict: 'BLOCKED',
        endsAt: null,
      })
      const popup = popupOf(pia)
      await popup.next()
      await askedBy(pia, wim)
      await askedBy(pia, zoe)
      expect(await popup.next()).toMatchObject({ change: 'ADDED', items: [{ watcher: zoe }] })
    })

    it('tells a watcher nothing of what others decide about him', async () => {
      const [pia, wim, zoe] = [newUser('pia'), newUser('wim'), newUser('zoe')]
      const decided = { presentity: pia, watchers: [wim], endsAt: null } as const
      const popup = popupOf(wim)
      await popup.next()
      const told = popup.next()
      await askedBy(pia, wim)
      await answer(pia, idsOf(await popupOf(pia).next()), [])
      await decideAccess(storage().privacy, { ...decided, verdict: 'ALLOWED' })
      await decideAccess(storage().privacy, { ...decided, verdict: 'BLOCKED' })
      await deleteDecisions(storage().privacy, { presentity: pia, watchers: [wim] })
      await askedBy(wim, zoe)
      expect(await told).toMatchObject({ change: 'ADDED', items: [{ watcher: zoe }] })
    })

    it('holds one popup for a consumer who does not keep up, and tells him only what still holds', async () => {
      const [pia, wim, zoe] = [newUser('pia'), newUser('wim'), newUser('zoe')]
      const popup = popupOf(pia)
      await popup.next()
      for (let round = 0; round < 5; round += 1) {
        const [asked] = await askedBy(pia, wim)
        await withdrawRequest(storage().privacy, { watcher: wim, request: asked?.request?.id ?? '' })
      }
      await askedBy(pia, zoe)
      expect(await popup.next()).toMatchObject({ change: 'ADDED', items: [{ watcher: zoe }] })
    })

    it('ends at once when it is closed while it waits', async () => {
      const { stream } = popupOf(newUser('pia'))
      await stream.next()
      const waiting = stream.next()
      await stream.return?.()
      expect(await waiting).toEqual({ done: true, value: undefined })
      expect(await stream.next()).toEqual({ done: true, value: undefined })
    })

    it('ends at once when it is closed while it reads', async () => {
      const { stream } = popupOf(newUser('pia'))
      const reading = stream.next()
      await stream.return?.()
      expect(await reading).toEqual({ done: true, value: undefined })
    })

    it('that cannot be read at first ends with the error, and holds no signals', async () => {
      const { stream } = popupOf(newUser('pia'), failingLists({ looks: [1] }))
      await expect(stream.next()).rejects.toBeInstanceOf(Unavailable)
      expect(await stream.next()).toEqual({ done: true, value: undefined })
    })

    it('that cannot be read later stays open, and tells what it missed when it can', async () => {
      const [pia, wim] = [newUser('pia'), newUser('wim')]
      const popup = popupOf(pia, failingLists({ looks: [2, 3] }))
      await popup.next()
      await askedBy(pia, wim)
      expect(await popup.next()).toMatchObject({ change: 'ADDED', items: [{ watcher: wim }] })
    })

    it('lets a request expire by itself, within a second', async () => {
      const [pia, wim] = [newUser('pia'), newUser('wim')]
      await askedBy(pia, wim)
      await storage().passTime(DEFAULT_CLASS.requestLifetimeMs - 300)
      const popup = popupOf(pia)
      const ids = idsOf(await popup.next())
      expect(ids).toHaveLength(1)
      const expired = popup.next()
      if (isInMemory(storage())) await storage().passTime(300)
      expect(await expired).toEqual({ change: 'EXPIRED', closedIds: ids })
    })
  })
})

function isInMemory(storage: Storage): boolean {
  return 'clock' in storage
}

function idsOf(event: IncomingEvent): string[] {
  switch (event.change) {
    case 'SNAPSHOT':
      return [...event.requests, ...event.notices].map(({ item }) => item.id)
    case 'ADDED':
    case 'NOTICED':
      return event.items.map(({ item }) => item.id)
    default:
      return [...event.closedIds]
  }
}
