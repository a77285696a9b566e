import { describe, expect, it } from 'vitest'
import { eraseUser } from '../../src/application/erase-user.ts'
import { exportUser, type ExportPlace, type ExportedRecord } from '../../src/application/export-user.ts'
import { decideAccess } from '../../src/application/manage-decisions.ts'
import { UserErased } from '../../src/application/ports.ts'
import { publishPresence } from '../../src/application/publish-presence.ts'
import { auditTrail } from '../../src/application/read-trail.ts'
import { reportAttempts } from '../../src/application/report-attempts.ts'
import { requestAccess } from '../../src/application/request-access.ts'
import { respondToRequests } from '../../src/application/respond-to-requests.ts'
import { setPreference } from '../../src/application/set-preference.ts'
import { viewPresence } from '../../src/application/view-presence.ts'
import { isErasedToken } from '../../src/domain/trail.ts'
import type { UserId } from '../../src/domain/user-id.ts'
import { watchIncoming } from '../../src/live/watch-incoming.ts'
import { ROOT } from '../support/administrators.ts'
import { onEachStorage } from '../support/each-storage.ts'
import { newUser } from '../support/new-user.ts'
import { ALWAYS_ITS_TURN } from '../support/policy.ts'
import type { Storage } from '../support/storage.ts'
import { POLICY } from '../support/policy.ts'

