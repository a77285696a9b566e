import { describe, expect, it } from 'vitest'
import { changeClass, createClass } from '../../src/application/administer-classes.ts'
import { assignClass, setPresenceServer } from '../../src/application/administer-users.ts'
import type { Administration } from '../../src/application/administration.ts'
import { decideAccess } from '../../src/application/manage-decisions.ts'
import { requestAccess } from '../../src/application/request-access.ts'
import { setPreference } from '../../src/application/set-preference.ts'
import type { PresenceServer } from '../../src/domain/disclosure.ts'
import type { UserId } from '../../src/domain/user-id.ts'
import { OTHER_SETTINGS, ROOT as actor } from '../support/administrators.ts'
import { onEachStorage } from '../support/each-storage.ts'
import { newUser } from '../support/new-user.ts'
import type { Storage } from '../support/storage.ts'
import { look } from '../support/writes.ts'

onEachStorage((storage) => {
  const create = async () => {
    const name = newUser('class')
    await createClass(storage().administration, { actor, name, settings: {} })
    return name
  }
  const classOf = async (user: UserId) =>
    (await storage().administration.settingsOf([user])).get(user)!.classOfService
  const serverOf = async (user: UserId) =>
    (await storage().administration.settingsOf([user])).get(user)!.presenceServer

  describe('assigning a class', () => {
    it('puts users into it, known or not, and takes them out of the one before', async () => {
      const [first, second] = [await create(), await create()]
      const [known, unknown] = [newUser(), newUser()]
      const change = { appearOffline: true }
      await setPreference(storage().privacy, { user: known, change })
      for (const className of [first, second]) {
        const done = await assignClass(storage().administration, {
          actor,
          users: [known, unknown],
          className,
        })
        expect(done).toEqual({ assigned: 2 })
        expect((await classOf(known)).name).toBe(className)
        expect((await classOf(unknown)).name).toBe(className)
      }
      const user = await storage().privacy.change(
        { name: 'test', kind: 'REQUEST' as const, by: known, others: [] },
        look((s) => s.user(known)),
      )
      expect(user.preference.appearOffline).toBe(true)
      expect(user.classOfService.name).toBe(second)
    })

    it('takes users from wherever they come, each once, and tells how far it is', async () => {
      const className = await create()
      const users = Array.from({ length: 12 }, (_, number) => newUser(String(number % 7)))
      async function* read() {
        for (const user of [...users, ...users].reverse()) {
          await Promise.resolve()
          yield user
        }
      }
      const told: { done: number; of: number }[] = []
      const onProgress = (progress: { done: number; of: number }) => void told.push(progress)
      const assigned = await assignClass(storage().administration, {
        actor,
        users: read(),
        className,
        onProgress,
      })

      expect(assigned).toEqual({ assigned: 12 })
      expect(told.at(-1)).toEqual({ done: 12, of: 12 })
      expect((await storage().administration.assignedUsers()).get(className)).toBe(12)
    })

    it('and setting a server take users in the order of the bytes of their ids, which is that of all locks', async () => {
      const className = await create()
      const ids = ['\u{1f642}', '\uffff', 'é', 'b', 'a'].map((name) => newUser(name))
      const users = [...ids, ...ids]
      const taken: (readonly UserId[])[] = []
      const administration: Administration = {
        ...storage().administration,
        assignClass(assignment) {
          taken.push(assignment.users)
          return storage().administration.assignClass(assignment)
        },
        setPresenceServer(setting) {
          taken.push(setting.users)
          return storage().administration.setPresenceServer(setting)
        },
      }

      expect(await assignClass(administration, { actor, users, className })).toEqual({ assigned: 5 })
      expect(await setPresenceServer(administration, { actor, users, server: 'OCS_2007' })).toEqual({
        set: 5,
      })

      expect(taken).toEqual([ids.toReversed(), ids.toReversed()])
    })

    it('assigns nobody when there is no such class, or the users cannot be read', async () => {
      const [className, user] = [await create(), newUser()]
      function* failing() {
        yield user
        throw new Error('the file is gone')
      }
      const { administration } = storage()
      const none = await assignClass(administration, { actor, users: [user], className: newUser('none') })
      expect(none).toBe('CLASS_NOT_FOUND')
      await expect(assignClass(administration, { actor, users: failing(), className })).rejects.toThrow(
        'gone',
      )
      expect((await classOf(user)).name).toBe('default')
    })
  })

  describe('the presence server of a user', () => {
    it('is the one that is set for the user, or else the one of the site', async () => {
      const { administration, facts } = storage()
      const [user, other] = [newUser(), newUser()]
      const effective = async (of: UserId): Promise<PresenceServer | undefined> => {
        const read = await facts.readFacts({ watcher: newUser(), presentities: [of] })
        const locked = await storage().privacy.change(
          { name: 'test', kind: 'REQUEST' as const, by: of, others: [] },
          look((s) => s.user(of)),
        )
        expect(read.presentities.get(of)?.user.presenceServer ?? locked.presenceServer).toBe(
          locked.presenceServer,
        )
        expect((await serverOf(of)).effective).toBe(locked.presenceServer)
        return locked.presenceServer
      }

      await setPresenceServer(administration, { actor, users: [user], server: 'CONVERGED_CONFERENCING' })
      expect([await effective(user), await effective(other)]).toEqual([
        'CONVERGED_CONFERENCING',
        'NONE_KNOWN',
      ])
      await administration.setSite({ actor, presenceServer: 'OCS_2007' })
      try {
        expect(await administration.site()).toEqual({ presenceServer: 'OCS_2007' })
        expect([await effective(user), await effective(other)]).toEqual([
          'CONVERGED_CONFERENCING',
          'OCS_2007',
        ])
        await setPresenceServer(administration, { actor, users: [user], server: 'NONE_KNOWN' })
        expect(await effective(user)).toBe('OCS_2007')
        expect(await serverOf(newUser())).toEqual({ own: 'NONE_KNOWN', effective: 'OCS_2007' })
      } finally {
        await administration.setSite({ actor, presenceServer: 'NONE_KNOWN' })
      }
      expect(await effective(user)).toBe('NONE_KNOWN')
    })
  })

  it('a setting of administrators touches nothing that is open or decided', async () => {
    const { administration, privacy } = storage()
    const [name, pia] = [await create(), newUser('pia')]
    const [asked, allowed, blocked] = [newUser('asked'), newUser('allowed'), newUser('blocked')]
    const watchers = [asked, allowed, blocked]
    await setPresenceServer(administration, { actor, users: [pia], server: 'OCS_2007' })
    const ask = { presentities: [pia], trigger: 'CALL', addToContacts: true } as const
    for (const watcher of watchers) await requestAccess(privacy, { watcher, ...ask })
    await decideAccess(privacy, { presentity: pia, watchers: [allowed], verdict: 'ALLOWED', endsAt: null })
    await decideAccess(privacy, { presentity: pia, watchers: [blocked], verdict: 'BLOCKED', endsAt: null })
    const before = await stored(storage(), pia, watchers)

    const users = [pia, ...watchers]
    await assignClass(administration, { actor, users, className: name })
    await changeClass(administration, { actor, name, settings: OTHER_SETTINGS })
    await changeClass(administration, {
      actor,
      name,
      settings: { invitationHandling: 'PROMPT', maxContacts: 0 },
    })
    await setPresenceServer(administration, { actor, users, server: 'CONVERGED_CONFERENCING' })
    await administration.setSite({ actor, presenceServer: 'OCS_2007' })
    await setPresenceServer(administration, { actor, users, server: 'NONE_KNOWN' })
    await administration.setSite({ actor, presenceServer: 'NONE_KNOWN' })
    await assignClass(administration, { actor, users, className: 'default' })

    expect(await stored(storage(), pia, watchers)).toEqual(before)
    expect(before.pairs.map(({ edge }) => edge.state)).toEqual(['PENDING', 'ALLOWED', 'BLOCKED'])
  })
})

/** All that is stored of a presentity and her watchers. */
async function stored({ privacy, lists }: Storage, presentity: UserId, watchers: readonly UserId[]) {
  const scope = { name: 'test', kind: 'REQUEST' as const, by: presentity, others: watchers }
  const pairs = await privacy.change(
    scope,
    look(({ pair }) => watchers.map((watcher) => pair({ presentity, watcher }))),
  )
  const { requests, notices } = await lists.popup({ presentity, limit: 10, known: [] })
  return { pairs, requests, notices }
}
