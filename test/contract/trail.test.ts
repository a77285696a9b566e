import { describe, expect, it } from 'vitest'
import { acceptAllPending } from '../../src/application/accept-all-pending.ts'
import { forgetTrail } from '../../src/application/forget-trail.ts'
import { addContactsAndAsk, removeContacts } from '../../src/application/manage-contacts.ts'
import { decideAccess, deleteDecisions } from '../../src/application/manage-decisions.ts'
import { auditTrail, readOwnTrail, type PlacedEntry } from '../../src/application/read-trail.ts'
import { reportAttempts } from '../../src/application/report-attempts.ts'
import { requestAccess } from '../../src/application/request-access.ts'
import { respondToRequests } from '../../src/application/respond-to-requests.ts'
import { setPreference } from '../../src/application/set-preference.ts'
import { withdrawRequest } from '../../src/application/withdraw-request.ts'
import type { UserId } from '../../src/domain/user-id.ts'
import { onEachStorage } from '../support/each-storage.ts'
import { newUser } from '../support/new-user.ts'
import { DEFAULT_CLASS, type Storage } from '../support/storage.ts'

const HOUR_MS = 3_600_000

onEachStorage((storage) => {
  const ask = (watcher: UserId, presentity: UserId, addToContacts = false) =>
    requestAccess(storage().privacy, { watcher, presentities: [presentity], trigger: 'CALL', addToContacts })
  const set = (
    presentity: UserId,
    watcher: UserId,
    verdict: 'ALLOWED' | 'BLOCKED',
    endsAt: number | null = null,
  ) => decideAccess(storage().privacy, { presentity, watchers: [watcher], verdict, endsAt })
  const remove = (presentity: UserId, watcher: UserId) =>
    deleteDecisions(storage().privacy, { presentity, watchers: [watcher] })

  describe('the trail of a presentity', () => {
    it('tells each change of the presentity’s decisions, the latest first, and who made it', async () => {
      const [pia, wim] = [newUser('pia'), newUser('wim')]
      await ask(wim, pia)
      await answer(storage(), pia, [])
      await set(pia, wim, 'ALLOWED')
      await remove(pia, wim)
      expect(await ownTrail(storage(), pia)).toEqual([
        `USER ${pia} DELETED ALLOWED NONE`,
        `USER ${pia} SET BLOCKED ALLOWED`,
        `USER ${pia} ANSWERED PENDING BLOCKED`,
        `USER ${wim} REQUESTED NONE PENDING`,
      ])
    })

    it('tells whom AUTO_ACCEPT let in, what was taken back, and what was accepted with all', async () => {
      const [pia, wim, eva, root] = [newUser('pia'), newUser('wim'), newUser('eva'), newUser('root')]
      const [first] = await ask(wim, pia)
      await withdrawRequest(storage().privacy, { watcher: wim, request: first!.request!.id })
      await ask(eva, pia, true)
      await removeContacts(storage().privacy, { watcher: eva, presentities: [pia] })
      await storage().passTime(DEFAULT_CLASS.requestCooldownMs)
      await ask(eva, pia)
      await acceptAllPending(
        { store: storage().privacy, lists: storage().lists },
        { presentity: pia, actor: root },
      )
      await setPreference(storage().privacy, { user: pia, change: { invitationHandling: 'AUTO_ACCEPT' } })
      await ask(wim, pia)
      expect(await ownTrail(storage(), pia)).toEqual([
        `USER ${wim} AUTO_ACCEPTED NONE ALLOWED`,
        `ADMINISTRATOR null ACCEPTED_ALL PENDING ALLOWED`,
        `USER ${eva} REQUESTED NONE PENDING`,
        `USER ${eva} WITHDRAWN PENDING NONE`,
        `USER ${eva} REQUESTED NONE PENDING`,
        `USER ${wim} WITHDRAWN PENDING NONE`,
        `USER ${wim} REQUESTED NONE PENDING`,
      ])
      expect((await audited(storage(), pia)).slice(1, 2)).toEqual([
        `ADMINISTRATOR ${root} ACCEPTED_ALL PENDING ALLOWED`,
      ])
    })

    it('tells that a service asked, for whom, and not which one', async () => {
      const [pia, wim, phone] = [newUser('pia'), newUser('wim'), newUser('phone')]
      const attempts = [{ presentity: pia, watcher: wim, trigger: 'CALL' }] as const
      await reportAttempts(storage().privacy, { service: phone, attempts, clientKey: null })
      expect(await ownTrail(storage(), pia)).toEqual(['SERVICE null REQUESTED NONE PENDING'])
      expect(await audited(storage(), pia)).toEqual([`SERVICE ${phone} REQUESTED NONE PENDING`])
    })

    it('tells that an administrator decided or added a contact in the place of a user', async () => {
      const [pia, wim] = [newUser('pia'), newUser('wim')]
      const actor = { kind: 'ADMINISTRATOR', id: newUser('root') } as const
      await addContactsAndAsk(storage().privacy, { watcher: wim, actor, presentities: [pia] })
      await decideAccess(storage().privacy, {
        ...({ presentity: pia, actor, watchers: [wim], verdict: 'ALLOWED', endsAt: null } as const),
      })
      expect(await audited(storage(), pia)).toEqual([
        `ADMINISTRATOR ${actor.id} SET PENDING ALLOWED`,
        `ADMINISTRATOR ${actor.id} REQUESTED NONE PENDING`,
      ])
    })

    it('tells what time ended, once, for the moment when it ended', async () => {
      const [pia, wim] = [newUser('pia'), newUser('wim')]
      const { now } = await storage().facts.readFacts({ watcher: pia, presentities: [] })
      await set(pia, wim, 'BLOCKED')
      await set(pia, wim, 'ALLOWED', now + HOUR_MS)
      await storage().passTime(2 * HOUR_MS)
      await ask(wim, pia)
      await ask(wim, pia)
      await remove(pia, wim)
      const page = { first: 10, after: null }
      const { items } = await readOwnTrail(storage().trail, { presentity: pia, watcher: null, page })
      expect(items.map(said)).toEqual([
        `USER ${pia} DELETED BLOCKED NONE`,
        'POLICY null GRANT_ENDED ALLOWED BLOCKED',
        `USER ${pia} SET BLOCKED ALLOWED`,
        `USER ${pia} SET NONE BLOCKED`,
      ])
      const [, ended] = items
      expect(ended!.recordedAt - ended!.at).toBeGreaterThanOrEqual(HOUR_MS / 2)
    })

    it('holds no request that was absorbed, and no decision of others about the presentity', async () => {
      const [pia, wim] = [newUser('pia'), newUser('wim')]
      await set(pia, wim, 'BLOCKED')
      const [asked] = await ask(wim, pia)
      await ask(wim, pia)
      await withdrawRequest(storage().privacy, { watcher: wim, request: asked!.request!.id })
      await set(wim, pia, 'BLOCKED')
      expect(await ownTrail(storage(), pia)).toEqual([`USER ${pia} SET NONE BLOCKED`])
      expect(await ownTrail(storage(), wim)).toEqual([`USER ${wim} SET NONE BLOCKED`])
      expect(await audited(storage(), pia)).toEqual([
        `USER ${wim} WITHDRAWN BLOCKED BLOCKED`,
        `USER ${wim} REQUESTED BLOCKED BLOCKED`,
        `USER ${wim} REQUESTED BLOCKED BLOCKED`,
        `USER ${pia} SET NONE BLOCKED`,
      ])
    })

    it('fills a page, and says whether another follows, however many that reached nobody lie between', async () => {
      const [pia, wim, eva] = [newUser('pia'), newUser('wim'), newUser('eva')]
      await set(pia, eva, 'ALLOWED')
      await set(pia, wim, 'BLOCKED')
      for (let times = 0; times < 6; times += 1) await ask(wim, pia)
      const look = (first: number) =>
        readOwnTrail(storage().trail, { presentity: pia, watcher: null, page: { first, after: null } })
      expect(await look(1)).toMatchObject({ items: [{ watcher: wim }], hasNextPage: true })
      expect(await look(2)).toMatchObject({ items: [{ watcher: wim }, { watcher: eva }], hasNextPage: false })
    })

    it('can be narrowed to one watcher', async () => {
      const [pia, wim, eva] = [newUser('pia'), newUser('wim'), newUser('eva')]
      await set(pia, wim, 'ALLOWED')
      await set(pia, eva, 'BLOCKED')
      expect(await ownTrail(storage(), pia, wim)).toEqual([`USER ${pia} SET NONE ALLOWED`])
    })
  })

  it('is read page by page without a gap or a repeat while more is recorded, however small the pages', async () => {
    const [pia, wim] = [newUser('pia'), newUser('wim')]
    for (let round = 0; round < 3; round += 1) {
      await ask(wim, pia)
      await storage().passTime(DEFAULT_CLASS.requestLifetimeMs + DEFAULT_CLASS.requestCooldownMs)
    }
    await ask(wim, pia)
    const whole = await readAll(storage(), pia, 100)
    expect(whole.map(({ cause }) => cause)).toEqual([
      'REQUESTED',
      ...['EXPIRED', 'REQUESTED', 'EXPIRED', 'REQUESTED', 'EXPIRED', 'REQUESTED'],
    ])
    for (const first of [1, 2, 3]) {
      expect(await readAll(storage(), pia, first, () => set(pia, newUser(), 'BLOCKED'))).toEqual(whole)
    }
  })

  it('is narrowed by auditors to a presentity, a watcher and a time of recording', async () => {
    const [pia, wim, eva] = [newUser('pia'), newUser('wim'), newUser('eva')]
    await set(pia, wim, 'ALLOWED')
    await set(pia, eva, 'BLOCKED')
    await set(eva, wim, 'BLOCKED')
    const audit = async (filter: Partial<Parameters<typeof auditTrail>[1]>) => {
      const any = { presentity: null, watcher: null, since: null, until: null }
      const page = { first: 100, after: null }
      return (await auditTrail(storage().trail, { ...any, page, ...filter })).items
    }
    const ofWim = await audit({ watcher: wim })
    expect(ofWim.map(({ presentity }) => presentity)).toEqual([eva, pia])
    expect((await audit({ presentity: pia, watcher: wim })).map(said)).toEqual([
      `USER ${pia} SET NONE ALLOWED`,
    ])
    const [later, earlier] = ofWim as [PlacedEntry, PlacedEntry]
    expect(await audit({ watcher: wim, until: earlier.recordedAt })).toEqual([])
    expect(await audit({ watcher: wim, since: later.recordedAt + 1 })).toEqual([])
    expect(await audit({ watcher: wim, since: earlier.recordedAt, until: later.recordedAt + 1 })).toEqual(
      ofWim,
    )
  })

  it('is forgotten when it is old, batch by batch, and not before', async () => {
    const [pia, wim] = [newUser('pia'), newUser('wim')]
    await set(pia, wim, 'ALLOWED')
    await storage().passTime(HOUR_MS)
    await set(pia, wim, 'BLOCKED')
    expect(await storage().trail.forget({ olderThanMs: 100 * HOUR_MS * 24 * 365, limit: 10 })).toBe(0)
    expect(await storage().trail.forget({ olderThanMs: HOUR_MS / 2, limit: 1 })).toBe(1)
    const never = new AbortController().signal
    await forgetTrail({ ...storage(), keptMs: HOUR_MS / 2 }, never)
    expect(await ownTrail(storage(), pia)).toEqual([`USER ${pia} SET ALLOWED BLOCKED`])
  })
})

