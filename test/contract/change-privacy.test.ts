import { describe, expect, it } from 'vitest'
import { acceptAllPending } from '../../src/application/accept-all-pending.ts'
import { addContactsAndAsk, removeContacts } from '../../src/application/manage-contacts.ts'
import { decideAccess, deleteDecisions } from '../../src/application/manage-decisions.ts'
import { reportAttempts } from '../../src/application/report-attempts.ts'
import { requestAccess, type RequestedAccess } from '../../src/application/request-access.ts'
import { respondToRequests } from '../../src/application/respond-to-requests.ts'
import { setPreference } from '../../src/application/set-preference.ts'
import { withdrawRequest } from '../../src/application/withdraw-request.ts'
import type { UserId } from '../../src/domain/user-id.ts'
import { onEachStorage } from '../support/each-storage.ts'
import { listenTo } from '../support/listen-to.ts'
import { newUser } from '../support/new-user.ts'
import { recordChanges } from '../support/record-changes.ts'
import { DEFAULT_CLASS } from '../support/storage.ts'

onEachStorage((storage) => {
  const ask = (watcher: UserId, presentities: readonly UserId[]): Promise<readonly RequestedAccess[]> =>
    requestAccess(storage().privacy, { watcher, presentities, trigger: 'CALL', addToContacts: false })
  const decide = (presentity: UserId, watcher: UserId, verdict: 'ALLOWED' | 'BLOCKED') =>
    decideAccess(storage().privacy, { presentity, watchers: [watcher], verdict, endsAt: null })
  const waitingOf = async (presentity: UserId) => {
    const page = { first: 10, after: null }
    return (await storage().lists.waiting({ presentity, kind: 'REQUEST', page })).items.map(
      ({ item }) => item.id,
    )
  }
  const answer = async (presentity: UserId, options: { tick: boolean; addTickedToContacts: boolean }) => {
    const presented = await waitingOf(presentity)
    const ticked = options.tick ? presented : []
    const { addTickedToContacts } = options
    const rest = { addTickedToContacts, alwaysAccept: false, clientKey: null }
    await respondToRequests(storage().privacy, { presentity, presented, ticked, ...rest })
  }

  type People = { readonly pia: UserId; readonly wim: UserId; readonly eva: UserId }
  type Name = keyof People
  type Act = (people: People) => Promise<unknown>
  const nothing: Act = () => Promise.resolve()

  describe('who is signalled by a change: its user, and each presentity of its pairs, whatever has become of them', () => {
    it.each<[string, { readonly before: Act; readonly act: Act; readonly signalled: readonly Name[] }]>([
      ['a request', { before: nothing, act: ({ wim, pia }) => ask(wim, [pia]), signalled: ['wim', 'pia'] }],
      [
        'a request for several users',
        {
          before: nothing,
          act: ({ wim, pia, eva }) => ask(wim, [pia, eva]),
          signalled: ['wim', 'pia', 'eva'],
        },
      ],
      [
        'a request that is absorbed by a block',
        {
          before: ({ pia, wim }) => decide(pia, wim, 'BLOCKED'),
          act: ({ wim, pia }) => ask(wim, [pia]),
          signalled: ['wim', 'pia'],
        },
      ],
      [
        'a request that is accepted automatically',
        {
          before: ({ pia }) =>
            setPreference(storage().privacy, { user: pia, change: { invitationHandling: 'AUTO_ACCEPT' } }),
          act: ({ wim, pia }) => ask(wim, [pia]),
          signalled: ['wim', 'pia'],
        },
      ],
      [
        'a reported call',
        {
          before: nothing,
          act: ({ pia, wim, eva }) =>
            reportAttempts(storage().privacy, {
              ...{ service: eva, clientKey: null },
              attempts: [{ presentity: pia, watcher: wim, trigger: 'CALL' }],
            }),
          signalled: ['wim', 'pia'],
        },
      ],
      [
        'a request that is taken back',
        {
          before: nothing,
          act: async ({ pia, wim }) => {
            const [asked] = await ask(wim, [pia])
            await withdrawRequest(storage().privacy, { watcher: wim, request: asked!.request!.id })
          },
          signalled: ['wim', 'pia', 'wim', 'pia'],
        },
      ],
      [
        'a request that nobody has made, taken back',
        {
          before: nothing,
          act: ({ wim }) => withdrawRequest(storage().privacy, { watcher: wim, request: newUser() }),
          signalled: [],
        },
      ],
      [
        'a contact that is added',
        {
          before: nothing,
          act: ({ pia, wim }) => addContactsAndAsk(storage().privacy, { watcher: wim, presentities: [pia] }),
          signalled: ['wim', 'pia'],
        },
      ],
      [
        'a contact that is removed',
        {
          before: ({ pia, wim }) =>
            addContactsAndAsk(storage().privacy, { watcher: wim, presentities: [pia] }),
          act: ({ pia, wim }) => removeContacts(storage().privacy, { watcher: wim, presentities: [pia] }),
          signalled: ['wim', 'pia'],
        },
      ],
      [
        'an allow',
        { before: nothing, act: ({ pia, wim }) => decide(pia, wim, 'ALLOWED'), signalled: ['pia'] },
      ],
      [
        'a block',
        {
          before: ({ wim, pia }) => ask(wim, [pia]),
          act: ({ pia, wim }) => decide(pia, wim, 'BLOCKED'),
          signalled: ['pia'],
        },
      ],
      [
        'a decision that is deleted',
        {
          before: ({ pia, wim }) => decide(pia, wim, 'ALLOWED'),
          act: ({ pia, wim }) => deleteDecisions(storage().privacy, { presentity: pia, watchers: [wim] }),
          signalled: ['pia'],
        },
      ],
      [
        'an answer that denies',
        {
          before: ({ pia, wim }) => ask(wim, [pia]),
          act: ({ pia }) => answer(pia, { tick: false, addTickedToContacts: true }),
          signalled: ['pia'],
        },
      ],
      [
        'an answer that allows',
        {
          before: ({ pia, wim }) => ask(wim, [pia]),
          act: ({ pia }) => answer(pia, { tick: true, addTickedToContacts: false }),
          signalled: ['pia'],
        },
      ],
      [
        'an answer that allows and adds contacts, who are asked',
        {
          before: ({ pia, wim }) => ask(wim, [pia]),
          act: ({ pia }) => answer(pia, { tick: true, addTickedToContacts: true }),
          signalled: ['pia', 'wim'],
        },
      ],
      [
        'all that waits, accepted',
        {
          before: ({ pia, wim }) => ask(wim, [pia]),
          act: ({ pia }) =>
            acceptAllPending(
              { store: storage().privacy, lists: storage().lists },
              { presentity: pia, actor: pia },
            ),
          signalled: ['pia'],
        },
      ],
      [
        'a choice of one’s own',
        {
          before: nothing,
          act: ({ pia }) => setPreference(storage().privacy, { user: pia, change: { appearOffline: true } }),
          signalled: ['pia'],
        },
      ],
    ])('%s', async (_, { before, act, signalled }) => {
      const people = { pia: newUser('pia'), wim: newUser('wim'), eva: newUser('eva') }
      await before(people)
      const listening = listenTo(storage(), Object.values(people))
      await listening.heard()
      await act(people)
      const names = new Map(Object.entries(people).map(([name, user]) => [user, name as Name]))
      const heard = (await listening.heard()).map((user) => names.get(user))
      expect(heard.sort()).toEqual([...signalled].sort())
      listening.stop()
    })
  })

  describe('what a change holds and writes', () => {
    it('of a choice of one’s own: nobody else, and no pair', async () => {
      const pia = newUser('pia')
      const { store, changes } = recordChanges(storage().privacy)
      await setPreference(store, { user: pia, change: { appearOffline: true } })
      expect(changes).toMatchObject([
        {
          scope: { by: pia, kind: 'DECISION', others: [] },
          writes: { pairs: [], trail: [], requestCounts: null },
        },
      ])
    })

    it('of an allow: the row by which the watcher reads, and not the one of the opposite direction', async () => {
      const [pia, wim] = [newUser('pia'), newUser('wim')]
      const { store, changes } = recordChanges(storage().privacy)
      const decision = { presentity: pia, watchers: [wim], endsAt: null } as const
      await decideAccess(store, { ...decision, verdict: 'ALLOWED' })
      await decideAccess(store, { ...decision, verdict: 'ALLOWED' })
      for (const { writes } of changes) {
        expect(writes.pairs.map(({ presentity, watcher }) => ({ presentity, watcher }))).toEqual([
          { presentity: pia, watcher: wim },
        ])
      }
    })

    it('of a block: the opposite row says from when on it holds', async () => {
      const [pia, wim] = [newUser('pia'), newUser('wim')]
      const { store, changes } = recordChanges(storage().privacy)
      await decideAccess(store, { presentity: pia, watchers: [wim], verdict: 'BLOCKED', endsAt: null })
      const [{ writes }] = changes as [(typeof changes)[number]]
      const since = writes.pairs[0]!.pair.edge.since
      expect(since).not.toBeNull()
      expect(writes.pairs).toMatchObject([
        { presentity: pia, watcher: wim, pair: { edge: { state: 'BLOCKED' }, watcherBlocksFrom: null } },
        { presentity: wim, watcher: pia, pair: { edge: { state: 'NONE' }, watcherBlocksFrom: since } },
      ])
    })

    it('of a deletion that finds nothing: no record in the trail', async () => {
      const [pia, wim] = [newUser('pia'), newUser('wim')]
      const { store, changes } = recordChanges(storage().privacy)
      await deleteDecisions(store, { presentity: pia, watchers: [wim] })
      expect(changes.map(({ writes }) => writes.trail)).toEqual([[]])
    })
  })

  it('a request to somebody who allows its watcher already is no act of the policy', async () => {
    const [pia, wim] = [newUser('pia'), newUser('wim')]
    await decide(pia, wim, 'ALLOWED')
    await storage().setUser(pia, { classOfService: DEFAULT_CLASS.name })
    const { store, changes } = recordChanges(storage().privacy)
    await requestAccess(store, { watcher: wim, presentities: [pia], trigger: 'CALL', addToContacts: false })
    expect(changes.flatMap(({ writes }) => writes.trail)).toMatchObject([
      { presentity: pia, watcher: wim, cause: 'REQUESTED', before: 'ALLOWED', after: 'ALLOWED' },
    ])
  })
})
