import { expect, it } from 'vitest'
import { decideAccess } from '../../src/application/manage-decisions.ts'
import { reportAttempts, type Attempt } from '../../src/application/report-attempts.ts'
import { Unavailable, UserErased } from '../../src/application/ports.ts'
import type { PrivacyStore } from '../../src/application/privacy-store.ts'
import { requestAccess } from '../../src/application/request-access.ts'
import { respondToRequests } from '../../src/application/respond-to-requests.ts'
import { viewPresence } from '../../src/application/view-presence.ts'
import { compareBytes, type UserId } from '../../src/domain/user-id.ts'
import { causesOfOffline } from '../support/causes-of-offline.ts'
import { onEachStorage } from '../support/each-storage.ts'
import { newUser } from '../support/new-user.ts'
import { DEFAULT_CLASS, type Storage } from '../support/storage.ts'
import { POLICY } from '../support/policy.ts'

const service = newUser('telephony')

onEachStorage((storage) => {
  const report = (attempts: readonly Attempt[]) =>
    reportAttempts(storage().privacy, { service, attempts, clientKey: null })
  /** Of one user, who may ask three a minute, to so many others. */
  const callsOf = async (count: number) => {
    const [wim, name] = [newUser('wim'), newUser('class')]
    await storage().setClass({ ...DEFAULT_CLASS, name, requestLimits: { perMinute: 3, perDay: 10 } })
    await storage().setUser(wim, { classOfService: name })
    const attempts = Array.from({ length: count }, (): Attempt => ({
      presentity: newUser(),
      watcher: wim,
      trigger: 'CALL',
    }))
    return { wim, attempts }
  }
  const mayStillAsk = async (watcher: UserId): Promise<number> => {
    const presentities = [newUser(), newUser(), newUser()]
    const asked = await requestAccess(storage().privacy, {
      watcher,
      presentities,
      trigger: 'DIRECT',
      addToContacts: false,
    })
    return asked.filter(({ outcome }) => outcome === 'ASKED').length
  }

  it('a reported call asks as its caller would, for the reason that was reported', async () => {
    const [pia, wim, zoe] = [newUser('pia'), newUser('wim'), newUser('zoe')]
    await report([{ presentity: pia, watcher: wim, trigger: 'CALL' }])
    await requestAccess(storage().privacy, {
      watcher: zoe,
      presentities: [pia],
      trigger: 'CALL',
      addToContacts: false,
    })

    const [wims, zoes] = await waiting(storage(), pia)
    expect(wims).toEqual({ watcher: wim, triggers: ['CALL'] })
    expect(zoes).toEqual({ watcher: zoe, triggers: ['CALL'] })
    expect(await access(storage(), { watcher: wim, presentity: pia })).toBe('PENDING')
  })

  it('a report that is made again under its key neither asks nor counts again', async () => {
    const [{ wim, attempts }, clientKey] = [await callsOf(2), newUser('key')]
    const reports = Array.from({ length: 4 }, () =>
      reportAttempts(storage().privacy, { service, attempts, clientKey }),
    )
    expect(await Promise.all(reports)).toEqual(Array(4).fill('REPORTED'))
    await storage().passTime(1_000)
    await reportAttempts(storage().privacy, { service, attempts, clientKey })
    expect(await mayStillAsk(wim)).toBe(1)
    const [request] = await waiting(storage(), attempts[0]!.presentity)
    expect(request).toEqual({ watcher: wim, triggers: ['CALL'] })
  })

  it('a report that has failed half way is completed by the same report under its key, and counts once', async () => {
    const [one, other] = [await callsOf(2), await callsOf(1)]
    const attempts = [...one.attempts, ...other.attempts]
    let changes = 0
    const failing: PrivacyStore = {
      ...storage().privacy,
      change: (...args) => {
        changes += 1
        if (changes === 2) return Promise.reject(new Unavailable(new Error('the connection is lost')))
        return storage().privacy.change(...args)
      },
    }
    const report = { service, attempts, clientKey: newUser('key') }
    await expect(reportAttempts(failing, report)).rejects.toThrow(Unavailable)
    expect(await waiting(storage(), one.attempts[0]!.presentity)).toHaveLength(1)
    expect(await waiting(storage(), other.attempts[0]!.presentity)).toHaveLength(0)

    expect(await reportAttempts(storage().privacy, report)).toBe('REPORTED')
    expect(await waiting(storage(), other.attempts[0]!.presentity)).toHaveLength(1)
    expect([await mayStillAsk(one.wim), await mayStillAsk(other.wim)]).toEqual([1, 2])
  })

  it('a report under a key tells of the calls and the messages of one user', async () => {
    const [pia, wim] = [newUser('pia'), newUser('wim')]
    const attempts = (['CALL', 'INSTANT_MESSAGE'] as const).map((trigger) => ({
      ...{ presentity: pia, watcher: wim },
      trigger,
    }))
    await reportAttempts(storage().privacy, { service, attempts, clientKey: newUser('key') })
    expect(await waiting(storage(), pia)).toEqual([{ watcher: wim, triggers: ['CALL', 'INSTANT_MESSAGE'] }])
  })

  it('a key stands for one report of one service', async () => {
    const [{ wim, attempts }, clientKey] = [await callsOf(1), newUser('key')]
    const other = { ...attempts[0]!, presentity: newUser() }
    expect(await reportAttempts(storage().privacy, { service, attempts, clientKey })).toBe('REPORTED')
    expect(await reportAttempts(storage().privacy, { service, attempts: [other], clientKey })).toBe(
      'CLIENT_KEY_REUSED',
    )
    expect(await waiting(storage(), other.presentity)).toEqual([])

    const im = newUser('im')
    expect(await reportAttempts(storage().privacy, { service: im, attempts: [other], clientKey })).toBe(
      'REPORTED',
    )
    expect(await waiting(storage(), other.presentity)).toEqual([{ watcher: wim, triggers: ['CALL'] }])
  })

  it('a key is no answer of the caller’s, is forgotten in time, and is worth nothing to a service that was erased', async () => {
    const [{ wim, attempts }, im, clientKey] = [await callsOf(1), newUser('im'), newUser('key')]
    await reportAttempts(storage().privacy, { service: im, attempts, clientKey })
    for (const presentity of [wim, im])
      expect(await storage().records.answersOf({ presentity, after: null, limit: 10 })).toEqual([])
    await storage().passTime(8 * 24 * 3_600_000)
    await storage().leftovers.forget({
      kept: { requestsMs: 1e12, answersMs: 7 * 24 * 3_600_000 },
      limit: 1000,
    })
    const again = [{ ...attempts[0]!, presentity: newUser() }]
    expect(await reportAttempts(storage().privacy, { service: im, attempts: again, clientKey })).toBe(
      'REPORTED',
    )

    const actor = { kind: 'ADMINISTRATOR', id: newUser('root') } as const
    await storage().records.erase({ user: im, actor, token: `\u001ferased:${newUser()}` })
    await expect(reportAttempts(storage().privacy, { service: im, attempts, clientKey })).rejects.toThrow(
      UserErased,
    )
  })

  it('a key is stored as a digest, under a name that no client can choose', async () => {
    const { attempts } = await callsOf(1)
    const claimed: string[] = []
    const scoped: (string | undefined)[] = []
    const store: PrivacyStore = {
      ...storage().privacy,
      claimKey(claim) {
        claimed.push(claim.clientKey)
        return storage().privacy.claimKey(claim)
      },
      change(scope, decide) {
        scoped.push(scope.clientKey)
        return storage().privacy.change(scope, decide)
      },
    }
    await reportAttempts(store, { service, attempts, clientKey: newUser('key') })
    await reportAttempts(store, { service, attempts, clientKey: null })
    expect(claimed).toEqual([expect.stringMatching(/^report\/[\w-]{43}$/)])
    expect(scoped).toEqual([expect.stringMatching(/^report\/[\w-]{43}$/), undefined])
    expect(scoped[0]).not.toBe(claimed[0])
  })

  it('a report without a key stores no answer, and takes none for its own', async () => {
    const [pia, wim] = [newUser('pia'), newUser('wim')]
    const options = { addTickedToContacts: false, alwaysAccept: false, clientKey: 'null' }
    const answer = { presentity: wim, presented: ['unknown'], ticked: [], ...options }
    await respondToRequests(storage().privacy, answer)
    await report([{ presentity: pia, watcher: wim, trigger: 'CALL' }])
    expect(await waiting(storage(), pia)).toHaveLength(1)
    const stored = await storage().records.answersOf({ presentity: wim, after: null, limit: 10 })
    expect(stored).toMatchObject([{ clientKey: 'null', result: { outcomes: [{ id: 'unknown' }] } }])
  })

  it('a batch asks for each pair once, with every reason, and leaves nobody out', async () => {
    const [pia, eve, wim, zoe] = [newUser('pia'), newUser('eve'), newUser('wim'), newUser('zoe')]
    await report([
      { presentity: pia, watcher: wim, trigger: 'CALL' },
      { presentity: pia, watcher: wim, trigger: 'CALL' },
      { presentity: pia, watcher: wim, trigger: 'INSTANT_MESSAGE' },
      { presentity: eve, watcher: wim, trigger: 'CALL' },
      { presentity: pia, watcher: zoe, trigger: 'INSTANT_MESSAGE' },
      { presentity: wim, watcher: pia, trigger: 'CALL' },
    ])

    expect(await waiting(storage(), pia)).toEqual([
      { watcher: wim, triggers: ['CALL', 'INSTANT_MESSAGE'] },
      { watcher: zoe, triggers: ['INSTANT_MESSAGE'] },
    ])
    expect(await waiting(storage(), eve)).toEqual([{ watcher: wim, triggers: ['CALL'] }])
    expect(await waiting(storage(), wim)).toEqual([{ watcher: pia, triggers: ['CALL'] }])
  })

  it('reports count against their user’s limits, and beyond them raise nothing and do not fail', async () => {
    const wim = newUser('wim')
    const name = 'asks two a minute'
    await storage().setClass({ ...DEFAULT_CLASS, name, requestLimits: { perMinute: 2, perDay: 10 } })
    await storage().setUser(wim, { classOfService: name })
    const called = [newUser(), newUser(), newUser()] as const
    await report(called.map((presentity) => ({ presentity, watcher: wim, trigger: 'CALL' })))

    const counts = await Promise.all(called.map(async (user) => (await waiting(storage(), user)).length))
    expect(counts).toEqual([1, 1, 0])
    expect(await access(storage(), { watcher: wim, presentity: called[2] })).toBe('NONE')
    const [asked] = await requestAccess(storage().privacy, {
      watcher: wim,
      presentities: [newUser()],
      trigger: 'DIRECT',
      addToContacts: false,
    })
    expect(asked?.outcome).toBe('LIMITED')

    await storage().passTime(60_000)
    await report([{ presentity: called[2], watcher: wim, trigger: 'CALL' }])
    expect(await waiting(storage(), called[2])).toHaveLength(1)
  })

  it('a reported call to a presentity who blocks its caller reaches nobody, and tells the caller what silence would', async () => {
    const [pia, wim] = [newUser('pia'), newUser('wim')]
    await decideAccess(storage().privacy, {
      presentity: pia,
      watchers: [wim],
      verdict: 'BLOCKED',
      endsAt: null,
    })
    await report([{ presentity: pia, watcher: wim, trigger: 'CALL' }])

    expect(await waiting(storage(), pia)).toEqual([])
    expect(await access(storage(), { watcher: wim, presentity: pia })).toBe('PENDING')
  })

  it('reads after a report are equal for every cause of Offline with the same history', async () => {
    const { watcher, causes } = await causesOfOffline(storage())
    const presentities = causes.map(({ presentity }) => presentity)
    await report(presentities.map((presentity) => ({ presentity, watcher, trigger: 'INSTANT_MESSAGE' })))

    const seen = await viewPresence({ ...storage(), ...POLICY }, { watcher, presentities })
    const asked = await storage().lists.asked({ watcher, page: { first: 500, after: null } })
    const reads = (presentity: UserId) => ({
      // Her server may show her to whoever asks anew; what he is told of his access says nothing of that.
      access: seen.get(presentity)?.access,
      asked: asked.items
        .filter((each) => each.presentity === presentity)
        .map(({ request: { id: _, ...request } }) => request),
    })
    for (const { group, cause, presentity } of causes) {
      const first = causes.find((each) => each.group === group)!
      expect(reads(presentity), `${group}: ${cause}, as ${first.cause}`).toEqual(reads(first.presentity))
    }
  })

  it('the trail says that a service reported it, and the request is its caller’s', async () => {
    const [pia, wim] = [newUser('pia'), newUser('wim')]
    await report([{ presentity: pia, watcher: wim, trigger: 'CALL' }])

    const [record] = await storage().trail.ofPresentity({
      presentity: pia,
      watcher: wim,
      from: null,
      limit: 10,
    })
    expect(record).toMatchObject({
      presentity: pia,
      watcher: wim,
      cause: 'REQUESTED',
      actor: { kind: 'SERVICE', id: service },
    })
  })

  it('an attempt of an erased caller asks nobody, and holds nobody else up', async () => {
    const [gone, wim, pia] = [newUser('gone'), newUser('wim'), newUser('pia')]
    await storage().records.erase({
      user: gone,
      actor: { kind: 'ADMINISTRATOR', id: newUser('root') },
      token: `\u001ferased:${newUser()}`,
    })
    await report([
      { presentity: pia, watcher: gone, trigger: 'CALL' },
      { presentity: pia, watcher: wim, trigger: 'CALL' },
    ])

    expect(await waiting(storage(), pia)).toEqual([{ watcher: wim, triggers: ['CALL'] }])
  })

  it('a report of an erased service is refused', async () => {
    const [gone, wim, pia] = [newUser('gone'), newUser('wim'), newUser('pia')]
    await storage().records.erase({
      user: gone,
      actor: { kind: 'ADMINISTRATOR', id: newUser('root') },
      token: `\u001ferased:${newUser()}`,
    })
    const attempts = [{ presentity: pia, watcher: wim, trigger: 'CALL' as const }]
    await expect(
      reportAttempts(storage().privacy, { service: gone, attempts, clientKey: null }),
    ).rejects.toBeInstanceOf(UserErased)
    expect(await waiting(storage(), pia)).toEqual([])
  })
})

/** Whose requests wait for a user, and why; in the order of their names. */
async function waiting(storage: Storage, presentity: UserId) {
  const { requests } = await storage.lists.popup({ presentity, limit: 10, known: [] })
  return requests
    .map(({ watcher, item }) => ({ watcher, triggers: item.triggers }))
    .sort((one, other) => compareBytes(one.watcher, other.watcher))
}

async function access(storage: Storage, { watcher, presentity }: { watcher: UserId; presentity: UserId }) {
  const seen = await viewPresence({ ...storage, ...POLICY }, { watcher, presentities: [presentity] })
  return seen.get(presentity)?.access
}
