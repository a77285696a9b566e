import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decideAccess, deleteDecisions } from '../../src/application/manage-decisions.ts'
import type { PairOf } from '../../src/application/ports.ts'
import type { PrivacyStore } from '../../src/application/privacy-store.ts'
import { publishPresence } from '../../src/application/publish-presence.ts'
import { requestAccess } from '../../src/application/request-access.ts'
import { respondToRequests } from '../../src/application/respond-to-requests.ts'
import { setPreference } from '../../src/application/set-preference.ts'
import { forgetWhatIsOld, removeEndedSessions, settleWhatHasEnded } from '../../src/application/sweep.ts'
import { viewPresence } from '../../src/application/view-presence.ts'
import { withdrawRequest } from '../../src/application/withdraw-request.ts'
import { pairAt, type Pair } from '../../src/domain/pair.ts'
import type { UserId } from '../../src/domain/user-id.ts'
import { causesOfOffline } from '../support/causes-of-offline.ts'
import { onEachStorage } from '../support/each-storage.ts'
import { newUser } from '../support/new-user.ts'
import { DEFAULT_CLASS, type Storage } from '../support/storage.ts'
import { look } from '../support/writes.ts'
import { POLICY } from '../support/policy.ts'

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS
const RETENTION = { requestsMs: 90 * DAY_MS }
const RUNNING = new AbortController().signal

