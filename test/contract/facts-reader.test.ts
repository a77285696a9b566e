import { expect, it } from 'vitest'
import { decideAccess } from '../../src/application/manage-decisions.ts'
import { viewOwnPresence } from '../../src/application/own-presence.ts'
import { publishPresence } from '../../src/application/publish-presence.ts'
import { requestAccess } from '../../src/application/request-access.ts'
import { viewPresence } from '../../src/application/view-presence.ts'
import { NO_PAIR } from '../../src/domain/pair.ts'
import { OFFLINE } from '../../src/domain/presence.ts'
import type { UserId } from '../../src/domain/user-id.ts'
import { onEachStorage } from '../support/each-storage.ts'
import { memoryStorage } from '../support/memory-storage.ts'
import { newUser } from '../support/new-user.ts'
import { DEFAULT_CLASS, type Storage } from '../support/storage.ts'
import { POLICY } from '../support/policy.ts'

onEachStorage((storage) => {
  it('knows nothing of a user of whom nothing is stored', async () => {
    const facts = await storage().facts.readFacts({ watcher: newUser(), presentities: [newUser()] })

    expect(facts.presentities.size).toBe(0)
    expect(facts.watcherClass).toEqual(DEFAULT_CLASS)
  })

  it('gives a user of whom something is stored the defaults for the rest', async () => {
    const [pia, wim] = [newUser('pia'), newUser('wim')]
    await storage().setUser(pia, {})

    const facts = await storage().facts.readFacts({ watcher: wim, presentities: [pia] })

    const { incoming: _, outgoing: __, ...pair } = NO_PAIR
    expect(facts.presentities.get(pia)).toMatchObject({
      user: {
        preference: { invitationHandling: 'PROMPT', appearOffline: false, manual: null },
        presenceServer: 'NONE_KNOWN',
        classOfService: DEFAULT_CLASS,
      },
      pair,
      sessions: [],
    })
  })

  it('reads what administrators set, of the watcher and of the presentity', async () => {
    const [pia, wim] = [newUser('pia'), newUser('wim')]
    const strict = {
      name: newUser('strict'),
      invitationHandling: 'PROMPT',
      pendingShown: false,
      appearOfflineAllowed: false,
      maxContacts: 7,
      requestLifetimeMs: 60_000,
      requestLimits: { perMinute: 3, perDay: 30 },
      requestCooldownMs: 5_000,
    } as const
    await storage().setClass(strict)
    await storage().setUser(pia, { presenceServer: 'OCS_2007' })
    await storage().setUser(wim, { classOfService: strict.name })

    const facts = await storage().facts.readFacts({ watcher: wim, presentities: [pia, wim] })

    expect(facts.watcherClass).toEqual(strict)
    expect(facts.presentities.get(pia)?.user.presenceServer).toBe('OCS_2007')
    expect(facts.presentities.get(pia)?.user.classOfService).toEqual(DEFAULT_CLASS)
    expect(facts.presentities.get(wim)?.user.classOfService).toEqual(strict)
  })

  it('tells the two directions of two users apart', async () => {
    const [pia, wim] = [newUser('pia'), newUser('wim')]
    await decideAccess(storage().privacy, {
      presentity: pia,
      watchers: [wim],
      verdict: 'ALLOWED',
      endsAt: null,
    })

    const wims = await storage().facts.readFacts({ watcher: wim, presentities: [pia] })
    const pias = await storage().facts.readFacts({ watcher: pia, presentities: [wim] })

    expect(wims.presentities.get(pia)?.pair.edge.state).toBe('ALLOWED')
    expect(wims.presentities.get(pia)?.pair.view.access).toBe('ALLOWED')
    expect(pias.presentities.get(wim)?.pair.edge.state).toBe('NONE')
    expect(pias.presentities.get(wim)?.pair.view.access).toBe('NONE')
  })

  it('mirrors a watcher’s block into the row that the watcher’s reads use', async () => {
    const [pia, wim] = [newUser('pia'), newUser('wim')]
    await decideAccess(storage().privacy, {
      presentity: wim,
      watchers: [pia],
      verdict: 'BLOCKED',
      endsAt: null,
    })

    const facts = await storage().facts.readFacts({ watcher: wim, presentities: [pia] })

    expect(facts.presentities.get(pia)?.pair.watcherBlocksFrom).toBeLessThanOrEqual(facts.now)
  })

  it('reads many presentities at once, and each once, however often it is asked for', async () => {
    const wim = newUser('wim')
    const many = Array.from({ length: 50 }, () => newUser())
    const known = many.slice(0, 20)
    await requestAccess(storage().privacy, {
      watcher: wim,
      presentities: known,
      trigger: 'CALL',
      addToContacts: false,
    })

    const facts = await storage().facts.readFacts({ watcher: wim, presentities: [...many, ...many] })

    expect([...facts.presentities.keys()].sort()).toEqual([...known].sort())
    expect([...facts.presentities.values()].map(({ pair }) => pair.edge.state)).toEqual(
      known.map(() => 'PENDING'),
    )
  })

  it('reads every session that lives, and none whose lease has ended', async () => {
    const [pia, wim] = [newUser('pia'), newUser('wim')]
    await storage().setUser(pia, {})
    await publish(storage(), pia, 60_000)
    const long = await publish(storage(), pia, 600_000)
    await storage().passTime(60_000)

    const facts = await storage().facts.readFacts({ watcher: wim, presentities: [pia] })

    expect(facts.presentities.get(pia)?.sessions.map(({ id }) => id)).toEqual([long])
  })

  it('shows a user their own presence though nothing but one of their sessions is stored', async () => {
    const pia = newUser('pia')
    await publish(storage(), pia, 60_000)

    const own = await viewOwnPresence({ ...storage(), ...POLICY }, pia)

    expect(own.presence.status).toBe('BUSY')
    expect(own.sessions).toHaveLength(1)
  })

  it('ends a grant when its time has come, and not before', async () => {
    const [pia, wim] = [newUser('pia'), newUser('wim')]
    await publish(storage(), pia, 3_600_000)
    const { now } = await storage().facts.readFacts({ watcher: wim, presentities: [] })
    await decideAccess(storage().privacy, {
      presentity: pia,
      watchers: [wim],
      verdict: 'ALLOWED',
      endsAt: now + 600_000,
    })

    await storage().passTime(570_000)
    expect(await seen(storage(), { presentity: pia, watcher: wim })).toMatchObject({ status: 'BUSY' })
    await storage().passTime(30_000)
    expect(await seen(storage(), { presentity: pia, watcher: wim })).toBe(OFFLINE)
  })
})

