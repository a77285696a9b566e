import { describe, expect, it } from 'vitest'
import { listEdges } from '../../src/application/list-edges.ts'
import { decideAccess, deleteDecisions } from '../../src/application/manage-decisions.ts'
import type { EdgeOf, PrivacyLists } from '../../src/application/ports.ts'
import type { Verdict } from '../../src/domain/decide.ts'
import { NO_EDGE } from '../../src/domain/edge.ts'
import { LISTED_STATES } from '../../src/domain/listed-edge.ts'
import type { UserId } from '../../src/domain/user-id.ts'
import { onEachStorage } from '../support/each-storage.ts'
import { newUser } from '../support/new-user.ts'

const HOUR_MS = 3_600_000
const ALL = { states: LISTED_STATES, search: '' }

onEachStorage((storage) => {
  const decideAll = (
    presentity: UserId,
    watchers: readonly UserId[],
    verdict: Verdict,
    endsAt: number | null = null,
  ) => decideAccess(storage().privacy, { presentity, watchers, verdict, endsAt })
  const now = async () => (await storage().facts.readFacts({ watcher: newUser(), presentities: [] })).now
  const pageOf = (presentity: UserId, first: number, after: UserId | null = null) =>
    listEdges(storage().lists, { presentity, ...ALL, first, after })

  describe('a privacy list, page by page,', () => {
    it('has no gap and no repeat while entries come, go and change', async () => {
      const pia = newUser('pia')
      const watchers = Array.from({ length: 12 }, (_, number) => newUser(String.fromCharCode(97 + number)))
      const late = watchers.filter((_, place) => place === 1 || place === 10)
      const early = watchers.filter((watcher) => !late.includes(watcher))
      await decideAll(pia, early, 'ALLOWED')

      const first = await pageOf(pia, 4)
      // One comes before the page's end and one after it; one that was read is gone, and one that was not is another now.
      await decideAll(pia, late, 'BLOCKED')
      await deleteDecisions(storage().privacy, { presentity: pia, watchers: [early[3]!, early[5]!] })
      await decideAll(pia, [early[6]!], 'BLOCKED')
      const second = await pageOf(pia, 4, first.end)
      const third = await pageOf(pia, 4, second.end)

      expect(idsOf(first)).toEqual(early.slice(0, 4))
      expect(idsOf(second)).toEqual([early[4], early[6], early[7], early[8]])
      expect(idsOf(third)).toEqual([late[1], early[9]])
      expect([first.hasNextPage, second.hasNextPage, third.hasNextPage]).toEqual([true, true, false])
      expect(await pageOf(pia, 4, third.end)).toEqual({ edges: [], hasNextPage: false, end: null })
    })

    it('says whether another page follows, and after whom', async () => {
      const pia = newUser('pia')
      const [one, two, three] = [newUser('1'), newUser('2'), newUser('3')]
      await decideAll(pia, [one, two, three], 'ALLOWED')
      const told = async (first: number, after: UserId | null = null) => {
        const page = await pageOf(pia, first, after)
        return { ids: idsOf(page), hasNextPage: page.hasNextPage, end: page.end }
      }

      expect(await told(2)).toEqual({ ids: [one, two], hasNextPage: true, end: two })
      expect(await told(3)).toEqual({ ids: [one, two, three], hasNextPage: false, end: three })
      expect(await told(4)).toEqual({ ids: [one, two, three], hasNextPage: false, end: three })
      expect(await told(1, two)).toEqual({ ids: [three], hasNextPage: false, end: three })
      expect(await told(1, three)).toEqual({ ids: [], hasNextPage: false, end: null })
    })

    it('is full past entries that have ended', async () => {
      const pia = newUser('pia')
      const watchers = Array.from({ length: 30 }, (_, place) => newUser(String(place).padStart(3, '0')))
      const stay = watchers.filter((_, place) => place % 10 === 9)
      const end = watchers.filter((watcher) => !stay.includes(watcher))
      await decideAll(pia, end, 'ALLOWED', (await now()) + HOUR_MS)
      await decideAll(pia, stay, 'ALLOWED')
      await storage().passTime(HOUR_MS)

      const first = await pageOf(pia, 2)
      expect(idsOf(first)).toEqual(stay.slice(0, 2))
      expect(first.hasNextPage).toBe(true)
      const second = await pageOf(pia, 2, first.end)
      expect(idsOf(second)).toEqual(stay.slice(2))
      expect(second.hasNextPage).toBe(false)
    })
  })
})

/** A list without end, of which each read finds one entry that is in force, before all those that have ended. */
function nearlyAllEnded() {
  const now = Date.UTC(2026, 0, 5, 8)
  const reads: { readonly after: UserId | null; readonly limit: number }[] = []
  const inForce: UserId[] = []
  const watcherAt = (read: number, place: number) =>
    `${String(read).padStart(2, '0')}-${String(place).padStart(4, '0')}` as UserId
  const edges: PrivacyLists['edges'] = ({ after, limit }) => {
    reads.push({ after, limit })
    if (reads.length > 30) throw new Error('the list is read for ever')
    const found = Array.from({ length: limit }, (_, place): EdgeOf => {
      const endsAt = place === 0 ? null : now
      const edge = { ...NO_EDGE, state: 'ALLOWED', origin: 'SET', since: now - HOUR_MS, endsAt } as const
      return { watcher: watcherAt(reads.length, place), edge, request: null }
    })
    inForce.push(found[0]!.watcher)
    return Promise.resolve({ now, edges: found })
  }
  return { edges, reads, inForce, watcherAt }
}

describe('a page of a privacy list of which nearly all has ended', () => {
  const pageOf = (list: ReturnType<typeof nearlyAllEnded>, first: number) => {
    const lists = { edges: list.edges } as PrivacyLists
    return listEdges(lists, { presentity: newUser('pia'), ...ALL, first, after: null })
  }

  it('is handed out short after ten reads, and the next one goes on where they have ended', async () => {
    const list = nearlyAllEnded()
    const page = await pageOf(list, 20)

    expect(list.reads).toEqual([
      { after: null, limit: 21 },
      { after: list.watcherAt(1, 20), limit: 1000 },
      ...[2, 3, 4, 5, 6, 7, 8, 9].map((read) => ({ after: list.watcherAt(read, 999), limit: 1000 })),
    ])
    expect(idsOf(page)).toEqual(list.inForce)
    expect(page).toMatchObject({ hasNextPage: true, end: list.watcherAt(10, 999) })
  })

  it('is handed out as soon as it is full and another entry is known to follow', async () => {
    const list = nearlyAllEnded()
    const page = await pageOf(list, 2)

    expect(list.reads.map(({ limit }) => limit)).toEqual([3, 1000, 1000])
    expect(idsOf(page)).toEqual(list.inForce.slice(0, 2))
    expect(page).toMatchObject({ hasNextPage: true, end: list.inForce[1] })
  })
})

function idsOf({ edges }: { readonly edges: readonly EdgeOf[] }): UserId[] {
  return edges.map(({ watcher }) => watcher)
}
