import { describe, expect, it } from 'vitest'
import { addContactsAndAsk, removeContacts } from '../../src/application/manage-contacts.ts'
import { decideAccess, deleteDecisions } from '../../src/application/manage-decisions.ts'
import { requestAccess } from '../../src/application/request-access.ts'
import { respondToRequests } from '../../src/application/respond-to-requests.ts'
import { viewPresence } from '../../src/application/view-presence.ts'
import { withdrawRequest } from '../../src/application/withdraw-request.ts'
import type { ClassOfService } from '../../src/domain/class-of-service.ts'
import type { UserId } from '../../src/domain/user-id.ts'
import { onEachStorage } from '../support/each-storage.ts'
import { newUser } from '../support/new-user.ts'
import { RulesDocument } from '../support/rules-document.ts'
import { DEFAULT_CLASS, type Storage } from '../support/storage.ts'
import { POLICY } from '../support/policy.ts'

const MINUTE_MS = 60_000
const COOLDOWN_MS = 600_000

onEachStorage((storage) => {
  describe('a watcher who asks', () => {
    it('is heard as the document says', async () => {
      const cases = new RulesDocument().everyCase(
        'Who may ask',
        {
          'within his limits': ['yes', 'no'],
          'cools down': ['yes', 'no'],
          view: ['NONE', 'PENDING', 'ALLOWED'],
        },
        ({ view, ...given }) => given['cools down'] === 'no' || view === 'NONE',
      )
      for (const { given, row } of cases) {
        const [pia, wim] = [newUser('pia'), newUser('wim')]
        await inClass(storage(), wim, { requestCooldownMs: COOLDOWN_MS })
        if (given['cools down'] === 'yes') await askAndWithdraw(storage(), { presentity: pia, watcher: wim })
        if (given.view === 'PENDING') await ask(storage(), wim, [pia])
        if (given.view === 'ALLOWED') await allow(storage(), { presentity: pia, watcher: wim })
        const perMinute = given['within his limits'] === 'yes' ? 100 : 0
        await inClass(storage(), wim, { requestLimits: { perMinute, perDay: 100 } })

        const [asked] = await ask(storage(), wim, [pia])

        const what = JSON.stringify(given)
        expect(asked?.outcome, what).toBe(row['outcome'])
        const [access] = await accessOf(storage(), wim, [pia])
        expect(asked?.access, what).toBe(access)
        expect(asked?.request?.state, what).toBe(access === 'PENDING' ? 'OPEN' : undefined)
        if (asked?.outcome !== 'ASKED') expect(access, what).toBe(given.view)
        expect(asked?.retryAt !== null, what).toBe(asked?.outcome === 'COOLING_DOWN')
      }
    })
  })

  describe('the limits of a watcher’s class', () => {
    it('let the first ones of a list be asked, and leave the others untouched', async () => {
      const wim = newUser('wim')
      await inClass(storage(), wim, { requestLimits: { perMinute: 3, perDay: 10 } })
      const others = [newUser(), newUser(), newUser(), newUser(), newUser()]

      const asked = await ask(storage(), wim, others)

      expect(asked.map(({ outcome }) => outcome)).toEqual(['ASKED', 'ASKED', 'ASKED', 'LIMITED', 'LIMITED'])
      expect(asked.map(({ access }) => access)).toEqual(['PENDING', 'PENDING', 'PENDING', 'NONE', 'NONE'])
      expect(await waitingOf(storage(), others)).toEqual([1, 1, 1, 0, 0])
      const { now } = await storage().facts.readFacts({ watcher: wim, presentities: [] })
      const retryAt = asked[3]?.retryAt ?? 0
      expect(retryAt).toBeGreaterThan(now)
      expect(retryAt).toBeLessThanOrEqual(now + MINUTE_MS)
    })

    it('begin anew with the next minute, and the day’s with the next day', async () => {
      const wim = newUser('wim')
      await inClass(storage(), wim, { requestLimits: { perMinute: 2, perDay: 3 } })
      const outcomes = async (count: number) =>
        (
          await ask(
            storage(),
            wim,
            Array.from({ length: count }, () => newUser()),
          )
        ).map(({ outcome }) => outcome)

      expect(await outcomes(3)).toEqual(['ASKED', 'ASKED', 'LIMITED'])
      expect(await outcomes(1)).toEqual(['LIMITED'])
      await storage().passTime(MINUTE_MS)
      expect(await outcomes(2)).toEqual(['ASKED', 'LIMITED'])
      await storage().passTime(MINUTE_MS)
      expect(await outcomes(1)).toEqual(['LIMITED'])
      await storage().passTime(24 * 60 * MINUTE_MS)
      expect(await outcomes(3)).toEqual(['ASKED', 'ASKED', 'LIMITED'])
    })

    it('count whoever is named: those who are asked again, who allow, who have refused and who are nobody', async () => {
      for (const [what, prepare] of Object.entries(BEFORE)) {
        const [pia, wim] = [newUser('pia'), newUser('wim')]
        await inClass(storage(), wim, {
          requestLimits: { perMinute: 10, perDay: 10 },
          requestCooldownMs: COOLDOWN_MS,
        })
        await prepare(storage(), { presentity: pia, watcher: wim })
        await storage().passTime(2 * 24 * 60 * MINUTE_MS)
        await inClass(storage(), wim, {
          requestLimits: { perMinute: 1, perDay: 10 },
          requestCooldownMs: COOLDOWN_MS,
        })

        const asked = await ask(storage(), wim, [pia, newUser()])

        expect(
          asked.map(({ outcome }) => outcome),
          what,
        ).toEqual(['ASKED', 'LIMITED'])
      }
    })

    it('hold for contacts that are added, too, and the contacts are added all the same', async () => {
      const wim = newUser('wim')
      await inClass(storage(), wim, { requestLimits: { perMinute: 1, perDay: 10 } })
      const [pia, eve, ann] = [newUser('pia'), newUser('eve'), newUser('ann')]

      const added = await addContactsAndAsk(storage().privacy, { watcher: wim, presentities: [pia, eve] })
      const asked = await requestAccess(storage().privacy, {
        watcher: wim,
        presentities: [ann],
        trigger: 'CONTACT_ADDED',
        addToContacts: true,
      })

      expect(added.map(({ outcome, asked: request }) => [outcome, request?.outcome])).toEqual([
        ['ADDED', 'ASKED'],
        ['ADDED', 'LIMITED'],
      ])
      expect(asked.map(({ contact, outcome }) => [contact, outcome])).toEqual([['ADDED', 'LIMITED']])
      expect(await waitingOf(storage(), [pia, eve, ann])).toEqual([1, 0, 0])
    })

    it('hold for those whom a popup adds to the contact list, and a repeat of the answer says so again', async () => {
      const wim = newUser('wim')
      await inClass(storage(), wim, { requestLimits: { perMinute: 1, perDay: 10 } })
      const others = [newUser('pia'), newUser('eve')]
      for (const other of others) await ask(storage(), other, [wim])
      const popup = await storage().lists.popup({ presentity: wim, limit: 500, known: [] })
      const presented = popup.requests.map(({ item }) => item.id)
      const answer = {
        presentity: wim,
        presented,
        ticked: presented,
        addTickedToContacts: true,
        alwaysAccept: false,
        clientKey: 'key',
      }

      const first = await respondToRequests(storage().privacy, answer)
      const repeat = await respondToRequests(storage().privacy, answer)

      expect(
        'answered' in first && first.answered.contacts.map(({ outcome, asked }) => [outcome, asked?.outcome]),
      ).toEqual([
        ['ADDED', 'ASKED'],
        ['ADDED', 'LIMITED'],
      ])
      expect(repeat).toEqual(first)
      const waiting = await waitingOf(storage(), others)
      expect(waiting.reduce((sum, count) => sum + count, 0)).toBe(1)
    })

    it('are those of the class that the watcher has when asking', async () => {
      const wim = newUser('wim')
      await inClass(storage(), wim, { requestLimits: { perMinute: 0, perDay: 10 } })
      expect(await ask(storage(), wim, [newUser()])).toMatchObject([{ outcome: 'LIMITED', retryAt: null }])
      await inClass(storage(), wim, { requestLimits: { perMinute: 1, perDay: 10 } })
      expect(await ask(storage(), wim, [newUser()])).toMatchObject([{ outcome: 'ASKED' }])
    })
  })

  describe('a cooldown', () => {
    it('is told after a withdrawal, and over to the millisecond; a contact can be added meanwhile', async () => {
      const of = { presentity: newUser('pia'), watcher: newUser('wim') }
      await inClass(storage(), of.watcher, { requestCooldownMs: COOLDOWN_MS })
      await askAndWithdraw(storage(), of)

      const early = await requestAccess(storage().privacy, {
        watcher: of.watcher,
        presentities: [of.presentity],
        trigger: 'CONTACT_ADDED',
        addToContacts: true,
      })
      expect(early).toMatchObject([
        { outcome: 'COOLING_DOWN', access: 'NONE', request: null, contact: 'ADDED' },
      ])
      expect(await waitingOf(storage(), [of.presentity])).toEqual([0])
      const { now } = await storage().facts.readFacts({ watcher: of.watcher, presentities: [] })
      await storage().passTime((early[0]?.retryAt ?? 0) - now)

      expect(await ask(storage(), of.watcher, [of.presentity])).toMatchObject([
        { outcome: 'ASKED', access: 'PENDING' },
      ])
      expect(await waitingOf(storage(), [of.presentity])).toEqual([1])
    })

    it('is told after a contact with an open request was removed', async () => {
      const of = { presentity: newUser('pia'), watcher: newUser('wim') }
      await inClass(storage(), of.watcher, { requestCooldownMs: COOLDOWN_MS })
      const contacts = { watcher: of.watcher, presentities: [of.presentity] }
      await addContactsAndAsk(storage().privacy, contacts)
      await removeContacts(storage().privacy, contacts)

      const again = await addContactsAndAsk(storage().privacy, contacts)

      expect(again).toMatchObject([{ outcome: 'ADDED', asked: { outcome: 'COOLING_DOWN' } }])
    })

    it('is silent after a dismissal and after a deletion: the watcher is answered as ever, and the presentity is not asked', async () => {
      for (const end of [dismiss, allowAndDelete, blockAndDelete]) {
        const of = { presentity: newUser('pia'), watcher: newUser('wim') }
        await inClass(storage(), of.watcher, { requestCooldownMs: COOLDOWN_MS })
        const first = await ask(storage(), of.watcher, [of.presentity])
        await end(storage(), of)

        const [again] = await ask(storage(), of.watcher, [of.presentity])
        expect(again?.outcome).toBe('ASKED')
        if (end !== allowAndDelete) expect(again).toEqual(first[0])
        expect(await waitingOf(storage(), [of.presentity])).toEqual([0])

        await storage().passTime(COOLDOWN_MS)
        await ask(storage(), of.watcher, [of.presentity])
        expect(await waitingOf(storage(), [of.presentity])).toEqual([1])
      }
    })

    it('keeps the length that the class had when the watcher asked, and the end of a request, too', async () => {
      const of = { presentity: newUser('pia'), watcher: newUser('wim') }
      await inClass(storage(), of.watcher, { requestCooldownMs: COOLDOWN_MS, requestLifetimeMs: 120_000 })
      await ask(storage(), of.watcher, [of.presentity])
      await inClass(storage(), of.watcher, { requestCooldownMs: 0, requestLifetimeMs: 3_600_000 })
      await storage().passTime(120_000)

      expect(await accessOf(storage(), of.watcher, [of.presentity])).toEqual(['NONE'])
      await storage().passTime(COOLDOWN_MS - 60_000)
      expect(await ask(storage(), of.watcher, [of.presentity])).toMatchObject([{ outcome: 'COOLING_DOWN' }])
      await storage().passTime(60_000)
      expect(await ask(storage(), of.watcher, [of.presentity])).toMatchObject([{ outcome: 'ASKED' }])
    })

    it('comes from the watcher’s class alone', async () => {
      const of = { presentity: newUser('pia'), watcher: newUser('wim') }
      await inClass(storage(), of.presentity, {
        requestCooldownMs: COOLDOWN_MS,
        requestLimits: { perMinute: 0, perDay: 0 },
      })
      await inClass(storage(), of.watcher, { requestCooldownMs: 0 })
      await askAndWithdraw(storage(), of)
      expect(await ask(storage(), of.watcher, [of.presentity])).toMatchObject([{ outcome: 'ASKED' }])
    })
  })
})

