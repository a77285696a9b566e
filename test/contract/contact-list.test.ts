import { describe, expect, it } from 'vitest'
import { addContactsAndAsk, removeContacts } from '../../src/application/manage-contacts.ts'
import { decideAccess } from '../../src/application/manage-decisions.ts'
import { publishPresence } from '../../src/application/publish-presence.ts'
import { requestAccess } from '../../src/application/request-access.ts'
import { viewContacts } from '../../src/application/view-contacts.ts'
import { viewPresence } from '../../src/application/view-presence.ts'
import { pageOfContacts, type Contact, type ContactOrder } from '../../src/domain/contact-list.ts'
import { OFFLINE, PUBLISHABLE_STATUSES, type PresenceStatus } from '../../src/domain/presence.ts'
import { compareBytes, type UserId } from '../../src/domain/user-id.ts'
import { causesOfOffline, seesContactsOnly } from '../support/causes-of-offline.ts'
import { onEachStorage } from '../support/each-storage.ts'
import { newUser } from '../support/new-user.ts'
import { putOnContactList } from '../support/put-on-contact-list.ts'
import { DEFAULT_CLASS, type Storage } from '../support/storage.ts'
import { POLICY } from '../support/policy.ts'

const ALL = { statuses: null, access: null }

onEachStorage((storage) => {
  describe('the contact list', () => {
    it('of a user who has none is empty', async () => {
      expect(await contactsOf(storage(), newUser('wim'))).toEqual([])
    })

    it('holds the users that its owner has added, each as the owner sees them, and neither users that were only asked nor users who added the owner', async () => {
      const [wim, pia, eve, joe] = [newUser('wim'), newUser('pia'), newUser('eve'), newUser('joe')]
      await connect(storage(), pia)
      await allow(storage(), { presentity: pia, watcher: wim })
      await addContactsAndAsk(storage().privacy, { watcher: wim, presentities: [pia] })
      await ask(storage(), { watcher: wim, presentity: eve })
      await addContactsAndAsk(storage().privacy, { watcher: joe, presentities: [wim] })

      const seen = await viewPresence({ ...storage(), ...POLICY }, { watcher: wim, presentities: [pia] })
      expect(seen.get(pia)?.presence).toEqual({ status: 'BUSY', activity: null, note: 'until five' })
      expect(await contactsOf(storage(), wim)).toEqual([
        { user: pia, seen: seen.get(pia), addedAt: expect.any(Number) as number },
      ])
    })

    it('shows the users that its owner has blocked as Offline', async () => {
      const [wim, pia] = [newUser('wim'), newUser('pia')]
      await connect(storage(), pia)
      await allow(storage(), { presentity: pia, watcher: wim })
      await putOnContactList(storage(), { watcher: wim, presentities: [pia] })
      await decideAccess(storage().privacy, {
        presentity: wim,
        watchers: [pia],
        verdict: 'BLOCKED',
        endsAt: null,
      })

      expect((await contactsOf(storage(), wim)).map(({ seen }) => seen.presence)).toEqual([OFFLINE])
    })

    it('limits what a user sees whose class requires PROMPT: contacts appear, and everybody else is Offline', async () => {
      const [wim, pia] = [newUser('wim'), newUser('pia')]
      await seesContactsOnly(storage(), wim)
      await connect(storage(), pia)
      await allow(storage(), { presentity: pia, watcher: wim })
      const status = async () => {
        const seen = await viewPresence({ ...storage(), ...POLICY }, { watcher: wim, presentities: [pia] })
        return seen.get(pia)?.presence.status
      }

      expect(await status()).toBe('OFFLINE')
      await addContactsAndAsk(storage().privacy, { watcher: wim, presentities: [pia] })
      expect(await status()).toBe('BUSY')
      expect((await contactsOf(storage(), wim))[0]?.seen.presence.status).toBe('BUSY')
      await removeContacts(storage().privacy, { watcher: wim, presentities: [pia] })
      expect(await status()).toBe('OFFLINE')
    })
  })

  describe('denied equals offline in the contact list', () => {
    it('for every cause: the very same presence, and equal entries for equal histories', async () => {
      const { contacts, causes } = await hiddenContacts(storage())
      const entryOf = (user: UserId) => ({ ...contacts.find((contact) => contact.user === user), user: null })

      for (const { cause, group, presentity, access } of causes) {
        const [first] = causes.filter((other) => other.group === group)
        const { seen, ...rest } = entryOf(presentity)
        expect(seen?.presence, `${group}: ${cause}`).toBe(OFFLINE)
        expect(seen?.access, `${group}: ${cause}`).toBe(access)
        expect({ seen, ...rest }, `${group}: ${cause}, as ${first!.cause}`).toEqual(
          entryOf(first!.presentity),
        )
      }
    })

    it('in every order: the hidden stand among each other by nothing but their ids', async () => {
      const { contacts, causes, shown } = await hiddenContacts(storage())
      const byId = causes.map(({ presentity }) => presentity).sort(compareBytes)
      const order = (by: ContactOrder) =>
        pageOfContacts(contacts, { filter: ALL, order: by, first: 500, after: null }).contacts.map(
          ({ user }) => user,
        )

      expect(order('PRESENCE')).toEqual([shown, ...byId])
      expect(order('ADDED')).toEqual([...byId, shown].sort(compareBytes))
      expect(order('USER_ID')).toEqual([...byId, shown].sort(compareBytes))
    })

    it('in every filter and count: the hidden pass as OFFLINE, and as nothing else', async () => {
      const { contacts, causes, shown } = await hiddenContacts(storage())
      const filtered = (status: PresenceStatus) => {
        const filter = { statuses: [status], access: null }
        return pageOfContacts(contacts, { filter, order: 'USER_ID', first: 500, after: null })
      }

      expect(filtered('OFFLINE').totalCount).toBe(causes.length)
      expect(new Set(filtered('OFFLINE').contacts.map(({ user }) => user))).toEqual(
        new Set(causes.map(({ presentity }) => presentity)),
      )
      expect(filtered('BUSY').contacts.map(({ user }) => user)).toEqual([shown])
      for (const status of PUBLISHABLE_STATUSES.filter((each) => each !== 'BUSY')) {
        expect(filtered(status), status).toMatchObject({ contacts: [], totalCount: 0 })
      }
    })

    it('in what taking them off the list answers and leaves behind', async () => {
      const { watcher, causes } = await hiddenContacts(storage())
      const presentities = causes.map(({ presentity }) => presentity)

      const removed = await removeContacts(storage().privacy, { watcher, presentities })
      const asked = await storage().lists.asked({ watcher, page: { first: 500, after: null } })
      const seen = await viewPresence({ ...storage(), ...POLICY }, { watcher, presentities })

      expect(removed).toEqual(presentities.map((presentity) => ({ presentity, outcome: 'REMOVED' })))
      expect(asked.items).toEqual([])
      for (const { cause, group, presentity, access } of causes) {
        expect(seen.get(presentity)?.presence, `${group}: ${cause}`).toBe(OFFLINE)
        expect(seen.get(presentity)?.access, `${group}: ${cause}`).toBe(
          access === 'PENDING' ? 'NONE' : access,
        )
      }
    })

    it('in what adding them answers, once and once more', async () => {
      const { watcher, causes } = await causesOfOffline(storage())
      for (const outcome of ['ADDED', 'ALREADY_CONTACT']) {
        await storage().passTime(60_000)
        const presentities = causes.map(({ presentity }) => presentity)
        const added = await addContactsAndAsk(storage().privacy, { watcher, presentities })
        const told = (user: UserId) => {
          const { asked, ...rest } = added.find(({ presentity }) => presentity === user)!
          const request = asked?.request && { ...asked.request, id: null }
          return { ...rest, presentity: null, asked: { ...asked, presentity: null, request } }
        }
        for (const { cause, group, presentity } of causes) {
          const [first] = causes.filter((other) => other.group === group)
          expect(told(presentity), `${group}: ${cause}, as ${first!.cause}`).toEqual(told(first!.presentity))
          expect(told(presentity)).toMatchObject({ outcome, asked: { outcome: 'ASKED' } })
        }
      }
    })
  })

  describe('adding contacts', () => {
    it('asks for access, and grants none', async () => {
      const [wim, pia] = [newUser('wim'), newUser('pia')]
      const [added] = await addContactsAndAsk(storage().privacy, { watcher: wim, presentities: [pia] })

      expect(added).toMatchObject({ outcome: 'ADDED', asked: { outcome: 'ASKED', access: 'PENDING' } })
      const popup = await storage().lists.popup({ presentity: pia, limit: 10, known: [] })
      expect(popup.requests).toMatchObject([{ watcher: wim, item: { triggers: ['CONTACT_ADDED'] } }])
      expect(added?.asked?.request?.id).not.toBe(popup.requests[0]?.item.id)
    })

    it('adds also whom the user may not ask again yet, and says both', async () => {
      const [wim, pia] = [newUser('wim'), newUser('pia')]
      const contacts = { watcher: wim, presentities: [pia] }
      await addContactsAndAsk(storage().privacy, contacts)
      await removeContacts(storage().privacy, contacts)
      const [added] = await addContactsAndAsk(storage().privacy, contacts)

      expect(added).toMatchObject({ outcome: 'ADDED', asked: { outcome: 'COOLING_DOWN', access: 'NONE' } })
      expect(await contactsOf(storage(), wim)).toMatchObject([{ user: pia, seen: { access: 'NONE' } }])
    })

    it('adds at most 500, in the order given, also those whose request is limited, and asks nobody who has no room', async () => {
      const wim = newUser('wim')
      const [already, ...many] = Array.from({ length: 502 }, () => newUser()) as [UserId, ...UserId[]]
      await putOnContactList(storage(), { watcher: wim, presentities: [already] })

      const added = await addContactsAndAsk(storage().privacy, {
        watcher: wim,
        presentities: [...many, already],
      })

      const { perMinute } = DEFAULT_CLASS.requestLimits
      expect(added.map(({ presentity }) => presentity)).toEqual([...many, already])
      expect(added.map(({ outcome, asked }) => `${outcome} ${String(asked?.outcome)}`)).toEqual([
        ...Array<string>(perMinute).fill('ADDED ASKED'),
        ...Array<string>(499 - perMinute).fill('ADDED LIMITED'),
        ...Array<string>(2).fill('CONTACT_LIST_FULL undefined'),
        'ALREADY_CONTACT LIMITED',
      ])
      expect(await contactsOf(storage(), wim)).toHaveLength(500)
      const { items } = await storage().lists.asked({ watcher: wim, page: { first: 500, after: null } })
      expect(items).toHaveLength(perMinute)
    })

    it('stops at what the class allows; a class that comes to allow less removes nobody', async () => {
      const [wim, name] = [newUser('wim'), newUser('few contacts')]
      const classAllowing = (maxContacts: number) =>
        storage().setClass({ ...DEFAULT_CLASS, name, maxContacts })
      const add = async (...presentities: UserId[]) =>
        (await addContactsAndAsk(storage().privacy, { watcher: wim, presentities })).map(
          ({ outcome }) => outcome,
        )
      const [a, b, c, d] = [newUser(), newUser(), newUser(), newUser()]
      await classAllowing(3)
      await storage().setUser(wim, { classOfService: name })
      expect(await add(a, b, c, d)).toEqual(['ADDED', 'ADDED', 'ADDED', 'CONTACT_LIST_FULL'])

      await classAllowing(1)
      expect(await contactsOf(storage(), wim)).toHaveLength(3)
      expect(await add(c, d)).toEqual(['ALREADY_CONTACT', 'CONTACT_LIST_FULL'])
      await removeContacts(storage().privacy, { watcher: wim, presentities: [a, b] })
      expect(await add(d)).toEqual(['CONTACT_LIST_FULL'])
      await removeContacts(storage().privacy, { watcher: wim, presentities: [c] })
      expect(await add(d)).toEqual(['ADDED'])
    })
  })

  describe('removing contacts', () => {
    it('withdraws the user’s request, for whatever reason, and leaves what was decided about the user', async () => {
      const [wim, pia, eve] = [newUser('wim'), newUser('pia'), newUser('eve')]
      await connect(storage(), eve)
      await allow(storage(), { presentity: eve, watcher: wim })
      await ask(storage(), { watcher: wim, presentity: pia })
      await addContactsAndAsk(storage().privacy, { watcher: wim, presentities: [pia, eve] })

      const removed = await removeContacts(storage().privacy, { watcher: wim, presentities: [pia, eve] })

      expect(removed.map(({ outcome }) => outcome)).toEqual(['REMOVED', 'REMOVED'])
      expect(await contactsOf(storage(), wim)).toEqual([])
      const popup = await storage().lists.popup({ presentity: pia, limit: 10, known: [] })
      expect(popup.requests).toEqual([])
      const seen = await viewPresence({ ...storage(), ...POLICY }, { watcher: wim, presentities: [pia, eve] })
      expect(seen.get(pia)?.access).toBe('NONE')
      expect(seen.get(eve)).toMatchObject({ presence: { status: 'BUSY' }, access: 'ALLOWED' })
    })

    it('does nothing about a user who is no contact: the request to them stays open', async () => {
      const [wim, pia] = [newUser('wim'), newUser('pia')]
      await ask(storage(), { watcher: wim, presentity: pia })

      const removed = await removeContacts(storage().privacy, { watcher: wim, presentities: [pia] })

      expect(removed).toEqual([{ presentity: pia, outcome: 'NOT_A_CONTACT' }])
      const { items } = await storage().lists.asked({ watcher: wim, page: { first: 10, after: null } })
      expect(items.map(({ presentity }) => presentity)).toEqual([pia])
    })

    it('closes the popup of the other side', async () => {
      const [wim, pia] = [newUser('wim'), newUser('pia')]
      await addContactsAndAsk(storage().privacy, { watcher: wim, presentities: [pia] })
      const open = await storage().lists.popup({ presentity: pia, limit: 10, known: [] })
      const known = open.requests.map(({ item }) => item.id)

      await removeContacts(storage().privacy, { watcher: wim, presentities: [pia] })

      const { closed } = await storage().lists.popup({ presentity: pia, limit: 10, known })
      expect(closed).toMatchObject([{ id: known[0], state: 'WITHDRAWN' }])
    })
  })
})

