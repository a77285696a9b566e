import { describe, expect, it } from 'vitest'
import { removeContacts } from '../../src/application/manage-contacts.ts'
import { requestAccess } from '../../src/application/request-access.ts'
import { respondToRequests, type RespondToRequests } from '../../src/application/respond-to-requests.ts'
import { setPreference } from '../../src/application/set-preference.ts'
import type { UserId } from '../../src/domain/user-id.ts'
import { onEachStorage } from '../support/each-storage.ts'
import { newUser } from '../support/new-user.ts'

onEachStorage((storage) => {
  /** Two requests wait for a presentity, whose answer takes both options of the popup. */
  async function answered() {
    const [pia, wim, eva] = [newUser('pia'), newUser('wim'), newUser('eva')]
    for (const watcher of [wim, eva]) {
      const asking = { watcher, presentities: [pia], trigger: 'DIRECT', addToContacts: false } as const
      await requestAccess(storage().privacy, asking)
    }
    const { requests } = await storage().lists.popup({ presentity: pia, limit: 10, known: [] })
    const requestOf = (user: UserId) => requests.find(({ watcher }) => watcher === user)?.item.id as string
    const presented = [requestOf(wim), requestOf(eva)]
    const answer: RespondToRequests = {
      ...{ presentity: pia, presented, ticked: [requestOf(wim)], clientKey: 'the key' },
      ...{ addTickedToContacts: true, alwaysAccept: true },
    }
    return { pia, wim, answer, first: await respondToRequests(storage().privacy, answer) }
  }
  const handlingOf = async (user: UserId) => {
    const { presentities } = await storage().facts.readFacts({ watcher: user, presentities: [user] })
    return presentities.get(user)?.user.preference.invitationHandling
  }
  const waitingFor = async (presentity: UserId) => {
    const page = { first: 10, after: null }
    return (await storage().lists.waiting({ presentity, kind: 'REQUEST', page })).items.length
  }

  it('an answer without a client key is stored nowhere, and is no repeat of one under any key', async () => {
    const { pia, wim, answer, first } = await answered()
    await respondToRequests(storage().privacy, { ...answer, clientKey: 'null' })
    const repeated = await respondToRequests(storage().privacy, { ...answer, ticked: [], clientKey: null })
    expect(repeated).toEqual({
      answered: {
        outcomes: answer.presented.map((id) => ({
          ...{ id, outcome: 'ALREADY_RESOLVED' },
          verdict: answer.ticked.includes(id) ? 'ALLOWED' : 'BLOCKED',
        })),
        ...{ contacts: [], alwaysAcceptRefused: null },
      },
    })
    expect('answered' in first && first.answered.contacts.map(({ user }) => user)).toEqual([wim])
    const stored = await storage().records.answersOf({ presentity: pia, after: null, limit: 10 })
    expect(stored.map(({ clientKey, result }) => [clientKey, result.contacts.length])).toEqual([
      ['null', 1],
      ['the key', 1],
    ])
  })

  describe('an answer that is repeated under its client key', () => {
    it('returns what came of it, and applies no option of the popup once more', async () => {
      const { pia, wim, answer, first } = await answered()
      expect(await handlingOf(pia)).toBe('AUTO_ACCEPT')
      expect(await waitingFor(wim)).toBe(1)
      await setPreference(storage().privacy, { user: pia, change: { invitationHandling: 'PROMPT' } })
      await removeContacts(storage().privacy, { watcher: pia, presentities: [wim] })

      expect(await respondToRequests(storage().privacy, answer)).toEqual(first)

      expect(await handlingOf(pia)).toBe('PROMPT')
      expect((await storage().facts.readContactSight({ watcher: pia })).presentities.size).toBe(0)
      expect(await waitingFor(wim)).toBe(0)
    })

    it.each([
      ['other requests presented', ({ presented }) => ({ presented: presented.slice(0, 1) })],
      ['another order of those presented', ({ presented }) => ({ presented: presented.toReversed() })],
      ['others ticked', ({ presented }) => ({ ticked: presented.slice(1) })],
      ['nobody ticked', () => ({ ticked: [] })],
      ['the ticked not added to the contacts', () => ({ addTickedToContacts: false })],
      ['future requests not accepted', () => ({ alwaysAccept: false })],
    ] satisfies [string, (answer: RespondToRequests) => Partial<RespondToRequests>][])(
      'is refused as another answer with %s, and changes nothing',
      async (_, change) => {
        const { pia, answer } = await answered()
        await setPreference(storage().privacy, { user: pia, change: { invitationHandling: 'PROMPT' } })

        const repeated = await respondToRequests(storage().privacy, { ...answer, ...change(answer) })

        expect(repeated).toEqual({ refused: { fault: 'CLIENT_KEY_REUSED' } })
        expect(await handlingOf(pia)).toBe('PROMPT')
      },
    )
  })
})
