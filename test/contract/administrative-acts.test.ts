import { describe, expect, it } from 'vitest'
import { acceptAllPending } from '../../src/application/accept-all-pending.ts'
import { changeClass, createClass } from '../../src/application/administer-classes.ts'
import { assignClass, setPresenceServer } from '../../src/application/administer-users.ts'
import {
  auditActs,
  usersOfAct,
  USERS_OF_A_LISTED_ACT,
  type StoredAct,
} from '../../src/application/administrative-acts.ts'
import { eraseUser } from '../../src/application/erase-user.ts'
import { explainSight } from '../../src/application/explain-sight.ts'
import { exportUser, type ExportPlace } from '../../src/application/export-user.ts'
import { forgetTrail } from '../../src/application/forget-trail.ts'
import { decideAccess } from '../../src/application/manage-decisions.ts'
import { UserErased } from '../../src/application/ports.ts'
import { readOwnTrail } from '../../src/application/read-trail.ts'
import { requestAccess } from '../../src/application/request-access.ts'
import type { Administrator } from '../../src/domain/administrative-act.ts'
import { FIRST_SETTINGS } from '../../src/domain/class-settings.ts'
import { isErasedToken } from '../../src/domain/trail.ts'
import { compareBytes, type UserId } from '../../src/domain/user-id.ts'
import { onEachStorage } from '../support/each-storage.ts'
import { newUser } from '../support/new-user.ts'
import { POLICY } from '../support/policy.ts'

const HOUR_MS = 3_600_000
const YEAR_MS = 365 * 24 * HOUR_MS