/** A contact list of everybody who is hidden for some cause, and of one who is shown; all were added in one moment, the last by id first. */
async function hiddenContacts(storage: Storage) {
  const offline = await causesOfOffline(storage)
  const { watcher, causes, shown } = offline
  const presentities = [shown, ...causes.map(({ presentity }) => presentity)].sort(compareBytes).reverse()
  await putOnContactList(storage, { watcher, presentities })
  return { ...offline, contacts: await contactsOf(storage, watcher) }
}

function contactsOf(storage: Storage, watcher: UserId): Promise<readonly Contact[]> {
  return viewContacts({ ...storage, ...POLICY }, watcher)
}

async function connect(storage: Storage, user: UserId): Promise<void> {
  const said = { status: 'BUSY', activity: null, note: 'until five' } as const
  await publishPresence(storage, { user, session: 'desk', ...said, leaseMs: 3_600_000 })
}

async function allow(
  { privacy }: Storage,
  { presentity, watcher }: { presentity: UserId; watcher: UserId },
): Promise<void> {
  await decideAccess(privacy, { presentity, watchers: [watcher], verdict: 'ALLOWED', endsAt: null })
}

async function ask(
  { privacy }: Storage,
  { presentity, watcher }: { presentity: UserId; watcher: UserId },
): Promise<void> {
  await requestAccess(privacy, { watcher, presentities: [presentity], trigger: 'CALL', addToContacts: false })
}