onEachStorage((storage) => {
  const settle = () =>
    settleWhatHasEnded({ store: storage().privacy, leftovers: storage().leftovers }, RUNNING)
  const forget = () => forgetWhatIsOld({ leftovers: storage().leftovers, retention: RETENTION }, RUNNING)

  describe('a sweep', () => {
    it('changes nothing that a watcher or a presentity can observe, whatever has ended', async () => {
      await fc.assert(
        fc.asyncProperty(anyStory, async (story) => {
          const users = await tell(storage(), story)
          const before = await observed(storage(), users)
          await settle()
          await forget()
          expect(await observed(storage(), users)).toEqual(before)
        }),
        { numRuns: 60 },
      )
    })

    it('changes nothing for any cause of Offline', async () => {
      const { watcher, causes } = await causesOfOffline(storage(), { requestCooldownMs: 60 * MINUTE_MS })
      const presentities = causes.map(({ presentity }) => presentity)
      const view = () => viewPresence({ ...storage(), ...POLICY }, { watcher, presentities })
      const asked = () => storage().lists.asked({ watcher, page: { first: 500, after: null } })
      const before = [await view(), await asked()]
      await settle()
      await forget()
      expect([await view(), await asked()]).toEqual(before)
    })

    it('stores as ended all that has, and leaves nothing for the next', async () => {
      const [pia, wim, eve] = [newUser('pia'), newUser('wim'), newUser('eve')]
      await storage().setClass({
        ...DEFAULT_CLASS,
        name: 'short',
        requestLifetimeMs: MINUTE_MS,
        requestCooldownMs: 0,
      })
      await storage().setUser(wim, { classOfService: 'short' })
      const of = { presentity: pia, watcher: wim }
      await ask(storage(), of)
      await storage().passTime(MINUTE_MS)
      // Replaces the request that has expired meanwhile.
      await ask(storage(), of)
      await grant(storage(), { presentity: pia, watcher: eve })
      await storage().passTime(MINUTE_MS)

      expect(await settle()).toBeGreaterThan(0)

      expect(await storage().leftovers.endedPairs(500)).toEqual([])
      expect(await storage().leftovers.expireReplaced(500)).toBe(0)
      expect(await settle()).toBe(0)
      const stored = await storedPair(storage(), of)
      expect([stored.edge.state, stored.view.access]).toEqual(['NONE', 'NONE'])
      expect([stored.incoming?.state, stored.outgoing?.state]).toEqual(['EXPIRED', 'EXPIRED'])
      expect((await storedPair(storage(), { presentity: pia, watcher: eve })).edge.state).toBe('NONE')
    })

    it('brings back the block beneath a grant, on both sides of it', async () => {
      const of = { presentity: newUser('pia'), watcher: newUser('wim') }
      await decide(storage(), of, 'BLOCKED')
      await grant(storage(), of)
      await storage().passTime(MINUTE_MS)
      await settle()
      expect((await storedPair(storage(), of)).edge.state).toBe('BLOCKED')
      const opposite = await storedPair(storage(), { presentity: of.watcher, watcher: of.presentity })
      expect(opposite.watcherBlocksFrom).toBe((await storedPair(storage(), of)).edge.since)
    })

    it('settles more than a batch holds', { timeout: 60_000 }, async () => {
      const wim = newUser('wim')
      await storage().setClass({
        ...DEFAULT_CLASS,
        name: 'many',
        requestLifetimeMs: MINUTE_MS,
        requestCooldownMs: 0,
        requestLimits: { perMinute: 1000, perDay: 1000 },
      })
      await storage().setUser(wim, { classOfService: 'many' })
      const presentities = Array.from({ length: 450 }, () => newUser())
      await requestAccess(storage().privacy, {
        watcher: wim,
        presentities,
        trigger: 'CALL',
        addToContacts: false,
      })
      await storage().passTime(MINUTE_MS)
      expect(await settle()).toBeGreaterThanOrEqual(450)
      expect(await storage().leftovers.endedPairs(500)).toEqual([])
    })

    it('of many instances at once settles everything once, and none of them fails', async () => {
      const pairs = Array.from({ length: 20 }, () => ({
        presentity: newUser('pia'),
        watcher: newUser('wim'),
      }))
      for (const of of pairs) await grant(storage(), of)
      await storage().passTime(MINUTE_MS)
      await Promise.all([settle(), settle(), forget(), settle(), ask(storage(), pairs[0]!)])
      for (const of of pairs.slice(1)) expect((await storedPair(storage(), of)).edge.state).toBe('NONE')
      expect((await storedPair(storage(), pairs[0]!)).edge.state).toBe('PENDING')
    })

    it('says how much it has settled', async () => {
      const [pia, wim, eve] = [newUser('pia'), newUser('wim'), newUser('eve')]
      await storage().passTime(400 * DAY_MS)
      await settle()
      const short = { requestLifetimeMs: MINUTE_MS, requestCooldownMs: 0 }
      await storage().setClass({ ...DEFAULT_CLASS, name: 'short', ...short })
      await storage().setUser(wim, { classOfService: 'short' })
      for (let times = 0; times < 3; times += 1) {
        await ask(storage(), { presentity: pia, watcher: wim })
        await storage().passTime(MINUTE_MS)
      }
      await grant(storage(), { presentity: pia, watcher: eve })
      await storage().passTime(MINUTE_MS)

      // Two requests have been replaced; the third and the grant are of pairs.
      expect(await settle()).toBe(2 + 2)
    })

    it('ends between two users when it is told to stop, and counts what it has settled', async () => {
      const pairs = [newUser('wim'), newUser('zoe')].map((watcher) => ({
        presentity: newUser('pia'),
        watcher,
      }))
      for (const of of pairs) await grant(storage(), of)
      await storage().passTime(MINUTE_MS)
      const stopping = new AbortController()
      const store: PrivacyStore = {
        ...storage().privacy,
        change(...change) {
          stopping.abort()
          return storage().privacy.change(...change)
        },
      }
      const leftovers = { ...storage().leftovers, endedPairs: () => Promise.resolve(pairs) }

      expect(await settleWhatHasEnded({ store, leftovers }, stopping.signal)).toBe(1)
      const states = []
      for (const of of pairs) states.push((await storedPair(storage(), of)).edge.state)
      expect(states).toEqual(['NONE', 'ALLOWED'])
    })

    it('does nothing when it was told to stop before', async () => {
      const of = { presentity: newUser('pia'), watcher: newUser('wim') }
      await grant(storage(), of)
      await storage().passTime(MINUTE_MS)
      const stopped = AbortSignal.abort()
      const { privacy: store, leftovers } = storage()
      expect(await settleWhatHasEnded({ store, leftovers }, stopped)).toBe(0)
      expect(await forgetWhatIsOld({ leftovers, retention: RETENTION }, stopped)).toBe(0)
      expect(await removeEndedSessions({ leftovers }, stopped)).toBe(0)
      expect((await storedPair(storage(), of)).edge.state).toBe('ALLOWED')
    })
  })

  describe('what is long over', () => {
    it('is forgotten after its retention, and not before: requests on both sides', async () => {
      const of = { presentity: newUser('pia'), watcher: newUser('wim') }
      const [asked] = await ask(storage(), of)
      const incoming = await presentedTo(storage(), of.presentity)
      await answer(storage(), of.presentity, incoming, 'key')
      const repeated = () => answer(storage(), of.presentity, incoming)
      const withdrawn = () =>
        withdrawRequest(storage().privacy, { watcher: of.watcher, request: asked!.request!.id })

      await storage().passTime(DEFAULT_CLASS.requestLifetimeMs + RETENTION.requestsMs - MINUTE_MS)
      await settle()
      await forget()
      expect(await repeated()).toMatchObject({ answered: { outcomes: [{ outcome: 'ALREADY_RESOLVED' }] } })
      expect(await withdrawn()).toMatchObject({ outcome: 'ALREADY_ALLOWED' })

      await storage().passTime(MINUTE_MS)
      await forget()
      expect(await repeated()).toMatchObject({ answered: { outcomes: [{ outcome: 'NOT_FOUND' }] } })
      expect(await withdrawn()).toEqual({ outcome: 'NOT_FOUND' })
      // What was decided stays, and so does what he has been told.
      const { edge, view } = await storedPair(storage(), of)
      expect([edge.state, view.access]).toEqual(['ALLOWED', 'ALLOWED'])
    })

    it('is not forgotten while it waits or is unacknowledged, however old', async () => {
      const [pia, wim] = [newUser('pia'), newUser('wim')]
      await setPreference(storage().privacy, { user: pia, change: { invitationHandling: 'AUTO_ACCEPT' } })
      await ask(storage(), { presentity: pia, watcher: wim })
      await storage().passTime(400 * DAY_MS)
      await settle()
      await forget()
      const popup = await storage().lists.popup({ presentity: pia, limit: 10, known: [] })
      expect(popup.notices.map(({ watcher }) => watcher)).toEqual([wim])
    })

    it('takes nothing from a pair: who asks again is heard and answered as before', async () => {
      const of = { presentity: newUser('pia'), watcher: newUser('wim') }
      await ask(storage(), of)
      await storage().passTime(DEFAULT_CLASS.requestLifetimeMs + RETENTION.requestsMs)
      await settle()
      await forget()
      expect(await ask(storage(), of)).toMatchObject([
        { outcome: 'ASKED', access: 'PENDING', request: { state: 'OPEN' } },
      ])
      expect(await presentedTo(storage(), of.presentity)).toHaveLength(1)
    })

    it('is an answer under a client key after a week', async () => {
      const pia = newUser('pia')
      const repeat = (ticked: string[]) =>
        respondToRequests(storage().privacy, {
          presentity: pia,
          presented: ['nothing'],
          ticked,
          addTickedToContacts: false,
          alwaysAccept: false,
          clientKey: 'key',
        })
      await repeat([])
      await storage().passTime(7 * DAY_MS - MINUTE_MS)
      await forget()
      expect(await repeat(['nothing'])).toEqual({ refused: { fault: 'CLIENT_KEY_REUSED' } })
      await storage().passTime(MINUTE_MS)
      await forget()
      expect(await repeat(['nothing'])).toHaveProperty('answered')
    })
  })
})

