import { expect, it } from 'vitest'
import type { PresenceSessions } from '../../src/application/ports.ts'
import { MAX_SESSIONS, publishPresence } from '../../src/application/publish-presence.ts'
import { renewForUsers, renewPresence } from '../../src/application/renew-presence.ts'
import { publishForUsers } from '../../src/application/publish-for-users.ts'
import type { UserId } from '../../src/domain/user-id.ts'
import { onEachStorage } from '../support/each-storage.ts'
import { newUser } from '../support/new-user.ts'

const SAID = { status: 'BUSY', activity: 'IN_A_CALL', note: 'here', leaseMs: 60_000 } as const

onEachStorage((storage) => {
  /** The sessions of users, and which of their methods has been called. */
  const counted = () => {
    const calls: string[] = []
    const methods = Object.entries(storage().sessions).map(([name, method]) => [
      name,
      (...given: unknown[]) => {
        calls.push(name)
        return (method as (...given: unknown[]) => unknown)(...given)
      },
    ])
    return { calls, sessions: Object.fromEntries(methods) as PresenceSessions }
  }
  const stored = async (user: UserId) => (await storage().sessions.sessionsOf([user])).get(user) ?? []

  it('a device that names no session begins one at once, under an id that nobody has', async () => {
    const pia = newUser('pia')
    const { calls, sessions } = counted()
    const published = [
      await publishPresence({ sessions }, { user: pia, session: null, ...SAID }),
      await publishPresence({ sessions }, { user: pia, session: null, ...SAID }),
    ]
    const kept = await stored(pia)
    expect(published).toEqual(kept.map((session) => ({ session })))
    expect(new Set(kept.map(({ id }) => id)).size).toBe(2)
    expect(calls).toEqual(['publish', 'publish'])
  })

  it('a device whose session lives only renews it, with what it says now', async () => {
    const pia = newUser('pia')
    const { calls, sessions } = counted()
    await publishPresence({ sessions }, { user: pia, session: 'desk', ...SAID })
    const said = { ...SAID, status: 'AWAY', note: null } as const
    const renewed = await publishPresence({ sessions }, { user: pia, session: 'desk', ...said })
    const [session] = await stored(pia)
    expect(session).toMatchObject({ id: 'desk', status: 'AWAY', activity: 'IN_A_CALL', note: null })
    expect(renewed).toEqual({ session })
    expect(calls).toEqual(['renew', 'publish', 'renew'])
  })

  it('a device whose session has ended begins it again under its id', async () => {
    const pia = newUser('pia')
    await publishPresence(storage(), { user: pia, session: 'desk', ...SAID })
    await storage().passTime(SAID.leaseMs)
    const begun = await publishPresence(storage(), {
      ...{ user: pia, session: 'desk', inactiveForMs: 20_000 },
      ...SAID,
    })
    const [session] = await stored(pia)
    expect(begun).toEqual({ session })
    expect(session!.publishedAt - session!.activeAt).toBe(20_000)
    expect(session!.leaseEndsAt - session!.publishedAt).toBe(60_000)
  })

  it('a device more than a user may have is refused', async () => {
    const pia = newUser('pia')
    for (let device = 0; device < MAX_SESSIONS; device += 1)
      await publishPresence(storage(), { user: pia, session: null, ...SAID })
    expect(await publishPresence(storage(), { user: pia, session: null, ...SAID })).toEqual({
      refused: 'TOO_MANY_SESSIONS',
    })
  })

  it('a renewed session says what it has said; one that has ended is answered with null', async () => {
    const pia = newUser('pia')
    await publishPresence(storage(), { user: pia, session: 'desk', ...SAID })
    const [before] = await stored(pia)
    const renewal = { user: pia, session: 'desk', leaseMs: 600_000, inactiveForMs: null }
    const renewed = await renewPresence(storage().sessions, renewal)
    expect(renewed).toEqual({ ...before, leaseEndsAt: renewed!.leaseEndsAt })
    expect(renewed!.leaseEndsAt - before!.leaseEndsAt).toBeGreaterThanOrEqual(540_000)
    await storage().passTime(600_000)
    expect(await renewPresence(storage().sessions, renewal)).toBeNull()
  })

  it('a service renews what it keeps, each in its place, and neither devices nor what another service keeps', async () => {
    const [ocs, other, pia, wim] = [newUser('ocs'), newUser('other'), newUser('pia'), newUser('wim')]
    await publishPresence(storage(), { user: wim, session: 'desk', ...SAID })
    await publishForUsers(storage(), {
      service: ocs,
      publications: [{ user: pia, session: 'desk', ...SAID, inactiveForMs: 30_000 }],
    })
    const renewals = [wim, pia].map((user) => ({
      ...{ user, session: 'desk', leaseMs: 600_000, inactiveForMs: 10_000 },
    }))
    const [before] = await stored(pia)
    expect(await renewForUsers(storage().sessions, { service: other, renewals })).toEqual([null, null])
    const renewed = await renewForUsers(storage().sessions, { service: ocs, renewals })
    const [after] = await stored(pia)
    expect(renewed).toEqual([null, after])
    expect(after).toMatchObject({ status: 'BUSY', activity: 'IN_A_CALL', note: 'here' })
    expect(after!.leaseEndsAt - before!.leaseEndsAt).toBeGreaterThanOrEqual(540_000)
    expect(after!.activeAt - before!.activeAt).toBeGreaterThanOrEqual(20_000)
  })
})