describe('forgetting the trail and the acts', () => {
  /** Forgets as many as is said at each call; the next call would be one too many. */
  const forgetting = (...counts: number[]) => {
    const calls: { readonly olderThanMs: number; readonly limit: number }[] = []
    const forget = (what: { olderThanMs: number; limit: number }): Promise<number> => {
      calls.push(what)
      const count = counts.shift()
      return count === undefined ? Promise.reject(new Error('one call too many')) : Promise.resolve(count)
    }
    return { forget, calls }
  }

  it('goes on batch by batch until one is not full, and says how much it was', async () => {
    const [trail, acts] = [forgetting(1000, 1000, 999), forgetting(1000, 0)]
    const never = new AbortController().signal
    expect(await forgetTrail({ trail, acts, keptMs: HOUR_MS }, never)).toBe(3999)
    const batch = { olderThanMs: HOUR_MS, limit: 1000 }
    expect(trail.calls).toEqual([batch, batch, batch])
    expect(acts.calls).toEqual([batch, batch])
  })

  it('ends with the batch in which it is told to stop', async () => {
    const stopping = new AbortController()
    const trail = forgetting(1000, 1000)
    const acts = forgetting()
    const forget = (what: { olderThanMs: number; limit: number }) => {
      if (trail.calls.length === 1) stopping.abort()
      return trail.forget(what)
    }
    expect(await forgetTrail({ trail: { forget }, acts, keptMs: HOUR_MS }, stopping.signal)).toBe(2000)
  })
})

