import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { listEdges } from '../../src/application/list-edges.ts'
import { decideAccess, deleteDecisions } from '../../src/application/manage-decisions.ts'
import { requestAccess } from '../../src/application/request-access.ts'
import { respondToRequests, type RespondToRequests } from '../../src/application/respond-to-requests.ts'
import { setPreference } from '../../src/application/set-preference.ts'
import { withdrawRequest } from '../../src/application/withdraw-request.ts'
import { LISTED_STATES } from '../../src/domain/listed-edge.ts'
import type { UserId } from '../../src/domain/user-id.ts'
import { onEachStorage } from '../support/each-storage.ts'
import { newUser } from '../support/new-user.ts'
import { DEFAULT_CLASS } from '../support/storage.ts'
import { look } from '../support/writes.ts'

onEachStorage((storage) => {
  const ask = async (watcher: UserId, presentity: UserId) => {
    const asking = { watcher, presentities: [presentity], trigger: 'CALL', addToContacts: false } as const
    const [asked] = await requestAccess(storage().privacy, asking)
    return asked!
  }
  const popupOf = (presentity: UserId, known: readonly string[] = []) =>
    storage().lists.popup({ presentity, limit: 10, known })
  /** The id of what a pair has put before its presentity last, whether or not it reached her. */
  const incomingOf = async (presentity: UserId, watcher: UserId): Promise<string> => {
    const scope = { name: 'test', kind: 'REQUEST' as const, by: watcher, others: [presentity] }
    const see = look(({ pair }) => pair({ presentity, watcher }).incoming!.id)
    return storage().privacy.change(scope, see)
  }
  const respond = (
    presentity: UserId,
    presented: readonly string[],
    ticked: readonly string[],
    options: Partial<RespondToRequests> = {},
  ) =>
    respondToRequests(storage().privacy, {
      ...{ presentity, presented, ticked, clientKey: null },
      ...{ addTickedToContacts: false, alwaysAccept: false, ...options },
    })
  const NO_OPTIONS = { contacts: [], alwaysAcceptRefused: null }
  const listed = async (presentity: UserId) => {
    const list = { presentity, states: LISTED_STATES, search: '', first: 100, after: null }
    const { edges } = await listEdges(storage().lists, list)
    return edges.map(({ watcher, edge }) => [watcher, edge.state] as const)
  }
  const handlingOf = async (user: UserId) => {
    const { presentities } = await storage().facts.readFacts({ watcher: user, presentities: [user] })
    return presentities.get(user)?.user.preference.invitationHandling
  }

  describe('an answer', () => {
    it('tells what became of each that was presented, once and in that order', async () => {
      const [pia, eve] = [newUser('pia'), newUser('eve')]
      const [ticked, unticked, withdraws, allowed, blocked, dismissed] = [
        newUser('1'),
        newUser('2'),
        newUser('3'),
        newUser('4'),
        newUser('5'),
        newUser('6'),
      ]
      const watchers = [ticked, unticked, withdraws, allowed, blocked, dismissed]
      for (const watcher of watchers.filter((each) => each !== withdraws)) await ask(watcher, pia)
      const { request } = await ask(withdraws, pia)
      await ask(ticked, eve)
      const idOf = new Map<UserId, string>()
      for (const watcher of watchers) idOf.set(watcher, await incomingOf(pia, watcher))
      const foreign = await incomingOf(eve, ticked)
      const never = randomUUID()
      await withdrawRequest(storage().privacy, { watcher: withdraws, request: request!.id })
      for (const [watcher, verdict] of [
        [allowed, 'ALLOWED'],
        [blocked, 'BLOCKED'],
      ] as const) {
        await decideAccess(storage().privacy, {
          ...{ presentity: pia, watchers: [watcher], verdict, endsAt: null },
        })
      }
      await deleteDecisions(storage().privacy, { presentity: pia, watchers: [dismissed] })

      const presented = [foreign, ...idOf.values(), never, idOf.get(ticked)!]
      const tickedIds = [idOf.get(ticked)!, idOf.get(blocked)!, foreign]
      expect(await respond(pia, presented, tickedIds)).toEqual({
        answered: {
          outcomes: [
            { id: foreign, outcome: 'NOT_FOUND' },
            { id: idOf.get(ticked), outcome: 'APPLIED', verdict: 'ALLOWED' },
            { id: idOf.get(unticked), outcome: 'APPLIED', verdict: 'BLOCKED' },
            { id: idOf.get(withdraws), outcome: 'WITHDRAWN' },
            { id: idOf.get(allowed), outcome: 'ALREADY_RESOLVED', verdict: 'ALLOWED' },
            { id: idOf.get(blocked), outcome: 'ALREADY_RESOLVED', verdict: 'BLOCKED' },
            { id: idOf.get(dismissed), outcome: 'DISMISSED' },
            { id: never, outcome: 'NOT_FOUND' },
          ],
          ...NO_OPTIONS,
        },
      })
      expect(await listed(pia)).toEqual([
        [ticked, 'ALLOWED'],
        [unticked, 'BLOCKED'],
        [allowed, 'ALLOWED'],
        [blocked, 'BLOCKED'],
      ])
      expect(await listed(eve)).toEqual([[ticked, 'PENDING']])
    })

    it('that comes late applies nothing: the request has expired', async () => {
      const [pia, wim] = [newUser('pia'), newUser('wim')]
      await ask(wim, pia)
      const id = await incomingOf(pia, wim)
      await storage().passTime(DEFAULT_CLASS.requestLifetimeMs)

      expect(await respond(pia, [id], [id])).toEqual({
        answered: { outcomes: [{ id, outcome: 'EXPIRED' }], ...NO_OPTIONS },
      })
      expect(await listed(pia)).toEqual([])
    })

    it('is refused as a whole where nothing, or too much, was presented, or others were ticked', async () => {
      const [pia, wim] = [newUser('pia'), newUser('wim')]
      await ask(wim, pia)
      const id = await incomingOf(pia, wim)
      const [other, many] = [randomUUID(), Array.from({ length: 500 }, () => randomUUID())]
      const options = { alwaysAccept: true, clientKey: 'the key' }

      expect(await respond(pia, [], [], options)).toEqual({ refused: { fault: 'NOTHING_PRESENTED' } })
      expect(await respond(pia, [...many, id], [id], options)).toEqual({
        refused: { fault: 'TOO_MANY_PRESENTED' },
      })
      expect(await respond(pia, [id], [id, other], options)).toEqual({
        refused: { fault: 'TICKED_NOT_PRESENTED', ids: [other] },
      })

      expect(await listed(pia)).toEqual([[wim, 'PENDING']])
      expect(await handlingOf(pia)).not.toBe('AUTO_ACCEPT')
      // None of them has used up the key.
      expect(await respond(pia, [id], [], options)).toHaveProperty('answered')
    })
  })

  describe('a notice in a popup', () => {
    it.each([true, false])(
      'is acknowledged by the answer, and blocks nobody; ticked: %s',
      async (isTicked) => {
        const [pia, wim, eva] = [newUser('pia'), newUser('wim'), newUser('eva')]
        await setPreference(storage().privacy, { user: pia, change: { invitationHandling: 'AUTO_ACCEPT' } })
        await ask(wim, pia)
        await ask(eva, pia)
        const id = await incomingOf(pia, wim)
        const answer = () => respond(pia, [id], isTicked ? [id] : [])
        const acknowledged = { answered: { outcomes: [{ id, outcome: 'ACKNOWLEDGED' }], ...NO_OPTIONS } }

        expect(await answer()).toEqual(acknowledged)

        const popup = await popupOf(pia, [id])
        expect(popup.notices.map(({ watcher }) => watcher)).toEqual([eva])
        expect(popup.closed).toMatchObject([
          { id, kind: 'NOTICE', state: 'ACKNOWLEDGED', triggers: ['CALL'] },
        ])
        expect(new Map(await listed(pia))).toEqual(
          new Map([
            [wim, 'ALLOWED'],
            [eva, 'ALLOWED'],
          ]),
        )
        expect(await answer()).toEqual(acknowledged)
      },
    )
  })

  describe('a request that reached nobody', () => {
    it('is not found by its id, and adds nobody to the contact list', async () => {
      const [pia, wim] = [newUser('pia'), newUser('wim')]
      await decideAccess(storage().privacy, {
        ...({ presentity: pia, watchers: [wim], verdict: 'BLOCKED', endsAt: null } as const),
      })
      await ask(wim, pia)
      const id = await incomingOf(pia, wim)

      expect(await respond(pia, [id], [id], { addTickedToContacts: true })).toEqual({
        answered: { outcomes: [{ id, outcome: 'NOT_FOUND' }], ...NO_OPTIONS },
      })
      expect(await listed(pia)).toEqual([[wim, 'BLOCKED']])
      expect((await storage().facts.readContactSight({ watcher: pia })).presentities.size).toBe(0)
    })
  })

  describe('a presentity who accepts all future requests in a popup', () => {
    it('accepts them from then on', async () => {
      const [pia, wim] = [newUser('pia'), newUser('wim')]
      await ask(wim, pia)
      const id = await incomingOf(pia, wim)
      expect(await respond(pia, [id], [], { alwaysAccept: true })).toEqual({
        answered: { outcomes: [{ id, outcome: 'APPLIED', verdict: 'BLOCKED' }], ...NO_OPTIONS },
      })
      expect(await handlingOf(pia)).toBe('AUTO_ACCEPT')
    })

    it.each(['PROMPT', 'AUTO_ACCEPT'] as const)(
      'is refused that alone where their class says %s: the answer applies',
      async (invitationHandling) => {
        const [pia, wim] = [newUser('pia'), newUser('wim')]
        await ask(wim, pia)
        const id = await incomingOf(pia, wim)
        const name = newUser('class')
        await storage().setClass({ ...DEFAULT_CLASS, name, invitationHandling })
        await storage().setUser(pia, { classOfService: name })

        expect(await respond(pia, [id], [id], { alwaysAccept: true })).toEqual({
          answered: {
            outcomes: [{ id, outcome: 'APPLIED', verdict: 'ALLOWED' }],
            ...{ contacts: [], alwaysAcceptRefused: 'LOCKED_BY_CLASS_OF_SERVICE' },
          },
        })
        expect(await listed(pia)).toEqual([[wim, 'ALLOWED']])
        expect(await handlingOf(pia)).toBe('PROMPT')
      },
    )
  })
})