type Act = 'ask' | 'withdraw' | 'allow' | 'grant' | 'block' | 'delete' | 'minute' | 'hours'
const anyStory = fc.array(
  fc.constantFrom<Act>(
    'ask',
    'ask',
    'withdraw',
    'allow',
    'grant',
    'grant',
    'block',
    'delete',
    'minute',
    'minute',
    'hours',
  ),
  { minLength: 3, maxLength: 12 },
)

/** Lets a story happen between two users, and ends with time that passes. */
async function tell(storage: Storage, story: readonly Act[]): Promise<PairOf> {
  const of = { presentity: newUser('pia'), watcher: newUser('wim') }
  const name = 'sweeping'
  await storage.setClass({
    ...DEFAULT_CLASS,
    name,
    requestLifetimeMs: 3 * MINUTE_MS,
    requestCooldownMs: MINUTE_MS,
  })
  await storage.setUser(of.watcher, { classOfService: name })
  const said = { status: 'BUSY', activity: null, note: 'here' } as const
  await publishPresence(storage, { user: of.presentity, session: 'desk', ...said, leaseMs: 30 * DAY_MS })
  const acts: Record<Act, () => Promise<unknown>> = {
    ask: () => ask(storage, of),
    withdraw: async () => {
      const { items } = await storage.lists.asked({ watcher: of.watcher, page: { first: 1, after: null } })
      for (const { request } of items)
        await withdrawRequest(storage.privacy, { watcher: of.watcher, request: request.id })
    },
    allow: () => decide(storage, of, 'ALLOWED'),
    grant: () => grant(storage, of),
    block: () => decide(storage, of, 'BLOCKED'),
    delete: () => deleteDecisions(storage.privacy, { presentity: of.presentity, watchers: [of.watcher] }),
    minute: () => storage.passTime(MINUTE_MS),
    hours: () => storage.passTime(5 * 60 * MINUTE_MS),
  }
  for (const act of story) await acts[act]()
  await storage.passTime(MINUTE_MS)
  return of
}

