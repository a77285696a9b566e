import { describe, expect, it } from 'vitest'
import { exportUser, type ExportPage, type ExportPlace } from '../../src/application/export-user.ts'
import { decideAccess } from '../../src/application/manage-decisions.ts'
import { publishPresence } from '../../src/application/publish-presence.ts'
import { requestAccess } from '../../src/application/request-access.ts'
import { respondToRequests } from '../../src/application/respond-to-requests.ts'
import { setPreference } from '../../src/application/set-preference.ts'
import { withdrawRequest } from '../../src/application/withdraw-request.ts'
import type { ManualStatus } from '../../src/domain/presence.ts'
import type { UserId } from '../../src/domain/user-id.ts'
import { ROOT } from '../support/administrators.ts'
import { onEachStorage } from '../support/each-storage.ts'
import { newUser } from '../support/new-user.ts'
import type { Storage } from '../support/storage.ts'

const HOUR_MS = 3_600_000

onEachStorage((storage) => {
  const ask = (watcher: UserId, presentity: UserId, addToContacts = false) =>
    requestAccess(storage().privacy, { watcher, presentities: [presentity], trigger: 'CALL', addToContacts })
  const decide = (
    presentity: UserId,
    watcher: UserId,
    verdict: 'ALLOWED' | 'BLOCKED',
    endsAt: number | null = null,
  ) => decideAccess(storage().privacy, { presentity, watchers: [watcher], verdict, endsAt })
  const answer = async (presentity: UserId, clientKey: string) => {
    const { requests } = await storage().lists.popup({ presentity, limit: 100, known: [] })
    const presented = ['unknown', ...requests.map(({ item }) => item.id)]
    const options = { addTickedToContacts: false, alwaysAccept: false, clientKey }
    await respondToRequests(storage().privacy, { presentity, presented, ticked: [], ...options })
    return presented
  }
  const setManual = (user: UserId, manual: ManualStatus | null) =>
    setPreference(storage().privacy, { user, change: { manual } })
  const now = async () => (await storage().facts.readFacts({ watcher: newUser(), presentities: [] })).now

  describe('an export', () => {
    it('holds every kind of line, as it is stored, with its times in ISO 8601', async () => {
      const pia = newUser('pia')
      const [wim, eva, max, zoe] = [newUser('1'), newUser('2'), newUser('3'), newUser('4')]
      const endsAt = (await now()) + HOUR_MS
      await setPreference(storage().privacy, { user: pia, change: { appearOffline: true } })
      await setManual(pia, { status: 'AWAY', endsAt })
      await publishPresence(storage(), {
        ...({ user: pia, session: 'desk', status: 'BUSY', activity: 'IN_A_CALL', note: 'here' } as const),
        ...{ leaseMs: HOUR_MS, inactiveForMs: 60_000 },
      })
      await decide(pia, wim, 'BLOCKED')
      await decide(pia, wim, 'ALLOWED', endsAt)
      await decide(pia, eva, 'ALLOWED')
      await ask(max, pia)
      const [unknown, ofMax] = (await answer(pia, 'the key')) as [string, string]
      await ask(pia, wim, true)
      await ask(pia, zoe)
      await decide(zoe, pia, 'ALLOWED')

      const { lists, facts, records } = storage()
      const of = { watcher: pia, after: null, limit: 100 }
      const [session] = (await facts.readFacts({ watcher: pia, presentities: [pia] })).presentities.get(
        pia,
      )!.sessions
      const { edges } = await lists.edges({
        ...{ presentity: pia, prefix: '', after: null, limit: 100 },
        stored: [
          { state: 'ALLOWED', replacedBlock: false },
          { state: 'ALLOWED', replacedBlock: true },
          { state: 'BLOCKED', replacedBlock: false },
        ],
      })
      const since = edges.map(({ edge }) => iso(edge.since))
      const contactSince = iso((await records.viewsOf(of)).views[0]!.contactSince)
      const requestOf = async (user: UserId) =>
        (await records.requestsOf(of)).requests.find(({ presentity }) => presentity === user)!.request
      const [ofWim, ofZoe] = [await requestOf(wim), await requestOf(zoe)]
      const [stored] = await records.answersOf({ presentity: pia, after: null, limit: 100 })

      const whole = await exported(storage(), pia, 100)
      const requests = [
        {
          ...{ kind: 'REQUEST', user: wim, id: ofWim.id, state: 'OPEN', triggers: ['CALL'] },
          ...{ askedAt: iso(ofWim.askedAt), endsAt: iso(ofWim.endsAt) },
        },
        {
          ...{ kind: 'REQUEST', user: zoe, id: ofZoe.id, state: 'ALLOWED', triggers: ['CALL'] },
          ...{ askedAt: iso(ofZoe.askedAt), endsAt: iso(ofZoe.endsAt) },
        },
      ]
      expect(whole).toEqual([
        {
          ...{ kind: 'PREFERENCE', invitationHandling: 'PROMPT', appearOffline: true },
          manualStatus: { status: 'AWAY', endsAt: iso(endsAt) },
        },
        {
          ...{ kind: 'SESSION', id: 'desk', status: 'BUSY', activity: 'IN_A_CALL', note: 'here' },
          ...{ publishedAt: iso(session!.publishedAt), activeAt: iso(session!.publishedAt - 60_000) },
          leaseEndsAt: iso(session!.leaseEndsAt),
        },
        {
          ...{ kind: 'DECISION', user: wim, state: 'ALLOWED', reason: 'SET', since: since[0] },
          ...{ endsAt: iso(endsAt), thenState: 'BLOCKED' },
        },
        {
          ...{ kind: 'DECISION', user: eva, state: 'ALLOWED', reason: 'SET', since: since[1] },
          ...{ endsAt: null, thenState: null },
        },
        {
          ...{ kind: 'DECISION', user: max, state: 'BLOCKED', reason: 'ANSWERED', since: since[2] },
          ...{ endsAt: null, thenState: null },
        },
        { kind: 'VIEW', user: wim, access: 'PENDING', contactSince },
        { kind: 'VIEW', user: zoe, access: 'ALLOWED', contactSince: null },
        ...requests.sort((one, other) => (one.id < other.id ? -1 : 1)),
        {
          ...{ kind: 'ANSWER', clientKey: 'the key', answeredAt: iso(stored!.answeredAt) },
          outcomes: [
            { id: unknown, outcome: 'NOT_FOUND' },
            { id: ofMax, outcome: 'APPLIED', verdict: 'BLOCKED' },
          ],
          ...{ contacts: [], alwaysAcceptRefused: null },
        },
      ])
    })

    it.each([
      ['without an end', { status: 'BUSY', endsAt: null } as const],
      ['that was taken back', null],
    ])('holds a status set by hand %s', async (_, manual) => {
      const pia = newUser('pia')
      await setManual(pia, { status: 'AWAY', endsAt: null })
      await setManual(pia, manual)
      expect(await exported(storage(), pia, 100)).toEqual([
        { kind: 'PREFERENCE', invitationHandling: 'PROMPT', appearOffline: false, manualStatus: manual },
      ])
    })

    it('holds nothing of what others decided about a person or asked of them', async () => {
      const [pia, nosy, waiting, max] = [newUser('pia'), newUser('nosy'), newUser('waiting'), newUser('max')]
      await ask(waiting, pia)
      await decide(nosy, pia, 'BLOCKED')
      await decide(max, pia, 'ALLOWED')
      await decide(max, pia, 'BLOCKED')
      const [preference, ...lines] = await exported(storage(), pia, 100)
      expect(preference?.kind).toBe('PREFERENCE')
      // They have been told that max allowed them.
      expect(lines).toEqual([{ kind: 'VIEW', user: max, access: 'ALLOWED', contactSince: null }])
    })

    it('holds a contact of whom the person has been told nothing, and nobody who is neither', async () => {
      const [pia, wim, eva] = [newUser('pia'), newUser('wim'), newUser('eva')]
      for (const [user, addToContacts] of [
        [wim, true],
        [eva, false],
      ] as const) {
        const [asked] = await ask(pia, user, addToContacts)
        await withdrawRequest(storage().privacy, { watcher: pia, request: asked!.request!.id })
      }
      const [view] = (
        await storage().records.viewsOf({ watcher: pia, after: null, limit: 100 })
      ).views.filter(({ contactSince }) => contactSince !== null)

      const lines = await exported(storage(), pia, 100)

      expect(lines.filter(({ kind }) => kind !== 'REQUEST').slice(1)).toEqual([
        { kind: 'VIEW', user: wim, access: 'NONE', contactSince: iso(view!.contactSince) },
      ])
    })

    it('is the same whatever others decided about the person', async () => {
      const exports = new Set<string>()
      for (const verdict of ['BLOCKED', null] as const) {
        const [pia, wim] = [newUser('pia'), newUser('wim')]
        await decide(pia, wim, 'ALLOWED')
        await ask(pia, wim, true)
        if (verdict !== null) await decide(wim, pia, verdict)
        const lines = JSON.stringify((await exported(storage(), pia, 100)).map(({ id: _, ...said }) => said))
        exports.add(lines.replaceAll(wim, 'wim').replace(/\d{4}-[\d-]+T[\d:.]+Z/g, 'then'))
      }
      expect([...exports]).toHaveLength(1)
    })

    it('is the same through pages of any size, each of them full but for the last', async () => {
      const pia = await withThreeOfEach()
      const whole = await exported(storage(), pia, 500)
      expect(whole).toHaveLength(1 + 3 + 3 + 3 + 3)
      for (const [first, sizes] of [
        [14, [13]],
        // The page after a full one tells that nothing follows.
        [13, [13, 0]],
        [12, [12, 1]],
        [5, [5, 5, 3]],
        [3, [3, 3, 3, 3, 1]],
        [2, [2, 2, 2, 2, 2, 2, 1]],
        [1, [...Array<number>(13).fill(1), 0]],
      ] as const) {
        const pages = await pagesOf(storage(), pia, first)
        expect(pages.map(({ records }) => records.length)).toEqual(sizes)
        expect(pages.flatMap(({ records }) => records)).toEqual(whole)
      }
    })

    it('reads each section to its end, and then no more', async () => {
      const pia = await withThreeOfEach()
      const reads: string[] = []
      const counting = <Ports extends object>(ports: Ports): Ports =>
        new Proxy(ports, {
          get(target, name: string) {
            const read = Reflect.get(target, name) as (...args: unknown[]) => unknown
            return (...args: unknown[]) => {
              reads.push(name)
              return read(...args)
            }
          },
        })
      const { acts, facts, lists, records } = storage()
      const ports = { acts, facts: counting(facts), lists: counting(lists), records: counting(records) }

      await exportUser(ports, { actor: ROOT, user: pia, first: 100, from: null })

      expect(reads).toEqual(['readFacts', 'edges', 'viewsOf', 'requestsOf', 'answersOf'])
    })

    it('of an unknown user is the default choices', async () => {
      expect(await exported(storage(), newUser(), 1)).toEqual([
        { kind: 'PREFERENCE', invitationHandling: 'PROMPT', appearOffline: false, manualStatus: null },
      ])
    })
  })

  /** Of a user: three decisions, three contacts, each asked, and three answers. */
  async function withThreeOfEach(): Promise<UserId> {
    const pia = newUser('pia')
    for (const number of ['1', '2', '3']) {
      await decide(pia, newUser(), 'ALLOWED')
      await ask(pia, newUser(), true)
      await answer(pia, `key ${number}`)
    }
    return pia
  }
})

async function exported(storage: Storage, user: UserId, first: number) {
  return (await pagesOf(storage, user, first)).flatMap(({ records }) => records)
}

async function pagesOf(storage: Storage, user: UserId, first: number): Promise<readonly ExportPage[]> {
  const pages: ExportPage[] = []
  let from: ExportPlace | null = null
  do {
    const page = await exportUser(storage, { actor: ROOT, user, first, from })
    pages.push(page)
    from = page.next
  } while (from !== null)
  return pages
}

function iso(at: number | null): string {
  return new Date(at!).toISOString()
}
