import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { SessionPublication, SessionRenewal } from '../../src/application/ports.ts'
import type { UserId } from '../../src/domain/user-id.ts'
import { anyPublication } from '../support/domain-arbitraries.ts'
import { onEachStorage } from '../support/each-storage.ts'
import { newUser } from '../support/new-user.ts'
import { DEFAULT_CLASS } from '../support/storage.ts'

type Words = NonNullable<SessionRenewal['said']>

onEachStorage((storage) => {
  const publish = (
    user: UserId,
    id: string,
    more: Partial<SessionPublication & SessionPublication['session']> = {},
  ) => {
    const { status = 'AVAILABLE', activity = null, note = null } = more
    const { inactiveForMs = 0, leaseMs = 60_000, maxSessions = 20 } = more
    const session = { id, status, activity, note }
    return storage().sessions.publish({ user, session, inactiveForMs, leaseMs, maxSessions })
  }
  const renew = (user: UserId, id: string, more: Partial<SessionRenewal> = {}) =>
    storage().sessions.renew({ user, id, said: null, inactiveForMs: null, leaseMs: 60_000, ...more })
  const sessionOf = async (user: UserId) => (await storage().sessions.sessionsOf([user])).get(user)?.[0]
  const idsOf = async (user: UserId) =>
    ((await storage().sessions.sessionsOf([user])).get(user) ?? []).map(({ id }) => id).sort()

  it('keeps whatever a device says, and for how long it said so', async () => {
    await fc.assert(
      fc.asyncProperty(anyPublication, async (said) => {
        const pia = newUser('pia')
        const times = { inactiveForMs: 70_000, leaseMs: 90_000 }
        const published = await publish(pia, 'desk', { ...said, ...times })

        if ('refused' in published) throw new Error(published.refused)
        const { publishedAt, activeAt, leaseEndsAt, ...session } = published.session
        expect(session).toEqual({ id: 'desk', ...said, mayAppearOffline: true, inClassSince: publishedAt })
        expect(publishedAt - activeAt).toBe(70_000)
        expect(leaseEndsAt - publishedAt).toBe(90_000)
        const stored = await storage().sessions.sessionsOf([pia])
        expect(stored.get(pia)).toEqual([published.session])
      }),
      { numRuns: 30 },
    )
  })

  it('keeps all that the devices of one user can say, for every reader', async () => {
    const pia = newUser('pia')
    const ids = Array.from({ length: 20 }, (_, place) => `device-${String(place)}`)
    const note = `"{}\\ 'NULL' ${'\u{1f600}'.repeat(267)}`
    for (const id of ids) await publish(pia, id, { note })

    const { sessions, facts } = storage()
    const asked = { watcher: newUser(), presentities: [pia] }
    const told = [
      (await sessions.sessionsOf([pia])).get(pia),
      (await facts.readSight(asked)).presentities.get(pia)?.sessions,
      (await facts.readFacts(asked)).presentities.get(pia)?.sessions,
    ]
    for (const devices of told)
      expect(devices?.map((device) => [device.id, device.note])).toEqual(ids.map((id) => [id, note]))
    expect(told[1]).toEqual(told[0])
    expect(told[2]).toEqual(told[0])
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

  it('renews a session with what the device says now, to the last word', async () => {
    await fc.assert(
      fc.asyncProperty(anyPublication, anyPublication, async (before, after) => {
        const pia = newUser('pia')
        await publish(pia, 'desk', { ...before, leaseMs: 60_000 })
        await storage().passTime(50_000)
        const renewed = await renew(pia, 'desk', { said: after })
        await storage().passTime(50_000)

        expect(renewed).toMatchObject({ id: 'desk', ...after })
        const stored = await sessionOf(pia)
        expect(stored).toMatchObject({ id: 'desk', ...after, mayAppearOffline: true })
        expect(stored!.leaseEndsAt - stored!.publishedAt).toBe(saysTheSame(before, after) ? 110_000 : 60_000)
      }),
      { numRuns: 20 },
    )
  })

  it('renews a session that says nothing new: it says what it has said, since it has said it, and lives on', async () => {
    const pia = newUser('pia')
    const said = { status: 'BUSY', activity: 'IN_A_CALL', note: 'here' } as const
    await publish(pia, 'desk', { ...said, inactiveForMs: 5_000 })
    await storage().passTime(50_000)
    const before = await sessionOf(pia)
    const renewed = await renew(pia, 'desk')

    expect(renewed).toEqual({ ...before, leaseEndsAt: renewed!.leaseEndsAt })
    expect(renewed!.leaseEndsAt - before!.leaseEndsAt).toBeGreaterThanOrEqual(50_000)
    await storage().passTime(59_000)
    expect(await idsOf(pia)).toEqual(['desk'])
  })

  it('renews nothing that is not there, has ended, or is somebody else’s', async () => {
    const [pia, eve] = [newUser('pia'), newUser('eve')]
    await publish(pia, 'desk', { leaseMs: 60_000 })
    expect(await renew(pia, 'phone')).toBeNull()
    expect(await renew(eve, 'desk')).toBeNull()
    await storage().passTime(60_000)
    expect(await renew(pia, 'desk')).toBeNull()
    expect(await renew(pia, 'desk', { said: { status: 'BUSY', activity: null, note: null } })).toBeNull()
    expect(await idsOf(pia)).toEqual([])
  })

  it('never shortens a lease by renewing it, and gives it the end that is published', async () => {
    const pia = newUser('pia')
    const said = { status: 'AVAILABLE', activity: null, note: null } as const
    const first = await publish(pia, 'desk', { leaseMs: 600_000 })
    const end = 'session' in first ? first.session.leaseEndsAt : 0
    expect((await renew(pia, 'desk', { leaseMs: 60_000 }))!.leaseEndsAt).toBe(end)
    expect((await renew(pia, 'desk', { said, leaseMs: 580_000 }))!.leaseEndsAt).toBe(end)
    const shorter = (await renew(pia, 'desk', { said, leaseMs: 60_000 }))!.leaseEndsAt
    expect(end - shorter).toBeGreaterThan(500_000)
  })

  it('knows a later activity, and never an earlier one than it knew', async () => {
    const pia = newUser('pia')
    await publish(pia, 'desk', { inactiveForMs: 20_000, leaseMs: 600_000 })
    const { activeAt } = (await sessionOf(pia))!
    expect(await renew(pia, 'desk', { inactiveForMs: 30_000 })).toMatchObject({ activeAt })
    expect(await renew(pia, 'desk', { inactiveForMs: null })).toMatchObject({ activeAt })
    expect((await renew(pia, 'desk', { inactiveForMs: 5_000 }))!.activeAt - activeAt).toBeGreaterThanOrEqual(
      15_000,
    )
  })

  it('renews several at once, each in its place, and of two of one session with the later one', async () => {
    const users = [newUser(), newUser(), newUser()] as const
    for (const user of users.slice(0, 2)) await publish(user, 'desk')
    const said = (note: string) => ({ status: 'BUSY', activity: null, note }) as const
    const renewed = await storage().sessions.renewSeveral(
      [users[1], users[2], users[0], users[1]].map((user, place) => ({
        ...{ user, id: 'desk', said: said(String(place)), inactiveForMs: null, leaseMs: 60_000 },
      })),
    )
    expect(renewed.map((session) => session?.note)).toEqual(['3', undefined, '2', '3'])
  })

  it('loses nothing when devices and renewals of one session meet', async () => {
    const users = Array.from({ length: 20 }, () => newUser())
    for (const user of users) await publish(user, 'desk')
    const said = { status: 'BUSY', activity: null, note: 'news' } as const
    const renewals = users.flatMap((user) => [renew(user, 'desk', { said }), renew(user, 'desk')])
    const several = [users, [...users].reverse()].map((order) =>
      storage().sessions.renewSeveral(
        order.map((user) => ({ user, id: 'desk', said: null, inactiveForMs: 0, leaseMs: 60_000 })),
      ),
    )
    await Promise.all([...renewals, ...several])
    const stored = await storage().sessions.sessionsOf(users)
    expect(users.map((user) => stored.get(user)?.[0]?.note)).toEqual(users.map(() => 'news'))
  })

  it('lets a running session keep what it was allowed when it began', async () => {
    const pia = newUser('pia')
    const className = newUser('class')
    const allow = (appearOfflineAllowed: boolean) =>
      storage().setClass({ ...DEFAULT_CLASS, name: className, appearOfflineAllowed })
    await allow(true)
    await storage().setUser(pia, { classOfService: className })
    await publish(pia, 'hidden')
    await allow(false)
    await publish(pia, 'seen')
    await publish(pia, 'hidden')
    await allow(true)
    await publish(pia, 'seen')

    const sessions = (await storage().sessions.sessionsOf([pia])).get(pia) ?? []
    expect(Object.fromEntries(sessions.map(({ id, mayAppearOffline }) => [id, mayAppearOffline]))).toEqual({
      hidden: true,
      seen: false,
    })
  })

  it('begins anew after its lease has ended', async () => {
    const pia = newUser('pia')
    const className = newUser('class')
    await publish(pia, 'desk', { leaseMs: 60_000 })
    await storage().passTime(60_000)
    expect(await idsOf(pia)).toEqual([])

    await storage().setClass({ ...DEFAULT_CLASS, name: className, appearOfflineAllowed: false })
    await storage().setUser(pia, { classOfService: className })
    const published = await publish(pia, 'desk')
    expect(published).toMatchObject({ session: { mayAppearOffline: false } })
  })

  it('refuses one session more than a user may have, and renews those that are there', async () => {
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

  it('makes nothing of a user of whom nothing is stored, where nothing is there to renew or to end', async () => {
    const [pia, wim] = [newUser('pia'), newUser('wim')]
    await renew(pia, 'desk')
    await storage().sessions.end({ user: pia, id: 'desk' })
    const { presentities } = await storage().facts.readFacts({ watcher: wim, presentities: [pia] })
    expect(presentities.size).toBe(0)
  })

  it('has nothing to end once the lease is over', async () => {
    const pia = newUser('pia')
    await publish(pia, 'desk', { leaseMs: 60_000 })
    await storage().passTime(60_000)

    expect(await storage().sessions.end({ user: pia, id: 'desk' })).toBe(false)
  })
})

function saysTheSame(one: Words, other: Words): boolean {
  return one.status === other.status && one.activity === other.activity && one.note === other.note
}