function said({ actor, cause, before, after }: PlacedEntry): string {
  return `${actor.kind} ${actor.id} ${cause} ${before} ${after}`
}

async function ownTrail(storage: Storage, presentity: UserId, watcher: UserId | null = null) {
  const page = { first: 100, after: null }
  return (await readOwnTrail(storage.trail, { presentity, watcher, page })).items.map(said)
}

async function audited(storage: Storage, presentity: UserId) {
  const page = { first: 100, after: null }
  const any = { watcher: null, since: null, until: null }
  return (await auditTrail(storage.trail, { presentity, ...any, page })).items.map(said)
}

async function readAll(
  storage: Storage,
  presentity: UserId,
  first: number,
  between: () => Promise<unknown> = () => Promise.resolve(),
) {
  const found: PlacedEntry[] = []
  const read = { presentity, watcher: null }
  let page = await readOwnTrail(storage.trail, { ...read, page: { first, after: null } })
  found.push(...page.items)
  while (page.hasNextPage) {
    await between()
    const after = found.at(-1)!.position
    page = await readOwnTrail(storage.trail, { ...read, page: { first, after } })
    found.push(...page.items)
  }
  // What is recorded in between comes before all that was read.
  return found.filter(({ watcher }) => watcher.startsWith('wim'))
}

async function answer(storage: Storage, presentity: UserId, ticked: readonly string[]) {
  const { requests } = await storage.lists.popup({ presentity, limit: 100, known: [] })
  const presented = requests.map(({ item }) => item.id)
  const options = { addTickedToContacts: false, alwaysAccept: false, clientKey: null }
  await respondToRequests(storage.privacy, { presentity, presented, ticked, ...options })
}