onEachStorage((storage) => {
  const ask = (watcher: UserId, presentity: UserId, addToContacts = false) =>
    requestAccess(storage().privacy, { watcher, presentities: [presentity], trigger: 'CALL', addToContacts })
  const decide = (presentity: UserId, watcher: UserId, verdict: 'ALLOWED' | 'BLOCKED') =>
    decideAccess(storage().privacy, { presentity, watchers: [watcher], verdict, endsAt: null })
  const publish = (user: UserId) =>
    publishPresence(storage(), {
      user,
      ...({ session: 'desk', status: 'BUSY', activity: null, note: 'here', leaseMs: 60_000 } as const),
    })
  const erase = (user: UserId) =>
    eraseUser(storage().records, { user, actor: { kind: 'ADMINISTRATOR', id: newUser('root') } })

  describe('an erased user', () => {
    it('is, to others, a user of whom nothing is known', async () => {
      const [pia, wim, unknown] = [newUser('pia'), newUser('wim'), newUser('unknown')]
      await publish(pia)
      await ask(wim, pia, true)
      await answer(storage(), pia, { clientKey: null, ticked: true })
      await decide(wim, pia, 'BLOCKED')
      await erase(pia)

      const look = { watcher: wim, presentities: [pia, unknown] }
      const seen = await viewPresence({ ...storage(), ...POLICY }, look)
      expect(seen.get(pia)).toEqual(seen.get(unknown))
      expect(await storage().lists.asked({ watcher: wim, page: { first: 10, after: null } })).toMatchObject({
        items: [],
      })
      const [ofPia] = await ask(wim, pia, true)
      const [ofUnknown] = await ask(wim, unknown, true)
      expect({ ...ofPia, presentity: null, request: null }).toEqual({
        ...ofUnknown,
        presentity: null,
        request: null,
      })
    })

    it('makes nothing anew, however often the erased user tries', async () => {
      const [pia, wim] = [newUser('pia'), newUser('wim')]
      await publish(pia)
      await erase(pia)
      await expect(ask(pia, wim)).rejects.toThrow(UserErased)
      await expect(decide(pia, wim, 'ALLOWED')).rejects.toThrow(UserErased)
      await expect(setPreference(storage().privacy, { user: pia, change: {} })).rejects.toThrow(UserErased)
      expect(await publish(pia)).toEqual({ refused: 'USER_ERASED' })
      expect((await exported(storage(), pia, 100)).map(({ kind }) => kind)).toEqual(['PREFERENCE'])
      const page = { first: 10, after: null }
      const waiting = await storage().lists.waiting({ presentity: wim, kind: 'REQUEST', page })
      expect(waiting.items).toEqual([])
    })

    it('is one random token in the trail, as presentity, as watcher and as actor, and another one for another user', async () => {
      const [pia, wim, root] = [newUser('pia'), newUser('wim'), newUser('root')]
      await decide(pia, wim, 'ALLOWED')
      await ask(pia, wim)
      const actor = { kind: 'ADMINISTRATOR', id: root } as const
      await eraseUser(storage().records, { user: pia, actor })
      await eraseUser(storage().records, { user: root, actor })

      const any = { presentity: null, watcher: null, since: null, until: null }
      const page = { first: 500, after: null }
      const { items } = await auditTrail(storage().trail, { ...any, page })
      const about = items.filter((entry) => entry.presentity === wim || entry.watcher === wim)
      expect(about.map(({ cause, before, after }) => `${cause} ${before} ${after}`).sort()).toEqual([
        'ERASED ALLOWED NONE',
        'ERASED PENDING NONE',
        'REQUESTED NONE PENDING',
        'SET NONE ALLOWED',
      ])
      const tokens = new Set(
        about.map(({ presentity, watcher }) => (presentity === wim ? watcher : presentity)),
      )
      expect(tokens.size).toBe(1)
      const [token] = [...tokens] as [string]
      expect(isErasedToken(token)).toBe(true)
      const byPia = about.filter(({ cause }) => cause !== 'ERASED').map(({ actor: { id } }) => id)
      expect(new Set(byPia)).toEqual(new Set([token]))
      const byRoot = about.filter(({ cause }) => cause === 'ERASED').map(({ actor: { id } }) => id!)
      expect(byRoot.map(isErasedToken)).toEqual([true, true])
      expect(byRoot).not.toContain(token)
    })

    it('is that token in the trail, too, as a service that acted for others', async () => {
      const [pia, wim, phone] = [newUser('pia'), newUser('wim'), newUser('phone')]
      const attempts = [{ presentity: pia, watcher: wim, trigger: 'CALL' }] as const
      await reportAttempts(storage().privacy, { service: phone, attempts, clientKey: null })

      await erase(phone)

      const any = { presentity: pia, watcher: null, since: null, until: null }
      const { items } = await auditTrail(storage().trail, { ...any, page: { first: 500, after: null } })
      expect(items).toMatchObject([
        { cause: 'REQUESTED', presentity: pia, watcher: wim, actor: { kind: 'SERVICE' } },
      ])
      expect(items.map(({ actor: { id } }) => isErasedToken(id!))).toEqual([true])
    })

    it('takes the request out of the other’s popup, and the name out of answers that were stored', async () => {
      const [pia, wim, max] = [newUser('pia'), newUser('wim'), newUser('max')]
      await ask(max, wim)
      const first = { clientKey: 'first', ticked: true, addTickedToContacts: true } as const
      await ask(pia, wim)
      const told = await answer(storage(), wim, first)
      await ask(pia, newUser())
      const eva = newUser('eva')
      await ask(pia, eva)
      const popup = watchIncoming({ ...storage(), hub: ALWAYS_ITS_TURN }, eva)
      await popup.next()
      const closed = popup.next()

      await erase(pia)

      expect(await closed).toMatchObject({ value: { change: 'DISMISSED' } })
      await popup.return?.()
      const stored = await storage().records.answersOf({ presentity: wim, after: null, limit: 10 })
      expect(stored).toHaveLength(1)
      expect(stored[0]!.result.outcomes).toEqual(told.outcomes)
      expect(stored[0]!.result.contacts.map(({ user }) => user)).toEqual([max])
    })

    it('may be erased again', async () => {
      const pia = newUser('pia')
      await erase(pia)
      await erase(pia)
      expect(await publish(pia)).toEqual({ refused: 'USER_ERASED' })
    })
  })
})

async function exported(storage: Storage, user: UserId, first: number): Promise<readonly ExportedRecord[]> {
  const records: ExportedRecord[] = []
  let from: ExportPlace | null = null
  do {
    const page = await exportUser(storage, { actor: ROOT, user, first, from })
    records.push(...page.records)
    from = page.next
  } while (from !== null)
  return records
}

async function answer(
  storage: Storage,
  presentity: UserId,
  {
    clientKey,
    ticked,
    addTickedToContacts = false,
  }: { readonly clientKey: string | null; readonly ticked: boolean; readonly addTickedToContacts?: boolean },
) {
  const { requests } = await storage.lists.popup({ presentity, limit: 100, known: [] })
  const presented = requests.map(({ item }) => item.id)
  const options = { addTickedToContacts, alwaysAccept: false, clientKey }
  const responded = await respondToRequests(storage.privacy, {
    ...{ presentity, presented, ticked: ticked ? presented : [] },
    ...options,
  })
  if ('refused' in responded) throw new Error('the answer was refused')
  return responded.answered
}
