import { describe, expect, it } from 'vitest'
import { requestAccess } from '../../src/application/request-access.ts'
import { viewPresence } from '../../src/application/view-presence.ts'
import { withdrawRequest } from '../../src/application/withdraw-request.ts'
import { OFFLINE } from '../../src/domain/presence.ts'
import type { OutgoingRequest } from '../../src/domain/request.ts'
import type { UserId } from '../../src/domain/user-id.ts'
import { causesOfOffline, seesContactsOnly, type CausesOfOffline } from '../support/causes-of-offline.ts'
import { onEachStorage } from '../support/each-storage.ts'
import type { Storage } from '../support/storage.ts'
import { POLICY } from '../support/policy.ts'

onEachStorage((storage) => {
  describe('denied equals offline', () => {
    it('for every cause, alone and in one list: the very same presence', async () => {
      const { watcher, causes, shown } = await causesOfOffline(storage())
      const presentities = [shown, ...causes.map(({ presentity }) => presentity)]
      const together = await view(storage(), { watcher, presentities })

      expect(together.get(shown)?.presence).toEqual({
        status: 'BUSY',
        activity: 'IN_A_CALL',
        note: 'with a customer',
      })
      for (const { cause, group, presentity, access } of causes) {
        const alone = await view(storage(), { watcher, presentities: [presentity] })
        for (const seen of [together.get(presentity), alone.get(presentity)]) {
          expect(seen?.presence, `${group}: ${cause}`).toBe(OFFLINE)
          expect(seen?.access, `${group}: ${cause}`).toBe(access)
        }
      }
    })

    it('for everybody outside the contact list of a watcher who sees contacts only', async () => {
      const { watcher, causes, shown } = await causesOfOffline(storage())
      await seesContactsOnly(storage(), watcher)
      const presentities = [shown, ...causes.map(({ presentity }) => presentity)]

      const seen = await view(storage(), { watcher, presentities })

      expect(new Set([...seen.values()].map(({ presence }) => presence))).toEqual(new Set([OFFLINE]))
      expect([...seen.values()].every(({ presence }) => presence === OFFLINE)).toBe(true)
    })

    it('in the watcher’s list of requests: equal for equal histories', async () => {
      const offline = await causesOfOffline(storage())
      const { items } = await storage().lists.asked({
        watcher: offline.watcher,
        page: { first: 500, after: null },
      })

      expectEqualInGroups(offline, (presentity) =>
        items.filter((asked) => asked.presentity === presentity).map(({ request }) => withoutId(request)),
      )
      expect(items.length).toBe(offline.causes.filter(({ access }) => access === 'PENDING').length)
    })

    it.each([0, 30 * 24 * 3_600_000])(
      'in what he is told when he asks again, with a cooldown of %i ms',
      async (requestCooldownMs) => {
        const offline = await causesOfOffline(storage(), { requestCooldownMs })
        const { watcher, causes } = offline
        const presentities = causes.map(({ presentity }) => presentity)
        const ask = { watcher, presentities, trigger: 'DIRECT', addToContacts: true } as const

        for (const _ of ['once', 'and once more']) {
          const told = await requestAccess(storage().privacy, ask)
          expectEqualInGroups(offline, (presentity) => {
            const { request, retryAt, ...payload } = told.find((each) => each.presentity === presentity)!
            // Withdrawn one after the other, so that some milliseconds lie between; the simulation compares the moment itself.
            const later = retryAt !== null
            return { ...payload, presentity: null, request: request && withoutId(request), later }
          })
          expect(told.some(({ outcome }) => outcome === 'COOLING_DOWN')).toBe(requestCooldownMs > 0)
        }
      },
    )

    it('in what the watcher is told of a withdrawal, and after that', async () => {
      const offline = await causesOfOffline(storage())
      const { watcher, causes } = offline
      const { items } = await storage().lists.asked({ watcher, page: { first: 500, after: null } })
      const outcomes = new Map<UserId, string[]>()
      for (const { presentity, request } of items) {
        const withdraw = async () =>
          (await withdrawRequest(storage().privacy, { watcher, request: request.id })).outcome
        outcomes.set(presentity, [await withdraw(), await withdraw()])
      }

      expectEqualInGroups(offline, (presentity) => outcomes.get(presentity) ?? 'nothing to withdraw')
      expect([...outcomes.values()]).toEqual(items.map(() => ['WITHDRAWN', 'WITHDRAWN']))
      const seen = await view(storage(), {
        watcher,
        presentities: causes.map(({ presentity }) => presentity),
      })
      expectEqualInGroups(offline, (presentity) => seen.get(presentity))
    })
  })
})

function view(storage: Storage, look: { watcher: UserId; presentities: readonly UserId[] }) {
  return viewPresence({ ...storage, ...POLICY }, look)
}

function withoutId({ id: _, ...request }: OutgoingRequest): object {
  return request
}

/** What is read of one presentity must be what is read of every other with the same view, history and handling. */
function expectEqualInGroups({ causes }: CausesOfOffline, read: (presentity: UserId) => unknown): void {
  for (const group of new Set(causes.map((cause) => cause.group))) {
    const [first, ...rest] = causes.filter((cause) => cause.group === group)
    expect(rest.length, `"${group}" compares at least two`).toBeGreaterThan(0)
    for (const { cause, presentity } of rest) {
      expect(read(presentity), `${group}: ${cause}, as ${first!.cause}`).toEqual(read(first!.presentity))
    }
  }
}