/** All that the two can read of each other, and what would come of their next acts. */
async function observed(storage: Storage, { presentity, watcher }: PairOf) {
  const page = { first: 500, after: null }
  const { now } = await storage.facts.readFacts({ watcher, presentities: [] })
  const pair = await storedPair(storage, { presentity, watcher })
  const { now: _, ...popup } = await storage.lists.popup({ presentity, limit: 500, known: [] })
  return {
    seen: await viewPresence({ ...storage, ...POLICY }, { watcher, presentities: [presentity] }),
    asked: await storage.lists.asked({ watcher, page }),
    waiting: await storage.lists.waiting({ presentity, kind: 'REQUEST', page }),
    popup,
    asItIs: pairAt(pair, now),
    asItWillBe: [MINUTE_MS, 2 * MINUTE_MS, DAY_MS].map((ms) => decisive(pairAt(pair, now + ms))),
  }
}

/** Settled twice, a view keeps the end of a cooldown that is over; it says nothing any more. */
function decisive({ edge, view, incoming, outgoing }: Pair) {
  return { edge, access: view.access, incoming, outgoing }
}

function storedPair({ privacy }: Storage, of: PairOf): Promise<Pair> {
  const scope = { name: 'test', kind: 'REQUEST' as const, by: of.watcher, others: [of.presentity] }
  return privacy.change(
    scope,
    look(({ pair }) => pair(of)),
  )
}

function ask({ privacy }: Storage, { presentity, watcher }: PairOf) {
  return requestAccess(privacy, {
    watcher,
    presentities: [presentity],
    trigger: 'CALL',
    addToContacts: false,
  })
}

function decide({ privacy }: Storage, { presentity, watcher }: PairOf, verdict: 'ALLOWED' | 'BLOCKED') {
  return decideAccess(privacy, { presentity, watchers: [watcher], verdict, endsAt: null })
}

/** For half a minute. */
async function grant({ privacy, facts }: Storage, { presentity, watcher }: PairOf) {
  const { now } = await facts.readFacts({ watcher, presentities: [] })
  const endsAt = now + MINUTE_MS / 2
  return decideAccess(privacy, { presentity, watchers: [watcher], verdict: 'ALLOWED', endsAt })
}

async function presentedTo({ lists }: Storage, presentity: UserId): Promise<readonly string[]> {
  const { requests } = await lists.popup({ presentity, limit: 500, known: [] })
  return requests.map(({ item }) => item.id)
}

function answer(
  { privacy }: Storage,
  presentity: UserId,
  presented: readonly string[],
  clientKey: string | null = null,
) {
  const options = { addTickedToContacts: false, alwaysAccept: false }
  return respondToRequests(privacy, { presentity, presented, ticked: presented, ...options, clientKey })
}