onEachStorage((storage) => {
  const newAdministrator = (): Administrator => ({ kind: 'ADMINISTRATOR', id: newUser('root') })
  const any = { actor: null, user: null, since: null, until: null, after: null }
  const actsOf = async ({ id }: Administrator): Promise<readonly StoredAct[]> =>
    (await auditActs(storage().acts, { ...any, actor: id, first: 100 })).items
  const actsAbout = async (user: UserId): Promise<readonly StoredAct[]> =>
    (await auditActs(storage().acts, { ...any, user, first: 100 })).items
  const create = async (actor: Administrator, settings = {}) => {
    const name = newUser('class')
    await createClass(storage().administration, { actor, name, settings })
    return name
  }
  const exportPage = (actor: Administrator, user: UserId, from: ExportPlace | null = null) =>
    exportUser(storage(), { actor, user, first: 1, from })
  const erase = (user: UserId, actor = newAdministrator()) => eraseUser(storage().records, { user, actor })

  describe('what is recorded of an act', () => {
    it('that makes a class: its name and all settings', async () => {
      const root = newAdministrator()
      const name = await create(root, { maxContacts: 7 })
      const settings = Object.entries({ ...FIRST_SETTINGS, maxContacts: 7 })
      const [act] = await actsOf(root)
      expect(act).toMatchObject({ kind: 'CLASS_CREATED', className: name, actor: root, userCount: 0 })
      expect(new Set(act!.settings)).toEqual(
        new Set(settings.map(([of, value]) => ({ name: of, before: null, after: String(value) }))),
      )
    })

    it('that changes a class: what became different, and what it was before', async () => {
      const root = newAdministrator()
      const [name, newName] = [await create(root), newUser('class')]
      const { administration } = storage()
      const settings = { maxContacts: 3, pendingShown: true }
      await changeClass(administration, { actor: root, name, newName, settings })
      await changeClass(administration, { actor: root, name: newName, settings })
      expect((await actsOf(root)).slice(0, 2)).toMatchObject([
        { kind: 'CLASS_CHANGED', className: newName, settings: [] },
        {
          kind: 'CLASS_CHANGED',
          className: name,
          settings: [
            { name: 'name', before: name, after: newName },
            { name: 'maxContacts', before: '500', after: '3' },
          ],
        },
      ])
    })

    it('about users: who they are, however many', async () => {
      const root = newAdministrator()
      const { administration, acts } = storage()
      const className = await create(newAdministrator())
      const users = Array.from({ length: 45 }, () => newUser())
      const ordered = [...users].sort(compareBytes)
      await assignClass(administration, { actor: root, users, className })
      await setPresenceServer(administration, { actor: root, users: [users[0]!], server: 'OCS_2007' })
      await setPresenceServer(administration, { actor: root, users: [users[0]!], server: 'NONE_KNOWN' })

      const [left, set, assigned] = await actsOf(root)
      expect(assigned).toMatchObject({ kind: 'CLASS_ASSIGNED', className, settings: [], userCount: 45 })
      expect(assigned!.users).toEqual(ordered.slice(0, USERS_OF_A_LISTED_ACT))
      const server = { name: 'presenceServer', before: null }
      expect(set).toMatchObject({
        ...{ kind: 'PRESENCE_SERVER_SET', className: null, userCount: 1, users: [users[0]] },
        settings: [{ ...server, after: 'OCS_2007' }],
      })
      expect(left!.settings).toEqual([{ ...server, after: 'SITE_DEFAULT' }])

      const first = await usersOfAct(acts, { act: assigned!.id, first: 30, after: null })
      expect(first).toEqual({ items: ordered.slice(0, 30), hasNextPage: true })
      const rest = await usersOfAct(acts, { act: assigned!.id, first: 30, after: ordered[29]! })
      expect(rest).toEqual({ items: ordered.slice(30), hasNextPage: false })
      const look = { act: assigned!.id, after: null }
      expect((await usersOfAct(acts, { ...look, first: 44 })).hasNextPage).toBe(true)
      expect(await usersOfAct(acts, { ...look, first: 45 })).toEqual({ items: ordered, hasNextPage: false })
      expect(await usersOfAct(acts, { ...look, first: 30, after: ordered[44]! })).toEqual({
        ...{ items: [], hasNextPage: false },
      })
    })

    it('about the site: its server before and afterwards', async () => {
      const root = newAdministrator()
      const { administration } = storage()
      await administration.setSite({ actor: root, presenceServer: 'OCS_2007' })
      await administration.setSite({ actor: root, presenceServer: 'NONE_KNOWN' })
      const change = { name: 'presenceServer', before: 'NONE_KNOWN', after: 'OCS_2007' }
      expect((await actsOf(root)).map(({ kind, settings }) => ({ kind, settings }))).toEqual([
        { kind: 'SITE_CHANGED', settings: [{ ...change, before: change.after, after: change.before }] },
        { kind: 'SITE_CHANGED', settings: [change] },
      ])
    })

    it('that only looks: about whom', async () => {
      const root = newAdministrator()
      const [pia, wim] = [newUser('pia'), newUser('wim')]
      const ports = { ...storage(), ...POLICY }
      await explainSight(ports, { actor: root, presentity: wim, watcher: pia })
      await explainSight(ports, { actor: root, presentity: pia, watcher: pia })
      await exportPage(root, pia)
      expect((await actsOf(root)).map(({ kind, users }) => ({ kind, users }))).toEqual([
        { kind: 'EXPORTED', users: [pia] },
        { kind: 'SIGHT_EXPLAINED', users: [pia] },
        { kind: 'SIGHT_EXPLAINED', users: [pia, wim] },
      ])
    })

    it('is nothing, where nothing was done', async () => {
      const root = newAdministrator()
      const { administration } = storage()
      const settings = {}
      await createClass(administration, { actor: root, name: 'default', settings })
      await createClass(administration, {
        actor: root,
        name: newUser('class'),
        settings: { maxContacts: -1 },
      })
      await changeClass(administration, { actor: root, name: newUser('none'), settings })
      const [name, taken] = [await create(newAdministrator()), await create(newAdministrator())]
      await changeClass(administration, { actor: root, name, newName: taken, settings })
      await assignClass(administration, { actor: root, users: [newUser()], className: newUser('none') })
      expect(await actsOf(root)).toEqual([])
    })
  })

  describe('an export', () => {
    it('is one act, however many pages it has, and another one an hour later', async () => {
      const [root, pia] = [newAdministrator(), newUser('pia')]
      for (let number = 0; number < 3; number += 1) {
        await decideAccess(storage().privacy, {
          ...{ presentity: pia, watchers: [newUser()], verdict: 'ALLOWED', endsAt: null },
        })
      }
      const { next: second } = await exportPage(root, pia)
      const { next: third } = await exportPage(root, pia, second)
      expect(await actsAbout(pia)).toHaveLength(1)
      await storage().passTime(HOUR_MS + 60_000)
      await exportPage(root, pia, third)
      expect(await actsAbout(pia)).toHaveLength(2)
    })

    it('that begins anew, or goes on where somebody else began, is recorded, too', async () => {
      const [root, other, pia] = [newAdministrator(), newAdministrator(), newUser('pia')]
      await exportPage(root, pia)
      await exportPage(root, pia)
      await exportPage(other, pia, { section: 1, after: null })
      await exportPage(other, newUser(), { section: 1, after: null })
      expect((await actsAbout(pia)).map(({ actor: { id } }) => id)).toEqual([other.id, root.id, root.id])
      expect(await actsOf(other)).toHaveLength(2)
    })

    it('of a person, and the person’s own reads, tell nothing of what administrators did about the person', async () => {
      const [actor, pia] = [newAdministrator(), newUser('pia')]
      const told = async () => ({
        pages: (await exportUser(storage(), { actor, user: pia, first: 500, from: null })).records,
        trail: await readOwnTrail(storage().trail, {
          ...{ presentity: pia, watcher: null, page: { first: 10, after: null } },
        }),
      })
      await decideAccess(storage().privacy, {
        ...{ presentity: pia, watchers: [newUser()], verdict: 'BLOCKED', endsAt: null },
      })
      const before = await told()
      const className = await create(actor)
      await assignClass(storage().administration, { actor, users: [pia], className })
      await setPresenceServer(storage().administration, { actor, users: [pia], server: 'OCS_2007' })
      expect(await told()).toEqual(before)
      expect(await actsAbout(pia)).toHaveLength(4)
    })
  })

  describe('the list', () => {
    it('is the same through pages of any size, the latest first, also while more comes', async () => {
      const root = newAdministrator()
      for (let number = 0; number < 3; number += 1) {
        await create(root)
        await storage().passTime(1000)
        await create(root)
      }
      const whole = await actsOf(root)
      expect(whole).toHaveLength(6)
      for (const first of [1, 2, 5]) {
        const found: StoredAct[] = []
        for (let hasNextPage = true; hasNextPage;) {
          const after = found.at(-1) ?? null
          const page = await auditActs(storage().acts, { ...any, actor: root.id, first, after })
          found.push(...page.items)
          expect(page.items.length).toBeLessThanOrEqual(first)
          ;({ hasNextPage } = page)
          await create(newAdministrator())
        }
        expect(found).toEqual(whole)
      }
    })

    it('says whether another page follows', async () => {
      const root = newAdministrator()
      for (let number = 0; number < 3; number += 1) await create(root)
      const whole = await actsOf(root)
      const page = (first: number, after: StoredAct | null = null) =>
        auditActs(storage().acts, { ...any, actor: root.id, first, after })

      expect(await page(2)).toEqual({ items: whole.slice(0, 2), hasNextPage: true })
      expect(await page(3)).toEqual({ items: whole, hasNextPage: false })
      expect(await page(4)).toEqual({ items: whole, hasNextPage: false })
      expect(await page(2, whole[2])).toEqual({ items: [], hasNextPage: false })
    })

    it('is narrowed to an administrator, a user and a time', async () => {
      const [root, other] = [newAdministrator(), newAdministrator()]
      const [pia, wim] = [newUser('pia'), newUser('wim')]
      const look = async (filter: Partial<typeof any> | { user: UserId; actor?: UserId }) =>
        (await auditActs(storage().acts, { ...any, first: 100, ...filter })).items
      await exportPage(root, pia)
      await storage().passTime(1000)
      await exportPage(other, pia)
      await exportPage(root, wim)
      const [later, earlier] = (await look({ user: pia })) as [StoredAct, StoredAct]
      expect([later.actor.id, earlier.actor.id]).toEqual([other.id, root.id])
      expect(await look({ user: pia, actor: root.id })).toEqual([earlier])
      const since = { ...any, user: pia, since: earlier.at + 1 }
      const until = { ...any, user: pia, until: later.at }
      expect((await auditActs(storage().acts, { ...since, first: 9 })).items).toEqual([later])
      expect((await auditActs(storage().acts, { ...until, first: 9 })).items).toEqual([earlier])
    })

    it('loses what is old, users and all, batch by batch, and nothing else', async () => {
      const root = newAdministrator()
      const className = await create(root)
      const users = Array.from({ length: 25 }, () => newUser())
      await assignClass(storage().administration, { actor: root, users, className })
      const [{ id: act }] = (await actsOf(root)) as [StoredAct]
      await storage().passTime(10 * YEAR_MS)
      await create(root)
      const never = new AbortController().signal
      const [kept] = await actsOf(root)
      expect(await storage().acts.forget({ olderThanMs: 20 * YEAR_MS, limit: 10 })).toBe(0)
      expect(await storage().acts.forget({ olderThanMs: 5 * YEAR_MS, limit: 1 })).toBe(1)
      await forgetTrail({ ...storage(), keptMs: 5 * YEAR_MS }, never)
      expect(await actsOf(root)).toEqual([kept])
      expect(await storage().acts.usersOf({ act, after: null, limit: 10 })).toEqual([])
      expect(await actsAbout(users[0]!)).toEqual([])
    })
  })

  describe('an erasure', () => {
    it('is an act itself, and puts one token in the place of the id, as subject and as actor', async () => {
      const [root, other] = [newAdministrator(), newAdministrator()]
      const wim = newUser('wim')
      await exportPage(root, wim)
      await exportPage(other, root.id)
      await exportPage(other, wim)
      await erase(root.id, other)

      const acts = await actsOf(other)
      expect(acts.map(({ kind }) => kind)).toEqual(['ERASED', 'EXPORTED', 'EXPORTED'])
      const [token] = acts[0]!.users as [string]
      expect(isErasedToken(token)).toBe(true)
      expect(acts[2]!.users).toEqual([token])
      expect((await actsAbout(wim)).map(({ actor: { id } }) => id)).toEqual([other.id, token])
      expect(await actsAbout(root.id)).toEqual([])
    })

    it('of oneself names nobody, and may be repeated', async () => {
      const root = newAdministrator()
      await create(root)
      const { at } = (await actsOf(root))[0]!
      await erase(root.id, root)
      await erase(root.id, root)
      const { items } = await auditActs(storage().acts, { ...any, since: at, first: 100 })
      const own = items.filter(({ actor, users }) => actor.id === users[0])
      expect(own.map(({ kind }) => kind)).toEqual(['ERASED', 'ERASED'])
      expect(own.every(({ actor }) => isErasedToken(actor.id))).toBe(true)
    })

    it('takes the user out of what administrators set, and nothing is set for the user again', async () => {
      const actor = newAdministrator()
      const { administration } = storage()
      const [className, pia, wim] = [await create(actor), newUser('pia'), newUser('wim')]
      await erase(pia)
      const users = [pia, wim]
      expect(await assignClass(administration, { actor, users, className })).toEqual({ assigned: 1 })
      expect(await setPresenceServer(administration, { actor, users, server: 'OCS_2007' })).toEqual({
        set: 1,
      })
      await exportPage(actor, pia)

      expect((await administration.assignedUsers()).get(className)).toBe(1)
      const settings = (await administration.settingsOf([pia])).get(pia)!
      expect(settings.classOfService.name).toBe('default')
      expect(settings.presenceServer.own).toBe('NONE_KNOWN')
      expect(await actsAbout(pia)).toEqual([])
      const [exported, set, assigned] = await actsOf(actor)
      expect([exported, set, assigned].map((act) => act!.users)).toEqual([[], [wim], [wim]])
    })

    it('ends an administrator’s acts, however long the token is still valid', async () => {
      const [root, pia] = [newAdministrator(), newUser('pia')]
      const [name, { administration }] = [await create(root), storage()]
      await requestAccess(storage().privacy, {
        ...{ watcher: newUser('wim'), presentities: [pia], trigger: 'CALL', addToContacts: false },
      })
      await erase(root.id)
      const settings = { maxContacts: 1 }
      const acts = [
        () => createClass(administration, { actor: root, name: newUser('class'), settings }),
        () => changeClass(administration, { actor: root, name, settings }),
        () => assignClass(administration, { actor: root, users: [pia], className: name }),
        () => setPresenceServer(administration, { actor: root, users: [pia], server: 'OCS_2007' }),
        () => administration.setSite({ actor: root, presenceServer: 'OCS_2007' }),
        () => exportPage(root, pia),
        () =>
          acceptAllPending(
            { store: storage().privacy, lists: storage().lists },
            { presentity: pia, actor: root.id },
          ),
        () => erase(pia, root),
      ]
      for (const act of acts) await expect(act()).rejects.toThrow(UserErased)
      expect((await administration.findClass(name))?.maxContacts).toBe(500)
      expect(await administration.site()).toEqual({ presenceServer: 'NONE_KNOWN' })
      expect(await actsAbout(pia)).toEqual([])
      expect(await actsOf(root)).toEqual([])
    })
  })
})
