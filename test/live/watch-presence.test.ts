import { afterEach, describe, expect, it } from 'vitest'
import { decideAccess, deleteDecisions } from '../../src/application/manage-decisions.ts'
import { addContactsAndAsk, removeContacts } from '../../src/application/manage-contacts.ts'
import type { LiveFacts } from '../../src/application/live-ports.ts'
import { Unavailable } from '../../src/application/ports.ts'
import { publishPresence } from '../../src/application/publish-presence.ts'
import { setPreference } from '../../src/application/set-preference.ts'
import type { PublishableStatus } from '../../src/domain/presence.ts'
import type { UserId } from '../../src/domain/user-id.ts'
import type { PresenceEvent } from '../../src/live/presence-event.ts'
import { presenceHub, type Interest, type PresenceHub } from '../../src/live/presence-hub.ts'
import { systemScheduler } from '../../src/live/scheduler.ts'
import { watchPresence } from '../../src/live/watch-presence.ts'
import { causesOfOffline } from '../support/causes-of-offline.ts'
import { onEachStorage } from '../support/each-storage.ts'
import { newUser } from '../support/new-user.ts'
import { POLICY } from '../support/policy.ts'
import { DEFAULT_CLASS } from '../support/storage.ts'

onEachStorage((storage) => {
  const hubs: PresenceHub[] = []
  const streams: AsyncIterableIterator<PresenceEvent>[] = []
  afterEach(async () => {
    for (const stream of streams.splice(0)) await stream.return?.()
    for (const hub of hubs.splice(0)) hub.close()
  })

  const openHub = (live: LiveFacts = storage().live): PresenceHub => {
    const { signals } = storage()
    const hub = presenceHub({
      live,
      signals,
      ...POLICY,
      scheduler: systemScheduler,
      onProblem: () => undefined,
    })
    hubs.push(hub)
    return hub
  }

  const watch = (watcher: UserId, interest: Interest, hub = openHub()) => {
    const stream = watchPresence(hub, { watcher, interest })
    streams.push(stream)
    const next = async () => (await stream.next()).value as PresenceEvent
    return { stream, next, told: async () => inShort(await next()) }
  }

  const publish = (user: UserId, status: PublishableStatus, leaseMs = 600_000) =>
    publishPresence(
      { ...storage(), ...POLICY },
      {
        user,
        session: 'desk',
        status,
        activity: null,
        note: null,
        leaseMs,
        inactiveForMs: 0,
      },
    )

  const decide = (
    presentity: UserId,
    watcher: UserId,
    verdict: 'ALLOWED' | 'BLOCKED',
    endsAt: number | null = null,
  ) => decideAccess(storage().privacy, { presentity, watchers: [watcher], verdict, endsAt })

  /** Until the hub has heard of everything that was stored before: of this, it hears last. */
  const everythingHeard = async () => {
    const mia = newUser('mia')
    const { told } = watch(mia, { users: [mia] })
    await told()
    await publish(mia, 'BUSY')
    await told()
  }

  describe('a stream of presence', () => {
    it('opens with everybody asked for, then tells each change that shows, and no other', async () => {
      const [pia, zoe, wim] = [newUser('pia'), newUser('zoe'), newUser('wim')]
      await publish(pia, 'AVAILABLE')
      await decide(pia, wim, 'ALLOWED')
      const { told } = watch(wim, { users: [pia, zoe] })
      expect(await told()).toEqual({ SNAPSHOT: { [pia]: 'AVAILABLE', [zoe]: 'OFFLINE' } })

      await publish(zoe, 'BUSY')
      await publish(pia, 'AVAILABLE')
      await publish(pia, 'AWAY')
      await everythingHeard()
      expect(await told()).toEqual({ CHANGED: { [pia]: 'AWAY' } })
    })

    it('shows whoever allows at once, and tells of a block as one ordinary offline', async () => {
      const [pia, wim] = [newUser('pia'), newUser('wim')]
      await publish(pia, 'BUSY')
      const { told } = watch(wim, { users: [pia] })
      expect(await told()).toEqual({ SNAPSHOT: { [pia]: 'OFFLINE' } })
      await decide(pia, wim, 'ALLOWED')
      expect(await told()).toEqual({ CHANGED: { [pia]: 'BUSY' } })

      const change = told()
      await decide(pia, wim, 'BLOCKED')
      expect(await change).toEqual({ CHANGED: { [pia]: 'OFFLINE' } })
      await publish(pia, 'AVAILABLE')
      await deleteDecisions(storage().privacy, { presentity: pia, watchers: [wim] })
      await decide(pia, wim, 'ALLOWED')
      expect(await told()).toEqual({ CHANGED: { [pia]: 'AVAILABLE' } })
    })

    it('moves those whom its watcher blocks, and brings them back', async () => {
      const [pia, wim] = [newUser('pia'), newUser('wim')]
      await publish(pia, 'BUSY')
      await decide(pia, wim, 'ALLOWED')
      const { told } = watch(wim, { users: [pia] })
      await told()
      const hidden = told()
      await decide(wim, pia, 'BLOCKED')
      expect(await hidden).toEqual({ CHANGED: { [pia]: 'OFFLINE' } })
      await decide(wim, pia, 'ALLOWED')
      expect(await told()).toEqual({ CHANGED: { [pia]: 'BUSY' } })
    })

    it('follows the contact list of its watcher', async () => {
      const [pia, zoe, wim] = [newUser('pia'), newUser('zoe'), newUser('wim')]
      await publish(pia, 'BUSY')
      await decide(pia, wim, 'ALLOWED')
      const add = (contact: UserId) =>
        addContactsAndAsk(storage().privacy, { watcher: wim, presentities: [contact] })
      await add(zoe)
      const { told } = watch(wim, 'CONTACTS')
      expect(await told()).toEqual({ SNAPSHOT: { [zoe]: 'OFFLINE' } })

      // Whoever does not ask meanwhile is shown all afresh.
      const added = told()
      await add(pia)
      expect(await added).toEqual({ ADDED: { [pia]: 'BUSY' } })
      await publish(pia, 'AWAY')
      expect(await told()).toEqual({ CHANGED: { [pia]: 'AWAY' } })
      const removed = told()
      await removeContacts(storage().privacy, { watcher: wim, presentities: [zoe] })
      expect(await removed).toEqual({ REMOVED: [zoe] })
    })

    it('moves when a class of service begins to require the contact list, and when it ceases to', async () => {
      const [pia, wim] = [newUser('pia'), newUser('wim')]
      await storage().setClass({ ...DEFAULT_CLASS, name: 'strict' })
      await storage().setUser(wim, { classOfService: 'strict' })
      await publish(pia, 'BUSY')
      await decide(pia, wim, 'ALLOWED')
      const { told } = watch(wim, { users: [pia] })
      expect(await told()).toEqual({ SNAPSHOT: { [pia]: 'BUSY' } })
      const hidden = told()
      await storage().setClass({ ...DEFAULT_CLASS, name: 'strict', invitationHandling: 'PROMPT' })
      expect(await hidden).toEqual({ CHANGED: { [pia]: 'OFFLINE' } })
      await storage().setUser(wim, { classOfService: 'default' })
      expect(await told()).toEqual({ CHANGED: { [pia]: 'BUSY' } })
    })

    it('shows its watcher himself, also while he appears offline to others', async () => {
      const [pia, wim] = [newUser('pia'), newUser('wim')]
      await publish(pia, 'BUSY')
      await decide(pia, wim, 'ALLOWED')
      const hub = openHub()
      const [own, others] = [watch(pia, { users: [pia] }, hub), watch(wim, { users: [pia] }, hub)]
      expect(await own.told()).toEqual({ SNAPSHOT: { [pia]: 'BUSY' } })
      expect(await others.told()).toEqual({ SNAPSHOT: { [pia]: 'BUSY' } })
      await setPreference(storage().privacy, { user: pia, change: { appearOffline: true } })
      expect(await others.told()).toEqual({ CHANGED: { [pia]: 'OFFLINE' } })
      await publish(pia, 'AWAY')
      expect(await own.told()).toEqual({ CHANGED: { [pia]: 'AWAY' } })
    })

    it('opens with the one frozen OFFLINE for every cause, and tells none of them anything', async () => {
      const { watcher, causes, shown } = await causesOfOffline(storage())
      const { next, told } = watch(watcher, {
        users: [shown, ...causes.map(({ presentity }) => presentity)],
      })
      const first = await next()
      if (first.change !== 'SNAPSHOT') throw new Error('a stream opens with a snapshot')
      const [, ...hidden] = first.presences
      expect(new Set(hidden.map(({ presence }) => presence)).size).toBe(1)
      await publish(shown, 'AWAY')
      expect(await told()).toMatchObject({ CHANGED: {} })
    })

    it('ends at once when it is returned, also while its first look is under way', async () => {
      const pia = newUser('pia')
      const hub = openHub({
        ...storage().live,
        factsOfPairs: () => new Promise(() => undefined),
      })
      const { stream } = watch(newUser('wim'), { users: [pia] }, hub)
      const waits = stream.next()
      await stream.return?.()
      expect(await waits).toEqual({ done: true, value: undefined })
      expect(await stream.next()).toEqual({ done: true, value: undefined })
    })

    it('that cannot be begun fails', async () => {
      const hub = openHub({
        ...storage().live,
        factsOfPairs: () => Promise.reject(new Unavailable('unplugged')),
      })
      const { stream } = watch(newUser('wim'), { users: [newUser('pia')] }, hub)
      await expect(stream.next()).rejects.toThrow(Unavailable)
      expect(await stream.next()).toEqual({ done: true, value: undefined })
    })

    it('tells the latest only to whoever reads slowly', async () => {
      const [pia, wim] = [newUser('pia'), newUser('wim')]
      await decide(pia, wim, 'ALLOWED')
      const { told } = watch(wim, { users: [pia] })
      await told()
      for (const status of ['AVAILABLE', 'BUSY', 'AWAY', 'BE_RIGHT_BACK'] as const) await publish(pia, status)
      await everythingHeard()
      expect(await told()).toEqual({ CHANGED: { [pia]: 'BE_RIGHT_BACK' } })
    })
  })
})

function inShort(event: PresenceEvent) {
  if (event.change === 'REMOVED') return { REMOVED: event.userIds }
  const statuses = event.presences.map(({ user, presence }) => [user, presence.status])
  return { [event.change]: Object.fromEntries(statuses) as Record<UserId, string> }
}
