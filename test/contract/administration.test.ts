import { describe, expect, it } from 'vitest'
import { changeClass, createClass, findClass, MAX_CLASSES } from '../../src/application/administer-classes.ts'
import { assignClass } from '../../src/application/administer-users.ts'
import { setPreference } from '../../src/application/set-preference.ts'
import {
  FIRST_SETTINGS,
  SETTING_RANGES,
  settingsOf,
  type ClassSettings,
  type RangedSetting,
} from '../../src/domain/class-settings.ts'
import type { UserId } from '../../src/domain/user-id.ts'
import { OTHER_SETTINGS, ROOT as actor } from '../support/administrators.ts'
import { onEachStorage } from '../support/each-storage.ts'
import { newUser } from '../support/new-user.ts'
import { DEFAULT_CLASS } from '../support/storage.ts'

onEachStorage((storage) => {
  const create = async (settings: Partial<ClassSettings> = {}) => {
    const name = newUser('class')
    const created = await createClass(storage().administration, { actor, name, settings })
    if (!('classOfService' in created)) throw new Error(JSON.stringify(created))
    return name
  }
  const classOf = async (user: UserId) =>
    (await storage().administration.settingsOf([user])).get(user)!.classOfService

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
      const name = await create(OTHER_SETTINGS)
      const found = await findClass(storage().administration, name)
      expect(found && settingsOf(found)).toEqual(OTHER_SETTINGS)
    })

    it.each(Object.keys(OTHER_SETTINGS) as (keyof ClassSettings)[])('changes %s alone', async (setting) => {
      const name = await create()
      const settings = { [setting]: OTHER_SETTINGS[setting] }
      const changed = await changeClass(storage().administration, { actor, name, settings })
      const expected = { ...FIRST_SETTINGS, ...settings }

      expect('classOfService' in changed && settingsOf(changed.classOfService)).toEqual(expected)
      const found = await findClass(storage().administration, name)
      expect(found && settingsOf(found)).toEqual(expected)
    })

    it('counts for all its users as soon as it is changed', async () => {
      const [name, user] = [await create(), newUser()]
      await assignClass(storage().administration, { actor, users: [user], className: name })
      await changeClass(storage().administration, { actor, name, settings: OTHER_SETTINGS })

      const facts = await storage().facts.readFacts({ watcher: user, presentities: [user] })
      expect(settingsOf(facts.watcherClass)).toEqual(OTHER_SETTINGS)
      expect(facts.presentities.get(user)?.user.classOfService).toEqual(facts.watcherClass)
    })

    it('takes no name that another has', async () => {
      const [taken, name] = [await create(OTHER_SETTINGS), await create()]
      const { administration } = storage()
      const taking = { refused: 'NAME_TAKEN' }

      expect(await createClass(administration, { actor, name: taken, settings: {} })).toEqual(taking)
      expect(
        await changeClass(administration, { actor, name, newName: taken, settings: { maxContacts: 1 } }),
      ).toEqual(taking)
      expect((await findClass(administration, taken))?.maxContacts).toBe(OTHER_SETTINGS.maxContacts)
      expect((await findClass(administration, name))?.maxContacts).toBe(FIRST_SETTINGS.maxContacts)
    })

    it('keeps its users under a new name', async () => {
      const [name, newName, user] = [await create(OTHER_SETTINGS), newUser('class'), newUser()]
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
        settings: OTHER_SETTINGS,
      })
      expect(changed).toMatchObject({ classOfService: { name } })
    })

    it('may be changed if it is the default one, and given its own name', async () => {
      const { administration } = storage()
      const change = (settings: Partial<ClassSettings>, names: { newName?: string } = {}) =>
        changeClass(administration, { actor, name: 'default', ...names, settings })
      try {
        const changed = { ...DEFAULT_CLASS, maxContacts: 499 }
        expect(await change({ maxContacts: 499 })).toEqual({ classOfService: changed })
        expect(await change({}, { newName: 'default' })).toEqual({ classOfService: changed })
        expect(await findClass(administration, 'default')).toEqual(changed)
      } finally {
        await change({ maxContacts: DEFAULT_CLASS.maxContacts })
      }
    })

    it('cannot be renamed if it is the default one, and cannot be changed if there is none', async () => {
      const { administration } = storage()
      const missing = { refused: 'NOT_FOUND' }
      expect(
        await changeClass(administration, { actor, name: 'default', newName: 'x', settings: OTHER_SETTINGS }),
      ).toEqual({
        refused: 'DEFAULT_KEEPS_ITS_NAME',
      })
      expect(await findClass(administration, 'default')).toEqual(DEFAULT_CLASS)
      expect(
        await changeClass(administration, { actor, name: newUser('none'), settings: OTHER_SETTINGS }),
      ).toEqual(missing)
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
      expect(await administration.createClass({ actor, name, settings: OTHER_SETTINGS, maxClasses })).toEqual(
        refused,
      )
      expect(await findClass(administration, name)).toBeNull()
      expect(maxClasses).toBeLessThan(MAX_CLASSES)
    })
  })
})
