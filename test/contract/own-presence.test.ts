import { expect, it } from 'vitest'
import { viewOwnPresence } from '../../src/application/own-presence.ts'
import { publishPresence } from '../../src/application/publish-presence.ts'
import { setPreference, type PreferenceChange } from '../../src/application/set-preference.ts'
import { OFFLINE } from '../../src/domain/presence.ts'
import type { UserId } from '../../src/domain/user-id.ts'
import { onEachStorage } from '../support/each-storage.ts'
import { newUser } from '../support/new-user.ts'
import { POLICY } from '../support/policy.ts'
import { recordChanges } from '../support/record-changes.ts'
import { DEFAULT_CLASS } from '../support/storage.ts'

const HOUR_MS = 3_600_000
const SILENT = { invitationHandling: 'PROMPT', appearOffline: false, manual: null } as const

onEachStorage((storage) => {
  const own = (user: UserId) => viewOwnPresence({ ...storage(), ...POLICY }, user)
  const set = (user: UserId, change: PreferenceChange) => setPreference(storage().privacy, { user, change })
  const publish = (user: UserId) =>
    publishPresence(storage(), {
      ...{ user, session: 'desk', status: 'BUSY', activity: 'IN_A_CALL', note: 'here', leaseMs: 2 * HOUR_MS },
    })
  const now = async () => (await storage().facts.readFacts({ watcher: newUser(), presentities: [] })).now
  /** Puts a user into a class of their own. */
  const putInto = async (user: UserId, settings: Partial<typeof DEFAULT_CLASS>) => {
    const classOfService = { ...DEFAULT_CLASS, ...settings, name: newUser('class') }
    await storage().setClass(classOfService)
    await storage().setUser(user, { classOfService: classOfService.name })
    return classOfService
  }

  it('of a user of whom nothing is stored is Offline, with the default choices, none of them locked', async () => {
    expect(await own(newUser('pia'))).toEqual({
      presence: OFFLINE,
      appearsOffline: false,
      sessions: [],
      preference: SILENT,
      effectiveHandling: 'PROMPT',
      handlingLocked: false,
      appearOfflineLocked: false,
      classOfService: DEFAULT_CLASS,
      manual: null,
    })
  })

  it('is what the devices say, though its user appears offline', async () => {
    const pia = newUser('pia')
    const published = await publish(pia)
    await set(pia, { appearOffline: true, invitationHandling: 'AUTO_ACCEPT' })
    expect(await own(pia)).toEqual({
      presence: { status: 'BUSY', activity: 'IN_A_CALL', note: 'here' },
      appearsOffline: true,
      sessions: [(published as { session: unknown }).session],
      preference: { ...SILENT, appearOffline: true, invitationHandling: 'AUTO_ACCEPT' },
      effectiveHandling: 'AUTO_ACCEPT',
      handlingLocked: false,
      appearOfflineLocked: false,
      classOfService: DEFAULT_CLASS,
      manual: null,
    })
  })

  it.each(['PROMPT', 'AUTO_ACCEPT'] as const)(
    'says what a class that requires %s locks',
    async (required) => {
      const pia = newUser('pia')
      await set(pia, { invitationHandling: required === 'PROMPT' ? 'AUTO_ACCEPT' : 'PROMPT' })
      const settings = { invitationHandling: required, appearOfflineAllowed: false }
      const classOfService = await putInto(pia, settings)
      expect(await own(pia)).toMatchObject({
        effectiveHandling: required,
        handlingLocked: true,
        appearOfflineLocked: true,
        classOfService,
      })
    },
  )

  it('is the status set by hand until that ends', async () => {
    const pia = newUser('pia')
    await publish(pia)
    const manual = { status: 'AWAY', endsAt: (await now()) + HOUR_MS } as const
    expect(await set(pia, { manual })).toEqual({ locked: [] })
    expect(await own(pia)).toMatchObject({
      presence: { status: 'AWAY', activity: null, note: null },
      preference: { ...SILENT, manual },
      manual,
    })
    await storage().passTime(HOUR_MS)
    expect(await own(pia)).toMatchObject({ presence: { status: 'BUSY' }, manual: null })
  })

  it('has choices of which each stays as it is while others are changed', async () => {
    const pia = newUser('pia')
    const preferences: unknown[] = []
    const manual = { status: 'AWAY', endsAt: null } as const
    for (const change of [
      { manual },
      { invitationHandling: 'AUTO_ACCEPT' },
      { appearOffline: true },
      { manual: null },
      {},
      { invitationHandling: 'PROMPT', appearOffline: false },
    ] as const) {
      expect(await set(pia, change)).toEqual({ locked: [] })
      preferences.push((await own(pia)).preference)
    }
    expect(preferences).toEqual([
      { ...SILENT, manual },
      { ...SILENT, manual, invitationHandling: 'AUTO_ACCEPT' },
      { manual, invitationHandling: 'AUTO_ACCEPT', appearOffline: true },
      { manual: null, invitationHandling: 'AUTO_ACCEPT', appearOffline: true },
      { manual: null, invitationHandling: 'AUTO_ACCEPT', appearOffline: true },
      SILENT,
    ])
  })

  it('keeps the choices that a class locks, names them, and takes the rest', async () => {
    const pia = newUser('pia')
    await putInto(pia, { invitationHandling: 'AUTO_ACCEPT', appearOfflineAllowed: false })
    const manual = { status: 'AWAY', endsAt: null } as const
    expect(await set(pia, { manual })).toEqual({ locked: [] })
    expect(await set(pia, { invitationHandling: 'AUTO_ACCEPT' })).toEqual({ locked: ['invitationHandling'] })
    expect(await set(pia, { appearOffline: false })).toEqual({ locked: [] })
    expect(await set(pia, { appearOffline: true })).toEqual({ locked: ['appearOffline'] })
    expect(await set(pia, { invitationHandling: 'AUTO_ACCEPT', appearOffline: true, manual: null })).toEqual({
      locked: ['invitationHandling', 'appearOffline'],
    })
    expect((await own(pia)).preference).toEqual(SILENT)
  })

  it('refuses a status by hand that ends now or has ended, with all that was asked for beside it', async () => {
    const pia = newUser('pia')
    const { store, changes } = recordChanges(storage().privacy)
    const endings = [await now(), (await now()) - HOUR_MS]
    for (const endsAt of endings) {
      const change = { appearOffline: true, manual: { status: 'AWAY', endsAt } } as const
      expect(await setPreference(store, { user: pia, change })).toEqual({ refused: 'ENDS_IN_THE_PAST' })
    }
    expect(changes.map(({ writes }) => writes.preference)).toEqual([null, null])
    expect((await own(pia)).preference).toEqual(SILENT)
  })
})
