import { describe, expect, it } from 'vitest'
import { listEdges } from '../../src/application/list-edges.ts'
import { decideAccess, deleteDecisions } from '../../src/application/manage-decisions.ts'
import type { EdgeOf, PrivacyLists } from '../../src/application/ports.ts'
import { requestAccess } from '../../src/application/request-access.ts'
import { setPreference } from '../../src/application/set-preference.ts'
import { visibleTo } from '../../src/application/visible-to.ts'
import type { Verdict } from '../../src/domain/decide.ts'
import { LISTED_STATES, type ListedState } from '../../src/domain/listed-edge.ts'
import { compareBytes, parseUserId, type UserId } from '../../src/domain/user-id.ts'
import { onEachStorage } from '../support/each-storage.ts'
import { newUser } from '../support/new-user.ts'
import { DEFAULT_CLASS } from '../support/storage.ts'

const HOUR_MS = 3_600_000

onEachStorage((storage) => {
  const ask = async (presentity: UserId, watcher: UserId) => {
    const [asked] = await requestAccess(storage().privacy, {
      watcher,
      presentities: [presentity],
      trigger: 'DIRECT',
      addToContacts: false,
    })
    return asked!
  }
  const decideAll = (
    presentity: UserId,
    watchers: readonly UserId[],
    verdict: Verdict,
    endsAt: number | null = null,
  ) => decideAccess(storage().privacy, { presentity, watchers, verdict, endsAt })
  const now = async () => (await storage().facts.readFacts({ watcher: newUser(), presentities: [] })).now
  const grantFor = async (presentity: UserId, watcher: UserId, ms: number) =>
    decideAll(presentity, [watcher], 'ALLOWED', (await now()) + ms)
  const list = (
    presentity: UserId,
    some: { states?: readonly ListedState[]; search?: string; first?: number; after?: UserId | null } = {},
  ) =>
    listEdges(storage().lists, {
      presentity,
      states: LISTED_STATES,
      search: '',
      first: 100,
      after: null,
      ...some,
    })
  const seenBy = (presentity: UserId) =>
    visibleTo(storage(), { presentity, search: '', first: 100, after: null })

  describe('a privacy list', () => {
    it('holds every edge that its user decided or that waits, and says why', async () => {
      const pia = newUser('pia')
      const [asks, allowed, blocked, auto, none] = fiveUsers()
      const asked = await now()
      await ask(pia, asks)
      await decideAll(pia, [allowed], 'ALLOWED')
      await ask(pia, blocked)
      await decideAll(pia, [blocked], 'BLOCKED')
      await decideAll(pia, [none], 'BLOCKED')
      await deleteDecisions(storage().privacy, { presentity: pia, watchers: [none] })
      await setPreference(storage().privacy, { user: pia, change: { invitationHandling: 'AUTO_ACCEPT' } })
      await ask(pia, auto)

      const { edges, hasNextPage } = await list(pia)

      expect(hasNextPage).toBe(false)
      expect(edges.map(said)).toEqual([
        [asks, 'PENDING', 'REQUESTED'],
        [allowed, 'ALLOWED', 'SET'],
        [blocked, 'BLOCKED', 'SET'],
        [auto, 'ALLOWED', 'AUTO_ACCEPTED'],
      ])
      const [waits, ...decided] = edges
      const popup = await storage().lists.popup({ presentity: pia, limit: 10, known: [] })
      expect(popup.requests).toEqual([{ watcher: asks, item: waits!.request }])
      expect(waits!.edge.endsAt).toBe(waits!.request!.endsAt)
      expect(decided.map(({ request }) => request)).toEqual([null, null, null])
      for (const { edge } of edges) expect(edge.since).toBeGreaterThanOrEqual(asked)
    })

    it('is nobody else’s: neither the other direction nor another user’s decisions stand in it', async () => {
      const [pia, wim, eve] = [newUser('pia'), newUser('wim'), newUser('eve')]
      await decideAll(pia, [wim], 'BLOCKED')
      await ask(eve, pia)

      expect((await list(wim)).edges).toEqual([])
      expect((await list(pia)).edges.map(said)).toEqual([[wim, 'BLOCKED', 'SET']])
      expect((await list(eve)).edges.map(said)).toEqual([[pia, 'PENDING', 'REQUESTED']])
    })

    it('is as it is now: what has ended is gone, or the block that a grant had replaced', async () => {
      const pia = newUser('pia')
      const [expires, ends, endsOverBlock, stays] = fiveUsers()
      await ask(pia, expires)
      await grantFor(pia, ends, HOUR_MS)
      await decideAll(pia, [endsOverBlock], 'BLOCKED')
      await grantFor(pia, endsOverBlock, HOUR_MS)
      await grantFor(pia, stays, 10 * DEFAULT_CLASS.requestLifetimeMs)
      const before = await list(pia)
      const grantEnd = before.edges[2]!.edge.endsAt!

      expect(before.edges.map(said)).toEqual([
        [expires, 'PENDING', 'REQUESTED'],
        [ends, 'ALLOWED', 'SET'],
        [endsOverBlock, 'ALLOWED', 'SET'],
        [stays, 'ALLOWED', 'SET'],
      ])
      await storage().passTime(HOUR_MS)
      const hourLater = await list(pia)
      expect(hourLater.edges.map(said)).toEqual([
        [expires, 'PENDING', 'REQUESTED'],
        [endsOverBlock, 'BLOCKED', 'GRANT_ENDED'],
        [stays, 'ALLOWED', 'SET'],
      ])
      expect(hourLater.edges[1]!.edge).toMatchObject({ endsAt: null, since: sameMoment(grantEnd, HOUR_MS) })
      await storage().passTime(DEFAULT_CLASS.requestLifetimeMs)
      expect((await list(pia)).edges.map(said)).toEqual([
        [endsOverBlock, 'BLOCKED', 'GRANT_ENDED'],
        [stays, 'ALLOWED', 'SET'],
      ])
    })

    it('is filtered by what each entry is now', async () => {
      const pia = newUser('pia')
      const [asks, allowed, blocked, over, overBlock] = fiveUsers()
      await ask(pia, asks)
      await decideAll(pia, [allowed], 'ALLOWED')
      await decideAll(pia, [blocked, overBlock], 'BLOCKED')
      await grantFor(pia, over, HOUR_MS)
      await grantFor(pia, overBlock, HOUR_MS)
      const watchers = async (...states: ListedState[]) =>
        (await list(pia, { states })).edges.map(({ watcher }) => watcher)

      expect(await watchers('PENDING')).toEqual([asks])
      expect(await watchers('ALLOWED')).toEqual([allowed, over, overBlock])
      expect(await watchers('BLOCKED')).toEqual([blocked])
      await storage().passTime(HOUR_MS)
      expect(await watchers('ALLOWED')).toEqual([allowed])
      expect(await watchers('BLOCKED')).toEqual([blocked, overBlock])
      expect(await watchers('PENDING', 'BLOCKED')).toEqual([asks, blocked, overBlock])
    })

    it('is in the order of the bytes of the ids, and searched by how they begin, letter for letter', async () => {
      const pia = newUser('pia')
      const names = [
        'a',
        'a%',
        'a%b',
        'a_',
        'ab',
        'A',
        'é',
        'e\u0301',
        '\uffff',
        '\u{1f642}',
        '\u{1f642}x',
        '\u{10ffff}',
      ]
      const watchers = names.map((name) => parseUserId(name)!).sort(compareBytes)
      await decideAll(pia, [...watchers].reverse(), 'ALLOWED')
      const found = async (search: string) =>
        (await list(pia, { search })).edges.map(({ watcher }) => watcher)

      expect(await found('')).toEqual(watchers)
      for (const search of [...names, '%', '_', 'a\\', 'b', '\u{10fffe}']) {
        expect(await found(search), JSON.stringify(search)).toEqual(
          watchers.filter((watcher) => watcher.startsWith(search)),
        )
      }
    })
  })

  describe('the users who can see a presentity', () => {
    it('are those that the presentity allows now, and not those who wait, are blocked, or whose grant has ended', async () => {
      const pia = newUser('pia')
      const [asks, allowed, blocked, grant] = fiveUsers()
      await ask(pia, asks)
      await decideAll(pia, [allowed], 'ALLOWED')
      await decideAll(pia, [blocked], 'BLOCKED')
      await grantFor(pia, grant, HOUR_MS)

      expect(idsOf(await seenBy(pia))).toEqual([allowed, grant])
      await storage().passTime(HOUR_MS)
      expect(idsOf(await seenBy(pia))).toEqual([allowed])
    })

    it('are on OCS_2007 also those who wait, if the class showed the presentity when they asked and does so now', async () => {
      const [pia, before, shown, again] = [newUser('pia'), newUser('1'), newUser('2'), newUser('3')]
      const hiding = { ...DEFAULT_CLASS, name: newUser('hiding'), pendingShown: false }
      await storage().setClass(hiding)
      await ask(pia, before)
      await storage().setUser(pia, { presenceServer: 'OCS_2007' })
      await ask(pia, shown)
      // Whoever had been told anything before is shown nothing until she answers.
      await decideAll(pia, [again], 'ALLOWED')
      await deleteDecisions(storage().privacy, { presentity: pia, watchers: [again] })
      await storage().passTime(DEFAULT_CLASS.requestCooldownMs)
      await ask(pia, again)

      expect(idsOf(await list(pia, { states: ['PENDING'] }))).toEqual([before, shown, again])
      expect(idsOf(await seenBy(pia))).toEqual([shown])
      await storage().setUser(pia, { classOfService: hiding.name })
      expect(idsOf(await seenBy(pia))).toEqual([])
      await storage().setUser(pia, { classOfService: 'default', presenceServer: 'CONVERGED_CONFERENCING' })
      expect(idsOf(await seenBy(pia))).toEqual([])
    })

    it('are nobody, where nothing is stored of the presentity', async () => {
      expect(await seenBy(newUser('pia'))).toEqual({ edges: [], hasNextPage: false, end: null })
    })

    it('are read without those whom no edge of their state shows, however many', async () => {
      const pia = newUser('pia')
      const blocked = Array.from({ length: 20 }, (_, place) => newUser(`a${String(place)}`))
      const allowed = newUser('z')
      await decideAll(pia, blocked, 'BLOCKED')
      await decideAll(pia, [allowed], 'ALLOWED')
      const { facts, lists } = storage()
      const read: number[] = []
      const counted: PrivacyLists = {
        ...lists,
        async edges(list) {
          const found = await lists.edges(list)
          read.push(found.edges.length)
          return found
        },
      }
      const page = { presentity: pia, search: '', first: 5, after: null }
      expect(idsOf(await visibleTo({ facts, lists: counted }, page))).toEqual([allowed])
      expect(read).toEqual([1])
    })

    it('tell nothing of what the watcher has decided, or of the watcher’s class', async () => {
      const [pia, wim] = [newUser('pia'), newUser('wim')]
      const prompting = {
        ...DEFAULT_CLASS,
        name: newUser('prompting'),
        invitationHandling: 'PROMPT' as const,
      }
      await storage().setClass(prompting)
      await decideAll(pia, [wim], 'ALLOWED')
      const before = await seenBy(pia)

      await decideAll(wim, [pia], 'BLOCKED')
      await storage().setUser(wim, { classOfService: prompting.name })

      expect(idsOf(before)).toEqual([wim])
      expect(await seenBy(pia)).toEqual(before)
    })
  })

  describe('a decision in the privacy list', () => {
    it('says what stood there before, and which request it has answered or dismissed', async () => {
      const [pia, waits, blocked, unknown] = [newUser('pia'), newUser('1'), newUser('2'), newUser('3')]
      await ask(pia, waits)
      await decideAll(pia, [blocked], 'BLOCKED')
      const { requests } = await storage().lists.popup({ presentity: pia, limit: 10, known: [] })
      const watchers = [waits, blocked, unknown]

      const outcome = await decideAll(pia, watchers, 'ALLOWED')

      expect('decided' in outcome && outcome.decided).toMatchObject([
        { watcher: waits, before: { state: 'PENDING' }, closedRequest: requests[0]!.item.id },
        { watcher: blocked, before: { state: 'BLOCKED' }, closedRequest: null },
        { watcher: unknown, before: { state: 'NONE' }, closedRequest: null },
      ])
      const again = await deleteDecisions(storage().privacy, { presentity: pia, watchers })
      expect(
        again.map(({ before, edge, closedRequest }) => [before.state, edge.state, closedRequest]),
      ).toEqual(watchers.map(() => ['ALLOWED', 'NONE', null]))
    })

    it('that is deleted is undone by the next request under AUTO_ACCEPT, and says so; a block is not', async () => {
      const [pia, wim, eve] = [newUser('pia'), newUser('wim'), newUser('eve')]
      const handling = (invitationHandling: 'PROMPT' | 'AUTO_ACCEPT') =>
        setPreference(storage().privacy, { user: pia, change: { invitationHandling } })
      const remove = async () => {
        const removed = await deleteDecisions(storage().privacy, { presentity: pia, watchers: [wim] })
        return removed.map(({ nextRequestAllows }) => nextRequestAllows)
      }
      expect(await remove()).toEqual([false])
      await handling('AUTO_ACCEPT')
      await ask(pia, wim)
      expect(await remove()).toEqual([true])
      await storage().passTime(DEFAULT_CLASS.requestCooldownMs)
      await ask(pia, wim)
      expect((await list(pia)).edges.map(said)).toEqual([[wim, 'ALLOWED', 'AUTO_ACCEPTED']])
      const blocked = await decideAll(pia, [wim, eve], 'BLOCKED')
      expect('decided' in blocked && blocked.decided.map((each) => each.nextRequestAllows)).toEqual([
        false,
        false,
      ])
      await ask(pia, wim)
      expect((await list(pia, { states: ['ALLOWED'] })).edges).toEqual([])
    })

    it.each([-1, 0])('with an end %i ms from now is refused as a whole', async (ms) => {
      const [pia, wim] = [newUser('pia'), newUser('wim')]
      expect(await decideAll(pia, [wim], 'ALLOWED', (await now()) + ms)).toEqual({
        refused: 'ENDS_IN_THE_PAST',
      })
      expect((await list(pia)).edges).toEqual([])
    })
  })

  /** A moment of the past, after so much time has passed; on PostgreSQL, whatever is stored has become older instead. */
  function sameMoment(at: number, passedMs: number): number {
    return 'clock' in storage() ? at : at - passedMs
  }
})

/** In the order in which lists have them. */
function fiveUsers(): readonly [UserId, UserId, UserId, UserId, UserId] {
  return [newUser('1'), newUser('2'), newUser('3'), newUser('4'), newUser('5')]
}

function said({ watcher, edge }: EdgeOf): [UserId, string, string | null] {
  return [watcher, edge.state, edge.origin]
}

function idsOf({ edges }: { readonly edges: readonly EdgeOf[] }): UserId[] {
  return edges.map(({ watcher }) => watcher)
}