type PairOf = { readonly presentity: UserId; readonly watcher: UserId }

/** What may have been between two users before. */
const BEFORE: Readonly<Record<string, (storage: Storage, of: PairOf) => Promise<unknown>>> = {
  nothing: () => Promise.resolve(),
  'an open request': (storage, of) => ask(storage, of.watcher, [of.presentity]),
  'an allow': allow,
  'a block': block,
  'a denial': async (storage, of) => {
    await ask(storage, of.watcher, [of.presentity])
    await block(storage, of)
  },
  'a dismissal': async (storage, of) => {
    await ask(storage, of.watcher, [of.presentity])
    await dismiss(storage, of)
  },
}

async function inClass(storage: Storage, user: UserId, settings: Partial<ClassOfService>): Promise<void> {
  const name = `class of ${user}`
  await storage.setClass({ ...DEFAULT_CLASS, ...settings, name })
  await storage.setUser(user, { classOfService: name })
}

function ask({ privacy }: Storage, watcher: UserId, presentities: readonly UserId[]) {
  return requestAccess(privacy, { watcher, presentities, trigger: 'CALL', addToContacts: false })
}

async function askAndWithdraw(storage: Storage, { presentity, watcher }: PairOf): Promise<void> {
  const [asked] = await ask(storage, watcher, [presentity])
  await withdrawRequest(storage.privacy, { watcher, request: asked!.request!.id })
}

