import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Publication } from '../../src/application/ports.ts'
import type { UserId } from '../../src/domain/user-id.ts'
import { anyPublication } from '../support/domain-arbitraries.ts'
import { onEachStorage } from '../support/each-storage.ts'
import { newUser } from '../support/new-user.ts'

onEachStorage((storage) => {
  const publish = (user: UserId, id: string, more: Partial<Publication & Publication['session']> = {}) => {
    const { status = 'AVAILABLE', activity = null, note = null, mayAppearOffline = true } = more
    const { leaseMs = 60_000, maxSessions = 20 } = more
    const session = { id, status, activity, note, mayAppearOffline }
    return storage().sessions.publish({ user, session, leaseMs, maxSessions })
  }
  const idsOf = async (user: UserId) =>
    ((await storage().sessions.sessionsOf([user])).get(user) ?? []).map(({ id }) => id).sort()

  it('keeps whatever a device says, and for how long it said so', async () => {
    await fc.assert(
      fc.asyncProperty(anyPublication, fc.boolean(), async (said, mayAppearOffline) => {
        const pia = newUser('pia')
        const published = await publish(pia, 'desk', { ...said, mayAppearOffline, leaseMs: 90_000 })

        if ('refused' in published) throw new Error(published.refused)
        const { publishedAt, leaseEndsAt, ...session } = published.session
        expect(session).toEqual({ id: 'desk', ...said, mayAppearOffline })
        expect(leaseEndsAt - publishedAt).toBe(90_000)
        const stored = await storage().sessions.sessionsOf([pia])
        expect(stored.get(pia)).toEqual([published.session])
      }),
      { numRuns: 30 },
    )
  })

  it('tells the sessions of many users apart, and nothing of users without any', async () => {
    const [pia, wim, eve] = [newUser('pia'), newUser('wim'), newUser('eve')]
    await publish(pia, 'desk')
    await publish(pia, 'phone')
    await publish(wim, 'desk')

    const found = await storage().sessions.sessionsOf([pia, wim, eve])

    expect([...found.keys()].sort()).toEqual([pia, wim].sort())
    expect(found.get(pia)).toHaveLength(2)
    expect(found.get(wim)).toHaveLength(1)
  })

  it('renews a session with what the device says now', async () => {
    const pia = newUser('pia')
    await publish(pia, 'desk', { note: 'before', leaseMs: 60_000 })
    await storage().passTime(50_000)
    await publish(pia, 'desk', { status: 'BUSY', leaseMs: 60_000 })
    await storage().passTime(50_000)

    const [session] = (await storage().sessions.sessionsOf([pia])).get(pia) ?? []
    expect(session).toMatchObject({ id: 'desk', status: 'BUSY', note: null })
  })

  it('lets a running session keep what it was allowed when it began', async () => {
    const pia = newUser('pia')
    await publish(pia, 'hidden', { mayAppearOffline: true })
    await publish(pia, 'seen', { mayAppearOffline: false })
    await publish(pia, 'hidden', { mayAppearOffline: false })
    await publish(pia, 'seen', { mayAppearOffline: true })

    const sessions = (await storage().sessions.sessionsOf([pia])).get(pia) ?? []
    expect(Object.fromEntries(sessions.map(({ id, mayAppearOffline }) => [id, mayAppearOffline]))).toEqual({
      hidden: true,
      seen: false,
    })
  })

  it('begins anew after its lease has ended', async () => {
    const pia = newUser('pia')
    await publish(pia, 'desk', { mayAppearOffline: true, leaseMs: 60_000 })
    await storage().passTime(60_000)
    expect(await idsOf(pia)).toEqual([])

    const published = await publish(pia, 'desk', { mayAppearOffline: false })
    expect(published).toMatchObject({ session: { mayAppearOffline: false } })
  })

  it('refuses one session more than a user may have, and renews those that she has', async () => {
    const pia = newUser('pia')
    await publish(pia, 'desk', { maxSessions: 2 })
    await publish(pia, 'phone', { maxSessions: 2 })

    expect(await publish(pia, 'car', { maxSessions: 2 })).toEqual({ refused: 'TOO_MANY_SESSIONS' })
    expect(await publish(pia, 'phone', { maxSessions: 2, status: 'AWAY' })).toMatchObject({
      session: { status: 'AWAY' },
    })
    expect(await idsOf(pia)).toEqual(['desk', 'phone'])
  })

  it('does not count sessions whose lease has ended', async () => {
    const pia = newUser('pia')
    await publish(pia, 'desk', { maxSessions: 1, leaseMs: 60_000 })
    await storage().passTime(60_000)

    expect(await publish(pia, 'phone', { maxSessions: 1 })).toHaveProperty('session')
  })

  it('never lets devices that publish at the same moment exceed the limit together', async () => {
    // Many rounds: in the first ones, a pool that is still making its connections keeps the devices apart.
    for (let round = 0; round < 30; round += 1) {
      const pia = newUser('pia')
      const published = await Promise.all(
        Array.from({ length: 8 }, (_, device) => publish(pia, `device-${device}`, { maxSessions: 1 })),
      )
      expect(published.filter((each) => 'session' in each)).toHaveLength(1)
      expect(await idsOf(pia)).toHaveLength(1)
    }
  })

  it('ends a session once, and knows of none that never was or is somebody else’s', async () => {
    const [pia, eve] = [newUser('pia'), newUser('eve')]
    await publish(pia, 'desk')

    expect(await storage().sessions.end({ user: eve, id: 'desk' })).toBe(false)
    expect(await idsOf(pia)).toEqual(['desk'])
    expect(await storage().sessions.end({ user: pia, id: 'desk' })).toBe(true)
    expect(await storage().sessions.end({ user: pia, id: 'desk' })).toBe(false)
    expect(await idsOf(pia)).toEqual([])
  })

  it('has nothing to end once the lease is over', async () => {
    const pia = newUser('pia')
    await publish(pia, 'desk', { leaseMs: 60_000 })
    await storage().passTime(60_000)

    expect(await storage().sessions.end({ user: pia, id: 'desk' })).toBe(false)
  })
})
