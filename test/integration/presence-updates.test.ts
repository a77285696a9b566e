import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { actsOverApi } from '../support/acts-over-api.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { newUser } from '../support/new-user.ts'
import { startApp, startAppForTest, tokenOf, type TestApp } from '../support/start-app.ts'
import { TRANSPORTS } from '../support/watch-over-api.ts'

describe.each(TRANSPORTS)('presenceUpdates over %s', (_transport, watch) => {
  let database: TestDatabase
  let app: TestApp
  let other: TestApp
  beforeAll(async () => {
    database = await createTestDatabase()
    ;[app, other] = [await startApp(database), await startApp(database)]
  })
  afterAll(async () => {
    await Promise.all([app.stop(), other.stop()])
  })

  const as = async (user: string, server = app, claims = {}) =>
    actsOverApi(server, await tokenOf(user, claims))
  const asRoot = () => as('root', app, { roles: ['administrator'] })
  const watched = async (watcher: string, userIds?: readonly string[]) =>
    watch(app, { token: await tokenOf(watcher), ...(userIds === undefined ? {} : { userIds }) })

  /** Pia is busy and has allowed Wim. */
  const piaAllowsWim = async () => {
    const [pia, wim] = [newUser('pia'), newUser('wim')]
    const [asPia, asWim] = [await as(pia), await as(wim)]
    await asPia.publish('BUSY', { activity: 'IN_A_CALL', note: 'until five' })
    await asPia.decide(wim, 'ALLOWED')
    return { pia, wim, asPia, asWim }
  }

  it('opens with everybody asked for, once, then tells what changes, with activity and note', async () => {
    const { pia, wim, asPia } = await piaAllowsWim()
    const zoe = newUser('zoe')
    const stream = await watched(wim, [pia, zoe, pia])
    expect(await stream.next()).toEqual({
      change: 'SNAPSHOT',
      presences: [
        { user: { id: pia }, presence: { status: 'BUSY', activity: 'IN_A_CALL', note: 'until five' } },
        { user: { id: zoe }, presence: { status: 'OFFLINE', activity: null, note: null } },
      ],
      removedIds: [],
    })
    await asPia.publish('BUSY', { activity: 'IN_A_CALL', note: 'until six' })
    expect(await stream.next()).toEqual({
      change: 'CHANGED',
      presences: [
        { user: { id: pia }, presence: { status: 'BUSY', activity: 'IN_A_CALL', note: 'until six' } },
      ],
      removedIds: [],
    })
    await asPia.disconnect()
    expect(await stream.told()).toEqual({ CHANGED: { [pia]: 'OFFLINE' } })
  })

  it.each([
    ['nobody', [], 'Name at least one user.'],
    [
      '501 users',
      Array.from({ length: 501 }, (_, n) => `user-${String(n)}`),
      'Name at most 500 users at once.',
    ],
    ['an id that is empty', ['pia', ''], 'A user id is 1 to 255 bytes'],
    ['an id that is too long', ['ä'.repeat(128)], 'A user id is 1 to 255 bytes'],
    ['an id with a control character', ['pia\u0000'], 'A user id is 1 to 255 bytes'],
  ])('refuses %s, says why, and ends', async (_what, userIds, message) => {
    const stream = await watched('wim', userIds)
    expect(await stream.refusal()).toMatchObject({
      code: 'BAD_USER_INPUT',
      field: 'userIds',
      message: expect.stringContaining(message) as string,
    })
  })

  it('shows 500 users at once', async () => {
    const { pia, wim, asPia } = await piaAllowsWim()
    const nobody = Array.from({ length: 499 }, (_, n) => `nobody-${String(n)}`)
    const stream = await watched(wim, [...nobody, pia])
    const { presences } = await stream.next()
    expect(presences).toHaveLength(500)
    expect(presences.filter(({ presence }) => presence.status !== 'OFFLINE')).toHaveLength(1)
    await asPia.publish('AWAY')
    expect(await stream.told()).toEqual({ CHANGED: { [pia]: 'AWAY' } })
  })

  it('follows the contact list where nobody is named, an empty one too', async () => {
    const { pia, wim, asPia, asWim } = await piaAllowsWim()
    const zoe = newUser('zoe')
    const stream = await watched(wim)
    expect(await stream.told()).toEqual({ SNAPSHOT: {} })
    await asWim.addContacts(pia, zoe)
    expect(await stream.told()).toEqual({ ADDED: { [pia]: 'BUSY', [zoe]: 'OFFLINE' } })
    await asPia.publish('AWAY')
    expect(await stream.told()).toEqual({ CHANGED: { [pia]: 'AWAY' } })
    await asWim.removeContacts(pia)
    expect(await stream.told()).toEqual({ REMOVED: [pia] })
    await asPia.publish('AVAILABLE')
    await asWim.addContacts(pia)
    expect(await stream.told()).toEqual({ ADDED: { [pia]: 'AVAILABLE' } })
  })

  it('tells a block, its end and the watcher’s own block that another instance has taken', async () => {
    const { pia, wim } = await piaAllowsWim()
    const [piaThere, wimThere] = [await as(pia, other), await as(wim, other)]
    const stream = await watched(wim, [pia])
    expect(await stream.told()).toEqual({ SNAPSHOT: { [pia]: 'BUSY' } })
    await piaThere.decide(wim, 'BLOCKED')
    expect(await stream.told()).toEqual({ CHANGED: { [pia]: 'OFFLINE' } })
    await piaThere.publish('AVAILABLE')
    await piaThere.decide(wim, 'ALLOWED')
    expect(await stream.told()).toEqual({ CHANGED: { [pia]: 'AVAILABLE' } })
    await wimThere.decide(pia, 'BLOCKED')
    expect(await stream.told()).toEqual({ CHANGED: { [pia]: 'OFFLINE' } })
    await wimThere.forget(pia)
    expect(await stream.told()).toEqual({ CHANGED: { [pia]: 'AVAILABLE' } })
  })

  it('tells that a grant has ended within a second of its end', async () => {
    const { pia, wim, asPia } = await piaAllowsWim()
    const stream = await watched(wim, [pia])
    expect(await stream.told()).toEqual({ SNAPSHOT: { [pia]: 'BUSY' } })
    const endsAt = new Date(Date.now() + 1500)
    await asPia.decide(wim, 'ALLOWED', endsAt)
    expect(await stream.told()).toEqual({ CHANGED: { [pia]: 'OFFLINE' } })
    // Of the second, half is left to this machine.
    expect(Date.now() - endsAt.getTime()).toBeGreaterThanOrEqual(0)
    expect(Date.now() - endsAt.getTime()).toBeLessThan(1500)
  })

  it('hides everybody outside the contact list once the watcher’s class requires PROMPT, and shows them again', async () => {
    const { pia, wim } = await piaAllowsWim()
    const root = await asRoot()
    const className = `front desk ${wim}`.slice(0, 40)
    await root.createClass(className, 'USER_DEFINED')
    await root.assignClass(className, wim)
    const stream = await watched(wim, [pia])
    expect(await stream.told()).toEqual({ SNAPSHOT: { [pia]: 'BUSY' } })
    await root.updateClass(className, { invitationHandling: 'PROMPT' })
    expect(await stream.told()).toEqual({ CHANGED: { [pia]: 'OFFLINE' } })
    await root.assignClass('default', wim)
    expect(await stream.told()).toEqual({ CHANGED: { [pia]: 'BUSY' } })
  })

  it('shows a user who comes to appear offline as offline to others, and not to themselves', async () => {
    const { pia, wim, asPia } = await piaAllowsWim()
    const [own, others] = [await watched(pia, [pia]), await watched(wim, [pia])]
    expect(await own.told()).toEqual({ SNAPSHOT: { [pia]: 'BUSY' } })
    expect(await others.told()).toEqual({ SNAPSHOT: { [pia]: 'BUSY' } })
    await asPia.appearOffline(true)
    expect(await others.told()).toEqual({ CHANGED: { [pia]: 'OFFLINE' } })
    await asPia.publish('AWAY')
    expect(await own.told()).toEqual({ CHANGED: { [pia]: 'AWAY' } })
    await asPia.appearOffline(false)
    expect(await others.told()).toEqual({ CHANGED: { [pia]: 'AWAY' } })
  })

  it('shows an erased user as offline, and takes them out of a contact list that is followed', async () => {
    const { pia, wim, asWim } = await piaAllowsWim()
    await asWim.addContacts(pia)
    const [onScreen, contacts] = [await watched(wim, [pia]), await watched(wim)]
    expect(await onScreen.told()).toEqual({ SNAPSHOT: { [pia]: 'BUSY' } })
    expect(await contacts.told()).toEqual({ SNAPSHOT: { [pia]: 'BUSY' } })
    await (await asRoot()).erase(pia)
    expect(await onScreen.told()).toEqual({ CHANGED: { [pia]: 'OFFLINE' } })
    expect(await contacts.told()).toEqual({ REMOVED: [pia] })
  })

  it('ends for a watcher who was erased', async () => {
    const { pia, wim } = await piaAllowsWim()
    const stream = await watched(wim, [pia])
    expect(await stream.told()).toEqual({ SNAPSHOT: { [pia]: 'BUSY' } })
    await (await asRoot()).erase(wim)
    await expect(stream.told()).rejects.toThrow('USER_ERASED')
  })

  it('ends when the instance stops, and begins again with a snapshot on another one', async () => {
    const { pia, wim, asPia } = await piaAllowsWim()
    const stopping = await startAppForTest(database)
    const token = await tokenOf(wim)
    const stream = await watch(stopping, { token, userIds: [pia] })
    expect(await stream.told()).toEqual({ SNAPSHOT: { [pia]: 'BUSY' } })
    await stopping.stop()
    await expect(stream.next()).rejects.toThrow()
    await asPia.publish('AWAY')
    const again = await watch(other, { token, userIds: [pia] })
    expect(await again.told()).toEqual({ SNAPSHOT: { [pia]: 'AWAY' } })
  })
})