function allow({ privacy }: Storage, { presentity, watcher }: PairOf) {
  return decideAccess(privacy, { presentity, watchers: [watcher], verdict: 'ALLOWED', endsAt: null })
}

function block({ privacy }: Storage, { presentity, watcher }: PairOf) {
  return decideAccess(privacy, { presentity, watchers: [watcher], verdict: 'BLOCKED', endsAt: null })
}

function dismiss({ privacy }: Storage, { presentity, watcher }: PairOf) {
  return deleteDecisions(privacy, { presentity, watchers: [watcher] })
}

async function allowAndDelete(storage: Storage, of: PairOf): Promise<void> {
  await allow(storage, of)
  await dismiss(storage, of)
}

async function blockAndDelete(storage: Storage, of: PairOf): Promise<void> {
  await block(storage, of)
  await dismiss(storage, of)
}

async function accessOf(storage: Storage, watcher: UserId, presentities: readonly UserId[]) {
  const seen = await viewPresence({ facts: storage.facts, ...POLICY }, { watcher, presentities })
  return presentities.map((presentity) => seen.get(presentity)?.access)
}

/** How many requests each user's popup shows. */
async function waitingOf({ lists }: Storage, users: readonly UserId[]): Promise<number[]> {
  const counts: number[] = []
  for (const presentity of users) {
    counts.push((await lists.popup({ presentity, limit: 500, known: [] })).requests.length)
  }
  return counts
}
