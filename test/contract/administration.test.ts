import { describe, expect, it } from 'vitest'
import { changeClass, createClass, findClass, MAX_CLASSES } from '../../src/application/administer-classes.ts'
import { assignClass, setPresenceServer } from '../../src/application/administer-users.ts'
import { decideAccess } from '../../src/application/manage-decisions.ts'
import { requestAccess } from '../../src/application/request-access.ts'
import { setPreference } from '../../src/application/set-preference.ts'
import {
  FIRST_SETTINGS,
  SETTING_RANGES,
  settingsOf,
  type ClassSettings,
  type RangedSetting,
} from '../../src/domain/class-settings.ts'
import type { PresenceServer } from '../../src/domain/disclosure.ts'
import type { UserId } from '../../src/domain/user-id.ts'
import { ROOT as actor } from '../support/administrators.ts'
import { onEachStorage } from '../support/each-storage.ts'
import { newUser } from '../support/new-user.ts'
import { DEFAULT_CLASS, type Storage } from '../support/storage.ts'
import { look } from '../support/writes.ts'

/** Every setting other than a new class has it. */
const OTHER: ClassSettings = {
  invitationHandling: 'AUTO_ACCEPT',
  pendingShown: false,
  appearOfflineAllowed: false,
  maxContacts: 7,
  requestsPerMinute: 8,
  requestsPerDay: 9,
  requestLifetimeSeconds: 600,
  requestCooldownSeconds: 11,
}