it('in memory, ends everything at its very millisecond', async () => {
  const storage = memoryStorage()
  const [pia, wim] = [newUser('pia'), newUser('wim')]
  await publish(storage, pia, 3_000)
  await decideAccess(storage.privacy, {
    presentity: pia,
    watchers: [wim],
    verdict: 'ALLOWED',
    endsAt: storage.clock.now() + 2_000,
  })
  const sees = () => seen(storage, { presentity: pia, watcher: wim })
  const seesHerself = () => seen(storage, { presentity: pia, watcher: pia })

  storage.clock.advance(1_999)
  expect(await sees()).toMatchObject({ status: 'BUSY' })
  storage.clock.advance(1)
  expect(await sees()).toBe(OFFLINE)
  storage.clock.advance(999)
  expect(await seesHerself()).toMatchObject({ status: 'BUSY' })
  storage.clock.advance(1)
  expect(await seesHerself()).toBe(OFFLINE)
})

async function publish(storage: Storage, user: UserId, leaseMs: number): Promise<string> {
  const said = { session: null, status: 'BUSY', activity: null, note: null } as const
  const published = await publishPresence(storage, { user, ...said, leaseMs })
  if ('refused' in published) throw new Error(published.refused)
  return published.session.id
}

async function seen(storage: Storage, { presentity, watcher }: { presentity: UserId; watcher: UserId }) {
  const all = await viewPresence({ ...storage, ...POLICY }, { watcher, presentities: [presentity] })
  return all.get(presentity)?.presence
}
