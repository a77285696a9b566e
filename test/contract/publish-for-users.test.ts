import { expect, it } from 'vitest'
import { decideAccess } from '../../src/application/manage-decisions.ts'
import { endForUsers, publishForUsers, type KeptSession } from '../../src/application/publish-for-users.ts'
import { MAX_SESSIONS, publishPresence, type Said } from '../../src/application/publish-presence.ts'
import { setPreference } from '../../src/application/set-preference.ts'
import { viewPresence } from '../../src/application/view-presence.ts'
import { OFFLINE } from '../../src/domain/presence.ts'
import { serviceOfSession } from '../../src/domain/session-id.ts'
import type { UserId } from '../../src/domain/user-id.ts'
import { onEachStorage } from '../support/each-storage.ts'
import { newUser } from '../support/new-user.ts'
import { DEFAULT_CLASS } from '../support/storage.ts'
import { POLICY } from '../support/policy.ts'

const ocs = newUser('ocs')

onEachStorage((storage) => {
  const publish = (user: UserId, session: string, said: Partial<Said> = {}): KeptSession & Said => ({
    user,
    session,
    ...{ status: 'BUSY', activity: 'IN_A_CALL', note: 'from the server', leaseMs: 60_000 },
    ...said,
  })
  const publishAll = (publications: readonly (KeptSession & Said)[], service = ocs) =>
    publishForUsers(storage(), { service, publications })
  const publishOwn = (user: UserId, session: string, status: Said['status'] = 'AWAY') =>
    publishPresence(storage(), { user, session, status, activity: null, note: null, leaseMs: 60_000 })
  const sees = async (watcher: UserId, presentity: UserId) =>
    (await viewPresence({ ...storage(), ...POLICY }, { watcher, presentities: [presentity] })).get(presentity)
      ?.presence
  const sessionsOf = async (user: UserId) => (await storage().sessions.sessionsOf([user])).get(user) ?? []
  const allowed = async (presentity: UserId) => {
    const watcher = newUser('wim')
    await decideAccess(storage().privacy, {
      presentity,
      watchers: [watcher],
      verdict: 'ALLOWED',
      endsAt: null,
    })
    return watcher
  }

  it('presence that a service publishes is seen by the watchers who may see the user, and by nobody else, not even the service', async () => {
    const pia = newUser('pia')
    const wim = await allowed(pia)
    const [published] = await publishAll([publish(pia, 'desk')])

    expect(published).toHaveProperty('session')
    expect(await sees(wim, pia)).toEqual({ status: 'BUSY', activity: 'IN_A_CALL', note: 'from the server' })
    expect(await sees(newUser('stranger'), pia)).toBe(OFFLINE)
    expect(await sees(ocs, pia)).toBe(OFFLINE)
  })

  it('its sessions stand beside the user’s own of the same name, and beside another service’s', async () => {
    const pia = newUser('pia')
    const other = newUser('other-service')
    await publishOwn(pia, 'desk')
    await publishAll([publish(pia, 'desk')])
    await publishAll([publish(pia, 'desk', { status: 'DO_NOT_DISTURB' })], other)

    const kept = (await sessionsOf(pia)).map(({ id, status }) => [serviceOfSession(id), status])
    expect(new Map(kept as [UserId | null, string][])).toEqual(
      new Map<UserId | null, string>([
        [null, 'AWAY'],
        [ocs, 'BUSY'],
        [other, 'DO_NOT_DISTURB'],
      ]),
    )
  })

  it('a service renews and ends what it keeps, and nothing else', async () => {
    const pia = newUser('pia')
    await publishOwn(pia, 'desk')
    await publishAll([publish(pia, 'desk')])
    await publishAll([publish(pia, 'desk', { status: 'IDLE' })])
    expect((await sessionsOf(pia)).map(({ status }) => status).sort()).toEqual(['AWAY', 'IDLE'])

    const ended = [
      { user: pia, session: 'desk' },
      { user: pia, session: 'desk' },
      { user: pia, session: 'phone' },
      { user: newUser(), session: 'desk' },
    ]
    expect(await endForUsers(storage().sessions, { service: newUser('other-service'), ended })).toEqual([
      false,
      false,
      false,
      false,
    ])
    expect(await endForUsers(storage().sessions, { service: ocs, ended })).toEqual([
      true,
      false,
      false,
      false,
    ])
    expect((await sessionsOf(pia)).map(({ id }) => id)).toEqual(['desk'])
    await storage().sessions.end({ user: pia, id: 'desk' })
    expect(await sessionsOf(pia)).toEqual([])
  })

  it('each publication is answered with its session in its place: those that live are renewed, and the others begin', async () => {
    const [pia, wim, eva] = [newUser('pia'), newUser('wim'), newUser('eva')]
    await publishAll([publish(wim, 'desk')])
    const published = await publishAll([
      publish(pia, 'desk', { note: 'of pia', inactiveForMs: 20_000 }),
      publish(wim, 'desk', { note: 'of wim' }),
      publish(eva, 'desk', { note: 'of eva' }),
    ])
    const stored = (await Promise.all([pia, wim, eva].map(sessionsOf))).flat()
    expect(published).toEqual(stored.map((session) => ({ session })))
    expect(stored.map(({ note }) => note)).toEqual(['of pia', 'of wim', 'of eva'])
    expect(stored.map(({ publishedAt, activeAt }) => publishedAt - activeAt)).toEqual([20_000, 0, 0])
  })

  it('a session whose lease has ended is not there to end', async () => {
    const pia = newUser('pia')
    await publishAll([publish(pia, 'desk')])
    await storage().passTime(60_000)
    const ended = [{ user: pia, session: 'desk' }]
    expect(await endForUsers(storage().sessions, { service: ocs, ended })).toEqual([false])
  })

  it('devices and services take no room from each other, and each stops at its limit alone', async () => {
    const pia = newUser('pia')
    for (let device = 0; device < MAX_SESSIONS; device += 1) await publishOwn(pia, `device-${device}`)
    expect(await publishOwn(pia, 'one-more')).toEqual({ refused: 'TOO_MANY_SESSIONS' })

    const many = Array.from({ length: MAX_SESSIONS + 1 }, (_, place) => publish(pia, `line-${place}`))
    const published = await publishAll([...many, many[0]!])
    expect(published.map((each) => 'refused' in each)).toEqual([
      ...many.map((_, place) => place === MAX_SESSIONS),
      false,
    ])
    expect(await sessionsOf(pia)).toHaveLength(2 * MAX_SESSIONS)
  })

  it('of two of one session in a batch the later one counts, and both are answered with it', async () => {
    const pia = newUser('pia')
    const published = await publishAll([publish(pia, 'desk'), publish(pia, 'desk', { status: 'IDLE' })])

    const sessions = await sessionsOf(pia)
    expect(sessions.map(({ status }) => status)).toEqual(['IDLE'])
    expect(published).toEqual([{ session: sessions[0] }, { session: sessions[0] }])
  })

  it('500 users are published at once, each in their place', async () => {
    const users = Array.from({ length: 500 }, (_, place) => newUser(`user-${place}`))
    const published = await publishAll(
      users.map((user, place) => publish(user, 'desk', { note: `${place}` })),
    )

    expect(published.map((each) => ('session' in each ? each.session.note : each))).toEqual(
      users.map((_, place) => String(place)),
    )
    expect((await storage().sessions.sessionsOf(users)).size).toBe(500)
    const ended = users.map((user) => ({ user, session: 'desk' }))
    expect(await endForUsers(storage().sessions, { service: ocs, ended })).toEqual(users.map(() => true))
  })

  it('batches that meet in other orders do not hold each other up', async () => {
    const users = Array.from({ length: 30 }, () => newUser())
    const rounds = [users, [...users].reverse(), [...users].sort(), users].map((order) =>
      publishAll(order.map((user) => publish(user, 'desk'))),
    )
    for (const published of await Promise.all(rounds)) {
      expect(published.every((each) => 'session' in each)).toBe(true)
    }
  })

  it('a session that a service begins while its user is hidden on is hidden with the others, and does not inherit it', async () => {
    const pia = newUser('pia')
    const wim = await allowed(pia)
    await publishOwn(pia, 'desk')
    await setPreference(storage().privacy, { user: pia, change: { appearOffline: true } })
    const name = 'may not appear offline'
    await storage().setClass({ ...DEFAULT_CLASS, name, appearOfflineAllowed: false })
    await storage().setUser(pia, { classOfService: name })

    await publishAll([publish(pia, 'line')])
    expect(await sees(wim, pia)).toBe(OFFLINE)
    await storage().sessions.end({ user: pia, id: 'desk' })
    expect(await sees(wim, pia)).toMatchObject({ status: 'BUSY' })
  })

  it('nothing is published of somebody who was erased, and the others are', async () => {
    const [gone, pia] = [newUser('gone'), newUser('pia')]
    await storage().records.erase({
      user: gone,
      actor: { kind: 'ADMINISTRATOR', id: newUser('root') },
      token: `\u001ferased:${newUser()}`,
    })
    const [refused, published] = await publishAll([publish(gone, 'desk'), publish(pia, 'desk')])

    expect(refused).toEqual({ refused: 'USER_ERASED' })
    expect(published).toHaveProperty('session')
    expect(await sessionsOf(gone)).toEqual([])
  })
})