onEachStorage((storage) => {
  const create = async (settings: Partial<ClassSettings> = {}) => {
    const name = newUser('class')
    const created = await createClass(storage().administration, { actor, name, settings })
    if (!('classOfService' in created)) throw new Error(JSON.stringify(created))
    return name
  }
  const classOf = async (user: UserId) =>
    (await storage().administration.settingsOf([user])).get(user)!.classOfService
  const serverOf = async (user: UserId) =>
    (await storage().administration.settingsOf([user])).get(user)!.presenceServer

  describe('a class of service', () => {
    it('is there from the start, for everybody of whom nothing else is set', async () => {
      const [known, unknown] = [newUser(), newUser()]
      await setPreference(storage().privacy, { user: known, change: { appearOffline: true } })

      expect(await findClass(storage().administration, 'default')).toEqual(DEFAULT_CLASS)
      expect(settingsOf(DEFAULT_CLASS)).toEqual(FIRST_SETTINGS)
      expect(await classOf(known)).toEqual(DEFAULT_CLASS)
      expect(await classOf(unknown)).toEqual(DEFAULT_CLASS)
    })

    it('is made with what is given, and otherwise as the default class was at first', async () => {
      const name = await create({ maxContacts: 3 })
      const found = await findClass(storage().administration, name)
      expect(found && settingsOf(found)).toEqual({ ...FIRST_SETTINGS, maxContacts: 3 })
    })

    it('keeps every setting that it is given', async () => {
      const name = await create(OTHER)
      const found = await findClass(storage().administration, name)
      expect(found && settingsOf(found)).toEqual(OTHER)
    })

    it.each(Object.keys(OTHER) as (keyof ClassSettings)[])('changes %s alone', async (setting) => {
      const name = await create()
      const settings = { [setting]: OTHER[setting] }
      const changed = await changeClass(storage().administration, { actor, name, settings })
      const expected = { ...FIRST_SETTINGS, ...settings }

      expect('classOfService' in changed && settingsOf(changed.classOfService)).toEqual(expected)
      const found = await findClass(storage().administration, name)
      expect(found && settingsOf(found)).toEqual(expected)
    })

    it('counts for all its users as soon as it is changed', async () => {
      const [name, user] = [await create(), newUser()]
      await assignClass(storage().administration, { actor, users: [user], className: name })
      await changeClass(storage().administration, { actor, name, settings: OTHER })

      const facts = await storage().facts.readFacts({ watcher: user, presentities: [user] })
      expect(settingsOf(facts.watcherClass)).toEqual(OTHER)
      expect(facts.presentities.get(user)?.user.classOfService).toEqual(facts.watcherClass)
    })

    it('takes no name that another has', async () => {
      const [taken, name] = [await create(OTHER), await create()]
      const { administration } = storage()
      const taking = { refused: 'NAME_TAKEN' }

      expect(await createClass(administration, { actor, name: taken, settings: {} })).toEqual(taking)
      expect(
        await changeClass(administration, { actor, name, newName: taken, settings: { maxContacts: 1 } }),
      ).toEqual(taking)
      expect((await findClass(administration, taken))?.maxContacts).toBe(OTHER.maxContacts)
      expect((await findClass(administration, name))?.maxContacts).toBe(FIRST_SETTINGS.maxContacts)
    })

    it('keeps its users under a new name', async () => {
      const [name, newName, user] = [await create(OTHER), newUser('class'), newUser()]
      const { administration } = storage()
      await assignClass(administration, { actor, users: [user], className: name })
      await changeClass(administration, { actor, name, newName, settings: { maxContacts: 1 } })

      expect(await findClass(administration, name)).toBeNull()
      const { name: found, ...settings } = await classOf(user)
      expect(found).toBe(newName)
      expect(settings.maxContacts).toBe(1)
      expect((await administration.assignedUsers()).get(newName)).toBe(1)
    })

    it('may be given the name that it has', async () => {
      const name = await create()
      const changed = await changeClass(storage().administration, {
        actor,
        name,
        newName: name,
        settings: OTHER,
      })
      expect(changed).toMatchObject({ classOfService: { name } })
    })

    it('cannot be renamed if it is the default one, and cannot be changed if there is none', async () => {
      const { administration } = storage()
      const missing = { refused: 'NOT_FOUND' }
      expect(
        await changeClass(administration, { actor, name: 'default', newName: 'x', settings: OTHER }),
      ).toEqual({
        refused: 'DEFAULT_KEEPS_ITS_NAME',
      })
      expect(await findClass(administration, 'default')).toEqual(DEFAULT_CLASS)
      expect(await changeClass(administration, { actor, name: newUser('none'), settings: OTHER })).toEqual(
        missing,
      )
    })

    it.each([
      '',
      ' padded',
      'padded ',
      'a\u0000b',
      'line\nbreak',
      '\u202etxet',
      'see\u200bn',
      '\ud800',
      'x'.repeat(101),
    ])('is never called %j, nor looked for under that name', async (name) => {
      const { administration } = storage()
      const settings = {}
      expect(await createClass(administration, { actor, name, settings })).toEqual({
        fault: { name: 'name' },
      })
      expect(
        await changeClass(administration, { actor, name: await create(), newName: name, settings }),
      ).toEqual({
        fault: { name: 'newName' },
      })
      expect(await findClass(administration, name)).toBeNull()
      expect(await changeClass(administration, { actor, name, settings })).toEqual({ refused: 'NOT_FOUND' })
      expect(await assignClass(administration, { actor, users: [newUser()], className: name })).toBe(
        'CLASS_NOT_FOUND',
      )
    })

    it('may be called anything else, up to a hundred characters', async () => {
      const name = `🌳${newUser('Ämter & Büros')}`.padEnd(101, 'x')
      expect([...name]).toHaveLength(100)
      const created = await createClass(storage().administration, { actor, name, settings: {} })
      expect(created).toMatchObject({ classOfService: { name } })
    })

    it.each(Object.keys(SETTING_RANGES) as RangedSetting[])(
      'takes %s within its range only',
      async (setting) => {
        const { administration } = storage()
        const { least, most } = SETTING_RANGES[setting]
        const name = await create()
        for (const value of [least, most]) {
          const settings = { [setting]: value }
          const changed = await changeClass(administration, { actor, name, settings })
          expect('classOfService' in changed && settingsOf(changed.classOfService)).toMatchObject(settings)
        }
        for (const value of [least - 1, most + 1, least + 0.5, NaN]) {
          const settings = { maxContacts: 400, [setting]: value }
          const fault = { fault: { setting, least, most } }
          expect(await changeClass(administration, { actor, name, settings })).toEqual(fault)
          expect(await createClass(administration, { actor, name: newUser('class'), settings })).toEqual(
            fault,
          )
        }
        const found = await findClass(administration, name)
        expect(found && settingsOf(found)[setting]).toBe(most)
      },
    )

    it('is listed by name, with as many users as were put into it', async () => {
      const { administration } = storage()
      const names = [await create(), await create(), await create()]
      const users = [newUser(), newUser()]
      await assignClass(administration, { actor, users, className: names[0]! })
      await assignClass(administration, { actor, users: users.slice(1), className: names[1]! })

      const listed = (await administration.classes()).map(({ name }) => name)
      expect(listed).toEqual([...listed].sort())
      expect(listed.filter((name) => names.includes(name as UserId))).toEqual([...names].sort())
      const counts = await administration.assignedUsers()
      expect(names.map((name) => counts.get(name))).toEqual([1, 1, 0])
      expect(counts.has('default')).toBe(false)
    })

    it('is refused when there are as many as may be', async () => {
      const { administration } = storage()
      const { length: maxClasses } = await administration.classes()
      const name = newUser('class')
      const refused = { refused: 'TOO_MANY_CLASSES' }
      expect(await administration.createClass({ actor, name, settings: OTHER, maxClasses })).toEqual(refused)
      expect(await findClass(administration, name)).toBeNull()
      expect(maxClasses).toBeLessThan(MAX_CLASSES)
    })
  })

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
    await changeClass(administration, { actor, name, settings: OTHER })
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
