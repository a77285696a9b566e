import { expect, it } from 'vitest'
import { decideAccess } from '../../src/application/manage-decisions.ts'
import type { PrivacyStore } from '../../src/application/privacy-store.ts'
import { requestAccess } from '../../src/application/request-access.ts'
import { withdrawRequest } from '../../src/application/withdraw-request.ts'
import type { UserId } from '../../src/domain/user-id.ts'
import { onEachStorage } from '../support/each-storage.ts'
import { newUser } from '../support/new-user.ts'
import { DEFAULT_CLASS } from '../support/storage.ts'

const DAY_MS = 24 * 3_600_000

onEachStorage((storage) => {
  const asked = async () => {
    const [pia, wim] = [newUser('pia'), newUser('wim')]
    const [told] = await requestAccess(storage().privacy, {
      ...{ watcher: wim, presentities: [pia], trigger: 'CALL', addToContacts: false },
    })
    return { pia, wim, request: told!.request!.id }
  }
  const withdraw = (watcher: UserId, request: string, store: PrivacyStore = storage().privacy) =>
    withdrawRequest(store, { watcher, request })
  const decide = (presentity: UserId, watcher: UserId, verdict: 'ALLOWED' | 'BLOCKED') =>
    decideAccess(storage().privacy, { presentity, watchers: [watcher], verdict, endsAt: null })
  it('a request is withdrawn, denied or not, and once more', async () => {
    for (const denied of [false, true]) {
      const { pia, wim, request } = await asked()
      if (denied) await decide(pia, wim, 'BLOCKED')
      const withdrawn = { outcome: 'WITHDRAWN', presentity: pia }
      expect(await withdraw(wim, request)).toEqual(withdrawn)
      expect(await withdraw(wim, request)).toEqual(withdrawn)
    }
  })

  it('a request that let its watcher in is not withdrawn', async () => {
    const { pia, wim, request } = await asked()
    await decide(pia, wim, 'ALLOWED')
    expect(await withdraw(wim, request)).toEqual({ outcome: 'ALREADY_ALLOWED', presentity: pia })
  })

  it('a request that has expired is not withdrawn', async () => {
    const { pia, wim, request } = await asked()
    await storage().passTime(DEFAULT_CLASS.requestLifetimeMs)
    expect(await withdraw(wim, request)).toEqual({ outcome: 'EXPIRED', presentity: pia })
  })

  it('a request that nobody made is not found, and neither is another watcher’s', async () => {
    const { pia, wim, request } = await asked()
    expect(await withdraw(wim, newUser())).toEqual({ outcome: 'NOT_FOUND' })
    expect(await withdraw(newUser('eva'), request)).toEqual({ outcome: 'NOT_FOUND' })
    expect(await withdraw(pia, request)).toEqual({ outcome: 'NOT_FOUND' })
  })

  it('a request that is forgotten while it is withdrawn is not found', async () => {
    const { wim, request } = await asked()
    await withdraw(wim, request)
    await storage().passTime(30 * DAY_MS)
    const kept = { requestsMs: DAY_MS, answersMs: DAY_MS }
    const { privacy, leftovers } = storage()
    const store: PrivacyStore = {
      ...privacy,
      async presentitiesOf(outgoing) {
        const found = await privacy.presentitiesOf(outgoing)
        await leftovers.forget({ kept, limit: 1000 })
        return found
      },
    }
    expect(await withdraw(wim, request, store)).toEqual({ outcome: 'NOT_FOUND' })
  })
})
